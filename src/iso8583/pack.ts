/* oxlint-disable typescript/no-non-null-assertion -- every index is bounded by the loop or the check around it */

import { BITMAP_WORDS, LAST_ELEMENT } from './bitmap.ts'
import type { Fields, Message } from './message.ts'
import { PackError } from './pack-error.ts'
import type { Layout } from './profile.ts'

/** The state of the message being written. One is enough, because `packInto` is never called from within itself. */
const words = new Int32Array(BITMAP_WORDS)

/** The buffer in which a message is built before it is copied in its length; it grows to the longest profile. */
let room = Buffer.alloc(0)

/**
 * The message as bytes, in a buffer of its own. Short values of fixed elements are filled up: `n` with zeros on the
 * left, `a an ans` with spaces on the right (ISO 8583:1987, 4.2).
 * @throws PackError naming the element, for a message that the profile cannot express: an element is too long, of another
 * content type, or not in the profile
 */
export function pack(layout: Layout, message: Message): Buffer {
  if (room.length < layout.most) room = Buffer.alloc(layout.most)
  const end = packInto(layout, message, room, 0)
  const bytes = Buffer.allocUnsafe(end)
  room.copy(bytes, 0, 0, end)
  return bytes
}

/**
 * Writes the message into a buffer that has room for `layout.most` bytes from `at` on. Returns the end of the message.
 * @throws PackError
 */
export function packInto(layout: Layout, message: Message, target: Buffer, at: number): number {
  if (target.length < at + layout.most) throw new PackError(0, 'does not fit the target')
  const { bitmaps, fields, allBitmaps } = layout
  const values = message.fields
  let end = layout.mti.write(target, at, message.mti)
  const afterMti = end

  words.fill(0)
  const count = allBitmaps ? bitmaps.length : Math.max(bitmapsOf(message), bitmapsNeeded(values))
  for (let i = 0; i < count && i < bitmaps.length; i++) {
    end += bitmaps[i]!.size
    if (!allBitmaps && i + 1 < count) words[2 * i] = 1 << 31
  }
  const last = 64 * count
  for (let de = 1; de <= last; de++) {
    const value = values[de]
    if (value === undefined) continue
    const field = fields[de]
    if (field === undefined) throw new PackError(de, 'undefined field')
    end = field.write(target, end, value)
    const word = (de - 1) >> 5
    words[word] = words[word]! | (0x80000000 >>> ((de - 1) & 31))
  }
  writeBitmaps(layout, target, afterMti, count)
  return end
}

/** The number of bitmaps that the message asks for, even if the last one names no element. */
const bitmapsOf = ({ secondaryBitmap, tertiaryBitmap }: Message): number =>
  tertiaryBitmap === true ? 3 : secondaryBitmap === true ? 2 : 1

function bitmapsNeeded(values: Fields): number {
  for (let de = LAST_ELEMENT; de > 64; de--) if (values[de] !== undefined) return (de + 63) >> 6
  return 1
}

function writeBitmaps({ bitmaps }: Layout, target: Buffer, at: number, count: number): void {
  if (count > bitmaps.length) throw new PackError(1, 'more bitmaps than the profile has')
  let to = at
  for (let i = 0; i < count; i++) {
    const bitmap = bitmaps[i]!
    bitmap.write(target, to, words, 2 * i)
    to += bitmap.size
  }
}
