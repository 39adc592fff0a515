import { AMOUNT_RULES, amountOf } from './amounts.ts'
import { approve } from './approve.ts'
import type { Card } from './card.ts'
import {
  type Check,
  expiryIsKnown,
  isBlocked,
  isExpired,
  isInState,
  isOver,
  plasticIsNext,
  successorIsSellable,
} from './card-checks.ts'
import { authenticate } from './authenticate-card.ts'
import { isEntryPermitted, mayHearBalance } from './by-number.ts'
import { fitsBlocks, fitsDay, fitsUnreceipted } from './day-limits.ts'
import type { Issue } from './issue.ts'
import { isLockedOut } from './lookups.ts'
import { isAwaitable, isLookup, lookedUp } from './card-lookup.ts'
import type { Amount } from './money.ts'
import type { Case } from './operation-case.ts'
import { OPERATIONS, type OperationRule } from './operations.ts'
import { answerOnly, balancesOf, decline, issueOf, packOf } from './outcome.ts'
import { blockIn, standingOf } from './pack.ts'
import type { OperationAsk, Request } from './request.ts'
import { KIND, keyText } from './key.ts'
import type { Result } from './result.ts'
import { type Effects, NOTHING, type Outcome, type State } from './state.ts'
import { stands, type Transaction } from './transaction.ts'
import { isThrottled } from './unknown-numbers.ts'

/** Decides an operation: the first failing check is the answer, in the order of docs/spec/terminal.md, section 6. */
export function decideOperation(state: State, request: Request, ask: OperationAsk): Outcome {
  const { operation } = ask
  if (isThrottled(state, request, ask.presented)) return answerOnly(request, 'too_many_numbers', null)
  const belief = authenticate(state, request, ask.presented)
  if ('doubt' in belief) {
    const { card, doubt, effects } = belief
    // A locked shop may ask again under the same key: the answer is not kept.
    if (doubt === 'too_many_tries' && request.requester.channel === 'web') {
      return { ...answerOnly(request, doubt, null), ...effects }
    }
    return refuse(request, decline(request, doubt, { operation, cardId: card?.id ?? null }, effects))
  }
  const { card } = belief
  // The request was computed from the card as it was then; it may be sent again under the same key.
  if (ask.cardSeq !== undefined && ask.cardSeq !== card.seq) return answerOnly(request, 'amount_differs', null)
  if (
    isLookup(request, ask) &&
    isAwaitable(request, card) &&
    isLockedOut(state.lookups.get(request.source), request.at)
  ) {
    return refuse(request, decline(request, 'too_many_tries', { operation, cardId: card.id }, belief.effects))
  }
  const c = caseOf(state, request, ask, card)
  for (const check of CHECKS) {
    const result = check(c)
    if (result === 'approved_partially')
      return withTries(approve({ ...c, amount: card.available }, result), belief.effects)
    if (result !== null) return refuse(request, declineOf(c, result, belief.effects))
  }
  const approved = approve(c, approvalOf(c))
  // The card is sold now: nobody can wait for its sale, and the query leaves no mark.
  const effects = approved.row?.sells === true ? NOTHING : lookedUp(state, request, ask, card)
  return withTries(withLookup(approved, effects), belief.effects)
}

function declineOf(c: Case, result: Result, { tries, cards }: Effects): Outcome {
  const { state, request, ask, card, issue } = c
  // 14 and 75 show no balances (docs/spec/terminal.md, section 3, DE54), also where it is the new card of a duplicate that is not known.
  const isShown = result !== 'unknown_card' && mayHearBalance(request, ask.presented, issue, result)
  const balances = isShown ? balancesOf(state, card, null) : null
  const lookup = lookedUp(state, request, ask, card)
  const unknownNumbers = c.rule.card === 'moves' && result === 'unknown_card' ? [request.source] : []
  const effects = { ...lookup, tries, unknownNumbers, cards: [...cards, ...lookup.cards] }
  return decline(request, result, { operation: ask.operation, cardId: card.id, balances }, effects)
}

const withLookup = (outcome: Outcome, effects: Effects): Outcome =>
  effects === NOTHING
    ? outcome
    : {
        ...outcome,
        lookups: effects.lookups,
        cards: [...outcome.cards, ...effects.cards],
        events: [...outcome.events, ...effects.events],
      }

function caseOf(state: State, request: Request, ask: OperationAsk, card: Card): Case {
  const issue = issueOf(state, card)
  const pack = packOf(state, card)
  const rule: OperationRule = OPERATIONS[ask.operation]
  const named = ask.office?.expiry ?? null
  const expiry = named === null || card.state !== 'expired' ? null : (state.transactions.get(keyText(named)) ?? null)
  return {
    state,
    request,
    ask,
    rule,
    card,
    issue,
    pack,
    standing: standingOf(card, issue, pack),
    block: blockIn(card, pack),
    amount: amountOf(ask, rule, issue, card, expiry),
    payment: paymentOf(state, request, ask, card),
    expiry,
    successor: ask.successor === null ? null : (state.cardsByHash.get(ask.successor.numberHash) ?? null),
  }
}

const withTries = (outcome: Outcome, { tries }: Effects): Outcome =>
  tries.length === 0 ? outcome : { ...outcome, tries }

/** 14 · 64 · 41, 43, 62 · 54 · 78 · 57 · 13 · 61, 65 · 51: the order is the answer. */
const CHECKS: readonly Check[] = [
  successorIsKnown,
  receiptCovers,
  expiryIsKnown,
  isBlocked,
  isOver,
  isInState,
  plasticIsNext,
  successorIsSellable,
  isPermitted,
  (c) => AMOUNT_RULES[c.rule.amount](c),
  fitsLimits,
  isCovered,
]

