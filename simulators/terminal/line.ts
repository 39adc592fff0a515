import { connect, type Socket } from 'node:net'
import type { Address } from './address.ts'
import { readMessage } from './dialect.ts'

/** What became of a request. `ms` from its writing, by the monotonic clock. */
export type Reply =
  { kind: 'answer'; bytes: Buffer; ms: number } | { kind: 'silence'; ms: number } | { kind: 'closed'; ms: number }

/** One TCP connection to the switch; many terminals may share it. */
export type Line = {
  /** Writes a frame and waits for the answer with the same DE41 and DE11. */
  ask: (bytes: Buffer, key: string, timeoutMs: number) => Promise<Reply>
  /** Writes a frame whose answer nobody looks at. */
  tell: (bytes: Buffer, key: string) => void
  /** Writes bytes as they are, without a length, and waits for any answer or the end of the line. */
  raw: (bytes: Buffer, timeoutMs: number) => Promise<Reply>
  /** Ends the line at once; `reset` with a TCP reset. What was written before is sent. */
  close: (how: 'close' | 'reset') => Promise<void>
  isOpen: () => boolean
  /** Answers that belonged to no request. */
  strays: () => number
}

type Waiting = { key: string | null; since: number; settle: (reply: Reply) => void }

const LENGTH_BYTES = 2

function frameOf(bytes: Buffer): Buffer {
  const frame = Buffer.alloc(LENGTH_BYTES + bytes.length)
  frame.writeUInt16BE(bytes.length)
  bytes.copy(frame, LENGTH_BYTES)
  return frame
}

/** DE41 and DE11: what an answer is matched by (terminal-interface.md, section 1). */
export function matchKey(fields: Record<number, string>): string {
  return `${(fields[41] ?? '').trimEnd()}/${fields[11] ?? ''}`
}

/** Cuts a stream of `be2` frames; calls `onFrame` with each whole message and skips keep-alives. */
function frameCutter(onFrame: (bytes: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= LENGTH_BYTES) {
      const end = LENGTH_BYTES + rest.readUInt16BE(0)
      if (rest.length < end) return
      if (end > LENGTH_BYTES) onFrame(Buffer.from(rest.subarray(LENGTH_BYTES, end)))
      rest = rest.subarray(end)
    }
  }
}

function lineOver(socket: Socket): Line {
  const waiting: Waiting[] = []
  const unread = new Map<string, number>()
  let strays = 0

  const take = (at: number): Waiting | undefined => (at < 0 ? undefined : waiting.splice(at, 1)[0])
  const onAnswer = (bytes: Buffer) => {
    const read = readMessage(bytes)
    const key = read.ok ? matchKey(read.message.fields) : null
    const unreadBefore = key === null ? 0 : (unread.get(key) ?? 0)
    const exact = take(waiting.findIndex((one) => one.key !== null && one.key === key))
    if (!exact && key !== null && unreadBefore > 0) return void unread.set(key, unreadBefore - 1)
    // A format error may come back without DE11 or DE41: where only one waits, it can only be for him.
    const whose = exact ?? take(waiting.findIndex((one) => one.key === null || waiting.length === 1))
    if (whose) whose.settle({ kind: 'answer', bytes, ms: performance.now() - whose.since })
    else strays++
  }
  const endAll = () => {
    for (const one of waiting.splice(0)) one.settle({ kind: 'closed', ms: performance.now() - one.since })
  }
  socket.on('data', frameCutter(onAnswer))
  socket.on('error', endAll)
  socket.on('close', endAll)

  const wait = (bytes: Buffer, key: string | null, timeoutMs: number): Promise<Reply> =>
    new Promise((resolve) => {
      const since = performance.now()
      if (socket.destroyed) return resolve({ kind: 'closed', ms: 0 })
      // After a stall the timer fires before the socket is read: one more turn of the poll decides.
      const giveUp = () =>
        setImmediate(() => {
          if (take(waiting.indexOf(one))) resolve({ kind: 'silence', ms: performance.now() - since })
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
    ask: (bytes, key, timeoutMs) => wait(frameOf(bytes), key, timeoutMs),
    tell: (bytes, key) => {
      unread.set(key, (unread.get(key) ?? 0) + 1)
      socket.write(frameOf(bytes))
    },
    raw: (bytes, timeoutMs) => wait(bytes, null, timeoutMs),
    close: (how) =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve()
        socket.once('close', () => resolve())
        if (how === 'reset') socket.resetAndDestroy()
        else socket.destroySoon()
      }),
    isOpen: () => !socket.destroyed && socket.writable,
    strays: () => strays,
  }
}

const CONNECT_TIMEOUT_MS = 5_000

/** Connects. Failure is a value: the reason is the system's, such as ECONNREFUSED. */
export function openLine(target: Address): Promise<{ ok: true; line: Line } | { ok: false; reason: string }> {
  return new Promise((resolve) => {
    const socket = connect({ ...target, noDelay: true })
    const where = `${target.host}:${target.port}`
    const timer = setTimeout(() => socket.destroy(new Error('no answer to the connection')), CONNECT_TIMEOUT_MS)
    const fail = (problem: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      resolve({ ok: false, reason: `cannot connect to ${where}: ${problem.code ?? problem.message}` })
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(timer)
      socket.off('error', fail)
      resolve({ ok: true, line: lineOver(socket) })
    })
  })
}
