/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import type { Charset } from './charset.ts'
import { HEX_DIGITS } from './content.ts'
import { fault } from './cursor.ts'
import type { Data } from './data.ts'

/** The value of a hex digit by its ASCII code, -1 for everything else. */
export const hexValue: Int8Array = Int8Array.from({ length: 256 }, (_, code) => {
  const character = String.fromCharCode(code)
  return /[0-9A-Fa-f]/.test(character) ? parseInt(character, 16) : -1
})

const UPPER_HEX = Buffer.from('0123456789ABCDEF', 'latin1')

/** The ASCII code of the upper-case hex digit of a nibble. */
export const hexDigit = (nibble: number): number => UPPER_HEX[nibble]!

const hexUnits = (value: string): number => ((value.length & 1) === 0 ? value.length >> 1 : -1)

/** Binary data: bytes on the wire, upper-case hex in the message. */
export const rawData: Data = {
  nibbles: 2,
  size: (units) => units,
  units: hexUnits,
  fills: false,
  read(cursor, units) {
    const from = cursor.at
    cursor.at = from + units
    return cursor.bytes.toString('hex', from, cursor.at).toUpperCase()
  },
  write(target, at, value, units) {
    for (let i = 0; i < units; i++) {
      const high = hexValue[value.charCodeAt(2 * i)] ?? -1
      const low = hexValue[value.charCodeAt(2 * i + 1)] ?? -1
      if (high < 0 || low < 0) return false
      target[at + i] = (high << 4) | low
    }
    return true
  },
}

/** Binary data sent as two hex digits for each byte. Small letters are accepted and become capitals: only their case is lost. */
export const hexData = ({ classOf, toWire, slice }: Charset): Data => ({
  nibbles: 4,
  size: (units) => 2 * units,
  units: hexUnits,
  fills: false,
  read(cursor, units) {
    const { bytes, at } = cursor
    const to = at + 2 * units
    for (let i = at; i < to; i++) if ((classOf[bytes[i]!]! & HEX_DIGITS) === 0) return fault(cursor, 'content', i)
    cursor.at = to
    return slice(cursor, at, to).toUpperCase()
  },
  write(target, at, value, units) {
    for (let i = 0; i < 2 * units; i++) {
      const nibble = hexValue[value.charCodeAt(i)] ?? -1
      if (nibble < 0) return false
      target[at + i] = toWire[hexDigit(nibble)]!
    }
    return true
  },
})
