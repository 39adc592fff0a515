/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import type { Charset } from './charset.ts'
import { SIGNS, TEXT_CONTENT, type TextContent } from './content.ts'
import { type Cursor, fault } from './cursor.ts'
import { type Data, lengthOf, same } from './data.ts'

const SPACE = 0x20
const ZERO = 0x30

/**
 * Text, one byte a character. `padded`: a fixed element, which may end with fill spaces even if its content type has
 * none (ISO 8583:1987, 4.2: alphabetic fields are left-justified with trailing blanks).
 */
export function textData(charset: Charset, { allowed, fill }: TextContent, padded: boolean): Data {
  const { classOf, toWire, slice } = charset
  const trailing = padded && fill === 'spaces'
  const space = toWire[SPACE]!
  const zero = toWire[ZERO]!
  /** By wire byte: 1 if the content type permits it. */
  const legal = classOf.map((classes) => ((classes & allowed) === 0 ? 0 : 1))
  /** By ASCII code: the wire byte; -1 if the content type does not permit it. */
  const wireOf = Int16Array.from(toWire, (wire) => (legal[wire] === 1 ? wire : -1))
  return {
    nibbles: 2,
    size: same,
    units: lengthOf,
    fills: true,
    read(cursor, units) {
      const { bytes, at } = cursor
      const to = at + units
      let last = to
      if (trailing) while (last > at && bytes[last - 1] === space) last--
      for (let i = at; i < last; i++) if (legal[bytes[i]!] === 0) return fault(cursor, 'content', i)
      cursor.at = to
      return slice(cursor, at, to)
    },
    write(target, at, value, units) {
      const length = value.length
      let to = at
      if (fill === 'zeros') for (let i = length; i < units; i++) target[to++] = zero
      let last = length
      if (trailing) while (last > 0 && value.charCodeAt(last - 1) === SPACE) last--
      for (let i = 0; i < last; i++) {
        const code = value.charCodeAt(i)
        const wire = code < 256 ? wireOf[code]! : -1
        if (wire < 0) return false
        target[to++] = wire
      }
      while (to < at + units) target[to++] = space
      return true
    },
  }
}

/**
 * `x+n`: `C` or `D` and an amount (ISO 8583:1987, table 2). The sign is text even if the digits are BCD. Its units
 * are the sign and the digits: `x+n 16` has 17.
 */
export function signedData({ classOf, toWire, slice }: Charset, digits: Data): Data {
  return {
    nibbles: digits.nibbles,
    size: (units) => 1 + digits.size(units - 1),
    units: lengthOf,
    fills: true,
    read(cursor: Cursor, units) {
      const { bytes, at } = cursor
      if ((classOf[bytes[at]!]! & SIGNS) === 0) return fault(cursor, 'content', at)
      cursor.at = at + 1
      return slice(cursor, at, at + 1) + digits.read(cursor, units - 1)
    },
    write(target, at, value, units) {
      const sign = toWire[value.charCodeAt(0)]
      if (sign === undefined || (classOf[sign]! & SIGNS) === 0) return false
      target[at] = sign
      return digits.write(target, at + 1, value.slice(1), units - 1)
    },
  }
}

/** Digits as text. */
export const textDigits = (charset: Charset): Data => textData(charset, TEXT_CONTENT.n, false)
