import type { CardKeys } from '../cards/keys.ts'
import { selectedNumber, readCardList } from './card-list.ts'
import { readNumber, readSerial } from './card-name.ts'
import type { TextFile } from './csv-lines.ts'
import type { SelectedCards } from './pack-plan.ts'
import { isRefused, refused, type Refused } from './refusal.ts'

/** A selection of cards, as typed. */
export type Selection = {
  /** `1-500,700`. */
  readonly serials: readonly string[]
  /** `first..last`: the cards that were made from one number to another. */
  readonly numbers: readonly string[]
  readonly cards: readonly string[]
  readonly files: readonly TextFile[]
  /** Read already: cards that were scanned one by one. */
  readonly read?: readonly SelectedCards[]
}

export function readSelection(
  keys: () => CardKeys,
  { serials, numbers, cards, files, read: scanned = [] }: Selection,
): readonly SelectedCards[] | Refused {
  const read = [
    [...scanned],
    ...serials.flatMap((text) => text.split(',')).map(rangeOfSerials),
    ...numbers.map((text) => rangeOfNumbers(keys(), text)),
    ...cards.map((text, i) => selectedNumber(keys(), text, `card ${i + 1}`)),
    ...files.map((file) => readCardList(keys(), file)),
  ]
  const wrong = read.find(isRefused)
  if (wrong !== undefined) return wrong
  const wanted = read.flatMap((one) => (isRefused(one) ? [] : one))
  return wanted.length === 0 ? refused('no_cards_named') : wanted
}

function rangeOfSerials(text: string): SelectedCards | Refused {
  const where = `serials ${text}`
  const [from = '', to = from, ...more] = text.split('-')
  const first = readSerial(from, where)
  if (isRefused(first)) return first
  const last = readSerial(to, where)
  if (isRefused(last)) return last
  if (more.length > 0 || last < first) return refused('not_a_range', { where, form: 'FIRST-LAST' })
  return { by: 'serials', where, serials: { first, last } }
}

function rangeOfNumbers(keys: CardKeys, text: string): SelectedCards | Refused {
  const [first, last, ...more] = text.split('..')
  if (first === undefined || last === undefined || more.length > 0) {
    return refused('not_a_range', { where: 'numbers', form: 'FIRST..LAST' })
  }
  const from = readNumber(keys, first, { en: 'the first of the numbers', pl: 'pierwszy z numerów' })
  if (isRefused(from)) return from
  const to = readNumber(keys, last, { en: 'the last of the numbers', pl: 'ostatni z numerów' })
  return isRefused(to) ? to : { by: 'numbers', where: 'numbers', from, to }
}
