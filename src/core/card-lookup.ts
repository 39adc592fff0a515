import type { Card } from './card.ts'
import { isNamedByUs } from './by-number.ts'
import { afterLookup, countedLookups } from './lookups.ts'
import { isUnsold } from './pack.ts'
import type { OperationAsk, Request } from './request.ts'
import { cardChange } from './settle.ts'
import { type Effects, NOTHING, type State } from './state.ts'

/** Number of refused sales that count as mistakes of a cashier. */
const MISTAKES = 2
/** How long a suspicion holds where no clerk clears it. */
const SUSPECTED_MS = 24 * 3_600_000

/**
 * Whether a request may serve to watch an unsold card. A thief copies a card's data in the shop and queries the card
 * until it is sold: by its number or eCode, with any operation, since each answers differently for sold and unsold
 * cards. A genuine stripe is excluded: it is the card itself, at the till where it is being sold.
 */
export const isLookup = (request: Request, { presented, operation }: OperationAsk): boolean =>
  presented.stripe === null && (!isNamedByUs(request, presented) || operation === 'balance')

/**
 * Whether the sale of this card can be waited for. At tills a card whose sale was undone is no secret: its buyer may ask.
 * On the web and at price checkers it counts as never sold: the person who bought it and gave it back still knows its eCode
 * (docs/spec/abuse.md, 16).
 */
export const isAwaitable = ({ requester }: Request, card: Card): boolean =>
  isUnsold(card) && (!card.wasSold || requester.channel === 'web' || requester.channel === 'kiosk')

export const isSuspected = ({ suspectedAt }: Card, at: number): boolean =>
  suspectedAt !== null && at < suspectedAt + SUSPECTED_MS

/**
 * The effects of a query about this unsold card: the first query marks the card as suspected, since somebody may be
 * waiting for its sale. Each source may do so ten times before it is locked, and all of them together a hundred times an
 * hour, so that nobody can mark a shop's cards from a list of numbers. Two refused sales (a mistyped amount) do not mark
 * the card that a cashier is selling.
 */
export function lookedUp(state: State, request: Request, ask: OperationAsk, card: Card): Effects {
  if (!isLookup(request, ask) || !isAwaitable(request, card)) return NOTHING
  const lookups = countedLookups(state.lookups.get(request.source), request.at)
  const counted = { ...NOTHING, lookups: [afterLookup(lookups, request)] }
  const isMistake = ask.operation === 'sale' && lookups.count < MISTAKES
  if (isMistake || isSuspected(card, request.at) || state.marksUsedUp()) return counted
  const { source, at } = request
  return {
    ...counted,
    cards: [cardChange(card, { set: { suspectedAt: at } })],
    events: [{ cardId: card.id, event: 'suspected', who: source, reason: null, detail: ask.presented.by }],
  }
}
