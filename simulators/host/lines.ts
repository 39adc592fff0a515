import type { Socket } from 'node:net'
import { createDeframer, encodeFrame, type FrameSettings, swapTpdu } from '../../src/iso8583/frame.ts'

/** One connection from the switch. */
export type HostLine = {
  /** Sends a message as a frame; messages of one turn are written at once. */
  readonly send: (body: Buffer, tpdu: Buffer | null) => void
  /** Sends the first half of the frame and closes. */
  readonly sendHalf: (body: Buffer, tpdu: Buffer | null) => void
  readonly close: () => void
  signedOn: boolean
}

/** Takes the frames that come on a connection. One that cannot be a frame ends it. */
export function lineOn(
  socket: Socket,
  frame: FrameSettings,
  take: (line: HostLine, body: Buffer, tpdu: Buffer | null) => void,
): void {
  const deframer = createDeframer(frame)
  let unsent: Buffer[] = []
  const flush = () => {
    const bytes = Buffer.concat(unsent)
    unsent = []
    if (!socket.destroyed) socket.write(bytes)
  }
  const framed = (body: Buffer, tpdu: Buffer | null) => encodeFrame(frame, body, tpdu === null ? null : swapTpdu(tpdu))
  const line: HostLine = {
    signedOn: false,
    send: (body, tpdu) => {
      if (unsent.length === 0) setImmediate(flush)
      unsent.push(framed(body, tpdu))
    },
    sendHalf: (body, tpdu) => {
      const bytes = framed(body, tpdu)
      if (!socket.destroyed) socket.write(bytes.subarray(0, bytes.length >> 1))
      socket.destroySoon()
    },
    close: () => socket.destroySoon(),
  }
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    if (deframer.push(chunk, (body, tpdu) => take(line, body, tpdu)) !== null) socket.destroy()
  })
}
