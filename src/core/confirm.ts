import { type Amount, opposite } from './money.ts'
import { accept, balancesOf, changeTo, decline, issueOf, linkTo } from './outcome.ts'
import type { ConfirmationAsk, Request } from './request.ts'
import { cardChange, cardOf, confirming, settle } from './settle.ts'
import { type CardChange, type CaseReason, originalIn, type Outcome, type State } from './state.ts'
import { isTombstone, type Transaction } from './transaction.ts'
import { heldAgain, rebooking } from './undo.ts'

/** 0202: the terminal completed an approved transaction (docs/spec/terminal.md, section 5: Confirmation, The timer). */
export function decideConfirmation(state: State, request: Request, ask: ConfirmationAsk): Outcome {
  const original = originalIn(state, ask.original)
  if (original === undefined || original.state === 'declined' || original.state === 'pending') {
    return dispute(request, 'original_not_found', original ?? null, 'confirmation_unknown')
  }
  if (original.state === 'reversed') return confirmReversed(state, request, original, ask)

  // A till that took its own transaction back may still send the confirmation that it had queued. A shop is told, and has no
  // event of a confirmation: it comes here where its cancellation overtook it.
  if (original.state === 'cancelled' && request.requester.channel === 'web') {
    const result = original.undoneBy === 'terminal' ? 'original_reversed' : 'original_done'
    return decline(request, result, linkTo(request, original))
  }
  if (original.state !== 'unconfirmed') {
    const isAnother = ask.kept !== undefined && ask.kept !== keptOf(original)
    const link = linkTo(request, original)
    return isAnother ? decline(request, 'original_done', link) : accept(request, 'approved', link, {})
  }
  const rest = restOf(original, ask)
  if (rest === null) return decline(request, 'amount_differs', linkTo(request, original))
  const step = rest > 0 ? confirmingLess(state, original, rest) : confirming(state, original)
  return accept(
    request,
    'approved',
    {
      ...linkTo(request, original),
      transfer: rest > 0 && original.transfer !== null ? { ...opposite(original.transfer), amount: rest } : null,
      balances: shownTo(request, state, original, step.changes),
    },
    { settlements: [step.settlement], cards: step.changes },
  )
}

const keptOf = ({ transfer, released }: Transaction): Amount => (transfer?.amount ?? 0) - released

/** The amount that a partial confirmation gives back; null: it would keep more than was taken, or it is no payment. */
function restOf({ transfer, operation }: Transaction, { kept }: ConfirmationAsk): Amount | null {
  const taken = transfer?.amount ?? 0
  if (kept === undefined || kept === taken) return 0
  return operation === 'payment' && kept > 0 && kept < taken ? taken - kept : null
}

/** The rest comes back at once: it was the card's own money. */
function confirmingLess(state: State, original: Transaction, rest: Amount) {
  const giver = original.transfer === null ? null : cardOf(state, original.transfer.debit)
  if (giver === null) throw new Error(`payment ${original.id} was taken from no card that is loaded`)
  return {
    settlement: settle(original, {
      state: 'confirmed',
      confirmBy: null,
      returned: original.returned + rest,
      released: rest,
    }),
    changes: [cardChange(giver, { ledger: rest, available: rest, set: heldAgain(giver) })],
  }
}

/** A shop is shown the balances after its step; an 0212 has none. */
function shownTo(request: Request, state: State, { cardId }: Transaction, changes: readonly CardChange[]) {
  const card = cardId === null ? undefined : state.cards.get(cardId)
  return request.requester.channel === 'web' && card !== undefined
    ? balancesOf(state, card, changeTo(changes, card))
    : null
}

/**
 * Books again, once, the transaction that the timer reversed, if there is no other decision about it and the card's
 * balance allows it.
 */
function confirmReversed(state: State, request: Request, original: Transaction, ask: ConfirmationAsk): Outcome {
  const link = linkTo(request, original)
  if (original.undoneBy === 'rebooked') {
    const isAnother = ask.kept !== undefined && ask.kept !== keptOf(original)
    return isAnother ? decline(request, 'original_done', link) : accept(request, 'approved', link, {})
  }
  const rest = restOf(original, ask)
  if (rest === null) return decline(request, 'amount_differs', link)

  const card = original.cardId === null ? undefined : state.cards.get(original.cardId)
  const inTime = request.at - original.at <= request.lateConfirmWindowMs
  if (original.undoneBy === 'timer' && !isTombstone(original) && inTime && card !== undefined) {
    const step = rebooking(state, lessBy(original, rest), issueOf(state, card).maximumBalance)
    if (step !== null) {
      const { sells } = original
      const { transfer } = lessBy(original, rest)
      const returned = original.returned + rest
      return accept(
        request,
        'approved',
        { ...link, transfer, sells, role: 'rebooks', balances: shownTo(request, state, original, step.changes) },
        {
          settlements: [settle(original, { undoneBy: 'rebooked', returned, released: rest }), ...step.settlements],
          cards: step.changes,
          cases: [{ change: 'close', transactionId: original.id, resolution: 'confirmed_late', by: null, note: null }],
        },
      )
    }
  }
  return dispute(request, 'original_reversed', original, 'confirmation_after_reversal')
}

const lessBy = (original: Transaction, rest: Amount): Transaction =>
  original.transfer === null || rest === 0
    ? original
    : { ...original, transfer: { ...original.transfer, amount: original.transfer.amount - rest } }

/** Refuses a confirmation, although the store reports that the transaction happened: a person has to look at it. */
function dispute(
  request: Request,
  result: 'original_not_found' | 'original_reversed',
  original: Transaction | null,
  reason: CaseReason,
): Outcome {
  const cardId = original?.cardId ?? null
  // A transaction that a clerk has decided does not open a case again.
  const decided = original?.undoneBy === 'clerk'
  return decline(request, result, original === null ? {} : linkTo(request, original), {
    cases: decided ? [] : [{ change: 'open', transactionId: original?.id ?? request.id, cardId, reason }],
  })
}
