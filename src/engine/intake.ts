import { type Key, keyText, originalText } from '../core/key.ts'
import type { Request } from '../core/request.ts'
import type { Role } from '../core/role.ts'
import { roleOf } from '../core/role-of-ask.ts'
import { createBookedKeys } from './booked-keys.ts'
import { type CardLocator, originalOf } from './card-locator.ts'
import type { Answer } from './executor.ts'
import type { Lane, Lanes, Waiting } from './lanes.ts'
import type { QueueWait } from './queue-wait.ts'
import { refuse } from './refusal.ts'

/** Takes requests in: each is refused at once or queued in a lane. */
export type Intake = {
  readonly submit: (request: Request, isRepeat: boolean) => Promise<Answer>
  /** Whether a new request would be refused now. */
  readonly isOverloaded: () => boolean
  /** Whether a request under this key is in work or was booked recently; then it must not be refused. */
  readonly mayBeBooked: (key: Key) => boolean
  /** Accepts no more requests, and refuses those that wait. */
  readonly stop: () => void
}

const EXPIRY_INTERVAL_MS = 100

/** @param arrived called for each request that is queued */
export function createIntake(
  lanes: Lanes,
  queueWait: QueueWait,
  cardLocator: CardLocator,
  timeoutMs: number,
  arrived: () => void,
): Intake {
  const booked = createBookedKeys()
  let isStopped = false
  /**
   * If no worker takes from the lanes (the database hangs), the waiting requests are answered in time to reach their
   * terminals.
   */
  const expiry = setInterval(() => {
    const now = performance.now()
    for (const waiting of lanes.expire('new', now - timeoutMs / 2)) refuse(waiting, 'overloaded')
    for (const waiting of lanes.expire('repeat', now - timeoutMs)) refuse(waiting, 'overloaded')
  }, EXPIRY_INTERVAL_MS).unref()
  const isOverloaded = (): boolean => lanes.isFull('new') || queueWait.isTooLong(lanes.length(), performance.now())

  return {
    submit(request, isRepeat) {
      const key = keyText(request.key)
      const lane = laneOf(request, isRepeat || booked.has(key))
      return new Promise<Answer>((resolve, reject) => {
        const claims = claimsOf(request, key, cardLocator)
        const waiting: Waiting = { request, lane, claims, since: performance.now(), resolve, reject }
        if (isStopped || lanes.isFull(lane) || (lane === 'new' && isOverloaded())) return refuse(waiting, 'overloaded')
        lanes.add(booked.followed(waiting, key))
        queueWait.grew(lanes.length(), waiting.since)
        arrived()
      })
    },
    isOverloaded,
    mayBeBooked: (key) => booked.has(keyText(key)),
    stop() {
      isStopped = true
      clearInterval(expiry)
      for (const waiting of lanes.drain()) refuse(waiting, 'overloaded')
    },
  }
}

/** Confirmations, reversals and answers of other hosts settle earlier transactions: they have a lane of their own. */
const SETTLING: ReadonlySet<Role> = new Set(['confirms', 'reverses'])

const laneOf = ({ ask }: Request, mayBeBooked: boolean): Lane =>
  ask.act === 'answer' || (ask.act !== 'resolution' && SETTLING.has(roleOf(ask)))
    ? 'settlement'
    : mayBeBooked
      ? 'repeat'
      : 'new'

/**
 * The claims that no two workers may hold at once: the request's own key, the key and the card that it is about, its
 * terminal.
 */
function claimsOf(request: Request, key: string, cardLocator: CardLocator): readonly string[] {
  const original = originalOf(request)
  return [
    key,
    ...(original === null ? [] : [originalText(original)]),
    ...cardLocator.namesOf(request),
    ...(request.confirmation === 'next' ? [`${request.key.store} ${request.key.terminal}`] : []),
  ]
}
