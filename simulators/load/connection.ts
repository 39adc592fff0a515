import { connect, type Socket } from 'node:net'
import { createDeframer } from '../../src/iso8583/frame.ts'
import type { Message } from '../../src/iso8583/message.ts'
import { packInto } from '../../src/iso8583/pack.ts'
import type { Profile } from '../../src/iso8583/profile.ts'
import { unpack } from '../../src/iso8583/unpack.ts'
import type { Address } from '../terminal/address.ts'

/** A line under load: everything sent within a turn leaves in one write. */
export type Connection = {
  /** False when the line is down: nothing was sent. */
  send: (message: Message) => boolean
  isOpen: () => boolean
  /** How often the line was lost. */
  losses: () => number
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

const LENGTH_BYTES = 2
const BATCH_BYTES = 64 * 1024
const RETRY_MS = 200
const MAX_FRAME = 4096

/** Frames put together in one buffer, which is used again as soon as the kernel has taken it. */
function outbox(profile: Profile) {
  const size = BATCH_BYTES + LENGTH_BYTES + profile.most
  let buffer = Buffer.allocUnsafeSlow(size)
  let end = 0
  return {
    add: (message: Message) => {
      const after = packInto(profile, message, buffer, end + LENGTH_BYTES)
      buffer.writeUInt16BE(after - end - LENGTH_BYTES, end)
      end = after
    },
    isFull: () => end >= BATCH_BYTES,
    isEmpty: () => end === 0,
    drop: () => void (end = 0),
    flush: (socket: Socket) => {
      socket.write(buffer.subarray(0, end))
      if (socket.writableLength > 0) buffer = Buffer.allocUnsafeSlow(size)
      end = 0
    },
  }
}

/** Connects at once and again after each loss. */
export function openConnection(target: Address, profile: Profile, events: ConnectionEvents): Connection {
  const out = outbox(profile)
  let socket: Socket | null = null
  let ended = false
  let losses = 0
  let retry: NodeJS.Timeout | undefined
  let flushing = false

  const flush = () => {
    flushing = false
    if (socket && !out.isEmpty()) out.flush(socket)
  }
  const dial = () => {
    const dialled = connect({ ...target, noDelay: true })
    const deframer = createDeframer({ length: 'be2', tpdu: 'none', maxFrame: MAX_FRAME })
    const onFrame = (body: Buffer) => {
      const read = unpack(profile, body)
      if (read.ok) events.answer(read.message)
      else events.nonsense()
    }
    dialled.on('connect', () => {
      socket = dialled
      events.open()
    })
    dialled.on('data', (chunk) => {
      if (deframer.push(chunk, onFrame) === null) return
      events.nonsense()
      dialled.destroy()
    })
    dialled.on('error', () => dialled.destroy())
    dialled.on('close', () => {
      const wasOpen = socket === dialled
      socket = null
      out.drop()
      if (wasOpen && !ended) losses++
      if (ended) return
      retry = setTimeout(dial, RETRY_MS)
      if (wasOpen) events.lost()
    })
  }
  dial()

  return {
    send: (message) => {
      if (!socket) return false
      out.add(message)
      if (out.isFull()) out.flush(socket)
      else if (!flushing) {
        flushing = true
        process.nextTick(flush)
      }
      return true
    },
    isOpen: () => socket !== null,
    losses: () => losses,
    end: () => {
      ended = true
      clearTimeout(retry)
      socket?.destroySoon()
    },
  }
}