/** A duplicate needs a number that is known, and not the card's own. */
function successorIsKnown({ rule, successor, card }: Case): Result | null {
  if (rule.card !== 'moves') return null
  return successor === null || successor.id === card.id ? 'unknown_card' : null
}

/** The refunds of one payment never exceed its amount. A payment that is named by its id has to exist. */
function receiptCovers({ payment, amount, ask }: Case): Result | null {
  if (payment === null) return ask.receipt === null || typeof ask.receipt === 'string' ? null : 'original_not_found'
  return amount > refundable(payment) ? 'amount_differs' : null
}

const refundable = (payment: Transaction): Amount =>
  stands(payment) ? (payment.transfer?.amount ?? 0) - payment.returned : 0

/** 57: ENTRY, ISSUE, STORE, TOPUP, REFUND in this order. */
function isPermitted(c: Case): Result | null {
  const { ask, rule, issue, request } = c
  if (!isEntryPermitted(c)) return 'entry_not_permitted'
  if (ask.currency !== null && ask.currency !== issue.currency) return 'issue_not_permitted'
  if (issue.state === 'closed' && (rule.wants === 'sellable' || ask.ontoNew)) return 'issue_not_permitted'
  if (ask.nominal && issue.nominal === null) return 'issue_not_permitted'
  if (rule.amount === 'cash_out' && issue.cashOutMaximum === 0) return 'issue_not_permitted'
  if (rule.contra !== null && ask.contra === null) return 'store_not_permitted'
  if (rule.contra !== null && !isStoreOf(issue, rule, ask, request.key.store)) return 'store_not_permitted'
  if (rule.amount === 'top_up' && issue.topUp === null) return 'top_up_not_permitted'
  if (rule.amount === 'refund' && !(ask.ontoNew ? issue.refundOntoNew : issue.refundOntoCard)) {
    return 'refund_not_permitted'
  }
  return null
}

/** Where the issue is sold, and where it is accepted, are two lists; only stores' own operations are bound by them. */
function isStoreOf(issue: Issue, { contra, wants }: OperationRule, { ontoNew }: OperationAsk, store: string): boolean {
  if (contra !== 'store_receivable' && contra !== 'store_payable') return true
  const stores = wants === 'sellable' || ontoNew ? issue.sellingStores : issue.acceptingStores
  return stores === null || stores.has(store)
}

/** 61, 65: what goes onto the card, and what leaves it in a day. The ledger balance counts, so that unconfirmed loads cannot pile up. */
function fitsLimits(c: Case): Result | null {
  const { rule, issue, card, amount } = c
  if (rule.byNumber === 'bounded') return fitsBlocks(c)
  if (rule.card === 'takes') return fitsDay(c)
  if (rule.card !== 'gives' || rule.amount === 'expired') return null
  if (card.ledger + card.staged + amount > issue.maximumBalance) return 'exceeds_maximum_balance'
  if (rule.amount === 'top_up' && issue.topUpCount !== null && card.topUps >= issue.topUpCount) {
    return 'exceeds_count_limit'
  }
  return fitsUnreceipted(c)
}

/** 51, or less than was asked where till and issue can do with it. A duplicate of a card with nothing on it moves nothing. */
function isCovered({ ask, rule, issue, card, amount }: Case): Result | null {
  if (rule.card === 'moves') return card.available > 0 ? null : 'exceeds_balance'
  if (rule.card !== 'takes' || amount <= card.available) return null
  return ask.partial && issue.partialApproval && rule.amount === 'payment' && card.available > 0
    ? 'approved_partially'
    : 'exceeds_balance'
}

/**
 * The payment that a refund's receipt names: of this card or of the one that it replaced, else the only one of that
 * number in this store, so that one receipt is not given back on several cards. A reference that names none is the
 * terminal's own, and the refund is one without a receipt.
 */
function paymentOf(state: State, request: Request, ask: OperationAsk, card: Card): Transaction | null {
  if (ask.operation !== 'refund' || ask.receipt === null) return null
  if (typeof ask.receipt !== 'string') return paymentById(state, ask.receipt.id)
  const payments = state.paymentsByRrn.get(ask.receipt) ?? []
  const own = payments.find(({ cardId }) => {
    return cardId === card.id || (cardId !== null && state.cards.get(cardId)?.replacedBy === card.id)
  })
  if (own !== undefined) return own
  const inStore = payments.filter((payment) => payment.key.store === request.key.store)
  return inStore.length === 1 ? (inStore[0] ?? null) : null
}

/** A request that names a payment by its id means that payment, and no other is looked for. */
function paymentById({ transactionsById }: State, id: number): Transaction | null {
  const payment = transactionsById.get(id)
  return payment?.operation === 'payment' && payment.role === 'books' ? payment : null
}

function approvalOf({ rule, card, block, request }: Case): Result {
  if (rule.wants !== 'known') return 'approved'
  if (block !== null) return 'approved_though_blocked'
  return isExpired(card, request.today) ? 'approved_though_expired' : 'approved'
}

/** An advice reports an event at the till: its refusal leaves a case for a person. */
function refuse(request: Request, outcome: Outcome): Outcome {
  if (request.key.kind !== KIND.advice || outcome.row === null) return outcome
  const { id, cardId } = outcome.row
  return { ...outcome, cases: [{ change: 'open', transactionId: id, cardId, reason: 'advice_refused' }] }
}
