import type { Socket } from 'node:net'

/**
 * Ends a connection with a TCP reset. While the end of the sending side is on its way, Node cannot reset (EINVAL), emits no
 * `close`, and keeps the handle, which keeps the process alive: then the connection is closed.
 */
export function reset(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy()
  else socket.resetAndDestroy()
}
