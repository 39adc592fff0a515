import type { FieldFormat } from 'iso_8583'
import dictionary from 'iso_8583/lib/formats.js'
import type { Fields } from './fields.ts'
import { Iso8583Package } from './iso-8583-package.ts'
import type { Message } from './message.ts'
import { legible, placeOfText, TEXT } from './text-place.ts'

/** Whether a message of fields up to 64 has a second bitmap of zeros (both are valid). */
export type Bitmap = 'single' | 'double'
export type Packed = { ok: true; bytes: Buffer } | { ok: false; reason: string }
export type Read = { ok: true; message: Message } | { ok: false; reason: string }

const fixed = (ContentType: string, MaxLen: number): FieldFormat => ({ ContentType, LenType: 'fixed', MaxLen })
const llvar = (ContentType: string, MaxLen: number): FieldFormat => ({ ContentType, LenType: 'llvar', MaxLen })
const lllvar = (ContentType: string, MaxLen: number): FieldFormat => ({ ContentType, LenType: 'lllvar', MaxLen })

/**
 * Where our dialect (docs/spec/terminal.md, section 2) differs from the package's dictionary. `z` is the package's
 * only kind without a character check: its `ans` knows neither `@` nor `#`, which a text for the cashier may hold.
 */
const formats: Record<string, FieldFormat> = {
  37: fixed('z', 12),
  38: fixed('z', 6),
  44: llvar('z', 25),
  45: llvar('z', 76),
  48: lllvar('z', 999),
  53: fixed('n', 16),
  54: lllvar('z', 120),
  59: lllvar('z', 999),
  62: lllvar('z', 999),
  63: lllvar('z', 999),
  64: fixed('b', 16),
  70: fixed('n', 3),
  90: fixed('n', 42),
  97: fixed('x+n', 17),
  102: llvar('z', 28),
  103: llvar('z', 28),
  128: fixed('b', 16),
}

const BITMAP_AT = 4
/** The package refuses MTIs that it has no name for, and a till must be able to send them: it packs under this one. */
const NEUTRAL_MTI = '0800'

/** The package always writes a second bitmap; when it is all zeros and `single` is wanted, it is taken out again. */
function withBitmap(bytes: Buffer, bitmap: Bitmap): Buffer {
  const second = bytes.subarray(BITMAP_AT + 8, BITMAP_AT + 16)
  if (bitmap === 'double' || second.some((byte) => byte !== 0)) return bytes
  const out = Buffer.concat([bytes.subarray(0, BITMAP_AT + 8), bytes.subarray(BITMAP_AT + 16)])
  out.writeUInt8(out.readUInt8(BITMAP_AT) & 0x7f, BITMAP_AT)
  return out
}

/** Packs a message with the `iso_8583` package. Reasons name the field, never its value. */
export function packMessage(message: Message, bitmap: Bitmap): Packed {
  for (const [de, value] of Object.entries(message.fields))
    if (value === '') return { ok: false, reason: `field ${de} is empty, which the iso_8583 package cannot send` }
  const built = new Iso8583Package({ ...message.fields, 0: NEUTRAL_MTI }, formats).getRawMessage()
  if (!Buffer.isBuffer(built)) return { ok: false, reason: reasonOf(built) }
  const bytes = withBitmap(built, bitmap)
  bytes.write(message.mti.padEnd(4).slice(0, 4), 0, 'latin1')
  return { ok: true, bytes }
}

function reasonOf(failure: unknown): string {
  const text = (failure as { error?: unknown } | undefined)?.error
  return typeof text === 'string' ? text : 'the iso_8583 package refused the message without a reason'
}

/**
 * Reads an answer with the `iso_8583` package. The package accepts truncated and overlong messages, so the result is
 * packed again and must give the same bytes.
 */
export function readMessage(bytes: Buffer): Read {
  if (bytes.length < BITMAP_AT + 8) return { ok: false, reason: `${bytes.length} bytes are too few for MTI and bitmap` }
  const mti = bytes.toString('latin1', 0, 4)
  if (!/^\d{4}$/.test(mti)) return { ok: false, reason: 'the MTI is not four digits' }
  // The package reads text as UTF-8; only the record of the terminal knows its character set.
  const text = placeOfText(bytes, (de) => formats[de] ?? dictionary[de])
  const plain = Buffer.from(bytes)
  if (text !== null) plain.fill('?', text.from, text.to)
  const neutral = Buffer.from(plain)
  neutral.write(NEUTRAL_MTI, 0, 'latin1')
  const read = new Iso8583Package(undefined, formats).getIsoJSON(neutral, { lenHeader: false })
  if (read['error'] !== undefined) return { ok: false, reason: reasonOf(read) }
  const fields: Fields = {}
  for (const [de, value] of Object.entries(read)) {
    if (value === '') return { ok: false, reason: `field ${de} came empty: the message is cut, or its length is 0` }
    if (de !== '0') fields[Number(de)] = isMacField(de) ? value.toUpperCase() : value
  }
  const message = { mti, fields }
  const double = (bytes.readUInt8(BITMAP_AT) & 0x80) !== 0
  const again = packMessage(message, double ? 'double' : 'single')
  if (!again.ok) return { ok: false, reason: again.reason }
  if (!again.bytes.equals(plain)) return { ok: false, reason: differenceOf(again.bytes, plain) }
  if (text !== null) fields[TEXT] = legible(bytes.subarray(text.from, text.to))
  return { ok: true, message }
}

const isMacField = (de: string) => de === '64' || de === '128'

function differenceOf(again: Buffer, bytes: Buffer): string {
  const at = again.findIndex((byte, i) => byte !== bytes[i])
  const where = at < 0 ? Math.min(again.length, bytes.length) : at
  return `packed again it differs from byte ${where} on (${bytes.length} bytes came, ${again.length} make sense)`
}
