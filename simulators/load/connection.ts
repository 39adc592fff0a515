import type { Socket } from 'node:net'
import { createDeframer } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import { dial, type Door } from '../terminal/peer.ts'
import { outbox, type Packing, type Seal } from './outbox.ts'

/** A line under load: everything sent within a turn leaves in one write. */
export type Connection = {
  /** False when the line is down: nothing was sent. */
  send: (message: Message, seal: Seal | null) => boolean
  isOpen: () => boolean
  /** How often the line was lost. */
  losses: () => number
  /** Why it could not be opened the last time; null: it could. */
  problem: () => string | null
  end: () => void
}

export type ConnectionEvents = {
  answer: (message: Message) => void
  /** An answer that cannot be read, or a frame that cannot be. */
  nonsense: () => void
  open: () => void
  /** The line is gone; it is tried again until `end`. */
  lost: () => void
}

const RETRY_MS = 200
const MAX_FRAME = 4096

/** Takes what comes on a line; false once it is no frames any more. */
function reader({ profile, framing }: Packing, events: ConnectionEvents): (chunk: Buffer) => boolean {
  const frame = { length: framing.length, tpdu: framing.tpdu === null ? 'none' : 5, maxFrame: MAX_FRAME } as const
  const deframer = createDeframer(frame)
  const onFrame = (body: Buffer) => {
    const read = unpack(profile, body)
    if (read.ok) events.answer(read.message)
    else events.nonsense()
  }
  return (chunk) => {
    if (deframer.push(chunk, onFrame) === null) return true
    events.nonsense()
    return false
  }
}

/** Connects at once and again after each loss. */
export function openConnection(door: Door, packing: Packing, events: ConnectionEvents): Connection {
  const out = outbox(packing)
  let socket: Socket | null = null
  let dialling: Socket | null = null
  let ended = false
  let losses = 0
  let problem: string | null = null
  let retry: NodeJS.Timeout | undefined
  let flushing = false

  const flush = () => {
    flushing = false
    if (socket && !out.isEmpty()) out.flush(socket)
  }
  const call = () => {
    const dialled = dial(door, () => {
      socket = dialled
      problem = null
      events.open()
    })
    dialling = dialled
    const take = reader(packing, events)
    dialled.on('data', (chunk: Buffer) => {
      if (!take(chunk)) dialled.destroy()
    })
    dialled.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code ?? error.message
      dialled.destroy()
    })
    dialled.on('close', () => {
      const wasOpen = socket === dialled
      socket = null
      out.drop()
      if (wasOpen && !ended) losses++
      if (ended) return
      retry = setTimeout(call, RETRY_MS)
      if (wasOpen) events.lost()
    })
  }
  call()

  return {
    send: (message, seal) => {
      if (!socket) return false
      out.add(message, seal)
      if (out.isFull()) out.flush(socket)
      else if (!flushing) {
        flushing = true
        process.nextTick(flush)
      }
      return true
    },
    isOpen: () => socket !== null,
    losses: () => losses,
    problem: () => problem,
    end: () => {
      ended = true
      clearTimeout(retry)
      if (socket !== null) socket.destroySoon()
      else dialling?.destroy()
    },
  }
}
