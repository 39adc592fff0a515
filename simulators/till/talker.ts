import { ownProfiles } from '../describe/profiles.ts'
import { type Line, matchKey, openLine } from '../terminal/line.ts'
import type { Peer } from '../terminal/peer.ts'
import { macProblem, packWithMac } from '../terminal/seal.ts'
import { whyUnanswered } from '../terminal/unanswered.ts'
import type { Event } from './events.ts'
import type { Effect } from './model.ts'

const ANSWER_MS = 10_000

/** Does what the model asks for, on one line that is opened when it is needed. */
export function talkerTo(peer: Peer, tell: (event: Event) => void) {
  const { wire } = peer
  let line: Line | null = null

  const connect = async (): Promise<Line | null> => {
    if (line?.isOpen() === true) return line
    const opened = await openLine(peer)
    line = opened.ok ? opened.line : null
    tell({ kind: 'line', up: opened.ok, words: opened.ok ? 'the line is up' : opened.reason })
    return line
  }
  const cut = async (how: 'close' | 'reset'): Promise<void> => {
    const cutting = line
    line = null
    if (cutting === null) return tell({ kind: 'line', up: false, words: 'there is no line' })
    await cutting.close(how)
    tell({ kind: 'line', up: false, words: how === 'reset' ? 'the line was reset' : 'the line was cut' })
  }
  const send = async ({ id, message, terminal, cut: cutAfter }: Extract<Effect, { kind: 'send' }>): Promise<void> => {
    const nothing = (words: string) => tell({ kind: 'nothing', id, words })
    const packed = packWithMac(wire, message, 'single', terminal)
    if (!packed.ok) return nothing(packed.reason)
    const open = await connect()
    if (open === null) return nothing('not sent: there is no line')
    tell({ kind: 'said', id, message: packed.message, bytes: packed.bytes.length })
    const asked = open.ask(packed.bytes, matchKey(message.fields), ANSWER_MS)
    if (cutAfter) await cut('close')
    const reply = await asked
    const why = reply.kind === 'answer' || cutAfter ? [] : whyUnanswered(peer, packed.bytes, reply, ownProfiles())
    if (reply.kind === 'silence') return nothing([`no answer within ${ANSWER_MS / 1_000} s`, ...why].join('. '))
    if (reply.kind === 'closed') {
      if (line === open) line = null
      if (!cutAfter) tell({ kind: 'line', up: false, words: 'the switch ended the line' })
      return nothing(['whether it was done is not known: repeat it, or reverse it', ...why].join('. '))
    }
    const read = wire.read(reply.bytes)
    if (!read.ok) return nothing(`the answer cannot be read: ${read.reason}`)
    const doubt = macProblem(wire, reply.bytes, read.message, terminal)
    tell({ kind: 'answer', id, message: read.message, bytes: reply.bytes.length, ms: reply.ms, doubt })
  }
  return {
    connect: async (): Promise<void> => void (await connect()),
    cut,
    send,
    end: async (): Promise<void> => line?.close('close'),
  }
}
