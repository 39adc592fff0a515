/**
 * BER-TLV in DE 55 (ISO/IEC 8825-1 clause 8.1, EMV book 3 annex B): tags of up to 4 bytes, definite lengths of up to
 * 65,535, nested constructed tags. `00` and `FF` before, between and after tags are padding. Otherwise parsing is
 * strict: every byte belongs to a tag, and no length exceeds its container.
 */

/** A tag and its value. */
export type Tlv = {
  /** Upper-case hex, as `9F1A`. */
  readonly tag: string
  readonly value: Buffer
  /** The elements of a constructed tag; null for a primitive one. */
  readonly elements: readonly Tlv[] | null
}

export type TlvRead =
  | { readonly kind: 'tlv'; readonly elements: readonly Tlv[] }
  /** The offset of the invalid tag or length. */
  | { readonly kind: 'fault'; readonly offset: number }

const CONSTRUCTED = 0x20
const LONG_TAG = 0x1f
const MORE = 0x80
const TAG_BYTES = 4

/** Deeper than any chip's data; a bound for the stack. */
const DEEPEST = 8

export function readTlv(bytes: Buffer): TlvRead {
  const elements: Tlv[] = []
  const offset = readInto(elements, bytes, 0, bytes.length, DEEPEST)
  return offset === null ? { kind: 'tlv', elements } : { kind: 'fault', offset }
}

/** Reads the elements from `from` to `to`. Returns the offset of a fault, or null. */
function readInto(elements: Tlv[], bytes: Buffer, from: number, to: number, depth: number): number | null {
  if (depth === 0) return from
  let at = from
  while (at < to) {
    if (isPadding(bytes, at, to)) {
      at++
      continue
    }
    const header = headerAt(bytes, at, to)
    if (header === null) return at
    const { tagTo, from: inside, end } = header
    const inner: Tlv[] | null = ((bytes[at] ?? 0) & CONSTRUCTED) === 0 ? null : []
    const fault = inner === null ? null : readInto(inner, bytes, inside, end, depth - 1)
    if (fault !== null) return fault
    const tag = bytes.toString('hex', at, tagTo).toUpperCase()
    elements.push({ tag, value: bytes.subarray(inside, end), elements: inner })
    at = end
  }
  return null
}

const PADDING = 0xff
/** The bytes that may follow an `FF` of padding: more padding, or the first byte of a two-byte tag that chips use. */
const AFTER_PADDING: readonly (number | undefined)[] = [undefined, 0, PADDING, 0x5f, 0x9f]

/**
 * `00` is padding, and so is `FF`, unless it begins a tag of the private class such as `FF8105`. Only the next bytes decide,
 * without trying both readings, so that no message of a terminal costs more than one pass.
 */
function isPadding(bytes: Buffer, at: number, to: number): boolean {
  const byte = bytes[at]
  if (byte !== PADDING) return byte === 0
  return AFTER_PADDING.includes(at + 1 < to ? bytes[at + 1] : undefined) || headerAt(bytes, at, to) === null
}

type Header = { readonly tagTo: number; readonly from: number; readonly end: number }

/** A tag and its length; null if there is no tag, or the length exceeds the container. */
function headerAt(bytes: Buffer, at: number, to: number): Header | null {
  const tagTo = tagEnd(bytes, at, to)
  const length = tagTo < 0 ? null : lengthAt(bytes, tagTo, to)
  if (length === null || length.from + length.size > to) return null
  return { tagTo, from: length.from, end: length.from + length.size }
}

/** The offset behind the tag; -1 if it is invalid: 00, or a tag number that is too long or has leading zeros. */
function tagEnd(bytes: Buffer, at: number, to: number): number {
  const first = bytes[at] ?? 0
  if (first === 0) return -1
  if ((first & LONG_TAG) !== LONG_TAG) return at + 1
  if (bytes[at + 1] === MORE) return -1
  for (let i = at + 1; i < to && i < at + TAG_BYTES; i++) if (((bytes[i] ?? 0) & MORE) === 0) return i + 1
  return -1
}

/** A length: one byte up to 127, else 81 and one byte or 82 and two bytes; null for every other form, such as the indefinite length. */
function lengthAt(bytes: Buffer, at: number, to: number): { readonly from: number; readonly size: number } | null {
  const first = bytes[at]
  if (first === undefined || at >= to) return null
  if (first < MORE) return { from: at + 1, size: first }
  const count = first - MORE
  if ((count !== 1 && count !== 2) || at + 1 + count > to) return null
  return { from: at + 1 + count, size: bytes.readUIntBE(at + 1, count) }
}

/** One element as bytes, with the shortest form of its length. */
export function writeTlv(tag: string, value: Buffer): Buffer {
  const size = value.length
  const length = size < MORE ? [size] : size < 0x100 ? [MORE + 1, size] : [MORE + 2, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from(tag, 'hex'), Buffer.from(length), value])
}
