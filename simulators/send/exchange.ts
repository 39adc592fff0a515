import pc from 'picocolors'
import { ownProfiles } from '../describe/profiles.ts'
import type { DemoTerminal } from '../demo/terminals.ts'
import { expectedProblems } from '../scenario/expectations.ts'
import type { Expectation } from '../scenario/scenario.ts'
import { SetUpError } from '../set-up-error.ts'
import { describeFields, describeHead, describeResult } from '../terminal/describe.ts'
import { maskedFields } from '../terminal/fields.ts'
import { frameOf } from '../terminal/framing.ts'
import { type Line, matchKey, type Reply } from '../terminal/line.ts'
import type { Message } from '../terminal/message.ts'
import type { Peer } from '../terminal/peer.ts'
import { macProblem, packWithMac } from '../terminal/seal.ts'
import { whyUnanswered } from '../terminal/unanswered.ts'

export type Write = (line: string) => void

/** How an exchange is made and shown. */
export type Around = {
  readonly peer: Peer
  readonly line: Line
  readonly terminal: DemoTerminal
  readonly timeoutMs: number
  readonly json: boolean
  readonly write: Write
}

/** The answer and its faults; `answer` null: nothing readable. */
export type Outcome = {
  readonly sent: Message | null
  readonly answer: Message | null
  readonly reply: Reply
  readonly problems: readonly string[]
}

function show({ json, write }: Around, message: Message, arrow: '→' | '←', note: string): void {
  if (json) return write(JSON.stringify({ arrow, mti: message.mti, fields: maskedFields(message.fields) }))
  write(`${describeHead(message, arrow)}  ${pc.dim(note)}`)
  describeFields(message).forEach(write)
}

function came(around: Around, reply: Reply, body: Buffer): Omit<Outcome, 'sent'> {
  const { peer, terminal, json, write, timeoutMs } = around
  if (reply.kind !== 'answer') {
    const what =
      reply.kind === 'silence' ? `no answer within ${timeoutMs / 1_000} s` : 'the line was closed instead of an answer'
    return { answer: null, reply, problems: [what, ...whyUnanswered(peer, body, reply, ownProfiles())] }
  }
  const read = peer.wire.read(reply.bytes)
  if (!read.ok) return { answer: null, reply, problems: [`the answer cannot be read: ${read.reason}`] }
  show(around, read.message, '←', `${reply.bytes.length} bytes, ${reply.ms.toFixed(1)} ms`)
  const mac = macProblem(peer.wire, reply.bytes, read.message, terminal)
  if (!json) write(`${describeResult(read.message.fields)}\n`)
  return { answer: read.message, reply, problems: mac === null ? [] : [`the answer is not to be believed: ${mac}`] }
}

/** Sends a message and shows both. Throws a SetUpError for one that cannot be packed. */
export async function exchange(around: Around, message: Message): Promise<Outcome> {
  const packed = packWithMac(around.peer.wire, message, 'single', around.terminal)
  if (!packed.ok) throw new SetUpError(packed.reason)
  show(around, packed.message, '→', `${packed.bytes.length} bytes`)
  const reply = await around.line.ask(packed.bytes, matchKey(message.fields), around.timeoutMs)
  return { sent: packed.message, ...came(around, reply, packed.bytes) }
}

/** Sends bytes as the body of a frame, whatever they are. */
export async function exchangeRaw(around: Around, body: Buffer): Promise<Outcome> {
  const { peer, line, timeoutMs, json, write } = around
  const read = peer.wire.read(body)
  if (read.ok) show(around, read.message, '→', `${body.length} bytes, as they were given`)
  else if (!json) write(`${pc.bold('→')} ${body.length} bytes that are no message: ${read.reason}`)
  const reply = await line.raw(frameOf(peer.framing, body), timeoutMs)
  return { sent: read.ok ? read.message : null, ...came(around, reply, body) }
}

const KIND = { answer: 'answer', none: 'silence', closed: 'closed', unread: 'silence', unsent: 'silence' } as const
const WORDS = { answer: 'an answer', silence: 'no answer', closed: 'the end of the line' } as const

/** The faults of an outcome under an expectation. */
export function outcomeProblems({ answer, reply, problems }: Outcome, expected: Expectation): string[] {
  const wanted = KIND[expected.kind]
  if (wanted !== 'answer' && reply.kind === wanted) return []
  const kind = reply.kind === wanted ? [] : [`expected ${WORDS[wanted]}, came ${WORDS[reply.kind]}`]
  const fields = answer !== null && expected.kind === 'answer' ? expectedProblems(expected, answer) : []
  return [...kind, ...problems, ...fields]
}
