/** A transfer of a terminal, or of the timer about one of its. */
export type TillMove = {
  readonly id: number
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
  const booked = moves.filter(({ role }) => role === 'books')
  const stands = ({ state }: TillMove): boolean => state !== 'reversed' && state !== 'cancelled'
  const isIn = (move: TillMove): boolean =>
    lines.some(
      ({ stan, amount, happened }) => happened && stan === move.stan && (amount ?? move.amount) === move.amount,
    )
  const isOurs = (line: TillLine): boolean =>
    booked.some((move) => stands(move) && move.stan === line.stan && (line.amount ?? move.amount) === move.amount)
  return [
    ...booked.filter((move) => stands(move) && !isIn(move)).map(({ id }) => `${id} only here`),
    ...lines.filter((line) => line.happened && !isOurs(line)).map(({ stan }) => `STAN ${stan} only in the till`),
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
