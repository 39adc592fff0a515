import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoCard } from '../demo/cards.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import type { Address } from '../terminal/address.ts'
import { isApproval } from '../terminal/describe.ts'
import type { Fields } from '../terminal/fields.ts'
import { type Line, matchKey, openLine } from '../terminal/line.ts'
import { usualPeer } from '../terminal/peer.ts'
import { packWithMac } from '../terminal/seal.ts'
import { DEFAULT_CURRENCY, followUpOf, type Message, requestFor } from '../terminal/message.ts'
import type { OperationName } from '../terminal/operations.ts'
import { stampClock } from '../terminal/stamp.ts'

/** The results of the terminal that sends no fuzzed frames. Milliseconds. */
export type GoodResult = {
  readonly asked: number
  readonly approved: number
  readonly slowest: number
  /** The missing answers; empty: none. */
  readonly missed: readonly string[]
}

const PATIENCE_MS = 20_000
const PAUSE_MS = 20
const OPERATIONS: readonly OperationName[] = ['payment', 'balance', 'echo']
const ONE_CENT = 1

/** Pays, confirms, asks for balances and echoes, one after the other on one line, until the signal. */
export async function goodTerminal(
  target: Address,
  terminal: DemoTerminal,
  card: DemoCard,
  signal: AbortSignal,
): Promise<GoodResult> {
  const peer = usualPeer(target)
  const stamp = stampClock(Date.now)
  const missed: string[] = []
  let [asked, approved, slowest] = [0, 0, 0]

  const ask = async (line: Line, message: Message): Promise<Fields | null> => {
    const packed = packWithMac(peer.wire, message, 'single', terminal)
    if (!packed.ok) throw new Error(packed.reason)
    asked++
    const reply = await line.ask(packed.bytes, matchKey(message.fields), PATIENCE_MS)
    slowest = Math.max(slowest, reply.ms)
    const what = `${message.mti} with trace number ${message.fields[11] ?? ''}`
    if (reply.kind !== 'answer') return (missed.push(`${what}: ${reply.kind}`), null)
    const read = peer.wire.read(reply.bytes)
    if (!read.ok) return (missed.push(`${what}: ${read.reason}`), null)
    if (isApproval(read.message.fields[39])) approved++
    return read.message.fields
  }

  const opened = await openLine(peer)
  if (!opened.ok) return { asked, approved, slowest, missed: [opened.reason] }
  const { line } = opened
  for (let i = 0; !signal.aborted && missed.length === 0; i++) {
    const operation = OPERATIONS[i % OPERATIONS.length] ?? 'echo'
    const amount = operation === 'payment' ? ONE_CENT : null
    const wanted = { operation, card, entry: 'swipe', amount, currency: DEFAULT_CURRENCY, flags: null } as const
    const request = requestFor(wanted, terminal, stamp(terminal.terminal))
    const answer = await ask(line, request)
    if (operation === 'payment' && isApproval(answer?.[39]))
      await ask(line, followUpOf('confirm', request, terminal, stamp(terminal.terminal)))
    await sleep(PAUSE_MS)
  }
  await line.close('close')
  return { asked, approved, slowest, missed }
}
