/** A transfer of a terminal, or of the timer about one of its. */
export type TillMove = {
  readonly id: number
  /** What it undoes; null: nothing. */
  readonly undoes: number | null
  readonly stan: number
  readonly amount: number
  readonly role: string
  readonly state: string
  readonly hasCase: boolean
}

/** A line of the till's journal. */
export type TillLine = { readonly stan: number; readonly amount: number | null; readonly happened: boolean }

const MOST_NAMED = 20

/**
 * Lists the transactions that may explain a difference, as text: with the till's journal those that only one side has;
 * without it the likely ones: reversed, late, with a case, or of the differing amount.
 */
export function differing(moves: readonly TillMove[], lines: readonly TillLine[], amounts: readonly number[]): string {
  return named(lines.length > 0 ? byJournal(moves, lines) : candidates(moves, amounts))
}

function named(all: readonly string[]): string {
  const more = all.length - MOST_NAMED
  return [...all.slice(0, MOST_NAMED), ...(more > 0 ? [`and ${more} more`] : [])].join('; ')
}

function byJournal(moves: readonly TillMove[], lines: readonly TillLine[]): string[] {
  const told = lines.filter(({ happened }) => happened)
  const denied = new Set(lines.filter(({ happened }) => !happened).map(({ stan }) => stan))
  const isSame = (move: TillMove, line: TillLine): boolean =>
    line.stan === move.stan && (line.amount ?? move.amount) === move.amount
  const isTold = (move: TillMove): boolean => told.some((line) => isSame(move, line))
  // A till marks what it cancelled, or has the cancellation in a line of its own.
  const undone = new Map(moves.flatMap((move) => (move.role === 'cancels' ? [[move.undoes, move] as const] : [])))
  const isMarked = (move: TillMove): boolean => denied.has(move.stan) && move.state === 'cancelled'
  const marked = new Set(moves.filter(isMarked).flatMap((move) => [move, undone.get(move.id) ?? []].flat()))
  const ours = moves.filter(
    (move) => (move.role === 'books' || move.role === 'cancels') && move.state !== 'reversed' && !marked.has(move),
  )
  return [
    ...ours.filter((move) => !isTold(move)).map(({ id }) => `${id} only here`),
    ...told
      .filter((line) => !ours.some((move) => isSame(move, line)))
      .map(({ stan }) => `STAN ${stan} only in the till`),
  ]
}

function candidates(moves: readonly TillMove[], amounts: readonly number[]): string[] {
  return moves.flatMap((move) => {
    const { id, role, state, hasCase, amount } = move
    const why = [
      ...(state === 'reversed' && role === 'books' ? ['reversed'] : []),
      ...(role === 'rebooks' ? ['late'] : []),
      ...(hasCase ? ['has a case'] : []),
      ...(amounts.some((one) => Math.abs(one) === amount) ? ['of the differing amount'] : []),
    ]
    return why.length === 0 ? [] : [`${id} ${why.join(', ')}`]
  })
}
