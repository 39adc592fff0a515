/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { byteClass } from './content.ts'
import { fromEbcdic, toEbcdic } from './cp037.ts'
import { asciiSlice, type Cursor } from './cursor.ts'

/** How characters stand on the wire. */
export type Charset = {
  /** The content classes of each byte as it is on the wire. */
  readonly classOf: Uint8Array
  readonly toWire: Uint8Array
  /** Checked bytes as a string. */
  readonly slice: (cursor: Cursor, from: number, to: number) => string
}

export type CharsetName = 'ascii' | 'ebcdic'

/** The longest element that a profile may define, in characters. */
export const LONGEST = 9999

/** Where decoded characters are put together; strings are made from it at once. */
export const scratch: Buffer = Buffer.alloc(LONGEST + 1)

function ebcdicSlice(cursor: Cursor, from: number, to: number): string {
  for (let i = from; i < to; i++) scratch[i - from] = fromEbcdic[cursor.bytes[i]!]!
  return scratch.toString('latin1', 0, to - from)
}

export const CHARSETS = {
  ascii: { classOf: byteClass, toWire: Uint8Array.from(byteClass, (_, byte) => byte), slice: asciiSlice },
  ebcdic: { classOf: fromEbcdic.map((ascii) => byteClass[ascii]!), toWire: toEbcdic, slice: ebcdicSlice },
} as const satisfies Record<CharsetName, Charset>
