import type { Socket } from 'node:net'

/** One direction of a line: data leave in order, after their delays. */
export type Lane = {
  /** Sends `waitMs` from now, and not before earlier data. */
  readonly pass: (bytes: Buffer, waitMs: number) => void
  /** Sends at once, past everything that waits. */
  readonly overtake: (bytes: Buffer) => void
  /** Sends nothing more, not even the end. */
  readonly stall: () => void
  /** Ends the direction, after everything given before. */
  readonly end: () => void
  readonly stop: () => void
}

const MOST_WAITING = 1024 * 1024

/** `room` is called when the lane becomes full or free. */
export function laneTo(destination: Socket, room: (has: boolean) => void): Lane {
  const queue: { readonly bytes: Buffer | null; readonly dueAt: number }[] = []
  let waiting = 0
  let timer: NodeJS.Timeout | undefined
  let stalled = false

  const put = (bytes: Buffer | null) => {
    if (stalled || destination.destroyed || destination.writableEnded) return
    if (bytes === null) destination.end()
    else destination.write(bytes)
  }
  const tell = () => room(waiting + destination.writableLength < MOST_WAITING)
  const pump = () => {
    clearTimeout(timer)
    const now = performance.now()
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      if (head.dueAt > now) {
        timer = setTimeout(pump, Math.ceil(head.dueAt - now))
        break
      }
      queue.shift()
      waiting -= head.bytes?.length ?? 0
      put(head.bytes)
    }
    tell()
  }
  const give = (bytes: Buffer | null, waitMs: number) => {
    const now = performance.now()
    queue.push({ bytes, dueAt: Math.max(now + waitMs, queue.at(-1)?.dueAt ?? now) })
    waiting += bytes?.length ?? 0
    pump()
  }
  destination.on('drain', tell)
  return {
    pass: give,
    overtake: put,
    stall: () => void (stalled = true),
    end: () => give(null, 0),
    stop: () => clearTimeout(timer),
  }
}
