/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { CODE_PAGES, type CodePage, wireIn } from './code-pages.ts'
import { byteClass } from './content.ts'
import { asciiSlice, type Cursor } from './cursor.ts'

/** The encoding of characters. */
export type Charset = {
  /** The content classes of each byte as it is on the wire. */
  readonly classOf: Uint8Array
  readonly toWire: Uint8Array
  /** Decodes bytes that were checked. */
  readonly slice: (cursor: Cursor, from: number, to: number) => string
}

export type CharsetName = 'ascii' | 'ebcdic'

/** The longest element that a profile may define, in characters. */
export const LONGEST = 9999

/** The buffer of decoded characters, from which strings are made at once. */
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

/** The encodings of text in EBCDIC, by code page. */
export const EBCDIC = Object.fromEntries(CODE_PAGES.map((page) => [page, ebcdic(page)])) as Record<CodePage, Charset>

/** `ebcdic` is for characters that are the same in every code page: digits, letters and the separators of track 2. */
export const CHARSETS = {
  ascii: { classOf: byteClass, toWire: Uint8Array.from(byteClass, (_, byte) => byte), slice: asciiSlice },
  ebcdic: EBCDIC['037'],
} as const satisfies Record<CharsetName, Charset>
