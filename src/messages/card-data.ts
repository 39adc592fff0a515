import type { Fields } from '../iso8583/message.ts'
import { type FormatError, formatError } from './format-error.ts'
import type { CardReader } from './presented.ts'

/** ISO/IEC 7813: track 1 of format B, and track 2, each with or without its sentinel. */
const TRACKS = [/B\d{12,19}\^/u, /\d{12,19}[=D]\d{4}/u] as const

const NUMBER_LENGTH = { least: 13, most: 19 } as const

/**
 * Refuses a track or a card number in DE 59 (30, `F059`). The field is echoed, so card data in it would end up in the logs of
 * the till and of every system on the way. A run of digits counts as a card number if its check digit is right.
 */
export function cardDataIn(fields: Fields, reader: CardReader): FormatError | null {
  const text = fields[59]
  if (text === undefined) return null
  const isFound = TRACKS.some((track) => track.test(text)) || (text.match(/\d+/gu) ?? []).some(isNumber(reader))
  return isFound ? formatError(59, 'card data') : null
}

const isNumber =
  (reader: CardReader) =>
  (digits: string): boolean =>
    digits.length >= NUMBER_LENGTH.least && digits.length <= NUMBER_LENGTH.most && reader.number(digits).luhn
