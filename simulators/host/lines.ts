import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { listening } from '../control/listening.ts'
import { createDeframer, encodeFrame, type FrameSettings, swapTpdu } from '../../src/iso8583/frame.ts'

/** One connection from the switch. */
export type HostLine = {
  /** Sends a message as a frame; what is said in one turn leaves in one write. */
  readonly send: (body: Buffer, tpdu: Buffer | null) => void
  /** Sends the first half of the frame and closes. */
  readonly sendHalf: (body: Buffer, tpdu: Buffer | null) => void
  readonly close: () => void
  signedOn: boolean
}

/** The host's door: it can be shut and opened again on the same port. */
export type Door = {
  readonly port: () => number
  readonly isOpen: () => boolean
  readonly lines: () => number
  /** Opened in all. */
  readonly opened: () => number
  readonly open: () => Promise<void>
  /** Takes no more lines and cuts those there are. */
  readonly shut: () => Promise<void>
}

export type DoorSettings = {
  readonly host: string
  readonly port: number
  readonly frame: FrameSettings
  readonly tls: TlsOptions | null
  readonly take: (line: HostLine, body: Buffer, tpdu: Buffer | null) => void
}

function lineOn(socket: Socket, { frame, take }: DoorSettings): void {
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
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    if (deframer.push(chunk, (body, tpdu) => take(line, body, tpdu)) !== null) socket.destroy()
  })
}

/** Makes the door, shut. Port 0: a free one at the first opening, the same from then on. */
export function doorOf(settings: DoorSettings): Door {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let { port } = settings
  let opened = 0
  const welcome = (socket: Socket) => {
    opened++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    lineOn(socket, settings)
  }
  const make = () => (settings.tls === null ? createServer(welcome) : createTlsServer(settings.tls, welcome))
  return {
    port: () => port,
    isOpen: () => server !== null,
    lines: () => sockets.size,
    opened: () => opened,
    open: async () => {
      if (server !== null) return
      const made = make()
      server = made
      port = await listening(made, settings.host, port)
    },
    shut: async () => {
      const shutting = server
      server = null
      if (shutting === null) return
      const closed = new Promise<void>((resolve) => shutting.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
