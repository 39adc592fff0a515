import type { Socket } from 'node:net'
import { createDeframer, encodeFrame, type FrameSettings } from '../iso8583/frame.ts'
import { malformedText } from '../iso8583/malformed.ts'
import type { Fields, Message } from '../iso8583/message.ts'
import { isRequest, responseMti } from '../iso8583/mti.ts'
import { pack } from '../iso8583/pack.ts'
import type { Profile } from '../iso8583/profile.ts'
import { unpack } from '../iso8583/unpack.ts'
import { afterPatience } from './timeout.ts'

/** What became of a message. Only where `sent` is false is it certain that the host has seen nothing of it. */
export type Exchange =
  | { readonly sent: false; readonly why: string }
  | { readonly sent: true; readonly answer: Message }
  | { readonly sent: true; readonly answer: null; readonly why: string }

/** One connection to a host: any number of messages at the same time, their answers in any order. */
export type Link = {
  /** Sends and waits; `late` gets an answer that comes after all, as long as the link lives. */
  readonly exchange: (message: Message, timeout: number, late: (answer: Message) => void) => Promise<Exchange>
  readonly waiting: () => number
  readonly usable: () => boolean
  /** `performance.now()` when the host last said something. */
  readonly heard: () => number
  readonly close: (why: string) => void
}

export type LinkSettings = { readonly profile: Profile; readonly frame: FrameSettings }

export type LinkWatch = {
  readonly closed: (why: string, link: Link) => void
  /** An answer that nobody waits for, as `0210 000017 DEMO0001`: late, doubled, or with a wrong number in it. */
  readonly unmatched: (what: string) => void
}

type Waiting = {
  readonly sent: Fields
  readonly settle: (exchange: Exchange) => void
  readonly late: (answer: Message) => void
}

// Answers that came too late or matched nothing, kept for the log line of the next time-out.
const NEAR_MISSES = 8
// Time-outs whose late answers are still known.
const EXPIRED = 1_000
const TPDU = Buffer.from([0x60, 0, 0, 0, 0])

export function createLink(socket: Socket, settings: LinkSettings, watch: LinkWatch): Link {
  const deframer = createDeframer(settings.frame)
  const waiting = new Map<string, Waiting>()
  const expired = new Map<string, Waiting>()
  const nearMisses: string[] = []
  let unsent: { readonly bytes: Buffer; readonly key: string }[] = []
  let ended: string | null = null
  let heard = performance.now()

  /** Whatever was written may have arrived; what still lies here has not. */
  const end = (why: string): void => {
    if (ended !== null) return
    ended = why
    const never = new Set(unsent.map(({ key }) => key))
    unsent = []
    socket.destroy()
    for (const [key, { settle }] of waiting) {
      settle(never.has(key) ? { sent: false, why } : { sent: true, answer: null, why: `the line was lost: ${why}` })
    }
    waiting.clear()
    watch.closed(why, link)
  }

  const flush = (): void => {
    if (ended !== null || unsent.length === 0) return
    const bytes = Buffer.concat(unsent.map((one) => one.bytes))
    unsent = []
    socket.write(bytes)
  }

  const take = (body: Buffer): void => {
    const read = unpack(settings.profile, body)
    // After a message that cannot be read nothing on the line can be trusted.
    if (!read.ok) return end(`unreadable: ${malformedText(read.malformed)}`)
    const answer = read.message
    heard = performance.now()
    if (isRequest(answer.mti)) return nearMiss(answer)
    const key = keyOf(answer)
    const found = waiting.get(key)
    if (found !== undefined && answers(found.sent, answer)) {
      waiting.delete(key)
      return found.settle({ sent: true, answer })
    }
    const late = expired.get(key)
    if (late !== undefined && answers(late.sent, answer)) {
      expired.delete(key)
      late.late(answer)
    }
    nearMiss(answer)
  }

  const nearMiss = (answer: Message): void => {
    const what = nameOf(answer)
    if (nearMisses.push(what) > NEAR_MISSES) nearMisses.shift()
    watch.unmatched(what)
  }

  const expire = (key: string): void => {
    const silent = waiting.get(key)
    if (silent === undefined) return
    waiting.delete(key)
    expired.set(key, silent)
    for (const oldest of expired.keys()) if (expired.size > EXPIRED) expired.delete(oldest)
    const near = nearMisses.length === 0 ? '' : `; unmatched meanwhile: ${nearMisses.join(', ')}`
    // Half an answer: what comes next would be read as its rest.
    if (deframer.pending()) end('a frame did not end in time')
    silent.settle({ sent: true, answer: null, why: `no answer in time${near}` })
  }

  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    if (ended !== null) return
    const fault = deframer.push(chunk, take)
    if (fault !== null) end(fault.text)
  })
  socket.on('end', () => end('closed by the host'))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('closed by the host'))

  const link: Link = {
    exchange(message, timeout, late) {
      if (ended !== null) return Promise.resolve({ sent: false, why: ended })
      const key = keyOf({ ...message, mti: responseMti(message.mti) })
      if (waiting.has(key)) return Promise.resolve({ sent: false, why: `${key} is in flight already` })
      const body = pack(settings.profile, message)
      const bytes = encodeFrame(settings.frame, body, settings.frame.tpdu === 'none' ? null : TPDU)
      return new Promise((resolve) => {
        const callOff = afterPatience(timeout, () => expire(key))
        waiting.set(key, {
          sent: message.fields,
          late,
          settle(exchange) {
            callOff()
            resolve(exchange)
          },
        })
        if (unsent.length === 0) setImmediate(flush)
        unsent.push({ bytes, key })
      })
    },
    waiting: () => waiting.size,
    usable: () => ended === null,
    heard: () => heard,
    close: end,
  }
  return link
}

/** Trace numbers towards hosts are ours and never twice in flight; an 0430 is no answer to an 0200. */
const keyOf = ({ mti, fields }: Message): string => `${mti} ${fields[11] ?? ''}`

/** For people; nothing in it tells of a card. */
const nameOf = (message: Message): string =>
  `${keyOf(message)} ${message.fields[41]?.trimEnd() ?? 'no terminal'} sent ${message.fields[7] ?? '?'}`

// What a host gives back unaltered, where it gives it back at all.
const ECHOED = [7, 12, 13, 37, 41, 42, 49] as const

/** The trace number is right; does the rest say that it is the answer to something else? */
const answers = (sent: Fields, { fields }: Message): boolean =>
  ECHOED.every((de) => {
    const [asked, given] = [sent[de]?.trimEnd(), fields[de]?.trimEnd()]
    return asked === undefined || given === undefined || asked === given
  })
