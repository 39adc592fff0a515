import { isEan13 } from '../cards/barcode.ts'
import { eanHashes, numberHashes } from '../cards/hash.ts'
import type { CardKeys } from '../cards/keys.ts'
import { isLuhn, maskNumber } from '../cards/number.ts'
import type { NumberHashes } from '../core/request.ts'
import { isRefused, refused, type Refused, type Words } from './refusal.ts'

/** How a card is named: by its number or barcode, as a serial of an issue, or by the id of its row. */
export type CardName =
  | { readonly by: 'number'; readonly hashes: NumberHashes; readonly shown: string }
  | { readonly by: 'serial'; readonly issue: string; readonly serial: number }
  | { readonly by: 'id'; readonly id: number }

/** As a person types it (`6299…`, `OPEN:17`), or already read. */
export type CardRef = string | CardName

/** A number, or EAN-13 of its own. */
const EAN13 = 13

export type ReadNumber = NumberHashes & { readonly shown: string }

/** `where`, of a card that stands alone. */
export const THE_CARD: Words = { en: 'the card', pl: 'karta' }

/** A number as it is scanned or typed: digits, which spaces and hyphens may group. A refusal names `where`, never the number. */
export function readNumber(keys: CardKeys, text: string, where: string | Words): ReadNumber | Refused {
  const digits = text.replace(/[\s-]/gu, '')
  if (digits.length === EAN13 && isEan13(digits)) return { ...eanHashes(keys, digits), shown: digits }
  if (!/^\d{16,19}$/u.test(digits)) return refused('not_a_card_number', { where })
  if (!isLuhn(digits)) return refused('wrong_check_digit', { where, card: maskNumber(digits) })
  return { ...numberHashes(keys, digits), shown: maskNumber(digits) }
}

export function readSerial(text: string, where: string | Words): number | Refused {
  const serial = /^\d{1,9}$/u.test(text.trim()) ? Number(text) : 0
  return serial < 1 ? refused('not_a_serial', { where }) : serial
}

/** `6299…` or `OPEN:17`, the card of serial 17 of issue OPEN. */
export function readCardName(keys: () => CardKeys, ref: CardRef): CardName | Refused {
  if (typeof ref !== 'string') return ref
  const [issue = '', text, ...more] = ref.split(':')
  if (text !== undefined && more.length === 0) {
    const serial = readSerial(text, { en: `card ${ref}`, pl: `karta ${ref}` })
    return isRefused(serial) ? serial : { by: 'serial', issue, serial }
  }
  const read = readNumber(keys(), ref, THE_CARD)
  if (isRefused(read)) return read
  const { shown, ...hashes } = read
  return { by: 'number', hashes, shown }
}
