/** Minor units of the currency (grosz, cent). DE 4 is n12 and sums stay below 2^53, so every amount is a safe integer. */
export type Amount = number

/** The id of a ledger account: a card's own id, or the id of a row of `accounts` for stores, counterparties and the issuer. */
export type AccountId = number

/**
 * The other side of a card's transfers. A store owes the issuer the money that it received for cards (receivable) and
 * is owed the payments with cards at its tills (payable); breakage is the remainder of expired cards, adjustments are
 * corrections by people. `upstream_settlement` stands for all cards of another host: it owes us their payments here,
 * and we owe it the loads onto them.
 */
export const CONTRA_ACCOUNTS = [
  'store_receivable',
  'store_payable',
  'counterparty_receivable',
  'issuer_adjustments',
  'issuer_breakage',
  'upstream_settlement',
] as const
export type ContraAccount = (typeof CONTRA_ACCOUNTS)[number]

/** One row of the double-entry ledger: `amount` leaves `debit` and arrives at `credit`. Never changed, only answered by another. */
export type Transfer = { readonly debit: AccountId; readonly credit: AccountId; readonly amount: Amount }

/** The same money the other way round: how every undo is booked. */
export const opposite = ({ debit, credit, amount }: Transfer): Transfer => ({ debit: credit, credit: debit, amount })
