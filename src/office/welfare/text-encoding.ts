/** How text of a list may be encoded; names of the WHATWG standard. */
export const ENCODINGS = ['utf-8', 'windows-1250', 'iso-8859-2', 'utf-16le', 'utf-16be'] as const
export type Encoding = (typeof ENCODINGS)[number]

const starts = (bytes: Uint8Array, ...mark: readonly number[]): boolean => mark.every((byte, i) => bytes[i] === byte)

/** Bytes of the Polish letters that differ between the two encodings: ąśźĄŚŹ. */
const OF_WINDOWS = new Set([0xb9, 0x9c, 0x9f, 0xa5, 0x8c, 0x8f])
const OF_ISO = new Set([0xb1, 0xb6, 0xbc, 0xa1, 0xa6, 0xac])

/** Guesses by the byte order mark or the zeros of UTF-16; else UTF-8 if the bytes are valid; else the Polish encoding of which more letters occur. */
export function guessEncoding(bytes: Uint8Array): Encoding {
  if (starts(bytes, 0xef, 0xbb, 0xbf)) return 'utf-8'
  if (starts(bytes, 0xff, 0xfe)) return 'utf-16le'
  if (starts(bytes, 0xfe, 0xff)) return 'utf-16be'
  const wide = wideWithoutMark(bytes)
  if (wide !== null) return wide
  if (isUtf8(bytes)) return 'utf-8'
  let windows = 0
  let iso = 0
  for (const byte of bytes) {
    if (OF_WINDOWS.has(byte)) windows++
    if (OF_ISO.has(byte)) iso++
  }
  return iso > windows ? 'iso-8859-2' : 'windows-1250'
}

const SAMPLE = 512

/** Recognises UTF-16 without a byte order mark: in text that is mostly ASCII, every other byte is zero. Null: not UTF-16. */
function wideWithoutMark(bytes: Uint8Array): Encoding | null {
  const sample = bytes.subarray(0, SAMPLE)
  const zeros = [0, 0]
  for (const [i, byte] of sample.entries()) if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const most = sample.length / 4
  if (odd > most && even === 0) return 'utf-16le'
  return even > most && odd === 0 ? 'utf-16be' : null
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    for (const _ of decoded(bytes, 'utf-8', { fatal: true })) continue
    return true
  } catch {
    return false
  }
}

const PIECE = 65_536

/**
 * Decodes the text in pieces, so that it is never in memory as a whole. @throws TypeError with `fatal` for invalid
 * bytes
 */
export function* decoded(
  bytes: Uint8Array,
  encoding: Encoding,
  { fatal = false, piece = PIECE }: { readonly fatal?: boolean; readonly piece?: number } = {},
): Generator<string> {
  const decoder = new TextDecoder(encoding, { fatal })
  for (let from = 0; from < bytes.length; from += piece) {
    yield decoder.decode(bytes.subarray(from, from + piece), { stream: true })
  }
  yield decoder.decode()
}
