import { createInflateRaw } from 'node:zlib'

/** A file inside a ZIP archive (PKWARE APPNOTE 6.3), with its compressed bytes. */
export type ZipPart = {
  readonly name: string
  readonly method: number
  readonly packed: Uint8Array
}

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const END_LENGTH = 22
const MOST_COMMENT = 65_535
/** Far more than the dozen files of a workbook that a person has filled in. */
const MOST_PARTS = 1_000
const ENCRYPTED = 1
const STORED = 0
const DEFLATED = 8

/** The parts by name; null: not an archive that we read (broken, encrypted, ZIP64, in several volumes, too many parts). */
export function zipParts(bytes: Uint8Array): ReadonlyMap<string, ZipPart> | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = endOf(view)
  if (end === null) return null
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  if (count > MOST_PARTS || view.getUint16(end + 4, true) !== 0) return null
  const parts = new Map<string, ZipPart>()
  for (let i = 0; i < count; i++) {
    const entry = entryAt(view, bytes, at)
    if (entry === null || parts.has(entry.part.name)) return null
    parts.set(entry.part.name, entry.part)
    at = entry.next
  }
  return parts
}

function endOf(view: DataView): number | null {
  for (let at = view.byteLength - END_LENGTH; at >= 0 && at >= view.byteLength - END_LENGTH - MOST_COMMENT; at--) {
    if (view.getUint32(at, true) === END) return at
  }
  return null
}

function entryAt(view: DataView, bytes: Uint8Array, at: number): { part: ZipPart; next: number } | null {
  if (at + 46 > view.byteLength || view.getUint32(at, true) !== ENTRY) return null
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const packedLength = view.getUint32(at + 20, true)
  const nameLength = view.getUint16(at + 28, true)
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  const local = view.getUint32(at + 42, true)
  if ((flags & ENCRYPTED) !== 0 || (method !== STORED && method !== DEFLATED)) return null
  if (local + 30 > view.byteLength || view.getUint32(local, true) !== LOCAL) return null
  const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
  if (from + packedLength > view.byteLength || next > view.byteLength) return null
  const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
  return { part: { name, method, packed: bytes.subarray(from, from + packedLength) }, next }
}

/** The highest ratio of unpacked to packed size that text written by a person may have. */
const MOST_RATIO = 250
const RATIO_FROM_BYTES = 8 * 1024 * 1024

/** The part's bytes in pieces. Null ends them: the part has more than `most` bytes, or is compressed so much that it is a bomb. */
export async function* unpacked({ method, packed }: ZipPart, most: number): AsyncGenerator<Uint8Array | null, void> {
  if (method === STORED) {
    yield packed.length > most ? null : packed
    return
  }
  const inflate = createInflateRaw()
  inflate.end(packed)
  let bytes = 0
  for await (const piece of inflate as AsyncIterable<Uint8Array>) {
    bytes += piece.length
    if (bytes > most || (bytes > RATIO_FROM_BYTES && bytes > packed.length * MOST_RATIO)) {
      inflate.destroy()
      yield null
      return
    }
    yield piece
  }
}
