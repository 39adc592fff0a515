/** The content types of ISO 8583:1987, table 2, that profiles use, and `tlv`: binary data in BER-TLV. */
export type Content = 'n' | 'a' | 'an' | 'ans' | 'b' | 'z' | 'x+n' | 'tlv'

const DIGIT = 1
const LETTER = 2
const PRINTABLE = 4
const TRACK = 8
const SIGN = 16
const HEX = 32

/** The character classes of each ASCII byte. All character checks use this table. */
export const byteClass: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  return (
    (/[0-9]/.test(character) ? DIGIT : 0) |
    (/[A-Za-z]/.test(character) ? LETTER : 0) |
    (/[ -~]/.test(character) ? PRINTABLE : 0) |
    (/[0-9=D]/.test(character) ? TRACK : 0) |
    (/[CD]/.test(character) ? SIGN : 0) |
    (/[0-9A-Fa-f]/.test(character) ? HEX : 0)
  )
})

export const SIGNS = SIGN
export const HEX_DIGITS = HEX

/**
 * A content type that is text on the wire: its permitted characters, and the padding of short values. The spaces that
 * pad a fixed `a` or `an` are not among its characters, and are permitted at its end only.
 */
export type TextContent = { readonly allowed: number; readonly fill: 'zeros' | 'spaces' }

export const TEXT_CONTENT = {
  n: { allowed: DIGIT, fill: 'zeros' },
  a: { allowed: LETTER, fill: 'spaces' },
  an: { allowed: DIGIT | LETTER, fill: 'spaces' },
  ans: { allowed: PRINTABLE, fill: 'spaces' },
  z: { allowed: TRACK, fill: 'spaces' },
} as const satisfies Record<Exclude<Content, 'b' | 'x+n' | 'tlv'>, TextContent>
