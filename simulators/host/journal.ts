import { maskNumber } from '../demo/cards.ts'
import { type Book, counts, type EntryState, keyText } from './book.ts'

/** A request in the host's books, for comparison with others'. Minor units; masked number. */
export type JournalEntry = {
  readonly key: string
  readonly kind: string
  readonly terminal: string
  readonly trace: string
  readonly transmission: string
  readonly operation: string | null
  readonly card: string | null
  readonly asked: number | null
  /** Its effect on the card's balance when it was approved. */
  readonly effect: number
  readonly code: string
  readonly state: EntryState
  /** Whether its effect counts. */
  readonly counts: boolean
  readonly original: string | null
  readonly times: number
}

export type Journal = {
  readonly entries: readonly JournalEntry[]
  readonly cards: readonly { readonly card: string; readonly state: string; readonly start: number; balance: number }[]
  /** Sums of entries that count: onto cards, off cards, and the change of all balances, which is the same. */
  readonly sums: { readonly given: number; readonly taken: number; readonly moved: number }
}

/** The books of the host. */
export function journalOf(book: Book): Journal {
  const entries = [...book.entries.values()].map((entry): JournalEntry => {
    const { kind, terminal, trace, transmission, operation, card, asked, effect, state, original, times } = entry
    const about = { kind, terminal, trace, transmission, operation, asked, effect, state, times }
    return {
      key: keyText(entry),
      ...about,
      card: card === null ? null : maskNumber(card),
      code: entry.decided[39] ?? '',
      counts: counts(entry),
      original: original === null ? null : keyText(original),
    }
  })
  const effects = entries.filter((entry) => entry.counts).map(({ effect }) => effect)
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  const cards = [...book.cards.values()]
  return {
    entries,
    cards: cards.map(({ number, state, start, balance }) => ({ card: maskNumber(number), state, start, balance })),
    sums: {
      given: sum(effects.filter((effect) => effect > 0)),
      taken: -sum(effects.filter((effect) => effect < 0)),
      moved: sum(cards.map(({ start, balance }) => balance - start)),
    },
  }
}
