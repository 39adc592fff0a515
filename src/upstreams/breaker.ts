/**
 * A circuit breaker: after a number of failures in a row no request is tried for a while, then one is let through, and
 * its result decides.
 */
export type Breaker = {
  /** Whether a request may be tried now; ms of `performance.now()`. */
  readonly admits: (now: number) => boolean
  readonly succeeded: () => void
  readonly failed: (now: number) => void
  readonly state: (now: number) => BreakerState
}

export type BreakerState = 'closed' | 'open' | 'half_open'

/** @param after failures in a row @param openMs how long nothing is tried */
export function createBreaker(after: number, openMs: number): Breaker {
  let failures = 0
  /** Until when nothing is tried; null: closed. */
  let openUntil: number | null = null

  return {
    admits(now) {
      if (openUntil === null) return true
      if (now < openUntil) return false
      // The one that is let through has as long as the pause for its verdict; then the next one is tried.
      openUntil = now + openMs
      return true
    },
    succeeded() {
      failures = 0
      openUntil = null
    },
    failed(now) {
      failures++
      if (failures >= after) openUntil = now + openMs
    },
    state: (now) => (openUntil === null ? 'closed' : now < openUntil ? 'open' : 'half_open'),
  }
}
