import { NO_EXPIRY, type Card, type CardSettings } from './card.ts'
import type { Amount, Transfer } from './money.ts'
import { monthsAfter } from './dates.ts'
import { countedAgain, refundedAgain, uncounted, unrefunded } from './day-limits.ts'
import { issueOf } from './outcome.ts'
import { cardChange, cardOf, settle } from './settle.ts'
import { wasSoldSince } from './shortfall.ts'
import type { CardChange, Settlement, State } from './state.ts'
import { stands, type Transaction } from './transaction.ts'

/** The effects of booking or undoing a transaction on its cards and on the transactions that it refers to. */
export type Step = { readonly changes: readonly CardChange[]; readonly settlements: readonly Settlement[] }

/** The cards on the two sides of a transfer; null where that side is not a card. */
const sides = (state: State, { debit, credit }: Transfer): { giver: Card | null; receiver: Card | null } => ({
  giver: cardOf(state, debit),
  receiver: cardOf(state, credit),
})

/**
 * Reverses an unconfirmed transaction, as if it had never been: an amount given was not available yet, so only the
 * ledger balance falls; an amount taken returns at once. Null: the card has moved on since, and only a person can
 * decide.
 */
export function reversing(state: State, transaction: Transaction): Step | null {
  const { transfer, sells, returned } = transaction
  if (transfer === null || returned > 0) return null
  const { giver, receiver } = sides(state, transfer)
  if (sells && !holdsJust(receiver, transfer.amount)) return null
  if (transaction.role === 'cancels') return reinstating(state, transaction, transfer)

  const payment = parentOf(state, transaction)
  return {
    changes: [
      ...(receiver === null
        ? []
        : [cardChange(receiver, { ledger: -transfer.amount, set: loadUndone(state, receiver, transaction) })]),
      ...(giver === null
        ? []
        : [
            cardChange(giver, {
              ledger: transfer.amount,
              available: transfer.amount,
              set: { ...uncounted(giver, transaction), ...standsAgain(giver, transaction), ...heldAgain(giver) },
            }),
          ]),
    ],
    settlements: payment === null ? [] : [notGivenBack(payment, transfer.amount)],
  }
}

/**
 * A clerk takes back a confirmed cancellation: the cancelled transaction counts again. Null: the card's balance does
 * not allow it.
 */
export function cancellingCancellation(state: State, cancellation: Transaction): Step | null {
  const step = cancellation.transfer === null ? null : reinstating(state, cancellation, cancellation.transfer)
  if (step === null) return null
  return {
    ...step,
    settlements: [settle(cancellation, { state: 'cancelled', undoneBy: 'clerk' }), ...step.settlements],
  }
}

/**
 * Reverses a transaction that was final at once and that nothing was built on, as if it had never been. Null: the
 * card's balance does not allow it.
 */
export function takingBack(state: State, transaction: Transaction): Step | null {
  const step =
    transaction.role === 'cancels' && transaction.transfer !== null
      ? reinstating(state, transaction, transaction.transfer)
      : cancelling(state, transaction, false)
  if (step === null) return null
  const others = step.settlements.filter((settlement) => settlement.transaction !== transaction)
  return { ...step, settlements: [settle(transaction, { state: 'cancelled', undoneBy: 'terminal' }), ...others] }
}

/**
 * Takes back a cancellation: the cancelled transaction is confirmed again, if the card and the receipt still allow it.
 */
