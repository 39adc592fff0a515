import type { Card } from './card.ts'
import type { AccountId, Amount } from './money.ts'
import { type Operation, OPERATIONS, type OperationRule } from './operations.ts'

/** Who bears a card's shortfall: the store, which is paid less, or the issuer by an adjustment. */
export const BEARERS = ['store', 'issuer'] as const
export type Bearer = (typeof BEARERS)[number]
export type Rest = { readonly bearer: Bearer; readonly amount: Amount }
/** The request for it: the issuer bears it from this account. */
export type RestAsk =
  | { readonly bearer: 'store'; readonly amount: Amount }
  | { readonly bearer: 'issuer'; readonly amount: Amount; readonly account: AccountId }

/** The attributes of a card that decide how much it can still pay. */
type Payer = Pick<Card, 'state' | 'soldAt' | 'available'>
type Taken = { readonly at: number; readonly operation: Operation | null; readonly amount: Amount }

/**
 * The amount that a card can still pay of a reversed transaction. A card that has expired, been closed or been sold
 * again pays nothing. Null: its money went on to a duplicate, or it never was such a payment.
 */
export function payableBy(payer: Payer, { at, operation, amount }: Taken): Amount | null {
  if (operation === null || !isPaidToStore(OPERATIONS[operation]) || payer.state === 'replaced') return null
  return payer.state === 'sold' && !wasSoldSince(payer, { at, operation }) ? Math.min(payer.available, amount) : 0
}

const isPaidToStore = ({ card, contra }: OperationRule): boolean => card === 'takes' && contra === 'store_payable'

/**
 * Whether the card's sale was undone and the card sold again: transactions of its first holder are not booked on it.
 */
export const wasSoldSince = (
  card: Pick<Card, 'soldAt'> | null,
  { at, operation }: { readonly at: number; readonly operation: Operation | null },
): boolean => card !== null && operation !== 'duplicate' && card.soldAt !== null && card.soldAt > at
