import type { QueuedMessage, SafQueue } from '../db/saf-queue.ts'
import { startPoller, type Poller } from './poller.ts'

/** Result of one delivery attempt. */
export type Delivery =
  | { readonly delivery: 'acknowledged' }
  /** The host answered; or it is alive, but did not answer this message. */
  | { readonly delivery: 'refused'; readonly why: string }
  /** The host understood the message and disagrees about the transaction: it is not sent again, and a person must decide. */
  | { readonly delivery: 'disputed'; readonly why: string }
  | { readonly delivery: 'failed'; readonly why: string }

export type StoreAndForwardParts = {
  readonly queue: SafQueue
  /** Sends the message under these numbers, as a repeat if it was sent before. */
  readonly deliver: (message: QueuedMessage, stan: number, transmitted: number) => Promise<Delivery>
  readonly nextId: () => number | null
  readonly nextStan: () => number | null
  readonly now: () => number
  /** ms until the next try, after this number of failed ones. */
  readonly pause: (tries: number) => number
  /** The longest pause. */
  readonly longestPause: number
  /** Refusals after which a message is set aside. */
  readonly setAsideAfter: number
  readonly watch: StoreAndForwardWatch
}

export type StoreAndForwardWatch = {
  readonly delivered: (message: QueuedMessage) => void
  readonly failed: (message: QueuedMessage, why: string) => void
  readonly setAside: (message: QueuedMessage, why: string) => void
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 250

/**
 * Sends a host its queued messages, oldest first and one at a time, until each is acknowledged. One process at a time
 * works on a host's queue. The state of a message is in its row, so that any process can continue.
 */
export function startStoreAndForward(parts: StoreAndForwardParts): Poller {
  const { queue, watch } = parts
  return startPoller({
    every: POLL_INTERVAL_MS,
    async look(isStopping) {
      while (!isStopping() && (await deliverNext(parts)));
    },
    async failed(error) {
      await queue.recover()
      watch.trouble(error)
    },
    close: queue.close,
  })
}

/** Handles one message; returns whether to look for the next one at once. */
async function deliverNext(parts: StoreAndForwardParts): Promise<boolean> {
  const { queue, now, watch } = parts
  if (!(await queue.lease())) return false
  const message = await queue.head()
  if (message === null || !isDue(message.dueAt - now(), parts.longestPause)) return false

  const stan = message.stan ?? parts.nextStan()
  if (stan === null) return false
  const transmitted = message.transmitted ?? transmittedAt(now())
  // Recorded before it is sent: after a crash the next sender knows that it may have arrived, and under which numbers.
  if (!(await queue.tried(message, stan, transmitted))) return false
  // This process was stopped for longer than its lease: another one has sent it.
  if (!queue.holds()) return true
  const result = await parts.deliver(message, stan, transmitted)
  if (result.delivery === 'acknowledged') {
    watch.delivered(message)
    return queue.acknowledged(message, now())
  }

  const { why } = result
  const refused = result.delivery !== 'failed'
  if (result.delivery === 'disputed' || (refused && message.refusals + 1 >= parts.setAsideAfter)) {
    const caseId = parts.nextId()
    if (caseId === null) return false
    watch.setAside(message, why)
    return queue.setAside(message, now(), why, caseId)
  }
  watch.failed(message, why)
  await queue.putOff(message, now() + parts.pause(message.tries + 1), why, refused)
  return false
}

/** A message that would have to wait longer than the longest pause got its time before the clock was set back. */
const isDue = (wait: number, longestPause: number): boolean => wait <= 0 || wait > longestPause

const transmittedAt = (at: number): number => Number(new Date(at).toISOString().replaceAll(/\D/gu, '').slice(0, 14))
