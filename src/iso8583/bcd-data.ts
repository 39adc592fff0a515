/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { scratch } from './charset.ts'
import { fault } from './cursor.ts'
import { type Data, lengthOf } from './data.ts'

const SEPARATOR = 0xd
const ZERO = 0x30
const EQUALS = 0x3d
const LETTER_D = 0x44

const half = (units: number): number => (units + 1) >> 1

/** Puts a nibble at a position counted in nibbles; the high one of each byte comes first. */
function setNibble(target: Buffer, position: number, nibble: number): void {
  const at = position >> 1
  target[at] = (position & 1) === 0 ? nibble << 4 : target[at]! | nibble
}

const getNibble = (bytes: Buffer, position: number): number =>
  (position & 1) === 0 ? bytes[position >> 1]! >> 4 : bytes[position >> 1]! & 15

/** The mapping between nibbles and characters; -1 for none. */
type Nibbles = { readonly character: Int8Array; readonly nibble: Int8Array }

function nibbles(extra: readonly (readonly [character: number, nibble: number])[]): Nibbles {
  const character = new Int8Array(16).fill(-1)
  const nibble = new Int8Array(256).fill(-1)
  const pairs = [...Array.from({ length: 10 }, (_, digit) => [ZERO + digit, digit] as const), ...extra]
  for (const [char, value] of pairs) {
    character[value] = char
    nibble[char] = value
  }
  return { character, nibble }
}

/** The nibble that fills up an odd number of digits, and the end at which it is added. */
export type Filler = 'left 0' | 'left F' | 'right 0' | 'right F'

const FILLERS = {
  'left 0': { nibble: 0, leads: true },
  'left F': { nibble: 15, leads: true },
  'right 0': { nibble: 0, leads: false },
  'right F': { nibble: 15, leads: false },
} as const satisfies Record<Filler, { nibble: number; leads: boolean }>

/** Two characters for each byte. A padding nibble other than the filler is refused, so that each value has one form. */
function bcdData({ character, nibble }: Nibbles, name: Filler, fills: boolean): Data {
  const filler = FILLERS[name]
  const { leads } = filler
  return {
    nibbles: 1,
    size: half,
    units: lengthOf,
    fills,
    read(cursor, units) {
      const { bytes, at } = cursor
      const odd = units & 1
      const first = 2 * at + (leads ? odd : 0)
      const fillerAt = leads ? 2 * at : 2 * at + units
      if (odd === 1 && getNibble(bytes, fillerAt) !== filler.nibble) return fault(cursor, 'content', fillerAt >> 1)
      for (let i = 0; i < units; i++) {
        const code = character[getNibble(bytes, first + i)]!
        if (code < 0) return fault(cursor, 'content', (first + i) >> 1)
        scratch[i] = code
      }
      cursor.at = at + half(units)
      return scratch.toString('latin1', 0, units)
    },
    write(target, at, value, units) {
      const odd = units & 1
      let position = 2 * at
      if (leads && odd === 1) setNibble(target, position++, filler.nibble)
      for (let i = value.length; i < units; i++) setNibble(target, position++, 0)
      for (let i = 0; i < value.length; i++) {
        const code = nibble[value.charCodeAt(i)] ?? -1
        if (code < 0) return false
        setNibble(target, position++, code)
      }
      if (!leads && odd === 1) setNibble(target, position, filler.nibble)
      return true
    },
  }
}

const DIGIT_NIBBLES = nibbles([])
const TRACK_NIBBLES = nibbles([
  [LETTER_D, SEPARATOR],
  [EQUALS, SEPARATOR],
])

/** Digits. Lengths never count the filler. */
export const bcdDigits = (filler: Filler = 'left 0'): Data => bcdData(DIGIT_NIBBLES, filler, true)

/** A track: the separator is nibble D. */
export const bcdTrack = (filler: Filler = 'right F'): Data => bcdData(TRACK_NIBBLES, filler, false)
