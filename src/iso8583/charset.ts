/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { CODE_PAGES, type CodePage, wireIn } from './code-pages.ts'
import { byteClass } from './content.ts'
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

function ebcdic(page: CodePage): Charset {
  const { toWire, toAscii } = wireIn(page)
  return {
    classOf: toAscii.map((ascii) => byteClass[ascii]!),
    toWire,
    slice(cursor, from, to) {
      for (let i = from; i < to; i++) scratch[i - from] = toAscii[cursor.bytes[i]!]!
      return scratch.toString('latin1', 0, to - from)
    },
  }
}

/** Text of a profile in EBCDIC, by its code page. */
export const EBCDIC = Object.fromEntries(CODE_PAGES.map((page) => [page, ebcdic(page)])) as Record<CodePage, Charset>

/** `ebcdic` is for characters that are the same in every code page: digits, letters and the separators of track 2. */
export const CHARSETS = {
  ascii: { classOf: byteClass, toWire: Uint8Array.from(byteClass, (_, byte) => byte), slice: asciiSlice },
  ebcdic: EBCDIC['037'],
} as const satisfies Record<CharsetName, Charset>
