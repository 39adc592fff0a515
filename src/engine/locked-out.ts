import { setTimeout as sleep } from 'node:timers/promises'
import type { Waiting } from './lanes.ts'
import { refuse, Unanswered } from './refusal.ts'

/** A request whose card or key another process has locked. `isUnknown`: an earlier try may have booked it. */
export type LockedOut = { readonly waiting: Waiting; readonly isUnknown: boolean }

/**
 * Requests whose cards are locked by another process wait here, apart from the workers, which continue with all others.
 * Each is tried alone and never waits in the database, so that one connection is enough for any number of them. They
 * keep their claims, so that later requests for the same card queue behind them.
 */
export type LockedOutQueue = {
  readonly add: (lockedOut: readonly LockedOut[]) => void
  /** Continues for a short time, then refuses the remaining requests. */
  readonly stop: () => Promise<void>
}

export type LockedOutQueueParts = {
  /** Tries one request without waiting for a lock; returns it if it is still locked out. */
  readonly attempt: (lockedOut: LockedOut) => Promise<readonly LockedOut[]>
  /** Called when a request has its answer, or will not get one. */
  readonly left: (waiting: Waiting) => void
  /** ms for which a terminal waits for its answer. */
  readonly timeoutMs: number
  readonly most: number
}

const LOOK_AGAIN_MS = 25
/** The share of a terminal's timeout for which a lock is awaited: the answer then has to reach the terminal in time. */
const SHARE = 0.8
/** ms for which requests still wait after a stop: locks are short unless another process hangs. */
const STOP_WITHIN_MS = 2_000

export function createLockedOutQueue({ attempt, left, timeoutMs, most }: LockedOutQueueParts): LockedOutQueue {
  let inside: readonly LockedOut[] = []
  let running: Promise<void> | null = null
  /** `performance.now()` at the call of stop. */
  let stopped: number | null = null

  const giveUp = ({ waiting, isUnknown }: LockedOut): void => {
    if (isUnknown) waiting.reject(new Unanswered('its card is locked, and whether it is booked is not known'))
    else refuse(waiting, stopped === null ? 'malfunction' : 'overloaded')
    left(waiting)
  }

  const look = async (all: readonly LockedOut[]): Promise<void> => {
    const still: LockedOut[] = []
    for (const one of all) {
      const [again] = overtakes(one, still) ? [one] : await attempt(one)
      if (again !== undefined) still.push(again)
      else left(one.waiting)
    }
    const now = performance.now()
    const isOver = ({ waiting }: LockedOut): boolean =>
      now - waiting.since > timeoutMs * SHARE || (stopped !== null && now - stopped > STOP_WITHIN_MS)
    for (const one of still.filter(isOver)) giveUp(one)
    inside = [...still.filter((one) => !isOver(one)), ...inside.slice(all.length)]
  }

  const run = async (): Promise<void> => {
    while (inside.length > 0) {
      await look(inside)
      if (inside.length > 0) await sleep(LOOK_AGAIN_MS)
    }
    running = null
  }

  return {
    add(lockedOut) {
      const room = Math.max(0, most - inside.length)
      inside = [...inside, ...lockedOut.slice(0, room)]
      for (const one of lockedOut.slice(room)) giveUp(one)
      if (inside.length > 0) running ??= run()
    },
    async stop() {
      stopped = performance.now()
      await running
    },
  }
}

/** A request that shares a claim with an earlier one that still waits keeps its place behind it. */
export const overtakes = ({ waiting }: Pick<LockedOut, 'waiting'>, before: readonly LockedOut[]): boolean =>
  before.some((other) => other.waiting.claims.some((claim) => waiting.claims.includes(claim)))