function reinstating(state: State, cancellation: Transaction, transfer: Transfer): Step | null {
  const original = parentOf(state, cancellation)
  if (original === null) return null
  // The amount that an unconfirmed cancellation returned to the card was never available.
  const spendable = cancellation.state === 'unconfirmed' ? 0 : transfer.amount
  const { giver, receiver } = sides(state, transfer)
  if (receiver !== null && spendable > receiver.available) return null
  if (original.sells && giver?.state !== 'sellable') return null
  const receipt = receiptOf(state, original)
  if (receipt !== null && !canGiveBack(receipt, transfer.amount)) return null
  return {
    changes: [
      ...(receiver === null
        ? []
        : [
            cardChange(receiver, {
              ledger: -transfer.amount,
              available: -spendable,
              set: countedAgain(receiver, original),
            }),
          ]),
      ...(giver === null
        ? []
        : [
            cardChange(giver, {
              ledger: transfer.amount,
              available: transfer.amount,
              set: { ...heldAgain(giver), ...soldAgain(state, giver, original), ...refundedAgain(giver, original) },
            }),
          ]),
    ],
    settlements: [
      settle(original, { state: 'confirmed', undoneBy: null, confirmBy: null }),
      ...(receipt === null ? [] : [settle(receipt, { returned: receipt.returned + transfer.amount })]),
    ],
  }
}

/**
 * Cancels a confirmed transaction (or one that is confirmed in the same step). An amount returned to the card is
 * available once the cancellation is confirmed, at once if no confirmation is used. Null: it is spent, partly returned,
 * or the card would exceed its maximum.
 */
export function cancelling(state: State, transaction: Transaction, pending: boolean): Step | null {
  const { transfer, sells, returned, released, state: was } = transaction
  if (transfer === null || returned > released) return null
  const amount = transfer.amount - released
  // The card paid no part of it, so there is nothing to give back.
  if (amount === 0) return null
  const { giver, receiver } = sides(state, transfer)
  const waiting = was === 'unconfirmed' ? amount : 0
  if (receiver !== null && amount > receiver.available + waiting) return null
  if (sells && !holdsJust(receiver, amount)) return null

  const receipt = receiptOf(state, transaction)
  return {
    changes: [
      ...(receiver === null
        ? []
        : [
            cardChange(receiver, {
              ledger: -amount,
              available: waiting - amount,
              set: loadUndone(state, receiver, transaction),
            }),
          ]),
      ...(giver === null
        ? []
        : [
            cardChange(giver, {
              ledger: amount,
              available: pending ? 0 : amount,
              set: { ...uncounted(giver, transaction), ...heldAgain(giver) },
            }),
          ]),
    ],
    settlements: [
      settle(transaction, { state: 'cancelled', undoneBy: 'cancellation', confirmBy: null }),
      ...(receipt === null ? [] : [notGivenBack(receipt, amount)]),
    ],
  }
}

/**
 * Books a reversed transaction again: checks the balance for a debit, state and maximum for a credit; not blocks,
 * expiry and limits (docs/spec/terminal.md, section 5: The timer). Null: the card no longer allows it.
 */
export function rebooking(state: State, transaction: Transaction, maximumBalance: Amount): Step | null {
  const { transfer, sells, returned } = transaction
  // Of a partly refunded payment only the rest came back, so booking it in full would take too much.
  if (transfer === null || returned > 0) return null
  if (transaction.role === 'cancels') {
    const original = parentOf(state, transaction)
    return original === null || original.state !== 'confirmed' ? null : cancelling(state, original, false)
  }

  const { amount } = transfer
  const { giver, receiver } = sides(state, transfer)
  if (wasSoldSince(giver, transaction) || wasSoldSince(receiver, transaction)) return null
  const payment = parentOf(state, transaction)
  if (payment !== null && !canGiveBack(payment, amount)) return null
  if (giver !== null && (amount > giver.available || giver.state !== 'sold')) return null
  if (receiver !== null && receiver.state !== (sells ? 'sellable' : 'sold')) return null
  if (receiver !== null && receiver.ledger + receiver.staged + amount > maximumBalance) return null
  return {
    changes: [
      ...(giver === null
        ? []
        : [
            cardChange(giver, {
              ledger: -amount,
              available: -amount,
              set: replacedOnceMore(transaction, giver, receiver),
            }),
          ]),
      ...(receiver === null
        ? []
        : [
            cardChange(receiver, {
              ledger: amount,
              available: amount,
              set: sells ? soldOn(state, receiver, transaction, giver) : {},
            }),
          ]),
    ],
    settlements: payment === null ? [] : [settle(payment, { returned: payment.returned + amount })],
  }
}

