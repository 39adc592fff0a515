import type { Socket } from 'node:net'
import { encodeFrame, swapTpdu, type FrameSettings } from '../iso8583/frame.ts'

/** The answers of one line: written once in each turn of the event loop, in the order in which they are ready. */
export type Outbox = {
  readonly send: (body: Buffer, tpdu: Buffer | null) => void
  readonly isEmpty: () => boolean
  /** Whether so much data is unsent that no more requests should be read. */
  readonly isFull: () => boolean
}

export type OutboxParts = {
  readonly hasEnded: () => boolean
  readonly notRead: () => void
  readonly written: () => void
}

// Unread answers took 987 MB in 4 s, 55 MB with a cap (shared design): a line whose peer does not read is paused above
// the first mark and closed above the second.
const UNSENT_PAUSE = 64 * 1024
const UNSENT_END = 1024 * 1024

export function createOutbox(socket: Socket, frame: FrameSettings, parts: OutboxParts): Outbox {
  let unsent: Buffer[] = []

  const flush = (): void => {
    const bytes = unsent.length === 1 ? unsent[0] : Buffer.concat(unsent)
    unsent = []
    if (bytes === undefined || parts.hasEnded()) return
    socket.write(bytes)
    if (socket.writableLength > UNSENT_END) {
      parts.notRead()
      socket.destroy()
    }
    parts.written()
  }

  return {
    send(body, tpdu) {
      if (unsent.length === 0) setImmediate(flush)
      unsent.push(encodeFrame(frame, body, tpdu === null ? null : swapTpdu(tpdu)))
    },
    isEmpty: () => unsent.length === 0,
    isFull: () => socket.writableLength > UNSENT_PAUSE,
  }
}
