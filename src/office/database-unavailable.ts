import { isConnectionLost } from '../db/connection-lost.ts'
import { Unanswered } from '../engine/refusal.ts'

/** The pool's own words where all its connections are lent and too many wait for one; ours where no id can be had. */
const HAS_NONE_LEFT = /^(max waitingClients count exceeded|the database gives no new ids)/u

/** Too many connections (1040, 1203), lock wait time-out (1205), deadlock (1213): nothing was changed. */
const BUSY: ReadonlySet<unknown> = new Set([1040, 1203, 1205, 1213])

/**
 * Whether the database is unavailable or overloaded. Then the outcome of the statement is unknown, and the error is no
 * fault of the code.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (error instanceof Unanswered) return true
  if (!(error instanceof Error)) return false
  if (error.cause instanceof Error) return isDatabaseUnavailable(error.cause)
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  if (BUSY.has(errno)) return true
  if (typeof code === 'string') return isConnectionLost(error)
  return error.name === 'TimeoutError' || HAS_NONE_LEFT.test(error.message)
}
