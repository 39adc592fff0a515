import iconv from 'iconv-lite'
import { type Data, same } from './data.ts'
import { fault } from './cursor.ts'

/** The character sets of the answer's text (DE 63), independent of the profile's encoding of text. */
export const TEXT_SETS = ['iso-8859-2', 'windows-1250', 'cp852', 'utf-8'] as const
export type TextSet = (typeof TEXT_SETS)[number]

/**
 * The allowed characters: no control characters, and no characters of two UTF-16 units, so that masking by digits finds
 * the right bytes.
 */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}\u{10000}-\u{10FFFF}]*$/u

const SPACE = 0x20

/**
 * Text in a character set of its own; a unit is a byte. Characters outside the set are refused, never replaced by a
 * question mark, because the bytes must decode to the same text.
 */
export function textSetData(set: TextSet): Data {
  return {
    nibbles: 2,
    size: same,
    units: (value) => iconv.encode(value, set).length,
    fills: true,
    read(cursor, units) {
      const { bytes, at } = cursor
      const data = bytes.subarray(at, at + units)
      const value = iconv.decode(data, set, { stripBOM: false })
      if (!PRINTABLE.test(value) || !iconv.encode(value, set).equals(data)) return fault(cursor, 'content', at)
      cursor.at = at + units
      return value
    },
    write(target, at, value, units) {
      const data = iconv.encode(value, set)
      if (!PRINTABLE.test(value) || iconv.decode(data, set, { stripBOM: false }) !== value) return false
      target.fill(SPACE, at + data.copy(target, at), at + units)
      return true
    },
  }
}
