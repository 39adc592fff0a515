import type { Fields } from '../terminal/fields.ts'
import type { HostCard, HostCardState } from './cards.ts'

/**
 * The host's state of a request. `stands`: approved and neither confirmed nor undone; `kept`: its reversal came after
 * its money was spent; `tombstone`: its reversal came before it.
 */
export type EntryState = 'declined' | 'stands' | 'confirmed' | 'kept' | 'reversed' | 'cancelled' | 'tombstone'

/** The key of a request: MTI without the repeat bit, terminal, trace number, DE7. */
export type EntryKey = {
  readonly kind: string
  readonly terminal: string
  readonly trace: string
  readonly transmission: string
}

export type Entry = EntryKey & {
  readonly operation: string | null
  /** The number; null where none was shown. */
  readonly card: string | null
  /** Minor units; null where DE4 was absent. */
  readonly asked: number | null
  /** Its effect on the card's balance; it counts while the entry stands. */
  effect: number
  state: EntryState
  /** Key of what a confirmation, cancellation or reversal names. */
  readonly original: EntryKey | null
  /** The content that a repeat must have. */
  readonly content: string
  /** The decision: DE4, 37, 38, 39, 44, 54. A repeat gets it again. */
  decided: Fields
  /** How often the request came. */
  times: number
}

export type BookCard = { readonly number: string; readonly start: number; state: HostCardState; balance: number }

/** All that the host knows: its cards, and every request under its key, in the order in which they came. */
export type Book = { readonly cards: Map<string, BookCard>; readonly entries: Map<string, Entry> }

export const newBook = (cards: readonly HostCard[]): Book => ({
  cards: new Map(cards.map(({ number, state, balance }) => [number, { number, start: balance, state, balance }])),
  entries: new Map(),
})

export const keyText = ({ kind, terminal, trace, transmission }: EntryKey): string =>
  `${kind}/${terminal}/${trace}/${transmission}`

export const cardOf = (book: Book, { card }: Entry): BookCard | undefined =>
  card === null ? undefined : book.cards.get(card)

const counting: readonly EntryState[] = ['stands', 'confirmed', 'kept']

/** Whether the amount of the entry counts. */
export const counts = ({ state }: Entry): boolean => counting.includes(state)

/**
 * Brings an entry into another state and its card's balance with it. False where that would take the balance below
 * zero: then nothing has changed.
 */
export function bring(book: Book, entry: Entry, state: EntryState): boolean {
  const card = cardOf(book, entry)
  const before = counts(entry) ? entry.effect : 0
  const after = counts({ ...entry, state }) ? entry.effect : 0
  const balance = (card?.balance ?? 0) + after - before
  if (balance < 0) return false
  entry.state = state
  if (card !== undefined && after !== before) {
    card.balance = balance
    if (entry.operation === 'sale') card.state = after > 0 ? 'sold' : 'unsold'
  }
  return true
}
