import type { Amount } from './money.ts'

/**
 * The owners of the money on a card (docs/spec/reports.md, section 1: Portions). A load is a portion; spending takes
 * the oldest first; an undoing returns money to the portions from which it was taken; a duplicate carries the portions
 * along.
 */

/** A transfer of a card, or of one that it replaced. */
export type Movement = {
  readonly id: number
  readonly cardId: number
  readonly operation: string
  /** It undoes, or gives back a part of, the transfer `originalId`. */
  readonly undoes: boolean
  readonly amount: Amount
  readonly debit: number
  readonly credit: number
  readonly originalId: number | null
  /** `Card.seq` of `cardId` and of the other card as it left them. */
  readonly cardSeq: number
  readonly otherSeq: number | null
  /** `Card.seq` of the credited card when the money became available; null: it never did. */
  readonly availableSeq: number | null
  /** The batch and the line of a batch load. */
  readonly batchId: number | null
  readonly line: number | null
}

/** Where a portion came from: the transfer that loaded it. */
export type Origin = {
  readonly id: number
  readonly account: number
  readonly operation: string
  readonly batchId: number | null
  readonly line: number | null
}

export type Portion = { readonly origin: Origin; readonly order: number; left: Amount }

type Taken = { readonly origin: Origin; readonly order: number; readonly amount: Amount }
type Event = { readonly side: 'takes' | 'gives'; readonly card: number; readonly seq: number; readonly row: Movement }

type Ledger = {
  readonly rows: ReadonlyMap<number, Movement>
  readonly portions: Map<number, Portion[]>
  /** Transfer → the chunks that it took, in the order in which they were taken. */
  readonly taken: Map<number, Taken[]>
  /** Transfer → the chunks that it put on a card. */
  readonly given: Map<number, Taken[]>
  readonly expiries: number[]
  order: number
}

/**
 * The portions on each of these cards, the oldest first. Null: the transfers do not tell of a card that could be, which means
 * that some of them are not known.
 */
export function portionsOf(
  cards: readonly number[],
  movements: readonly Movement[],
): ReadonlyMap<number, readonly Portion[]> | null {
  const ledger: Ledger = {
    rows: new Map(movements.map((row) => [row.id, row])),
    portions: new Map(cards.map((card) => [card, []])),
    taken: new Map(),
    given: new Map(),
    expiries: [],
    order: 0,
  }
  const queues = cards.map((card) => eventsOf(card, movements))
  for (;;) {
    const queue = queues.find(([head]) => head !== undefined && isReady(ledger, head))
    const event = queue?.shift()
    if (event === undefined) break
    if (!(event.side === 'takes' ? take(ledger, event) : give(ledger, event))) return null
  }
  return queues.every((queue) => queue.length === 0) ? ledger.portions : null
}

function eventsOf(card: number, movements: readonly Movement[]): Event[] {
  const events = movements.flatMap((row): Event[] => {
    if (row.debit === card) return [{ side: 'takes', card, row, seq: seqOf(row, card) }]
    return row.credit === card && row.availableSeq !== null ? [{ side: 'gives', card, row, seq: row.availableSeq }] : []
  })
  // What a request makes available has the request's own place, and is there before the request takes anything. The ids of the
  // two do not tell which is older, since other processes may have booked them.
  return events.sort(
    (a, b) => a.seq - b.seq || Number(isConfirmedLater(b)) - Number(isConfirmedLater(a)) || a.row.id - b.row.id,
  )
}

/** Money that a later request made available. */
const isConfirmedLater = ({ side, card, seq, row }: Event): boolean => side === 'gives' && seq !== seqOf(row, card)

const seqOf = ({ cardId, cardSeq, otherSeq }: Movement, card: number): number =>
  cardId === card ? cardSeq : (otherSeq ?? cardSeq)

/** A transfer from another card has to be taken there first. */
const isReady = ({ portions, taken }: Ledger, { side, row }: Event): boolean =>
  side === 'takes' || !portions.has(row.debit) || taken.has(row.id)

function take(ledger: Ledger, { card, row }: Event): boolean {
  const portions = ledger.portions.get(card) ?? []
  const original = row.originalId === null ? undefined : ledger.rows.get(row.originalId)
  const isUndoneLoad = row.undoes && original?.credit === card
  // A load that was never available had no portion to lose.
  if (isUndoneLoad && original.availableSeq === null) return true
  const own = isUndoneLoad ? new Set((ledger.given.get(original.id) ?? []).map(({ order }) => order)) : null
  const isFirst = (portion: Portion): boolean =>
    own !== null ? own.has(portion.order) : row.operation === 'welfare_recall' && isRecalled(row, portion)
  const inOrder = [...portions.filter(isFirst), ...portions.filter((portion) => !isFirst(portion))]
  const taken: Taken[] = []
  let rest = row.amount
  for (const portion of inOrder) {
    const amount = Math.min(rest, portion.left)
    if (amount === 0) continue
    portion.left -= amount
    rest -= amount
    taken.push({ origin: portion.origin, order: portion.order, amount })
  }
  ledger.taken.set(row.id, taken)
  if (row.operation === 'expiry' && !row.undoes) ledger.expiries.push(row.id)
  return rest === 0
}

/** A recall takes what its counterparty has loaded, of a batch only that batch's. */
const isRecalled = ({ credit, batchId }: Movement, { origin }: Portion): boolean =>
  origin.account === credit && origin.operation === 'welfare_load' && (batchId === null || origin.batchId === batchId)

function give(ledger: Ledger, { card, row }: Event): boolean {
  const given = givenBack(ledger, row) ?? [newPortion(ledger, row)]
  ledger.given.set(row.id, given)
  for (const { origin, order, amount } of given) put(ledger.portions.get(card) ?? [], origin, order, amount)
  return given.reduce((sum, { amount }) => sum + amount, 0) === row.amount
}

/** The portions to which money returns after an undoing or with a duplicate; null: new money. */
function givenBack(ledger: Ledger, row: Movement): Taken[] | null {
  if (ledger.portions.has(row.debit)) return ledger.taken.get(row.id) ?? []
  const source = row.operation === 'extension' ? (ledger.expiries.pop() ?? null) : row.originalId
  const taken = source === null ? undefined : ledger.taken.get(source)
  if (
    source === null ||
    taken === undefined ||
    (!row.undoes && row.operation !== 'refund' && row.operation !== 'extension')
  ) {
    return null
  }
  const back: Taken[] = []
  let rest = row.amount
  while (rest > 0) {
    const last = taken.pop()
    if (last === undefined) break
    const amount = Math.min(rest, last.amount)
    rest -= amount
    back.push({ ...last, amount })
    if (amount < last.amount) taken.push({ ...last, amount: last.amount - amount })
  }
  return back
}

function newPortion(ledger: Ledger, { id, debit, operation, batchId, line, amount }: Movement): Taken {
  ledger.order += 1
  return { origin: { id, account: debit, operation, batchId, line }, order: ledger.order, amount }
}

function put(portions: Portion[], origin: Origin, order: number, amount: Amount): void {
  const there = portions.find((portion) => portion.order === order)
  if (there !== undefined) there.left += amount
  else portions.push({ origin, order, left: amount })
  portions.sort((a, b) => a.order - b.order)
}
