import type { Card } from './card.ts'
import { opposite } from './money.ts'
import { confirmByOf } from './approve.ts'
import { authenticate } from './authenticate-card.ts'
import { isByNumberAlone } from './by-number.ts'
import { OPERATIONS } from './operations.ts'
import { forwardCancellation } from './forward.ts'
import { accept, answerOnly, balancesOf, changeTo, decline, issueOf, linkTo } from './outcome.ts'
import type { CancellationAsk, Request } from './request.ts'
import { isById, stampText, type Original } from './key.ts'
import type { Result } from './result.ts'
import { originalIn, type Outcome, type State } from './state.ts'
import { isTombstone, type Transaction } from './transaction.ts'
import { cancelling } from './undo.ts'
import { isThrottled } from './unknown-numbers.ts'

/** 0400: the cashier undoes it, once and in full; may be declined (docs/spec/terminal.md, section 5: Cancellation). */
export function decideCancellation(state: State, request: Request, ask: CancellationAsk): Outcome {
  const original = originalIn(state, ask.original) ?? null
  const routed = original === null ? undefined : state.routed.get(original.id)
  if (original !== null && routed !== undefined) {
    const objection = isCancellable(original) ? object(request, original) : 'original_not_found'
    return forwardCancellation(request, ask, original, routed, objection)
  }
  if (ask.presented !== null && isThrottled(state, request, ask.presented)) {
    return answerOnly(request, 'too_many_numbers', null)
  }
  const belief = ask.presented === null ? null : authenticate(state, request, ask.presented)
  const shown = belief?.card ?? null
  if (belief !== null && 'doubt' in belief) {
    return decline(request, belief.doubt, { cardId: shown?.id ?? null }, belief.effects)
  }

  const card = original?.cardId == null ? null : (state.cards.get(original.cardId) ?? null)
  if (original !== null && isTombstone(original)) {
    return declineFor(state, request, ask, 'original_reversed', original, shown)
  }
  if (original === null || card === null || !isCancellable(original)) {
    const result =
      original === null && isOfAnotherStore(state, ask.original) ? 'store_not_permitted' : 'original_not_found'
    return declineFor(state, request, ask, result, original, shown)
  }
  if (shown !== null && shown.id !== card.id && shown.id !== card.replacedBy)
    return decline(request, 'unknown_card', { originalId: original.id })

  const objection = object(request, original)
  if (objection !== null) return declineFor(state, request, ask, objection, original, card)

  const pending = request.confirmation !== 'none'
  const step = cancelling(state, original, pending)
  if (step === null || original.transfer === null)
    return declineFor(state, request, ask, 'original_spent', original, card)
  if (ask.amount !== null && ask.amount !== original.transfer.amount) {
    return declineFor(state, request, ask, 'amount_differs', original, card)
  }
  return accept(
    request,
    'approved',
    {
      ...linkTo(request, original),
      transfer: { ...opposite(original.transfer), amount: original.transfer.amount - original.released },
      balances: isHeard(state, request, ask, original, card)
        ? balancesOf(state, card, changeTo(step.changes, card))
        : null,
      state: pending ? 'unconfirmed' : 'confirmed',
      confirmBy: pending ? confirmByOf(request) : null,
    },
    { settlements: step.settlements, cards: step.changes },
  )
}

/** 57 STORE: this terminal has no such transaction, but another store has one with this DE 90. */
const isOfAnotherStore = (state: State, original: Original): boolean =>
  !isById(original) &&
  [...(state.storesByStamp.get(stampText(original)) ?? [])].some((store) => store !== original.store)

const isCancellable = ({ role, operation }: Transaction): boolean =>
  role === 'books' && operation !== null && OPERATIONS[operation].cancellable

/** 21: the original is reversed, undone, declined or too old. */
function object(request: Request, original: Transaction): Result | null {
  if (original.state === 'reversed' && original.undoneBy !== 'rebooked') return 'original_reversed'
  if (original.state === 'cancelled' || original.state === 'declined') return 'original_done'
  return isInTime(request, original) ? null : 'original_late'
}

const isInTime = ({ at, businessDate, cancelWindowMs }: Request, original: Transaction): boolean =>
  cancelWindowMs === null ? original.businessDate === businessDate : at - original.at <= cancelWindowMs

function declineFor(
  state: State,
  request: Request,
  ask: CancellationAsk,
  result: Result,
  original: Transaction | null,
  card: Card | null,
): Outcome {
  const balances = card !== null && isHeard(state, request, ask, original, card) ? balancesOf(state, card, null) : null
  return decline(request, result, {
    operation: original?.operation ?? null,
    originalId: original?.id ?? null,
    cardId: card?.id ?? null,
    balances,
  })
}

/** DE 54: a requester who presents no card, or only the number, learns no more than from the answer to the original. */
function isHeard(
  state: State,
  request: Request,
  { presented }: CancellationAsk,
  original: Transaction | null,
  card: Card,
): boolean {
  if (presented !== null && !isByNumberAlone(request, presented)) return true
  return original?.balances != null || issueOf(state, card).balanceByNumber
}
