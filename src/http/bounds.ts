import { randomUUID } from 'node:crypto'
import type { Server, ServerOptions } from 'node:http'
import { isIPv6, type Socket } from 'node:net'
import { plainProblem } from './problem.ts'

/**
 * Bounds for a client of an HTTP site, in connections and in time. A client that sends its request byte by byte, or
 * opens idle connections, cannot use up the site.
 */

/** Lines at once; each costs a file descriptor and some 30 KiB. */
const LINES = 2_000
/** Connections of one address; IPv6 counts by its first 64 bits. A reverse proxy serves many clients and has no such limit. */
const LINES_OF_AN_ADDRESS = 500
/**
 * How long an open line may ask nothing. It is longer than what is in front of us keeps its lines, so that a request never
 * meets a line that we are just closing: AWS and nginx 60 s, Google 600 s. Clients read it in our header Keep-Alive.
 */
const IDLE_MS = 75_000
const IDLE_BEHIND_PROXY_MS = 620_000
/** From this number of connections on, idle ones are closed at once, so that they hold no places. */
const CROWDED = 1_500
const HEADERS_MS = 10_000
const HANDSHAKE_MS = 10_000
/** The slowest line that a body may come over, and the longest that one may take. */
const BYTES_A_SECOND = 8 * 1024
const LONGEST_MS = 300_000
/** How often node looks for requests that take too long. */
const LOOK_MS = 1_000

/** Settings of the server: by when headers and the whole request must have arrived, and how long a connection may be idle. */
export const timesFor = (
  bodyLimit: number,
  isBehindProxy: boolean,
): ServerOptions & { readonly handshakeTimeout: number } => ({
  keepAliveTimeout: isBehindProxy ? IDLE_BEHIND_PROXY_MS : IDLE_MS,
  headersTimeout: HEADERS_MS,
  requestTimeout: Math.min(LONGEST_MS, HEADERS_MS + Math.ceil((1_000 * bodyLimit) / BYTES_A_SECOND)),
  connectionsCheckingInterval: LOOK_MS,
  handshakeTimeout: HANDSHAKE_MS,
})

/**
 * @param isProxy addresses that are not limited
 * @returns the server
 */
export function boundLines<One extends Server>(server: One, isProxy: (address: string) => boolean): One {
  server.maxConnections = LINES
  const lines = new Map<string, number>()
  let open = 0
  server.on('connection', (socket: Socket) => {
    open += 1
    socket.once('close', () => (open -= 1))
    if (open > CROWDED) server.closeIdleConnections()
    const address = socket.remoteAddress ?? ''
    if (isProxy(address)) return
    const name = isIPv6(address) && !address.startsWith('::ffff:') ? firstHalf(address) : address
    const count = (lines.get(name) ?? 0) + 1
    if (count > LINES_OF_AN_ADDRESS) {
      socket.destroy()
      return
    }
    lines.set(name, count)
    socket.once('close', () => {
      const left = (lines.get(name) ?? 1) - 1
      if (left > 0) lines.set(name, left)
      else lines.delete(name)
    })
  })
  return server
}

/** The network of an IPv6 address as a socket writes it: `2001:db8::1` is in `2001:db8:0:0`. */
function firstHalf(address: string): string {
  const [head = '', tail = ''] = address.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - front.length - back.length) }, () => '0')
  return [...front, ...zeros, ...back].slice(0, 4).join(':')
}

const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
}

/** Answers input that is not HTTP or never became a request, and closes the connection. */
export function answerBroken(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const status = STATUS_OF[error.code ?? ''] ?? 400
  const { title, ...problem } = plainProblem(status)
  const requestId = randomUUID()
  const body = JSON.stringify({ type: `/problems/${problem.code}`, title, ...problem, requestId })
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    'Connection: close',
  ]
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroy()
}
