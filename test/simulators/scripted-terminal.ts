import type { DemoCard } from '../../simulators/demo/cards.ts'
import type { DemoTerminal } from '../../simulators/demo/terminals.ts'
import { isApproval } from '../../simulators/terminal/describe.ts'
import { type Line, matchKey, openLine } from '../../simulators/terminal/line.ts'
import { followUpOf, type Message, repeatOf, requestFor } from '../../simulators/terminal/message.ts'
import type { Peer } from '../../simulators/terminal/peer.ts'
import { macProblem, packWithMac } from '../../simulators/terminal/seal.ts'
import { stampClock } from '../../simulators/terminal/stamp.ts'

/** The faults of a terminal. */
export type Fault =
  | 'none'
  | 'new work first'
  | 'never settles'
  | 'a repeat with another DE11'
  | 'a repeat with another DE7'
  | 'another original in DE90'
  | 'confirms after a reversal'
  | 'confirms what was declined'
  | 'never confirms'
  | 'reverses once'
  | 'reverses again under another key'
  | 'confirms once'
  | 'a clock that is an hour slow'
  | 'takes any answer'
  | 'another key'
  | 'gives up too early'
  | 'says that it is keyed'
  | 'no currency'
  | 'the same key for all'
  | 'garbage'

const TIMEOUT_MS = 300
const TRIES = 5

/** A terminal that pays on command and handles lost answers, with one fault. */
export function scriptedTerminal(peer: Peer, terminal: DemoTerminal, card: DemoCard, fault: Fault) {
  const hour = fault === 'a clock that is an hour slow' ? 3_600_000 : 0
  const stamps = stampClock(() => Date.now() - hour)
  const first = stamps(terminal.terminal)
  const stamp = () => (fault === 'the same key for all' ? first : stamps(terminal.terminal))
  const timeoutMs = fault === 'gives up too early' ? 20 : TIMEOUT_MS
  const key = fault === 'another key' ? terminal.key.replace(/^../, 'FF') : terminal.key
  let line: Line | null = null
  let paid = 0

  const ask = async (message: Message): Promise<Message | null> => {
    if (line?.isOpen() !== true) {
      const opened = await openLine(peer)
      if (!opened.ok) return null
      line = opened.line
    }
    const packed = packWithMac(peer.wire, message, 'single', { ...terminal, key })
    if (!packed.ok) throw new Error(packed.reason)
    if (fault === 'garbage') packed.bytes.fill(0xee)
    const reply = await line.ask(packed.bytes, matchKey(message.fields), timeoutMs)
    if (reply.kind !== 'answer') return null
    const read = peer.wire.read(reply.bytes)
    if (!read.ok) return null
    const wrong = macProblem(peer.wire, reply.bytes, read.message, terminal)
    return wrong === null || fault === 'takes any answer' ? read.message : null
  }
  /** Sent again under its key until it is answered. */
  const insist = async (message: Message, tries: number): Promise<void> => {
    for (let i = 0; i < tries; i++) if ((await ask(i === 0 ? message : repeatOf(message, false))) !== null) return
  }
  const followUp = (how: 'confirm' | 'reverse', request: Message): Message => {
    const message = followUpOf(how, request, terminal, stamp())
    if (fault === 'another original in DE90') message.fields[90] = `0200999999${request.fields[7]}${'0'.repeat(22)}`
    return message
  }
  const confirm = async (request: Message): Promise<void> => {
    if (fault === 'never confirms') return
    await insist(followUp('confirm', request), fault === 'confirms once' ? 1 : TRIES)
  }
  const again = (request: Message): Message => {
    const repeat = repeatOf(request, false)
    if (fault === 'a repeat with another DE11') repeat.fields[11] = stamp().trace
    if (fault === 'a repeat with another DE7') repeat.fields[7] = '0101000000'
    return repeat
  }
  const reverse = async (request: Message): Promise<void> => {
    if (fault === 'reverses again under another key') {
      for (let i = 0; i < 3; i++) await ask(followUp('reverse', request))
    } else await insist(followUp('reverse', request), fault === 'reverses once' ? 1 : TRIES)
    if (fault === 'confirms after a reversal') await confirm(request)
  }
  const newRequest = (): Message => {
    paid++
    const wanted = {
      operation: 'payment',
      card,
      entry: 'swipe',
      amount: 1_000 + paid,
      currency: '985',
      flags: 'P',
    } as const
    const message = requestFor(wanted, terminal, stamp())
    if (fault === 'says that it is keyed') message.fields[22] = '012'
    if (fault === 'no currency') delete message.fields[49]
    return message
  }
  const pay = async (): Promise<void> => {
    const request = newRequest()
    const answer = await ask(request)
    if (answer !== null) {
      if (isApproval(answer.fields[39]) || fault === 'confirms what was declined') await confirm(request)
      return
    }
    if (fault === 'never settles') return
    if (fault === 'takes any answer') return confirm(request)
    if (fault === 'new work first') return void (await ask(newRequest()))
    if (fault === 'gives up too early') return reverse(request)
    const late = await ask(again(request))
    if (late === null) return reverse(request)
    if (isApproval(late.fields[39])) await confirm(request)
  }
  return { pay, end: async (): Promise<void> => line?.close('close') }
}
