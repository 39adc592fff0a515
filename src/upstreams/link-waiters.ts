import type { Link } from './link.ts'

/** Messages that wait for a link with room, in the order in which they came. */
export type LinkWaiters = {
  /** Rejects where too many wait already, and where none is found in time. */
  readonly add: () => Promise<Link>
  /** Gives a link to the one that has waited longest. */
  readonly serve: (link: Link) => void
  readonly rejectAll: (error: Error) => void
  readonly count: () => number
}

// Waiters at the most, for each message that could be on its way, and where those are few: more have no chance to be
// sent in time.
const QUEUED_PER_PLACE = 4
const QUEUED_AT_LEAST = 256

type Waiter = {
  readonly resolve: (link: Link) => void
  readonly reject: (error: Error) => void
  readonly timer: NodeJS.Timeout
}

/** @param places messages that all links together can carry */
export function createLinkWaiters(timeoutMs: number, places: number): LinkWaiters {
  const waiters = new Set<Waiter>()
  const leave = (waiter: Waiter): Waiter => {
    clearTimeout(waiter.timer)
    waiters.delete(waiter)
    return waiter
  }
  return {
    add() {
      if (waiters.size >= Math.max(QUEUED_AT_LEAST, places * QUEUED_PER_PLACE)) {
        return Promise.reject(new Error('too many wait for a connection'))
      }
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => leave(waiter).reject(new Error('no connection in time')), timeoutMs)
        const waiter: Waiter = { resolve, reject, timer }
        waiters.add(waiter)
      })
    },
    serve(link) {
      const [longest] = waiters
      if (longest !== undefined) leave(longest).resolve(link)
    },
    rejectAll(error) {
      for (const waiter of waiters) leave(waiter).reject(error)
    },
    count: () => waiters.size,
  }
}
