import type { Presented, Request } from './request.ts'

/** Wrong check values or eCodes of one card from one source (a terminal, an address). */
export type Tries = {
  readonly cardId: number
  readonly source: string
  /** Wrong ones since the last right one or the last lock. */
  readonly wrong: number
  /** Locks so far: each is twice as long as the one before. */
  readonly locks: number
  /** ms since 1970; null: not locked. */
  readonly lockedUntil: number | null
}

const WRONG_ALLOWED = 5
const FIRST_LOCK_MS = 15 * 60_000
// A day: the lock is for one source only, and its terminal is a shop's till.
const LONGEST_LOCK_MS = 24 * 3_600_000

export const triesName = (cardId: number, source: string): string => `${cardId} ${source}`

/**
 * Whether the card presents data that a copied number does not give: a stripe's check value, an eCode. Only these can
 * be guessed, and count as tries.
 */
export const showsSecret = ({ stripe, ecodeHash }: Presented): boolean => stripe !== null || ecodeHash !== null

/**
 * Tries of a number that belongs to no card, so that they end as those of a card do. Kept in memory: such guesses give
 * no access.
 */
export type UnknownCardTries = { readonly name: string; readonly tries: Tries }
export const unknownCardName = ({ numberHash }: Presented, source: string): string => `${numberHash} ${source}`

export const isLocked = (tries: Tries | undefined, at: number): boolean =>
  tries !== undefined && tries.lockedUntil !== null && at < tries.lockedUntil

export function afterWrong(tries: Tries | undefined, cardId: number, request: Request): Tries {
  const { source, wrong, locks } = tries ?? { source: request.source, wrong: 0, locks: 0 }
  if (wrong + 1 < allowedOf(request)) return { cardId, source, wrong: wrong + 1, locks, lockedUntil: null }
  const lock = Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** locks)
  return { cardId, source, wrong: 0, locks: locks + 1, lockedUntil: request.at + lock }
}

/** A shop that does not forward its customers' addresses counts as one source for all of them. */
const WRONG_ALLOWED_TO_A_SHOP = 100
const allowedOf = ({ requester, source }: Request): number =>
  requester.channel === 'web' && source === requester.who ? WRONG_ALLOWED_TO_A_SHOP : WRONG_ALLOWED

/** After the right value: earlier wrong guesses no longer count. */
export const afterRight = ({ cardId, source }: Tries): Tries => ({
  cardId,
  source,
  wrong: 0,
  locks: 0,
  lockedUntil: null,
})

export const isClean = ({ wrong, locks }: Tries): boolean => wrong === 0 && locks === 0
