import { connect, type Socket } from 'node:net'

/** The server did not answer in time. What became of the statement is not known; the connection is gone with it. */
class Late extends Error {
  readonly code = 'ETIMEDOUT'
  readonly fatal = true
  constructor(ms: number) {
    super(`the database has not answered for ${ms} ms`)
  }
}

/**
 * Waits for `work` on a socket, `ms` at most: then the socket is destroyed, and `work` fails as it does when a connection
 * breaks. An event loop that stalled fires its timers before it reads what has come meanwhile: so after the timer one more
 * turn of the poll, and only then the verdict.
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

/** A socket that we hold ourselves: the driver's `destroy` only says goodbye, which a dead line never hears. */
type Place = { readonly socketPath: string | null; readonly host: string; readonly port: number }

export function openSocket({ socketPath, host, port }: Place): Socket {
  if (socketPath !== null) return connect(socketPath)
  const socket = connect(port, host)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  return socket
}
