import iconv from 'iconv-lite'
import { type Data, same } from './data.ts'
import { fault } from './cursor.ts'

/** What the text of an answer (DE 63) may be in, whatever its profile has for text. */
export const TEXT_SETS = ['iso-8859-2', 'windows-1250', 'cp852', 'utf-8'] as const
export type TextSet = (typeof TEXT_SETS)[number]

/**
 * What a text may hold: no control characters and the like, and nothing that takes two units of a JavaScript string, so
 * that whoever hides digits of a value finds their bytes.
 */
const PRINTABLE = /^[^\p{C}\p{Zl}\p{Zp}\u{10000}-\u{10FFFF}]*$/u

const SPACE = 0x20

/**
 * Text in a character set of its own; a unit is a byte. What the set does not have is refused, never replaced by a
 * question mark: the bytes have to give the same text again.
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
