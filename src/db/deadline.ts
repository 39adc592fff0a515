import { connect, type Socket } from 'node:net'

/** The server did not answer in time. The outcome of the statement is unknown; the connection is closed. */
class Late extends Error {
  readonly code = 'ETIMEDOUT'
  readonly fatal = true
  constructor(ms: number) {
    super(`the database has not answered for ${ms} ms`)
  }
}

/**
 * Waits at most `ms` for `work` on a socket; then the socket is destroyed, and `work` fails as with a lost connection.
 * A stalled event loop fires its timers before it reads data that has arrived, so the time-out is decided one poll
 * phase after the timer.
 */
export async function within<Result>(ms: number, socket: Socket, work: Promise<Result>): Promise<Result> {
  let isOver = false
  const verdict = (): void => {
    if (!isOver) socket.destroy(new Late(ms))
  }
  const timer = setTimeout(() => setTimeout(() => setImmediate(verdict), 0), ms)
  try {
    return await work
  } finally {
    isOver = true
    clearTimeout(timer)
  }
}

const KEEP_ALIVE_MS = 5_000

/** The socket is ours, because the driver's `destroy` only sends a goodbye, which does not end a dead connection. */
type Place = { readonly socketPath: string | null; readonly host: string; readonly port: number }

export function openSocket({ socketPath, host, port }: Place): Socket {
  if (socketPath !== null) return connect(socketPath)
  const socket = connect(port, host)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  return socket
}
