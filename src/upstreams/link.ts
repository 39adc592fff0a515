import type { Socket } from 'node:net'
import { createDeframer, encodeFrame, type FrameSettings } from '../iso8583/frame.ts'
import { malformedText } from '../iso8583/malformed.ts'
import type { Message } from '../iso8583/message.ts'
import { isRequest, responseMti } from '../iso8583/mti.ts'
import { pack } from '../iso8583/pack.ts'
import type { Profile } from '../iso8583/profile.ts'
import { unpack } from '../iso8583/unpack.ts'
import { createPendingAnswers, type Exchange, keyOf } from './pending-answers.ts'
import { afterTimeout } from './timeout.ts'

/** One connection to a host: any number of messages at the same time, their answers in any order. */
export type Link = {
  /** Sends and waits; `late` gets an answer that comes after all, as long as the link lives. */
  readonly exchange: (message: Message, timeoutMs: number, late: (answer: Message) => void) => Promise<Exchange>
  readonly waiting: () => number
  readonly usable: () => boolean
  /** `performance.now()` of the last message from the host. */
  readonly heard: () => number
  readonly close: (why: string) => void
}

export type LinkSettings = { readonly profile: Profile; readonly frame: FrameSettings }

export type LinkWatch = {
  readonly closed: (why: string, link: Link) => void
  /** Called with an unexpected answer, as `0210 000017 DEMO0001`. */
  readonly unmatched: (what: string) => void
}

const TPDU = Buffer.from([0x60, 0, 0, 0, 0])

export function createLink(socket: Socket, settings: LinkSettings, watch: LinkWatch): Link {
  const deframer = createDeframer(settings.frame)
  const pending = createPendingAnswers(watch.unmatched)
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
    pending.end((key) =>
      never.has(key) ? { sent: false, why } : { sent: true, answer: null, why: `the line was lost: ${why}` },
    )
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
    heard = performance.now()
    if (isRequest(read.message.mti)) pending.noteUnmatched(read.message)
    else pending.take(read.message)
  }

  const expire = (key: string): void => {
    const silent = pending.expire(key)
    if (silent === null) return
    // Half an answer: what comes next would be read as its rest.
    if (deframer.pending()) end('a frame did not end in time')
    silent.settle({ sent: true, answer: null, why: `no answer in time${silent.near}` })
  }

  listenTo(socket, end, (chunk) => {
    if (ended !== null) return
    const fault = deframer.push(chunk, take)
    if (fault !== null) end(fault.text)
  })

  const link: Link = {
    exchange(message, timeoutMs, late) {
      if (ended !== null) return Promise.resolve({ sent: false, why: ended })
      const key = keyOf({ ...message, mti: responseMti(message.mti) })
      if (pending.has(key)) return Promise.resolve({ sent: false, why: `${key} is in flight already` })
      const body = pack(settings.profile, message)
      const bytes = encodeFrame(settings.frame, body, settings.frame.tpdu === 'none' ? null : TPDU)
      return new Promise((resolve) => {
        const callOff = afterTimeout(timeoutMs, () => expire(key))
        pending.add(key, {
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
    waiting: pending.size,
    usable: () => ended === null,
    heard: () => heard,
    close: end,
  }
  return link
}

function listenTo(socket: Socket, end: (why: string) => void, receive: (chunk: Buffer) => void): void {
  socket.setNoDelay(true)
  socket.on('data', receive)
  socket.on('end', () => end('closed by the host'))
  socket.on('error', (error) => end(error.message))
  socket.on('close', () => end('closed by the host'))
}
