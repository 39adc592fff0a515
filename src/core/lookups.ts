import type { Request } from './request.ts'

/** How often a source (a terminal, an address) has looked up cards that were never sold. */
export type Lookups = {
  readonly source: string
  /** Since the last lock. */
  readonly count: number
  /** Locks so far: each is twice as long as the one before. */
  readonly locks: number
  /** ms since 1970; null: not locked. */
  readonly lockedUntil: number | null
  /** When it asked last, ms since 1970; null: not known. */
  readonly countedAt: number | null
}

// A cashier queries an unsold card by mistake now and then; a thief with a list of numbers reaches the limit after ten.
const ALLOWED = 10
/** Counts are forgotten after this time without a query. */
const QUIET_MS = 3_600_000
const FIRST_LOCK_MS = 15 * 60_000
const LONGEST_LOCK_MS = 24 * 3_600_000
/** The time without look-ups after a lock, after which the counts of a source start again from zero. */
const FORGIVEN_AFTER_MS = 24 * 3_600_000

export const isLockedOut = (lookups: Lookups | undefined, at: number): boolean =>
  lookups !== undefined && lookups.lockedUntil !== null && at < lookups.lockedUntil

type CountedLookups = Pick<Lookups, 'count' | 'locks' | 'lockedUntil'>

export function countedLookups(lookups: Lookups | undefined, at: number): CountedLookups {
  if (lookups === undefined || isForgiven(lookups, at)) return { count: 0, locks: 0, lockedUntil: null }
  const isQuiet = lookups.countedAt !== null && at >= lookups.countedAt + QUIET_MS
  return isQuiet ? { ...lookups, count: 0 } : lookups
}

/** Counts a lookup. The tenth locks the source for a quarter of an hour, each further one twice as long. */
export function afterLookup(earlier: CountedLookups, { source, at }: Request): Lookups {
  const count = earlier.count + 1
  if (count < ALLOWED) return { source, count, locks: earlier.locks, lockedUntil: earlier.lockedUntil, countedAt: at }
  const lock = Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** earlier.locks)
  return { source, count: 0, locks: earlier.locks + 1, lockedUntil: at + lock, countedAt: at }
}

const isForgiven = ({ lockedUntil }: Lookups, at: number): boolean =>
  lockedUntil !== null && at >= lockedUntil + FORGIVEN_AFTER_MS
