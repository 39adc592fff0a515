import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { listening } from './listening.ts'

/** The listener of a simulator: it can be closed and opened again on the same port. */
export type Door = {
  readonly port: () => number
  readonly lines: () => number
  /** Connections in all. */
  readonly opened: () => number
  readonly open: () => Promise<void>
  /** Takes no more connections and resets those there are. */
  readonly shut: () => Promise<void>
}

export type DoorSettings = {
  readonly host: string
  /** 0: a free one at the first opening, the same from then on. */
  readonly port: number
  readonly tls: TlsOptions | null
  /** Whether a side that has ended its sending may still receive. */
  readonly allowHalfOpen: boolean
  readonly welcome: (socket: Socket) => void
}

/** Makes the listener, closed at first. */
export function doorOf({ host, port: wanted, tls, allowHalfOpen, welcome }: DoorSettings): Door {
  const sockets = new Set<Socket>()
  let server: Server | null = null
  let port = wanted
  let opened = 0
  const take = (socket: Socket) => {
    opened++
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.setNoDelay(true)
    welcome(socket)
  }
  const make = () =>
    tls === null ? createServer({ allowHalfOpen }, take) : createTlsServer({ ...tls, allowHalfOpen }, take)
  return {
    port: () => port,
    lines: () => sockets.size,
    opened: () => opened,
    open: async () => {
      if (server !== null) return
      server = make()
      port = await listening(server, host, port)
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
