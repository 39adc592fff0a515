import { accept, decline, issueOf, linkTo } from './outcome.ts'
import type { ConfirmationAsk, Request } from './request.ts'
import { confirming, settle } from './settle.ts'
import { type CaseReason, originalIn, type Outcome, type State } from './state.ts'
import { isTombstone, type Transaction } from './transaction.ts'
import { rebooking } from './undo.ts'

/** 0202: the terminal completed what was approved (section 5, Confirmation and The timer). */
export function decideConfirmation(state: State, request: Request, ask: ConfirmationAsk): Outcome {
  const original = originalIn(state, ask.original)
  if (original === undefined || original.state === 'declined' || original.state === 'pending') {
    return dispute(request, 'original_not_found', original ?? null, 'confirmation_unknown')
  }
  if (original.state === 'reversed') return confirmReversed(state, request, original)

  if (original.state !== 'unconfirmed') return accept(request, 'approved', linkTo(request, original), {})
  const { settlement, changes } = confirming(state, original)
  return accept(request, 'approved', linkTo(request, original), { settlements: [settlement], cards: changes })
}

/** What the timer took back is booked again, once, while nobody has decided otherwise and the card can bear it. */
function confirmReversed(state: State, request: Request, original: Transaction): Outcome {
  if (original.undoneBy === 'rebooked') return accept(request, 'approved', linkTo(request, original), {})

  const card = original.cardId === null ? undefined : state.cards.get(original.cardId)
  const inTime = request.at - original.at <= request.lateConfirmWindow
  if (original.undoneBy === 'timer' && !isTombstone(original) && inTime && card !== undefined) {
    const step = rebooking(state, original, issueOf(state, card).maximumBalance)
    if (step !== null) {
      const { transfer, sells } = original
      return accept(
        request,
        'approved',
        { ...linkTo(request, original), transfer, sells, role: 'rebooks' },
        {
          settlements: [settle(original, { undoneBy: 'rebooked' }), ...step.settlements],
          cards: step.changes,
          cases: [{ change: 'close', transactionId: original.id, resolution: 'confirmed_late', by: null, note: null }],
        },
      )
    }
  }
  return dispute(request, 'original_reversed', original, 'confirmation_after_reversal')
}

/** Refused, though the store says that it happened: a person has to look. */
function dispute(
  request: Request,
  result: 'original_not_found' | 'original_reversed',
  original: Transaction | null,
  reason: CaseReason,
): Outcome {
  const cardId = original?.cardId ?? null
  // What a clerk has decided already is not a case again.
  const decided = original?.undoneBy === 'clerk'
  return decline(request, result, original === null ? {} : linkTo(request, original), {
    cases: decided ? [] : [{ change: 'open', transactionId: original?.id ?? request.id, cardId, reason }],
  })
}
