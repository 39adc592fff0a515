import { BLOCK_RESULTS, isUndoable } from './blocks.ts'
import { isBlockableByNumber } from './by-number.ts'
import type { Card, CardState } from './card.ts'
import { isAtTerminal } from './channel.ts'
import { isSuspected } from './card-lookup.ts'
import type { Case } from './operation-case.ts'
import type { OperationRule } from './operations.ts'
import { issueOf, packOf } from './outcome.ts'
import { blockIn, isKilled, isUnsold, standingOf } from './pack.ts'
import type { Result } from './result.ts'
import { isEnumerating } from './unknown-numbers.ts'
import { stands } from './transaction.ts'

/** One check of card and operation (41, 43, 62, 54, 78). Null: passed. */
export type Check = (c: Case) => Result | null

export const isExpired = (card: Card, today: string): boolean =>
  card.state === 'expired' || (card.validUntil !== null && today > card.validUntil)

/** 43 also if somebody tries to unblock a card whose pack was killed: it stays stolen. */
export function isBlocked(c: Case): Result | null {
  const { ask, block, card, rule, pack, request } = c
  if (ask.operation === 'unblock') return isKilled(card, pack) ? 'card_stolen' : isUndoable(c)
  const isRefused = rule.block === 'refused' || (rule.block === 'office_ignores' && isAtTerminal(request.requester))
  return block !== null && isRefused ? BLOCK_RESULTS[block] : null
}

const REFUSES_EXPIRED = {
  sellable: true,
  sold: true,
  sold_or_new: true,
  sold_or_packed: true,
  known: false,
  overdue: false,
  extendable: false,
  packed: false,
  any: false,
} as const satisfies Record<OperationRule['wants'], boolean>

/** 54. */
export const isOver: Check = ({ card, rule, request }) =>
  REFUSES_EXPIRED[rule.wants] && isExpired(card, request.today) ? 'card_expired' : null

/** 78: a refund onto a new card wants one that is not sold, a welfare load onto one a card of its employer's pack. */
export const isInState: Check = (c) => {
  const { wants } = c.rule
  if (!c.ask.ontoNew) return STATE_CHECKS[wants](c)
  return wants === 'sold_or_packed' ? inActivePack(c) : STATE_CHECKS[wants === 'sold_or_new' ? 'sellable' : wants](c)
}

const wantsSold: Check = ({ standing: state }) =>
  state === 'sellable' || state === 'inactive' ? 'card_unsold' : state === 'sold' ? null : 'card_expired'

/** A counterparty's cards are in no shop: they are sold with their pack, or one by one by a welfare load. */
const inActivePack: Check = ({ card, pack, issue }) => {
  if (!isUnsold(card)) return 'card_sold'
  const isOpen = pack?.state === 'active' && pack.recipient === 'counterparty'
  return isOpen && (pack.authorised || !issue.saleAuthorisation) ? null : 'pack_inactive'
}

const STATE_CHECKS = {
  sold: wantsSold,
  sold_or_new: wantsSold,
  sold_or_packed: wantsSold,
  known: ({ standing }) => (standing === 'sellable' || standing === 'inactive' ? 'card_unsold' : null),
  sellable: ({ standing, card, request }) => sellable(standing, card, request.at),
  overdue: (c) => wantsSold(c) ?? (isExpired(c.card, c.request.today) ? settled(c) : 'issue_not_permitted'),
  extendable: (c) => (c.card.state === 'expired' ? null : wantsSold(c)),
  packed: ({ card, pack }) => (!isUnsold(card) ? 'card_sold' : pack?.state === 'selling' ? null : 'pack_inactive'),
  any: isBlockableByNumber,
} as const satisfies Record<OperationRule['wants'], Check>

function sellable(standing: CardState, card: Card, at: number): Result | null {
  if (standing === 'inactive') return 'pack_inactive'
  if (standing !== 'sellable') return 'card_sold'
  return isSuspected(card, at) ? 'card_to_be_checked' : null
}

/** Unconfirmed amounts in the card's favour have to be settled first: the card is left to the next night. */
const settled = ({ card }: Case): Result | null => (card.available === card.ledger ? null : 'exceeds_balance')

export function successorIsSellable(c: Case): Result | null {
  const { state, request } = c
  const result = objectTo(c)
  // A more precise refusal would reveal that the number exists.
  return result !== null && isEnumerating(state, request) ? 'unknown_card' : result
}

function objectTo({ state, request, successor, card }: Case): Result | null {
  if (successor === null) return null
  const pack = packOf(state, successor)
  const block = blockIn(successor, pack)
  if (block !== null) return BLOCK_RESULTS[block]
  const standing = standingOf(successor, issueOf(state, successor), pack)
  return (
    sellable(standing, successor, request.at) ?? (successor.issueId === card.issueId ? null : 'issue_not_permitted')
  )
}

/** An extension gives back what the expiry of this card took, once. */
export function expiryIsKnown({ rule, card, expiry }: Case): Result | null {
  if (rule.amount !== 'expired' || card.state !== 'expired') return null
  return expiry?.operation === 'expiry' && expiry.cardId === card.id && stands(expiry) ? null : 'original_not_found'
}

/** A new plastic has the next version, so that two clerks at a time do not make two. */
export const plasticIsNext: Check = ({ ask, card }) =>
  ask.operation !== 'new_version' || ask.office?.plastic?.version === card.version + 1 ? null : 'issue_not_permitted'
