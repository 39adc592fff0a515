import { opposite } from './money.ts'
import { accept, decline, issueOf, linkTo } from './outcome.ts'
import type { Request, ResolutionAsk } from './request.ts'
import { confirming, settle } from './settle.ts'
import type { Result } from './result.ts'
import { type CaseChange, type Effects, originalIn, type Outcome, type State } from './state.ts'
import { isTombstone, type Transaction } from './transaction.ts'
import { cancelling, cancellingCancellation, rebooking, reversing, type Step } from './undo.ts'

/** What a clerk's decision does: the effects, and the money that the resolution itself books (as the original's, or the other way). */
type Settling = { readonly effects: Partial<Effects>; readonly books: 'again' | 'back' | 'nothing' }
const NOTHING_MOVES: Settling = { effects: {}, books: 'nothing' }

/**
 * A person has looked at a case and decides that the transaction happened (`confirm`) or did not (`reverse`). Where the
 * money cannot follow the decision (spent, another card's by now), nothing changes and the case stays open.
 */
export function decideResolution(state: State, request: Request, ask: ResolutionAsk): Outcome {
  const original = originalIn(state, ask.original)
  if (original === undefined) return decline(request, 'original_not_found')
  const facts = linkTo(request, original)

  const settling = ask.decision === 'confirm' ? confirm(state, original) : reverse(state, original)
  if (typeof settling === 'string') return decline(request, settling, facts)
  const { transfer } = original
  const booked =
    transfer === null || settling.books === 'nothing'
      ? null
      : settling.books === 'again'
        ? transfer
        : opposite(transfer)
  const closing: CaseChange = {
    change: 'close',
    transactionId: original.id,
    resolution: ask.decision === 'confirm' ? 'clerk_confirmed' : 'clerk_reversed',
    by: ask.who,
    note: ask.reason,
  }
  return accept(
    request,
    'approved',
    {
      ...facts,
      ...(settling.books === 'again' ? { role: 'rebooks' as const } : {}),
      transfer: booked,
      sells: settling.books === 'again' && original.sells,
    },
    { ...settling.effects, cases: [closing] },
  )
}

function confirm(state: State, original: Transaction): Settling | Result {
  switch (original.state) {
    case 'unconfirmed': {
      const { settlement, changes } = confirming(state, original)
      return { effects: { settlements: [settlement], cards: changes }, books: 'nothing' }
    }
    case 'reversed': {
      if (original.undoneBy === 'rebooked') return NOTHING_MOVES
      const card = original.cardId === null ? undefined : state.cards.get(original.cardId)
      if (isTombstone(original) || (card === undefined && original.transfer === null)) return 'original_not_found'
      // Of another host's card nothing is known here: the clerk has agreed with that host that it stands.
      const maximum = card === undefined ? 0 : issueOf(state, card).maximumBalance
      const step = rebooking(state, original, maximum)
      if (step === null) return 'original_spent'
      const rebooked = settle(original, { undoneBy: 'rebooked' })
      return { effects: { settlements: [rebooked, ...step.settlements], cards: step.changes }, books: 'again' }
    }
    case 'confirmed':
    case 'cancelled':
      return NOTHING_MOVES
    case 'declined':
    case 'pending':
      return 'original_not_found'
  }
}

/** A cancellation is undone by what it cancelled standing again; everything else as by a cashier. */
const undoing = (state: State, original: Transaction): Step | null =>
  original.role === 'cancels' ? cancellingCancellation(state, original) : cancelling(state, original, false)

function reverse(state: State, original: Transaction): Settling | Result {
  switch (original.state) {
    case 'unconfirmed': {
      const step = reversing(state, original)
      if (step === null) return 'original_spent'
      const reversed = settle(original, { state: 'reversed', undoneBy: 'clerk', confirmBy: null })
      return { effects: { settlements: [reversed, ...step.settlements], cards: step.changes }, books: 'back' }
    }
    case 'reversed': {
      if (original.undoneBy !== 'rebooked') {
        const decided = settle(original, { undoneBy: 'clerk' })
        return { effects: { settlements: [decided] }, books: 'nothing' }
      }
      const step = undoing(state, original)
      if (step === null) return 'original_spent'
      const decided = settle(original, { undoneBy: 'clerk' })
      return { effects: { settlements: [...step.settlements, decided], cards: step.changes }, books: 'back' }
    }
    case 'confirmed': {
      if (original.role === 'reverses') return NOTHING_MOVES // one that nobody could understand
      const step = undoing(state, original)
      return step === null
        ? 'original_spent'
        : { effects: { settlements: step.settlements, cards: step.changes }, books: 'back' }
    }
    case 'cancelled':
    case 'declined':
      return NOTHING_MOVES
    // Its host is still to answer: what there is to decide is not known.
    case 'pending':
      return 'original_not_found'
  }
}
