/** One ISO 8583 listener: a server socket and its connections. */

import { createServer, type Server, type Socket } from 'node:net'
import type { Addresses, Place } from './addresses.ts'
import type { Certificates } from './certificates.ts'
import { createConnectionSetup } from './connection-setup.ts'
import type { SwitchParts } from './handle.ts'
import { openLine, type Line, type LineSettings, type LineWatch } from './line.ts'
import type { Peer } from './peer.ts'

export type ListenerSettings = LineSettings & {
  readonly host: string
  readonly port: number
  readonly backlog: number
  readonly maxLines: number
  /** Null: lines are in the clear. */
  readonly certificates: Certificates | null
  /** Addresses and networks of load balancers that speak the PROXY protocol. */
  readonly proxyFrom: readonly string[]
}

export type ListenerWatch = LineWatch & {
  readonly opened: (line: string, peer: Peer) => void
  /** A connection that became no line. */
  readonly refused: (listener: string, address: string, why: string) => void
}

export type Listener = {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly lines: () => number
  /** New lines get the certificates as they are now. */
  readonly renew: () => void
  /** Accepts no more lines, answers requests in flight, closes; lines that are still open after `timeoutMs` are cut. */
  readonly stop: (timeoutMs: number) => Promise<void>
}

const TICK_MS = 1_000

/** Listens for terminals. @throws an error naming listener, host and port where the port cannot be had */
export async function openListener(
  settings: ListenerSettings,
  parts: SwitchParts,
  addresses: Addresses,
  watch: ListenerWatch,
): Promise<Listener> {
  const lines = new Map<Line, () => void>()
  let opened = 0
  const refuse = (address: string, why: string): void => watch.refused(settings.name, address, why)
  const enter = (stream: Socket, peer: Peer, place: Place): void => {
    const name = `${settings.name}-${++opened}`
    const closed = (): void => {
      lines.delete(line)
      place.leave()
    }
    const line = openLine(stream, name, peer, settings, parts, { watch, proven: place.proven, closed })
    lines.set(line, () => stream.destroy())
    watch.opened(name, peer)
  }
  const { certificates, isMutual: mutual, proxyFrom, frameTimeoutMs: timeoutMs } = settings
  const connectionSetup = createConnectionSetup(
    { certificates, mutual, proxyFrom, timeoutMs },
    { admit: addresses.enter, enter, refuse },
  )
  const take = (socket: Socket): void => {
    if (!addresses.arrive()) {
      socket.destroy()
      return refuse(socket.remoteAddress ?? 'unknown', 'too many lines')
    }
    socket.once('close', addresses.gone)
    connectionSetup.take(socket)
  }
  const server = createServer({ allowHalfOpen: true }, take)
  server.maxConnections = settings.maxLines
  server.on('drop', (from) => refuse(from?.remoteAddress ?? 'unknown', 'too many lines'))
  await listen(server, settings)

  const ticking = setInterval(() => {
    const now = performance.now()
    for (const line of lines.keys()) line.tick(now)
  }, TICK_MS)

  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : settings.port
  return {
    name: settings.name,
    host: settings.host,
    port,
    lines: () => lines.size,
    renew: connectionSetup.renew,
    async stop(timeoutMs) {
      clearInterval(ticking)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      connectionSetup.close()
      for (const line of lines.keys()) line.finish()
      const cut = setTimeout(() => {
        for (const destroy of lines.values()) destroy()
      }, timeoutMs)
      await closed
      clearTimeout(cut)
    },
  }
}

const listen = (server: Server, { name, host, port, backlog }: ListenerSettings): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(`listener ${name} cannot listen on ${host}:${port}: ${error.message}`)),
    )
    server.listen({ host, port, backlog }, () => {
      server.removeAllListeners('error')
      server.on('error', () => {}) // an accept that failed (no file descriptors left): the line is not there, the others stay
      resolve()
    })
  })
