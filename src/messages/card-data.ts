import type { Fields } from '../iso8583/message.ts'
import { type FormatError, formatError } from './format-error.ts'
import type { CardReader } from './presented.ts'

/** ISO/IEC 7813: track 1 of format B, and track 2, each with or without its sentinel. */
const TRACKS = [/B\d{12,19}\^/u, /\d{12,19}[=D]\d{4}/u] as const

const NUMBER_LENGTH = { least: 13, most: 19 } as const

/**
 * 30 F059: a till that puts a track or a number into the field that comes back as it was would have it in its own logs, and
 * in everybody's on the way. A run of digits is a number where its check digit is right.
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
