import { isConnectionLost } from '../db/connection.ts'
import { Unanswered } from '../engine/refusal.ts'

/** The pool's own words where all its connections are lent and too many wait for one. */
const POOL_IS_FULL = /^max waitingClients count exceeded/u

/**
 * Is the database away, or too busy for us? Then whatever was asked of it may have happened or not, and it is nobody's
 * fault in the code.
 */
export function isAway(error: unknown): boolean {
  if (error instanceof Unanswered) return true
  if (!(error instanceof Error)) return false
  if (error.cause instanceof Error) return isAway(error.cause)
  const { code } = error as { code?: unknown }
  if (typeof code === 'string') return isConnectionLost(error)
  return error.name === 'TimeoutError' || POOL_IS_FULL.test(error.message)
}
