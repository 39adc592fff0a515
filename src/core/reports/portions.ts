import type { Amount } from '../money.ts'
import type { Fact } from './fact.ts'
import { isAvailableAtOnce, isCardAccount, stepsOf } from './history.ts'
import { independentHistories } from './independent-histories.ts'

/** Money of one origin that was spent in a store (minus: came back), by the booking day of the row that did it. */
export type Spent = {
  readonly day: string
  /** For an undoing or a shift of a spending: the day of that spending; otherwise equal to the day. */
  readonly originalDay: string
  readonly transactionId: number
  readonly cardId: number
  readonly issueId: number
  readonly currency: number
  readonly origin: string
  readonly spentIn: string
  readonly amount: Amount
}

/** Amounts that corrections put on cards, and amounts without a source in the history. */
export const ADJUSTMENTS = 'adjustments'
export const UNKNOWN = 'unknown'

/** Money of one origin on one card. `batch`: of welfare loads; `spendings`: the entries that spent it. */
type Portion = Source & { remaining: Amount; readonly spendings: Entry[] }
type Source = { readonly origin: string; readonly isWelfare: boolean; readonly batch: number | null }

/** A part of a portion; `source`: of the portion that it was carried from, where that was another card's. */
type Chunk = { readonly portion: Portion; readonly amount: Amount; readonly source: Portion }

/** The chunks that a transfer took from a card or gave to it, as a stack: an undoing takes from its top. */
type Entry = {
  readonly fact: Fact
  readonly chunks: Chunk[]
  /** The store that gave goods or money for it, or took them back; null: it is no spending. */
  readonly spentIn: string | null
  /** The entry that it undoes or gives back: for a refund the payment, for an extension the expiry. */
  readonly of: Entry | null
  /** Its place in the history: of what spent a portion, the last is shifted first. */
  readonly order: number
  /** Whether the given amount is on the card. */
  available: boolean
}

/**
 * The sources and destinations of money: the history of some cards, replayed from the beginning. Spending takes the
 * oldest portion first; a recall takes its batch's portion. An undoing returns what was taken, the last first. An
 * undone load takes its own portion first, then the next: the spent part of its own is reported as spent of the next,
 * on that day. The facts must include all cards that gave money to one another.
 */
export const spendingOf = (facts: readonly Fact[]): Spent[] => independentHistories(facts).flatMap(played)

function played(facts: readonly Fact[]): Spent[] {
  const play: Play = { cards: new Map(), entries: new Map(), expiries: new Map(), spent: [], order: 0 }
  for (const { fact, becomesAvailable } of stepsOf(facts)) {
    if (becomesAvailable) {
      const entry = play.entries.get(fact.id)
      if (entry !== undefined) putOnCard(play, entry)
      continue
    }
    const entry = fact.undoes ? undo(play, fact) : book(play, fact)
    if (entry === null) continue
    play.entries.set(fact.id, entry)
    // A later undoing of the original undoes its latest booking.
    if (fact.role === 'rebooks' && fact.originalId !== null) play.entries.set(fact.originalId, entry)
    if (isAvailableAtOnce(fact)) putOnCard(play, entry)
  }
  return play.spent
}

type Play = {
  /** Portions of a card, in the order in which they became available. */
  readonly cards: Map<number, Portion[]>
  /** By transaction. */
  readonly entries: Map<number, Entry>
  /** The latest expiry of a card: an extension gives back its amount. */
  readonly expiries: Map<number, Entry>
  readonly spent: Spent[]
  order: number
}

const fresh = ({ origin, isWelfare, batch }: Source, amount: Amount): Chunk => {
  const portion = { origin, isWelfare, batch, remaining: 0, spendings: [] }
  return { portion, amount, source: portion }
}
const unknown = (amount: Amount): Chunk => fresh({ origin: UNKNOWN, isWelfare: false, batch: null }, amount)

/** The same money on another card. */
const carried = ({ portion, amount }: Chunk): Chunk => ({ ...fresh(portion, amount), source: portion })

