import type { Card } from './card.ts'
import { borneKey } from './key.ts'
import { type Amount, opposite, type Transfer } from './money.ts'
import { accept, decline, issueOf, linkTo, rowOf } from './outcome.ts'
import type { Request, ResolutionAsk } from './request.ts'
import { cardChange, cardOf, confirming, settle } from './settle.ts'
import { payableBy, type RestAsk } from './shortfall.ts'
import type { Result } from './result.ts'
import { type CaseChange, type Effects, NOTHING, originalIn, type Outcome, type State } from './state.ts'
import { isTombstone, type Transaction } from './transaction.ts'
import { cancelling, cancellingCancellation, rebooking, reversing, type Step } from './undo.ts'

/**
 * The effects of a clerk's decision, and the money that the resolution itself books: in the original's direction or the
 * opposite one.
 */
type Settling = {
  readonly effects: Partial<Effects>
  readonly books: 'again' | 'back' | 'nothing'
  readonly transfer: Transfer | null
  /** The amount that the issuer puts onto the card first. */
  readonly before?: Effects
}
const NOTHING_MOVES: Settling = { effects: {}, books: 'nothing', transfer: null }

/**
 * A person decides that the transaction of a case happened (`confirm`) or did not (`reverse`). If the money cannot
 * follow the decision (spent, or on another card by now), nothing changes and the case stays open, unless the clerk
 * states who bears the shortfall.
 */
export function decideResolution(state: State, request: Request, ask: ResolutionAsk): Outcome {
  const original = originalIn(state, ask.original)
  if (original === undefined) return decline(request, 'original_not_found')
  const facts = linkTo(request, original)

  const settling = ask.decision === 'confirm' ? confirm(state, request, original, ask) : reverse(state, original)
  if (typeof settling === 'string') return decline(request, settling, facts)
  const { effects, books, transfer, before } = settling
  const closing: CaseChange = {
    change: 'close',
    transactionId: original.id,
    resolution: ask.decision === 'confirm' ? 'clerk_confirmed' : 'clerk_reversed',
    by: ask.who,
    note: ask.reason,
    rest: ask.rest === null || ask.decision === 'reverse' ? null : { bearer: ask.rest.bearer, amount: ask.rest.amount },
  }
  const outcome = accept(
    request,
    'approved',
    {
      ...facts,
      ...(books === 'again' ? { role: 'rebooks' as const } : {}),
      transfer,
      sells: books === 'again' && original.sells,
    },
    { ...effects, cases: [closing] },
  )
  return before === undefined ? outcome : { ...outcome, before }
}

function confirm(state: State, request: Request, original: Transaction, ask: ResolutionAsk): Settling | Result {
  if (ask.rest !== null) return sharing(state, request, original, ask, ask.rest)
  switch (original.state) {
    case 'unconfirmed': {
      const { settlement, changes } = confirming(state, original)
      return { effects: { settlements: [settlement], cards: changes }, books: 'nothing', transfer: null }
    }
    case 'reversed': {
      if (original.undoneBy === 'rebooked') return NOTHING_MOVES
      const card = original.cardId === null ? undefined : state.cards.get(original.cardId)
      if (isTombstone(original) || (card === undefined && original.transfer === null)) return 'original_not_found'
      // Nothing is known about another host's card: the clerk has agreed with that host that the transaction is valid.
      const maximum = card === undefined ? 0 : issueOf(state, card).maximumBalance
      const step = rebooking(state, original, maximum)
      if (step === null) return 'original_spent'
      const rebooked = settle(original, { undoneBy: 'rebooked' })
      return {
        effects: { settlements: [rebooked, ...step.settlements], cards: step.changes },
        books: 'again',
        transfer: original.transfer,
      }
    }
    case 'confirmed':
    case 'cancelled':
      return NOTHING_MOVES
    case 'declined':
    case 'pending':
      return 'original_not_found'
  }
}

/**
 * The card pays its available amount. If the store bears the rest, the rest is not booked; if the issuer does, an
 * adjustment puts it onto the card first, and the whole amount is booked. In both cases no more than the card's own
 * part can ever be returned to it.
 */
