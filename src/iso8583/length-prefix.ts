/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { CHARSETS, type Charset } from './charset.ts'
import { TEXT_CONTENT } from './content.ts'
import type { Cursor } from './cursor.ts'

/** The length prefix of a variable element. */
export type LengthPrefix = {
  /** Bytes. */
  readonly size: number
  /** The largest length that it can hold. */
  readonly most: number
  /**
   * The length at the cursor; -1 if it is not a number. The caller has checked that the bytes are there. Does not move
   * the cursor.
   */
  readonly read: (cursor: Cursor) => number
  readonly write: (target: Buffer, at: number, length: number) => void
  /** Whether the prefix can express this length; one that counts bytes cannot express an odd number of nibbles. */
  readonly counts: (length: number) => boolean
}

export type LengthEncoding = 'ascii' | 'ebcdic' | 'bcd' | 'binary'

const ZERO = 0x30
const DIGITS = TEXT_CONTENT.n.allowed

const always = (): boolean => true

function textLength({ classOf, toWire }: Charset, digits: number): LengthPrefix {
  return {
    size: digits,
    most: 10 ** digits - 1,
    counts: always,
    read({ bytes, at }) {
      let length = 0
      for (let i = at; i < at + digits; i++) {
        const byte = bytes[i]!
        if ((classOf[byte]! & DIGITS) === 0) return -1
        length = length * 10 + (byte & 15) // digits are x0 to x9 in both character sets
      }
      return length
    },
    write(target, at, length) {
      let rest = length
      for (let i = at + digits - 1; i >= at; i--) {
        target[i] = toWire[ZERO + (rest % 10)]!
        rest = Math.floor(rest / 10)
      }
    },
  }
}

/** Two digits a byte; an odd number of digits has a leading 0 nibble. */
function bcdLength(digits: number): LengthPrefix {
  const size = (digits + 1) >> 1
  return {
    size,
    most: 10 ** digits - 1,
    counts: always,
    read({ bytes, at }) {
      let length = 0
      for (let i = at; i < at + size; i++) {
        const high = bytes[i]! >> 4
        const low = bytes[i]! & 15
        if (high > 9 || low > 9) return -1
        length = length * 100 + high * 10 + low
      }
      return length
    },
    write(target, at, length) {
      let rest = length
      for (let i = at + size - 1; i >= at; i--) {
        const pair = rest % 100
        target[i] = (Math.floor(pair / 10) << 4) | (pair % 10)
        rest = Math.floor(rest / 100)
      }
    },
  }
}

/** Big-endian; an L is a byte here, not a digit. */
const binaryLength = (size: number): LengthPrefix => ({
  size,
  most: 256 ** size - 1,
  counts: always,
  read: ({ bytes, at }) => bytes.readUIntBE(at, size),
  write: (target, at, length) => void target.writeUIntBE(length, at, size),
})

/** A prefix that counts another unit; `perUnit`, a fraction, is the number of those units for each unit of data. */
export function counting(prefix: LengthPrefix, perUnit: number): LengthPrefix {
  const whole = (number: number): number => (Number.isInteger(number) ? number : -1)
  return {
    ...prefix,
    most: Math.floor(prefix.most / perUnit),
    read(cursor) {
      const count = prefix.read(cursor)
      return count < 0 ? -1 : whole(count / perUnit)
    },
    counts: (units) => whole(units * perUnit) >= 0,
    write: (target, at, units) => prefix.write(target, at, units * perUnit),
  }
}

/** The prefix, in each encoding, of an element whose format has `digits` times the letter L, such as `LLVAR`. */
export const LENGTH_PREFIX = {
  ascii: (digits) => textLength(CHARSETS.ascii, digits),
  ebcdic: (digits) => textLength(CHARSETS.ebcdic, digits),
  bcd: bcdLength,
  binary: binaryLength,
} as const satisfies Record<LengthEncoding, (digits: number) => LengthPrefix>
