import type { FieldFormat } from 'iso_8583'

/** The text for cashier and receipt. */
export const TEXT = 63

export type Place = { readonly from: number; readonly to: number }

const LENGTH_DIGITS = {
  fixed: 0,
  llvar: 2,
  lllvar: 3,
  llllvar: 4,
  lllllvar: 5,
  llllllvar: 6,
} as const satisfies Record<FieldFormat['LenType'], number>

const BITMAP_AT = 4

const names = (bytes: Buffer, de: number): boolean =>
  (bytes.readUInt8(BITMAP_AT + ((de - 1) >> 3)) & (0x80 >> ((de - 1) & 7))) !== 0

/** Where the data of an element begin and end that begins at `at`, length and all; NaN where its length is no number. */
function dataAt(bytes: Buffer, at: number, { LenType, ContentType, MaxLen }: FieldFormat): Place {
  const from = at + LENGTH_DIGITS[LenType]
  if (LenType === 'fixed') return { from, to: from + (ContentType === 'b' ? MaxLen / 2 : MaxLen) }
  const length = bytes.toString('latin1', at, from)
  return { from, to: /^\d+$/.test(length) ? from + Number(length) : NaN }
}

/** The place of the text in an answer; null if there is none, or it is unknown. */
export function placeOfText(bytes: Buffer, formatOf: (de: number) => FieldFormat | undefined): Place | null {
  if (!names(bytes, TEXT)) return null
  let at = BITMAP_AT + (names(bytes, 1) ? 16 : 8)
  for (let de = 2; de <= TEXT; de++) {
    const format = formatOf(de)
    if (!names(bytes, de)) continue
    if (format === undefined) return null
    const { from, to } = dataAt(bytes, at, format)
    if (!(to <= bytes.length)) return null
    if (de === TEXT) return { from, to }
    at = to
  }
  return null
}

/** Bytes as text: non-ASCII as `<9C>`, because the terminal's character set is unknown. */
export const legible = (bytes: Buffer): string =>
  bytes
    .toString('latin1')
    .replace(/[^ -~]/g, (byte) => `<${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}>`)
