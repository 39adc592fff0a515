import { createServer, type Server } from 'node:net'
import type { SwitchParts } from './handle.ts'
import { openLine, type Line, type LineSettings, type LineWatch } from './line.ts'

export type ListenerSettings = LineSettings & {
  readonly host: string
  readonly port: number
  readonly backlog: number
  readonly maxLines: number
}

export type Listener = {
  readonly name: string
  readonly host: string
  readonly port: number
  readonly lines: () => number
  /** Takes no more lines, answers what is in flight, closes; lines that are still open after `patience` ms are cut. */
  readonly stop: (patience: number) => Promise<void>
}

const TICK_MS = 1_000

/** Listens for terminals. @throws an error naming listener, host and port where the port cannot be had */
export async function openListener(
  settings: ListenerSettings,
  parts: SwitchParts,
  watch: LineWatch,
): Promise<Listener> {
  const lines = new Map<Line, () => void>()
  let opened = 0
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: false }, (socket) => {
    const line = openLine(socket, `${settings.name}-${++opened}`, settings, parts, watch, () => lines.delete(line))
    lines.set(line, () => socket.destroy())
  })
  server.maxConnections = settings.maxLines
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
    async stop(patience) {
      clearInterval(ticking)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const line of lines.keys()) line.finish()
      const cut = setTimeout(() => {
        for (const destroy of lines.values()) destroy()
      }, patience)
      await closed
      clearTimeout(cut)
    },
  }
}

const listen = (server: Server, { name, host, port, backlog }: ListenerSettings): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(`listener ${name} cannot have ${host}:${port}: ${error.message}`)))
    server.listen({ host, port, backlog }, () => {
      server.removeAllListeners('error')
      server.on('error', () => {}) // an accept that failed (no file descriptors left): the line is not there, the others stay
      resolve()
    })
  })
