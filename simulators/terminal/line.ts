import type { Socket } from 'node:net'
import { reset } from '../reset.ts'
import { frameCutter, frameOf } from './framing.ts'
import { dial, type Peer } from './peer.ts'
import { connectHint } from './suggest.ts'

/**
 * The outcome of a request. `ms` since its writing, by the monotonic clock; `came`: the first bytes that are not a
 * frame.
 */
export type Reply =
  | { kind: 'answer'; bytes: Buffer; ms: number }
  | { kind: 'silence'; ms: number; came: Buffer }
  | { kind: 'closed'; ms: number; came: Buffer }

/** One TCP connection to the switch; many terminals may share it. */
export type Line = {
  /** Writes a frame and waits for the answer with the same DE41 and DE11. */
  ask: (bytes: Buffer, key: string, timeoutMs: number) => Promise<Reply>
  /** Writes a frame without reading its answer. */
  tell: (bytes: Buffer, key: string) => void
  /** Writes bytes as they are, without a length, and waits for any answer or the end of the line. */
  raw: (bytes: Buffer, timeoutMs: number) => Promise<Reply>
  /** Ends the line at once; `reset` with a TCP reset. Earlier writes are sent. */
  close: (how: 'close' | 'reset') => Promise<void>
  isOpen: () => boolean
  /** Whether any frame was received. */
  hasSpoken: () => boolean
  /** Answers that belonged to no request. */
  strays: () => number
}

type Waiting = { key: string | null; since: number; settle: (reply: Reply) => void }

/** DE41 and DE11: what an answer is matched by (docs/spec/terminal.md, section 1). */
export function matchKey(fields: Record<number, string>): string {
  return `${(fields[41] ?? '').trimEnd()}/${fields[11] ?? ''}`
}

/** The number of kept bytes, enough to recognise their kind. */
const KEPT_BYTES = 64

/** Ends a connection and waits until it is gone. */
const ended = (socket: Socket, how: 'close' | 'reset'): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed) return resolve()
    socket.once('close', () => resolve())
    if (how === 'reset') reset(socket)
    else socket.destroySoon()
  })

function lineOver(socket: Socket, { framing, wire }: Peer): Line {
  const waiting: Waiting[] = []
  const unread = new Map<string, number>()
  let strays = 0
  let spoken = false

  const take = (at: number): Waiting | undefined => (at < 0 ? undefined : waiting.splice(at, 1)[0])
  const onAnswer = (bytes: Buffer) => {
    spoken = true
    const read = wire.read(bytes)
    const key = read.ok ? matchKey(read.message.fields) : null
    const isNamed = read.ok && read.message.fields[41] !== undefined && read.message.fields[11] !== undefined
    const unreadBefore = key === null ? 0 : (unread.get(key) ?? 0)
    const exact = take(waiting.findIndex((one) => one.key !== null && one.key === key))
    if (!exact && key !== null && unreadBefore > 0) return void unread.set(key, unreadBefore - 1)
    // A format error may lack DE11 or DE41: if only one request waits, it belongs to that one. An answer that names
    // another request belongs to none.
    const whose = exact ?? take(waiting.findIndex((one) => one.key === null || (!isNamed && waiting.length === 1)))
    if (whose) whose.settle({ kind: 'answer', bytes, ms: performance.now() - whose.since })
    else strays++
  }
  const endAll = () => {
    for (const one of waiting.splice(0))
      one.settle({ kind: 'closed', ms: performance.now() - one.since, came: unframed() })
  }
  const cutter = frameCutter(framing, onAnswer)
  const unframed = () => Buffer.from(cutter.rest().subarray(0, KEPT_BYTES))
  socket.on('data', (chunk: Buffer) => {
    // Bytes that are not a frame are kept for the waiting request, and reading ends.
    if (!cutter.push(chunk)) socket.destroy()
  })
  socket.on('error', endAll)
  socket.on('close', endAll)

  const wait = (bytes: Buffer, key: string | null, timeoutMs: number): Promise<Reply> =>
    new Promise((resolve) => {
      const since = performance.now()
      if (socket.destroyed) return resolve({ kind: 'closed', ms: 0, came: unframed() })
      // After a stall the timer fires before the socket is read: one more turn of the poll decides.
      const giveUp = () =>
        setImmediate(() => {
          if (take(waiting.indexOf(one))) resolve({ kind: 'silence', ms: performance.now() - since, came: unframed() })
        })
      const timer = setTimeout(giveUp, timeoutMs)
      const settle = (reply: Reply) => {
        clearTimeout(timer)
        resolve(reply)
      }
      const one: Waiting = { key, since, settle }
      waiting.push(one)
      socket.write(bytes)
    })

  return {
    ask: (bytes, key, timeoutMs) => wait(frameOf(framing, bytes), key, timeoutMs),
    tell: (bytes, key) => {
      unread.set(key, (unread.get(key) ?? 0) + 1)
      socket.write(frameOf(framing, bytes))
    },
    raw: (bytes, timeoutMs) => wait(bytes, null, timeoutMs),
    close: (how) => ended(socket, how),
    isOpen: () => !socket.destroyed && socket.writable,
    hasSpoken: () => spoken,
    strays: () => strays,
  }
}

const CONNECT_TIMEOUT_MS = 5_000

/** Connects. A failure is a value: the system's reason, such as ECONNREFUSED, with a suggestion. */
export function openLine(peer: Peer): Promise<{ ok: true; line: Line } | { ok: false; reason: string }> {
  return new Promise((resolve) => {
    const where = `${peer.address.host}:${peer.address.port}`
    const socket = dial(peer, () => {
      clearTimeout(timer)
      socket.off('error', fail)
      resolve({ ok: true, line: lineOver(socket, peer) })
    })
    const timer = setTimeout(() => socket.destroy(new Error('no answer to the connection')), CONNECT_TIMEOUT_MS)
    const fail = (problem: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const code = problem.code ?? problem.message
      const hint = connectHint(`${code} ${problem.message}`)
      resolve({ ok: false, reason: `cannot connect to ${where}: ${code}${hint === '' ? '' : `. ${hint}`}` })
    }
    socket.once('error', fail)
  })
}
