import { BITMAP_WORDS } from '../../src/iso8583/bitmap.ts'
import { type Cursor, cursorOn, fault } from '../../src/iso8583/cursor.ts'
import type { FieldSpec } from '../../src/iso8583/field-spec.ts'
import { LENGTH_PREFIX } from '../../src/iso8583/length-prefix.ts'
import type { Malformed } from '../../src/iso8583/malformed.ts'
import type { Fields, Message } from '../../src/iso8583/message.ts'
import type { Profile } from '../../src/iso8583/profile.ts'

/** One part of a message and its place, in bytes from the start of the message; `to` is exclusive. */
export type Part = {
  readonly kind: 'mti' | 'bitmap' | 'element'
  /** 0 the MTI; of a bitmap the first element that it could name: 1, 65, 129; else the data element. */
  readonly de: number
  readonly name: string
  readonly from: number
  /** Behind the length, where there is one. */
  readonly dataFrom: number
  readonly to: number
  /** As in `Message`; of a bitmap 16 hex digits. Unmasked: show it only through `describe-mask.ts`. */
  readonly value: string
  /** Its row in the profile; null for MTI and bitmaps. */
  readonly spec: FieldSpec | null
}

/** A message taken apart, as far as it could be read. */
export type Described = {
  readonly parts: readonly Part[]
  /** The result of `unpack`, also for a readable part. */
  readonly message: Message | null
  readonly malformed: Malformed | null
  /** Where the first byte stands that belongs to no part; the length of the message when all was read. */
  readonly unread: number
}

const BITMAP_NAMES = ['Bitmap', 'Bitmap, secondary', 'Bitmap, tertiary'] as const

/**
 * Reads a message as `unpack` does, with the same codecs, and notes where each part stands. It accepts and refuses the
 * same bytes with the same words; it is apart from `unpack` because that one has no time to take notes.
 */
export function describe(profile: Profile, bytes: Buffer): Described {
  const cursor = cursorOn(bytes)
  const parts: Part[] = []
  const note = (kind: Part['kind'], de: number, from: number, value: string): void => {
    const spec = kind === 'element' ? (profile.specs.get(de) ?? null) : null
    const name = kind === 'mti' ? 'Message type' : kind === 'bitmap' ? BITMAP_NAMES[de >> 6] : spec?.name
    parts.push({ kind, de, name: name ?? '', from, dataFrom: from + prefixSize(spec), to: cursor.at, value, spec })
  }
  const ended = (field: number, message: Message | null, unread: number): Described => {
    const { fault: reason, faultAt: offset } = cursor
    const malformed: Malformed | null = reason === null ? null : { field, offset, reason, readable: message }
    return { parts, message, malformed, unread }
  }

  const mti = profile.mti.read(cursor)
  if (cursor.fault !== null) return ended(0, null, 0)
  note('mti', 0, 0, mti)

  const bitmaps = readBitmaps(profile, cursor, note)
  if (bitmaps.broken !== null) return ended(1, null, bitmaps.broken)

  const fields: Fields = {}
  const last = bitmaps.elements.at(-1) ?? 0
  const message: Message = { mti, fields, ...emptyBitmap(profile, bitmaps.count, last) }
  for (const de of bitmaps.elements) {
    const from = cursor.at
    const value = profile.fields[de]?.read(cursor) ?? fault(cursor, 'undefined', from)
    if (cursor.fault !== null) return ended(de, message, from)
    fields[de] = value
    note('element', de, from, value)
  }
  if (cursor.at < cursor.end) fault(cursor, 'leftOver', cursor.at)
  return ended(Math.max(1, last), message, cursor.at)
}

/** Bytes of the length before an element. */
export const prefixSize = (spec: FieldSpec | null): number =>
  spec?.length.kind === 'variable' ? LENGTH_PREFIX[spec.encodings.length](spec.length.digits).size : 0

type Bitmaps = {
  readonly count: number
  /** In the order of the message, without those that announce a bitmap. */
  readonly elements: readonly number[]
  /** Where a bitmap begins that could not be read. */
  readonly broken: number | null
}

function readBitmaps(
  { bitmaps, allBitmaps }: Profile,
  cursor: Cursor,
  note: (kind: 'bitmap', de: number, from: number, value: string) => void,
): Bitmaps {
  const words = new Int32Array(BITMAP_WORDS)
  const elements: number[] = []
  let count = 0
  for (const bitmap of bitmaps) {
    const from = cursor.at
    bitmap.read(cursor, words, 2 * count)
    if (cursor.fault !== null) return { count, elements, broken: from }
    const bits = Array.from(words.subarray(2 * count, 2 * count + 2), binary).join('')
    note('bitmap', 64 * count + 1, from, hexOfBits(bits))
    const announces = !allBitmaps && bits.startsWith('1') && count + 1 < bitmaps.length
    for (const [bit, set] of Array.from(bits).entries()) {
      if (set === '1' && !(bit === 0 && announces)) elements.push(64 * count + bit + 1)
    }
    count++
    if (!allBitmaps && !announces) break
  }
  return { count, elements, broken: null }
}

const binary = (word: number): string => (word >>> 0).toString(2).padStart(32, '0')
const hexOfBits = (bits: string): string => BigInt(`0b${bits}`).toString(16).toUpperCase().padStart(16, '0')

/** The flag of `Message` for a second bitmap that names nothing. */
function emptyBitmap(
  { allBitmaps }: Profile,
  count: number,
  last: number,
): Pick<Message, 'secondaryBitmap' | 'tertiaryBitmap'> {
  if (allBitmaps || count < 2 || last > 64 * (count - 1)) return {}
  return count === 2 ? { secondaryBitmap: true } : { tertiaryBitmap: true }
}