function sharing(
  state: State,
  request: Request,
  original: Transaction,
  ask: ResolutionAsk,
  rest: RestAsk,
): Settling | Result {
  const short = shortOf(state, original)
  const { transfer } = original
  if (short === null || transfer === null) return 'original_spent'
  // The shortfall differs from the one that was shown to the clerk.
  if (short.rest !== rest.amount || rest.amount === 0) return 'amount_differs'
  const { giver } = short
  const own = transfer.amount - rest.amount
  const settlement = settle(original, {
    undoneBy: 'rebooked',
    returned: rest.amount,
    released: rest.bearer === 'store' ? rest.amount : 0,
  })
  if (rest.bearer === 'store') {
    if (own === 0) return { effects: { settlements: [settlement] }, books: 'nothing', transfer: null }
    return {
      effects: { settlements: [settlement], cards: [cardChange(giver, { ledger: -own, available: -own })] },
      books: 'again',
      transfer: { ...transfer, amount: own },
    }
  }
  return {
    effects: {
      settlements: [settlement],
      cards: [cardChange(giver, { ledger: -transfer.amount, available: -transfer.amount })],
    },
    books: 'again',
    transfer,
    before: adjusting(request, original, giver, ask, rest),
  }
}

/** The shortfall of a reversed transaction on its card now, and the card; null: nothing can be divided. */
function shortOf(state: State, original: Transaction): { readonly giver: Card; readonly rest: Amount } | null {
  const { transfer, role, returned, operation, at } = original
  if (original.state !== 'reversed' || original.undoneBy === 'rebooked') return null
  if (transfer === null || role !== 'books' || returned > 0) return null
  const giver = cardOf(state, transfer.debit)
  const paid = giver === null ? null : payableBy(giver, { at, operation, amount: transfer.amount })
  return giver === null || paid === null ? null : { giver, rest: transfer.amount - paid }
}

/** A row of its own under the spare id. */
function adjusting(
  request: Request,
  original: Transaction,
  giver: Card,
  { who, reason }: ResolutionAsk,
  rest: RestAsk & { bearer: 'issuer' },
): Effects {
  const row = rowOf(request, 'approved', {
    operation: 'adjustment_credit',
    role: 'books',
    cardId: giver.id,
    transfer: { debit: rest.account, credit: giver.id, amount: rest.amount },
    originalId: original.id,
    state: 'confirmed',
  })
  return {
    ...NOTHING,
    rows: [{ ...row, id: request.spareId, key: borneKey(original.id) }],
    cards: [cardChange(giver, { ledger: rest.amount, available: rest.amount })],
    events: [{ cardId: giver.id, event: 'adjustment_credit', who, reason, detail: null }],
  }
}

/** Undoing a cancellation restores the cancelled transaction; every other transaction is undone as by a cashier. */
const undoing = (state: State, original: Transaction): Step | null =>
  original.role === 'cancels' ? cancellingCancellation(state, original) : cancelling(state, original, false)

/**
 * The amount to return: without the part that a partial confirmation, or a store's share, has left with the card
 * already.
 */
const backOf = ({ transfer, released }: Transaction): Transfer | null =>
  transfer === null ? null : { ...opposite(transfer), amount: transfer.amount - released }

function reverse(state: State, original: Transaction): Settling | Result {
  switch (original.state) {
    case 'unconfirmed': {
      const step = reversing(state, original)
      if (step === null) return 'original_spent'
      const reversed = settle(original, { state: 'reversed', undoneBy: 'clerk', confirmBy: null })
      return {
        effects: { settlements: [reversed, ...step.settlements], cards: step.changes },
        books: 'back',
        transfer: backOf(original),
      }
    }
    case 'reversed': {
      if (original.undoneBy !== 'rebooked') {
        const decided = settle(original, { undoneBy: 'clerk' })
        return { effects: { settlements: [decided] }, books: 'nothing', transfer: null }
      }
      const step = undoing(state, original)
      if (step === null) return 'original_spent'
      const decided = settle(original, { undoneBy: 'clerk' })
      return {
        effects: { settlements: [...step.settlements, decided], cards: step.changes },
        books: 'back',
        transfer: backOf(original),
      }
    }
    case 'confirmed': {
      if (original.role === 'reverses') return NOTHING_MOVES // one that nobody could understand
      const step = undoing(state, original)
      return step === null
        ? 'original_spent'
        : {
            effects: { settlements: step.settlements, cards: step.changes },
            books: 'back',
            transfer: backOf(original),
          }
    }
    case 'cancelled':
    case 'declined':
      return NOTHING_MOVES
    // The host has not answered yet, so it is not known what must be decided.
    case 'pending':
      return 'original_not_found'
  }
}