function book(play: Play, fact: Fact): Entry | null {
  const { operation, debit, credit, amount, store, contra, card } = fact
  if (card === null) return null
  if (operation === 'duplicate') {
    return {
      fact,
      chunks: takeOldest(play, debit, amount).map(carried),
      spentIn: null,
      of: null,
      order: play.order++,
      available: false,
    }
  }
  if (isCardAccount(debit)) {
    const spentIn = contra?.kind === 'store_payable' ? store : null
    const entry: Entry = {
      fact,
      chunks: takeOldest(play, debit, amount, isTakenFirstBy(fact)),
      spentIn,
      of: null,
      order: play.order++,
      available: false,
    }
    for (const { portion } of entry.chunks) portion.spendings.push(entry)
    if (operation === 'expiry') play.expiries.set(debit, entry)
    tell(play, fact, entry, 1)
    return entry
  }
  const spentIn = operation === 'refund' ? store : null
  const of = givenBackBy(play, fact)
  const back = of === null ? [fresh(sourceOf(fact), amount)] : lose(of, amount)
  const chunks = of === null || of.fact.debit === credit ? back : back.map(carried)
  const entry: Entry = { fact, chunks, spentIn, of, order: play.order++, available: false }
  tell(play, fact, entry, -1)
  return entry
}

/** The entry that a refund with a receipt, or an extension, gives back; null: it brings new money. */
function givenBackBy(play: Play, { operation, role, originalId, credit }: Fact): Entry | null {
  if (operation === 'extension') return play.expiries.get(credit) ?? null
  if (operation !== 'refund' || originalId === null) return null
  const original = play.entries.get(originalId) ?? null
  return role === 'rebooks' ? (original?.of ?? null) : original
}

const sourceOf = (fact: Fact): Source => ({
  origin: originOf(fact),
  isWelfare: fact.operation === 'welfare_load',
  batch: fact.batch,
})

/** A recall takes what its counterparty has loaded, of a batch only that batch's, before anything else. */
const isTakenFirstBy = ({ operation, contra, batch }: Fact): ((portion: Portion) => boolean) =>
  operation !== 'welfare_recall'
    ? () => false
    : (portion) => portion.isWelfare && portion.origin === contra?.owner && (batch === null || portion.batch === batch)

/** The account beside a refund without a receipt is the refunding store's. */
const originOf = ({ contra }: Fact): string =>
  contra?.kind === 'issuer_adjustments' ? ADJUSTMENTS : (contra?.owner ?? UNKNOWN)

/** An undoing of a booking, or of an undoing. */
function undo(play: Play, fact: Fact): Entry | null {
  const { debit, credit, amount, originalId, role, card } = fact
  if (card === null) return null
  const original = originalId === null ? null : (play.entries.get(originalId) ?? null)
  const target = role === 'rebooks' ? (original?.of ?? null) : original
  if (target === null) return unaccounted(play, fact)
  const isOnCard = isCardAccount(debit) && target.available
  const chunks = lose(target, amount, (chunk) => (isOnCard ? takeOwn(play, fact, debit, chunk) : [chunk]))
  const isMove = isCardAccount(debit) && isCardAccount(credit)
  const entry: Entry = {
    fact,
    chunks: isMove
      ? chunks.map(({ portion, amount: part, source }) => ({ portion: source, amount: part, source: portion }))
      : chunks,
    spentIn: target.spentIn,
    of: target,
    order: play.order++,
    available: false,
  }
  tell(play, fact, entry, isCardAccount(debit) ? 1 : -1)
  return entry
}

/** An entry of a history whose beginning is not known. */
const unaccounted = (play: Play, fact: Fact): Entry => ({
  fact,
  chunks: isCardAccount(fact.debit) ? takeOldest(play, fact.debit, fact.amount) : [unknown(fact.amount)],
  spentIn: null,
  of: null,
  order: play.order++,
  available: false,
})

/** Undoes an entry: the entry that it had undone itself counts again. `meet`: takes the given chunks. */
function lose(entry: Entry, amount: Amount, meet: (chunk: Chunk) => readonly Chunk[] = (chunk) => [chunk]): Chunk[] {
  const chunks = pop(entry, amount).flatMap(meet)
  if (entry.of !== null) regain(entry.of, [...chunks].reverse().map(atSource))
  return chunks
}

/** An entry counts again: the entry that it undoes is undone again. */
function regain(entry: Entry, chunks: readonly Chunk[]): void {
  entry.chunks.push(...chunks)
  if (entry.of !== null) lose(entry.of, sumOf(chunks))
}

const atSource = ({ source, amount }: Chunk): Chunk => ({ portion: source, amount, source })
const sumOf = (chunks: readonly Chunk[]): Amount => chunks.reduce((sum, { amount }) => sum + amount, 0)

