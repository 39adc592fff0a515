import type { Card } from './card.ts'
import { isNamedByUs } from './by-number.ts'
import { isUnsold } from './pack.ts'
import type { OperationAsk, Request } from './request.ts'
import { cardChange } from './settle.ts'
import { type Effects, NOTHING, type State } from './state.ts'

/** What one source (a terminal, an address) has asked about cards that were never sold. */
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

// A cashier who asks by mistake does so now and then; a list of numbers is through after ten.
const ALLOWED = 10
/** Refused sales that are taken for a cashier's mistakes. */
const MISTAKES = 2
/** What was counted is forgotten after so long a quiet. */
const QUIET_MS = 3_600_000
const FIRST_LOCK_MS = 15 * 60_000
const LONGEST_LOCK_MS = 24 * 3_600_000
/** A source that kept quiet for so long after its lock begins anew. */
const FORGIVEN_AFTER_MS = 24 * 3_600_000
/** How long a suspicion holds where no clerk clears it. */
const SUSPECTED_MS = 24 * 3_600_000

/**
 * Whoever wants to drain a card copies what is on it in the shop, and asks until it is sold: by its number or eCode, for
 * whatever tells a sold card from an unsold one, which every operation does. A genuine stripe is the card itself, at the
 * till where it is being sold.
 */
export const isLookup = (request: Request, { presented, operation }: OperationAsk): boolean =>
  presented.stripe === null && (!isNamedByUs(request, presented) || operation === 'balance')

export const wasNeverSold = (card: Card): boolean => isUnsold(card) && !card.wasSold

export const isSuspected = ({ suspectedAt }: Card, at: number): boolean =>
  suspectedAt !== null && at < suspectedAt + SUSPECTED_MS

export const isLockedOut = (lookups: Lookups | undefined, at: number): boolean =>
  lookups !== undefined && lookups.lockedUntil !== null && at < lookups.lockedUntil

/**
 * What asking about this card leaves behind: the first time a mark, since somebody may be waiting for its sale. Each
 * source may do so ten times before it is locked, so that nobody can have a shop's cards marked with a list of numbers.
 * A cashier whose sale is refused twice (a mistyped amount) has not marked the card that he is selling.
 */
export function lookedUp(state: State, request: Request, ask: OperationAsk, card: Card): Effects {
  if (!isLookup(request, ask) || !wasNeverSold(card)) return NOTHING
  const lookups = remembered(state.lookups.get(request.source), request.at)
  const counted = { ...NOTHING, lookups: [afterLookup(lookups, request)] }
  const isMistake = ask.operation === 'sale' && lookups.count < MISTAKES
  if (isMistake || isSuspected(card, request.at)) return counted
  const { source, at } = request
  return {
    ...counted,
    cards: [cardChange(card, { set: { suspectedAt: at } })],
    events: [{ cardId: card.id, event: 'suspected', who: source, reason: null, detail: ask.presented.by }],
  }
}

type Remembered = Pick<Lookups, 'count' | 'locks' | 'lockedUntil'>

function remembered(lookups: Lookups | undefined, at: number): Remembered {
  if (lookups === undefined || isForgiven(lookups, at)) return { count: 0, locks: 0, lockedUntil: null }
  const isQuiet = lookups.countedAt !== null && at >= lookups.countedAt + QUIET_MS
  return isQuiet ? { ...lookups, count: 0 } : lookups
}

/** One lookup more: the tenth locks the source for a quarter of an hour, then for twice as long each time. */
function afterLookup(earlier: Remembered, { source, at }: Request): Lookups {
  const count = earlier.count + 1
  if (count < ALLOWED) return { source, count, locks: earlier.locks, lockedUntil: earlier.lockedUntil, countedAt: at }
  const lock = Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** earlier.locks)
  return { source, count: 0, locks: earlier.locks + 1, lockedUntil: at + lock, countedAt: at }
}

const isForgiven = ({ lockedUntil }: Lookups, at: number): boolean =>
  lockedUntil !== null && at >= lockedUntil + FORGIVEN_AFTER_MS
