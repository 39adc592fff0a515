/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { CHARSETS, type Charset } from './charset.ts'
import { hexDigit, hexValue } from './binary-data.ts'
import { type Cursor, fault } from './cursor.ts'
import { fromEbcdic } from './cp037.ts'

/** Words of 32 elements each, the highest bit first: two each for the primary, the secondary and the third bitmap. */
export type BitmapWords = Int32Array

export const BITMAP_WORDS = 6

/** The last element that three bitmaps can name. */
export const LAST_ELEMENT = 192

export type BitmapEncoding = 'raw' | 'hex' | 'hex-ebcdic'

export type BitmapCodec = {
  /** Bytes of one bitmap of 64 elements. */
  readonly size: number
  /** Reads one bitmap at the cursor into two words from `first` on and moves the cursor, or sets the fault. */
  readonly read: (cursor: Cursor, words: BitmapWords, first: number) => void
  readonly write: (target: Buffer, at: number, words: BitmapWords, first: number) => void
}

const raw: BitmapCodec = {
  size: 8,
  read(cursor, words, first) {
    const { bytes, at } = cursor
    if (at + 8 > cursor.end) return void fault(cursor, 'cut', at)
    words[first] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    words[first + 1] = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!
    cursor.at = at + 8
  },
  write(target, at, words, first) {
    for (let i = 0; i < 8; i++) target[at + i] = words[first + (i >> 2)]! >>> (24 - 8 * (i & 3))
  },
}

function hex({ toWire }: Charset, toAscii: Uint8Array): BitmapCodec {
  return {
    size: 16,
    read(cursor, words, first) {
      const { bytes, at } = cursor
      if (at + 16 > cursor.end) return void fault(cursor, 'cut', at)
      for (let i = 0; i < 16; i++) {
        const nibble = hexValue[toAscii[bytes[at + i]!]!]!
        if (nibble < 0) return void fault(cursor, 'bitmap', at + i)
        const word = first + (i >> 3)
        words[word] = (words[word]! << 4) | nibble
      }
      cursor.at = at + 16
    },
    write(target, at, words, first) {
      for (let i = 0; i < 16; i++) {
        target[at + i] = toWire[hexDigit((words[first + (i >> 3)]! >>> (28 - 4 * (i & 7))) & 15)]!
      }
    },
  }
}

export const BITMAP = {
  raw,
  hex: hex(CHARSETS.ascii, CHARSETS.ascii.toWire),
  'hex-ebcdic': hex(CHARSETS.ebcdic, fromEbcdic),
} as const satisfies Record<BitmapEncoding, BitmapCodec>
