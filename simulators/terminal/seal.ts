import type { DemoTerminal } from '../demo/terminals.ts'
import type { Bitmap, Packed } from './dialect.ts'
import { macOf } from './mac.ts'
import type { Message } from './message.ts'
import type { Wire } from './wire.ts'

const MAC_DIGITS = 16

/** The field that carries the MAC of a message: 64, or 128 where there is a second bitmap. */
export function macField(message: Message, bitmap: Bitmap): 64 | 128 {
  const second = bitmap === 'double' || Object.keys(message.fields).some((de) => Number(de) > 64)
  return second ? 128 : 64
}

/** Packs with the terminal's MAC at the end; a terminal without one sends the message as it is. */
export function packWithMac(
  wire: Wire,
  message: Message,
  bitmap: Bitmap,
  terminal: DemoTerminal,
): Packed & { message: Message } {
  if (terminal.mac === 'none') return { ...wire.write(message, bitmap), message }
  const de = macField(message, bitmap)
  const withMac = (value: string): Message => ({ mti: message.mti, fields: { ...message.fields, [de]: value } })
  const open = withMac('0'.repeat(MAC_DIGITS))
  const packed = wire.write(open, bitmap)
  if (!packed.ok) return { ...packed, message: open }
  const mac = macOf(terminal.mac, terminal.key, packed.bytes.subarray(0, -wire.macBytes))
  const sealed = withMac(mac.toString('hex').toUpperCase())
  return { ...wire.write(sealed, bitmap), message: sealed }
}

export function hasMac(message: Message): boolean {
  return message.fields[64] !== undefined || message.fields[128] !== undefined
}

/** The fault of an answer's MAC; null: it is valid. */
export function macProblem(wire: Wire, bytes: Buffer, message: Message, terminal: DemoTerminal): string | null {
  if (terminal.mac === 'none') return hasMac(message) ? 'a MAC came for a terminal that has none' : null
  if (!hasMac(message)) return 'no MAC came'
  const mac = macOf(terminal.mac, terminal.key, bytes.subarray(0, -wire.macBytes))
  const came = message.fields[128] ?? message.fields[64] ?? ''
  return mac.toString('hex').toUpperCase() === came.toUpperCase()
    ? null
    : 'the MAC is not the one of this message under this key'
}

/** The bytes that a repeated answer must have again: all but the MAC. */
export function bytesWithoutMac(wire: Wire, bytes: Buffer, message: Message): Buffer {
  return hasMac(message) ? bytes.subarray(0, -wire.macBytes) : bytes
}