/** The timer's way where a card has moved on: `rest` of the money goes back, and what else the cards are now they stay. */
export function takingBackTheRest(state: State, transaction: Transaction, transfer: Transfer, rest: Amount): Step {
  const { giver, receiver } = sides(state, transfer)
  const payment = parentOf(state, transaction)
  return {
    changes: [
      ...(receiver === null ? [] : [cardChange(receiver, { ledger: -rest })]),
      ...(giver === null ? [] : [cardChange(giver, { ledger: rest, available: rest, set: heldAgain(giver) })]),
    ],
    settlements: payment === null ? [] : [notGivenBack(payment, transfer.amount)],
  }
}

/** A card that was sold by a load and holds that money and nothing else. */
const holdsJust = (card: Card | null, amount: Amount): boolean =>
  card !== null && card.state === 'sold' && card.ledger === amount

/**
 * An undone sale leaves the card sellable, and its validity has not begun; a virtual card, whose eCode was shown, is
 * closed permanently. An undone top-up does not count.
 */
function loadUndone(state: State, card: Card, transaction: Transaction): Partial<CardSettings> {
  const { sells, operation } = transaction
  if (operation === 'top_up') return { topUps: Math.max(0, card.topUps - 1) }
  const count = unrefunded(card, transaction)
  if (!sells) return count
  if (issueOf(state, card).virtual) return { ...count, state: 'closed' }
  return { ...count, state: 'sellable', validUntil: card.expiry === NO_EXPIRY ? null : card.validUntil, soldAt: null }
}

const soldAgain = (state: State, card: Card, original: Transaction): Partial<CardSettings> =>
  original.sells
    ? soldOn(state, card, original, null)
    : original.operation === 'top_up'
      ? { topUps: card.topUps + 1 }
      : {}

/** Sold as it was the first time: its time runs from then; a duplicate has that of the card before it. */
function soldOn(state: State, card: Card, sale: Transaction, before: Card | null): Partial<CardSettings> {
  if (before !== null) return { state: 'sold', validUntil: before.validUntil, soldAt: before.soldAt }
  const { validityMonths } = issueOf(state, card)
  return {
    state: 'sold',
    validUntil: validityMonths === null ? card.validUntil : monthsAfter(sale.businessDate, validityMonths),
    soldAt: sale.at,
  }
}

/** Money that returns to a card whose sale was undone meanwhile makes it a sold card again: its holder still has it. */
export const heldAgain = (card: Card): Partial<CardSettings> => (card.state === 'sellable' ? { state: 'sold' } : {})

/** An undone duplicate: the old plastic is good again. */
const standsAgain = (card: Card, { operation }: Transaction): Partial<CardSettings> =>
  operation === 'duplicate' && card.state === 'replaced' ? { state: 'sold', replacedBy: null } : {}

const replacedOnceMore = ({ operation }: Transaction, giver: Card, receiver: Card | null): Partial<CardSettings> =>
  operation === 'duplicate' && receiver !== null && giver.state === 'sold'
    ? { state: 'replaced', replacedBy: receiver.id }
    : {}

/** The transaction that this one undoes (a cancellation) or gives back (a refund with a receipt). */
const parentOf = (state: State, { originalId }: Transaction): Transaction | null =>
  originalId === null ? null : (state.transactionsById.get(originalId) ?? null)

/** The payment behind a refund; null for everything that is not a refund with a receipt. */
const receiptOf = (state: State, transaction: Transaction): Transaction | null =>
  transaction.operation === 'refund' ? parentOf(state, transaction) : null

const canGiveBack = (payment: Transaction, amount: Amount): boolean =>
  stands(payment) && payment.returned + amount <= (payment.transfer?.amount ?? 0)

/**
 * Undoes a refund. A payment that the timer reversed only in part stays marked, so that it is never booked again as a
 * whole.
 */
const notGivenBack = (payment: Transaction, amount: Amount): Settlement =>
  settle(payment, { returned: stands(payment) ? payment.returned - amount : payment.returned })
