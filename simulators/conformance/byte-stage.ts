import { encodeFrame } from '../../src/iso8583/frame.ts'
import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { FuzzLine } from '../fuzz/frames.ts'
import { type Came, openWireLine, type WireLine } from '../fuzz/wire-line.ts'
import { wireOf } from '../terminal/wire.ts'
import type { Door } from '../terminal/peer.ts'
import { packWithMac } from '../terminal/seal.ts'
import { DEFAULT_CURRENCY, type Message, requestFor } from '../terminal/message.ts'
import type { OperationName } from '../terminal/operations.ts'
import type { Stamp } from '../terminal/stamp.ts'

/** A line whose frames and messages are checked byte by byte. */
export type ByteLine = FuzzLine & { readonly door: Door }

/** The tools of byte checks: messages as bytes, and lines to send them on. */
export type ByteStage = {
  readonly line: ByteLine
  readonly open: () => Promise<WireLine>
  readonly request: (operation: OperationName) => Message
  /** A message as bytes: by the package iso_8583 where it knows the dialect. */
  readonly packed: (message: Message) => Buffer
  readonly framed: (body: Buffer) => Buffer
  /** Writes, and returns the answers within the time limit; returns early when enough have come. */
  readonly exchange: (line: WireLine, bytes: Buffer, answers: number) => Promise<readonly Came[]>
  /** Checks that the line still serves; returns the faults. */
  readonly serves: (line: WireLine) => Promise<string[]>
  /** Checks that the line ends; returns the faults. */
  readonly ends: (line: WireLine) => Promise<string[]>
}

export const TPDU = Buffer.from('6000010002', 'hex')
const PATIENCE_MS = 5_000
/** How long nothing has to come where nothing may. */
export const QUIET_MS = 300

export function byteStage(
  line: ByteLine,
  terminal: DemoTerminal,
  card: DemoCard,
  stamp: (terminal: string) => Stamp,
): ByteStage {
  const wire = wireOf(line.profile, null)
  const request = (operation: OperationName): Message => {
    const amount = operation === 'payment' ? 1 : null
    const asked = { operation, card, entry: 'swipe', amount, currency: DEFAULT_CURRENCY, flags: null } as const
    return requestFor(asked, terminal, stamp(terminal.terminal))
  }
  const packed = (message: Message): Buffer => {
    const bytes = packWithMac(wire, message, 'single', terminal)
    if (!bytes.ok) throw new Error(bytes.reason)
    return bytes.bytes
  }
  const framed = (body: Buffer): Buffer => encodeFrame(line.frame, body, line.frame.tpdu === 'none' ? null : TPDU)

  const until = async (open: WireLine, ms: number, done: () => boolean): Promise<void> => {
    const since = performance.now()
    for (let left = ms; !done() && left > 0; left = ms - (performance.now() - since)) await open.next(left)
  }
  const exchange = async (open: WireLine, bytes: Buffer, answers: number): Promise<readonly Came[]> => {
    open.forget()
    if (bytes.length > 0) open.write(bytes)
    const ms = answers === 0 ? QUIET_MS : PATIENCE_MS
    await until(open, ms, () => !open.isOpen() || (answers > 0 && open.taken().length >= answers))
    return open.taken()
  }
  const serves = async (open: WireLine): Promise<string[]> => {
    const echo = request('echo')
    const [came] = await exchange(open, framed(packed(echo)), 1)
    if (came?.mti === '0810' && came.fields[11] === echo.fields[11] && came.code === '00') return []
    return [open.isOpen() ? 'the line serves no more' : 'the line was ended']
  }
  const ends = async (open: WireLine): Promise<string[]> => {
    await until(open, PATIENCE_MS, () => !open.isOpen())
    return open.isOpen() ? ['the line was not ended'] : []
  }
  return { line, open: () => openWireLine(line.door, line), request, packed, framed, exchange, serves, ends }
}

/** The answer in a word. */
export const inWords = (came: Came | undefined): string =>
  came === undefined ? 'no answer' : `${came.mti} ${came.code} ${came.reason}`.trim()