/** Takes an amount off the top of a stack. */
function pop({ chunks }: Entry, amount: Amount): Chunk[] {
  const popped: Chunk[] = []
  let left = amount
  while (left > 0) {
    const top = chunks.pop()
    if (top === undefined) return [...popped, unknown(left)]
    const part = Math.min(left, top.amount)
    if (part < top.amount) chunks.push({ ...top, amount: top.amount - part })
    popped.push({ ...top, amount: part })
    left -= part
  }
  return popped
}

/** Makes the amount of a transfer available. If it was on the card before, it returns to its old place. */
function putOnCard(play: Play, entry: Entry): void {
  if (!isCardAccount(entry.fact.credit) || entry.available) return
  entry.available = true
  const portions = play.cards.get(entry.fact.credit) ?? []
  play.cards.set(entry.fact.credit, portions)
  // The last of a stack was put back first.
  for (const { portion, amount } of entry.chunks) {
    portion.remaining += amount
    if (!portions.includes(portion)) portions.push(portion)
  }
}

function takeOldest(
  play: Play,
  card: number,
  amount: Amount,
  isFirst: (portion: Portion) => boolean = () => false,
): Chunk[] {
  const chunks: Chunk[] = []
  let left = amount
  const oldest = play.cards.get(card) ?? []
  for (const portion of [...oldest.filter(isFirst), ...oldest.filter((one) => !isFirst(one))]) {
    const part = Math.min(left, portion.remaining)
    if (part === 0) continue
    portion.remaining -= part
    left -= part
    chunks.push({ portion, amount: part, source: portion })
  }
  return left === 0 ? chunks : [...chunks, unknown(left)]
}

/**
 * Takes back a given chunk. If part of it is spent, the next portion replaces it in that spending; if nothing of it is
 * left because it was undone itself, the next portion is taken instead.
 */
function takeOwn(play: Play, fact: Fact, card: number, chunk: Chunk): Chunk[] {
  const { portion, amount, source } = chunk
  const others = (play.cards.get(card) ?? []).filter((other) => other !== portion)
  for (const other of others) {
    if (portion.remaining < amount) shift(play, fact, portion, other, amount - portion.remaining)
  }
  const own = Math.min(amount, portion.remaining)
  portion.remaining -= own
  const taken: Chunk[] = own === 0 ? [] : [{ ...chunk, amount: own }]
  let short = amount - own
  for (const other of others) {
    const part = Math.min(short, other.remaining)
    if (part === 0) continue
    other.remaining -= part
    short -= part
    const at = source === portion ? other : fresh(other, part).portion
    taken.push({ portion: other, amount: part, source: at })
  }
  return short === 0 ? taken : [...taken, unknown(short)]
}

/** Reports the spendings of one portion, the last first, as spendings of another one. */
function shift(play: Play, fact: Fact, from: Portion, to: Portion, most: Amount): void {
  let left = Math.min(most, to.remaining)
  const lastFirst = [...new Set(from.spendings)].sort((a, b) => b.order - a.order)
  for (const spending of lastFirst) {
    for (let at = spending.chunks.length - 1; at >= 0 && left > 0; at--) {
      const chunk = spending.chunks[at]
      if (chunk === undefined || chunk.portion !== from) continue
      const part = Math.min(left, chunk.amount)
      const rest = chunk.amount - part
      const shifted = { portion: to, amount: part, source: to }
      spending.chunks.splice(at, 1, ...(rest === 0 ? [] : [{ ...chunk, amount: rest }]), shifted)
      to.spendings.push(spending)
      from.remaining += part
      to.remaining -= part
      left -= part
      if (spending.spentIn === null) continue
      const of = { spentIn: spending.spentIn, originalDay: spending.fact.originalDay }
      spend(play, fact, { ...of, origin: from.origin, amount: -part })
      spend(play, fact, { ...of, origin: to.origin, amount: part })
    }
  }
}

function tell(play: Play, fact: Fact, { chunks, spentIn }: Entry, sign: 1 | -1): void {
  if (spentIn === null) return
  const { originalDay } = fact
  for (const { portion, amount } of chunks) {
    spend(play, fact, { originalDay, origin: portion.origin, spentIn, amount: sign * amount })
  }
}

function spend(play: Play, fact: Fact, of: Pick<Spent, 'originalDay' | 'origin' | 'spentIn' | 'amount'>): void {
  if (fact.card === null) return
  const { day, id, currency, card } = fact
  play.spent.push({ day, transactionId: id, cardId: card.id, issueId: card.issueId, currency, ...of })
}
