import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/* `node hold-lines.js HOST:PORT COUNT`, forked: opens so many lines, tells its parent, and holds them until it is ended. */

// Fewer than a listener's backlog.
const AT_ONCE = 500

const [address = '', count = ''] = process.argv.slice(2)
const [host = '', port = ''] = address.split(':')
const sockets: Socket[] = []
while (sockets.length < Number(count)) {
  const wave = Array.from({ length: Math.min(AT_ONCE, Number(count) - sockets.length) }, () =>
    connect({ host, port: Number(port) }),
  )
  sockets.push(...wave)
  await Promise.all(wave.map((socket) => once(socket, 'connect')))
}
// With a lost line the others would look cheaper than they are.
for (const socket of sockets) socket.on('close', () => process.exit(1))
process.send?.('open')
