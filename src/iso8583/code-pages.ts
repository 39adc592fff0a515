import { toEbcdic } from './cp037.ts'

/**
 * The ASCII characters that other EBCDIC code pages have at other places than 037 (IBM CDRA, the CCSIDs of the same numbers).
 * Digits, letters, the space and `=` are at the same places in all of them; 1140, 1141 and 1148 are 037, 273 and 500 with
 * the euro sign, which is not an ASCII character.
 */
const MOVED = {
  '037': {},
  '273': german(),
  '285': { $: 0x4a, '[': 0xb1, '^': 0xba, '~': 0xbc },
  '500': international(),
  '870': { '!': 0x4f, '[': 0x4a, ']': 0x5a, '^': 0x5f, '|': 0x6a },
  '1047': { '[': 0xad, ']': 0xbd, '^': 0x5f },
  '1140': {},
  '1141': german(),
  '1148': international(),
} as const satisfies Record<string, Readonly<Record<string, number>>>

export type CodePage = keyof typeof MOVED

export const CODE_PAGES: readonly CodePage[] = ['037', '273', '285', '500', '870', '1047', '1140', '1141', '1148']

function german() {
  const braces = { '{': 0x43, '|': 0xbb, '}': 0xdc, '~': 0x59 }
  return { '!': 0x4f, '@': 0xb5, '[': 0x63, '\\': 0xec, ']': 0xfc, '^': 0x5f, ...braces }
}

function international() {
  return { '!': 0x4f, '[': 0x4a, ']': 0x5a, '^': 0x5f, '|': 0xbb }
}

const SPACE = 0x20
const TILDE = 0x7e

/** The mapping between printable ASCII and the wire; 0 for bytes that are not mapped. */
export type Wire = { readonly toWire: Uint8Array; readonly toAscii: Uint8Array }

export function wireIn(page: CodePage): Wire {
  const toWire = toEbcdic.slice()
  for (const [character, byte] of Object.entries(MOVED[page])) toWire[character.charCodeAt(0)] = byte
  const toAscii = new Uint8Array(256)
  for (let code = SPACE; code <= TILDE; code++) toAscii[toWire[code] ?? 0] = code
  return { toWire, toAscii }
}
