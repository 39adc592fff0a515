import type { Card } from './card.ts'
import { isOffice } from './channel.ts'
import type { Presented, Request } from './request.ts'
import type { Result } from './result.ts'
import { cardChange } from './settle.ts'
import { type Effects, NOTHING, type State } from './state.ts'
import { afterRight, afterWrong, unknownCardName, isClean, isLocked, showsSecret, triesName } from './tries.ts'

/** Whether the card exists and its holder is authenticated, and the resulting changes of the count of wrong tries. */
export type Authentication =
  | { readonly card: Card; readonly effects: Effects }
  | { readonly card: Card | null; readonly doubt: Result; readonly effects: Effects }

/**
 * An unknown number, a wrong check digit, a stripe that we did not write and a plastic that a duplicate replaced get
 * the same answer, and with an eCode a wrong eCode gets it too. While a source is locked for a card, all its
 * credentials are rejected, right or wrong.
 */
export function authenticate(state: State, request: Request, presented: Presented): Authentication {
  const card = presented.luhn ? (state.cardsByHash.get(presented.numberHash) ?? null) : null
  const doubt = doubtOf(presented)
  if (presented.token !== undefined) return byToken(card, presented, presented.token)
  if (card === null || card.state === 'replaced') return unknown(state, request, presented, card)
  if (!showsSecret(presented)) return { card, effects: NOTHING }

  const tries = state.tries.get(triesName(card.id, request.source))
  if (isLocked(tries, request.at)) {
    return { card, doubt: presented.ecodeHash !== null ? 'too_many_tries' : doubt, effects: NOTHING }
  }
  // The plastic before a new version is dead, but it is no guess.
  if (isWornOut(card, presented)) return { card, doubt, effects: NOTHING }
  if (!isGenuine(card, presented)) {
    const counted = { ...NOTHING, tries: [afterWrong(tries, card.id, request)] }
    return {
      card,
      doubt,
      effects: card.tried ? counted : { ...counted, cards: [cardChange(card, { set: { tried: true } })] },
    }
  }
  return { card, effects: tries === undefined || isClean(tries) ? NOTHING : { ...NOTHING, tries: [afterRight(tries)] } }
}

/** A number that is no card's, or no more. By a stripe it is no guess: it is answered as a stripe that we did not write. */
function unknown(state: State, request: Request, presented: Presented, card: Card | null): Authentication {
  const doubt = doubtOf(presented)
  if (presented.stripe !== null || isOffice(request.requester)) return { card, doubt, effects: NOTHING }
  const effects = { ...NOTHING, unknownNumbers: [request.source] }
  if (presented.ecodeHash === null) return { card, doubt, effects }
  const name = unknownCardName(presented, request.source)
  const tries = state.unknownCards.get(name)
  if (isLocked(tries, request.at)) return { card, doubt: 'too_many_tries', effects }
  return { card, doubt, effects: { ...effects, unknownCards: [{ name, tries: afterWrong(tries, NO_CARD, request) }] } }
}

const NO_CARD = 0

const doubtOf = ({ ecodeHash }: Presented): Result => (ecodeHash === null ? 'unknown_card' : 'wrong_ecode')

/** A token was made of the right eCode; it ends with that eCode and that sale. It is no guess, so that no lock touches it. */
const byToken = (
  card: Card | null,
  { ecodeHash }: Presented,
  { soldAt, isGood }: NonNullable<Presented['token']>,
): Authentication =>
  card !== null &&
  card.state !== 'replaced' &&
  isGood &&
  ecodeHash !== null &&
  ecodeHash === card.ecodeHash &&
  soldAt === card.soldAt
    ? { card, effects: NOTHING }
    : { card, doubt: 'wrong_ecode', effects: NOTHING }

const isWornOut = (card: Card, { stripe }: Presented): boolean =>
  stripe !== null && stripe.genuine && stripe.version < card.version

function isGenuine(card: Card, { stripe, ecodeHash }: Presented): boolean {
  if (stripe === null) return ecodeHash !== null && ecodeHash === card.ecodeHash
  return stripe.genuine && stripe.version === card.version && stripe.expiry === card.expiry
}
