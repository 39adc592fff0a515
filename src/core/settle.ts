import type { Card } from './card.ts'
import type { AccountId } from './money.ts'
import type { CardChange, Settlement, State } from './state.ts'
import type { Transaction } from './transaction.ts'

/** The changes that leave everything else about a card or a transaction as it is. */
export const cardChange = (card: Card, change: Partial<CardChange>): CardChange => ({
  cardId: card.id,
  ledger: 0,
  available: 0,
  set: {},
  ...change,
})

export const settle = (transaction: Transaction, fate: Partial<Settlement>): Settlement => ({
  transaction,
  state: transaction.state,
  undoneBy: transaction.undoneBy,
  confirmBy: transaction.confirmBy,
  returned: transaction.returned,
  released: transaction.released,
  ...fate,
})

/** The card behind an account; null for the account of a store, a counterparty or the issuer. */
export const cardOf = (state: State, account: AccountId): Card | null => state.cards.get(account) ?? null

/** A confirmation makes the amount given to a card available; an amount taken has left the card already. */
export function confirming(state: State, transaction: Transaction): { settlement: Settlement; changes: CardChange[] } {
  const { transfer } = transaction
  const receiver = transfer === null ? null : cardOf(state, transfer.credit)
  return {
    settlement: settle(transaction, { state: 'confirmed', confirmBy: null }),
    changes:
      receiver === null || transfer === null || transaction.state !== 'unconfirmed'
        ? []
        : [cardChange(receiver, { available: transfer.amount })],
  }
}
