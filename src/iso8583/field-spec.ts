/** The description of a data element in a profile: content, length and encodings. */

import type { Filler } from './bcd-data.ts'
import type { BitmapEncoding } from './bitmap.ts'
import type { CharsetName } from './charset.ts'
import type { CodePage } from './code-pages.ts'
import type { Content } from './content.ts'
import type { LengthEncoding } from './length-prefix.ts'

export type DigitEncoding = CharsetName | 'bcd'
export type BinaryEncoding = 'raw' | 'hex' | 'hex-ebcdic'

/** The encodings of the parts of a message: the columns of docs/spec/terminal.md, section 2. */
export type Encodings = {
  readonly mti: DigitEncoding
  readonly bitmap: BitmapEncoding
  /** The encoding of the second and third bitmap. */
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
  /** `digits`: the number of letters L in its name. */
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
  /** The encodings of the row, or else those of the profile. */
  readonly encodings: Encodings
  readonly lengthCounts: LengthCounts
  /** The filler of an odd number of BCD digits; null: that of the standard, `left 0`, for tracks `right F`. */
  readonly filler: Filler | null
}
