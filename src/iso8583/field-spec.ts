/** The description of a data element in a profile: content, length and encodings. */

import type { Filler } from './bcd-data.ts'
import type { BitmapEncoding } from './bitmap.ts'
import type { CharsetName } from './charset.ts'
import type { CodePage } from './code-pages.ts'
import type { Content } from './content.ts'
import type { LengthEncoding } from './length-prefix.ts'

export type DigitEncoding = CharsetName | 'bcd'
export type BinaryEncoding = 'raw' | 'hex' | 'hex-ebcdic'

/** How the parts of a message stand on the wire: the columns of docs/spec/terminal.md, section 2. */
export type Encodings = {
  readonly mti: DigitEncoding
  readonly bitmap: BitmapEncoding
  /** Of the second and third bitmap. */
  readonly furtherBitmaps: BitmapEncoding
  readonly numeric: DigitEncoding
  readonly text: CharsetName
  /** The code page of EBCDIC data. */
  readonly codePage: CodePage
  readonly length: LengthEncoding
  readonly binary: BinaryEncoding
  readonly track2: DigitEncoding
}

/** Characters, digits, or bytes of binary content; for `x+n` the digits, without the sign. */
export type Length =
  | { readonly kind: 'fixed'; readonly size: number }
  /** `digits`: how many L its name has. */
  | { readonly kind: 'variable'; readonly digits: number; readonly most: number }

/** The unit that a length prefix counts: units of data, or bytes or nibbles on the wire. */
export type LengthCounts = 'units' | 'bytes' | 'nibbles'

/** One row of a profile. */
export type FieldSpec = {
  /** `file:line`. */
  readonly place: string
  readonly de: number
  readonly name: string
  readonly content: Content
  readonly length: Length
  /** The encodings of the profile, or those of the row. */
  readonly encodings: Encodings
  readonly lengthCounts: LengthCounts
  /** Of an odd number of BCD digits; null for what the standard has: `left 0`, for tracks `right F`. */
  readonly filler: Filler | null
}
