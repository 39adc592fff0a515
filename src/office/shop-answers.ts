import { currencyOf } from '../core/currency.ts'
import type { Amount } from '../core/money.ts'
import type { Result } from '../core/result.ts'
import type { Balances, Transaction } from '../core/transaction.ts'
import { objectId } from './object-id.ts'
import type { Figures, KeptRequest } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

/** Minor units and the letters of ISO 4217. */
export type MoneyView = { readonly value: Amount; readonly currency: string }
export type BalanceView = { readonly ledger: Amount; readonly available: Amount; readonly currency: string }
export type CardName = { readonly last4: string; readonly issue: { readonly code: string; readonly name: string } }
export type Status = 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed'

export type TopUpView = {
  readonly id: string
  readonly status: Status
  readonly amount: MoneyView
  readonly orderId: string | null
  readonly card: CardName
  readonly balance: BalanceView | null
  readonly approvalCode: string
  readonly reference: string
  readonly createdAt: string
  readonly confirmBy: string | null
}
export type PaymentView = TopUpView & { readonly amountAsked: MoneyView; readonly refunded: MoneyView }

export type RefundView = {
  readonly id: string
  readonly payment: string
  readonly status: 'confirmed'
  readonly amount: MoneyView
  readonly orderId: string | null
  readonly reference: string
  readonly createdAt: string
}

/** A decline by the engine, and the figures shown with it. */
export type ShopDecline = Figures & {
  readonly declined: Result
  /** DE 39 and DE 44. */
  readonly responseCode: string
  readonly reason: string | null
  /** Where the holder is believed. */
  readonly balance: BalanceView | null
  /** Replayed: the request id and language of the first answer; null: this is the first answer. */
  readonly replay: { readonly requestId: string; readonly language: 'en' | 'pl' } | null
}

export const moneyView = (value: Amount, currency: number): MoneyView => ({
  value,
  currency: currencyOf(currency).letters,
})

export const balanceView = ({ ledger, available, currency }: Balances): BalanceView => ({
  ledger,
  available,
  currency: currencyOf(currency).letters,
})

/** Remembers the last one: many answers of one moment name the same time, and writing it takes 2 µs. */
export function timeView(at: number): string {
  if (at !== lastTime.at) lastTime = { at, text: new Date(at).toISOString() }
  return lastTime.text
}
let lastTime = { at: Number.NaN, text: '' }

/** In which moment of its life a request is shown: as it was answered first, as it is, or right after it was cancelled. */
export type Moment = 'created' | 'now' | 'cancelled'

export async function topUpView(
  office: WebOffice,
  kind: 'payment' | 'topUp' | 'sale',
  row: Transaction,
  kept: KeptRequest,
  moment: Moment,
): Promise<TopUpView> {
  if (row.cardId === null || row.transfer === null)
    throw new Error(`transaction ${row.id} was approved and moved nothing`)
  const { issueId, last4 } = await office.cardFacts(row.cardId)
  const { currency } = office.issue(issueId)
  const status = STATUS_AT[moment](row)
  return {
    id: objectId(office.keys(), kind, row.id),
    status,
    amount: moneyView(row.transfer.amount, currency),
    orderId: kept.orderId,
    card: { last4, issue: await office.issueName(issueId) },
    // Only the request that presented the card gets its balance.
    balance: moment === 'created' && row.balances !== null ? balanceView(row.balances) : null,
    approvalCode: row.labels.approvalCode,
    reference: row.labels.rrn,
    createdAt: timeView(row.at),
    confirmBy: status === 'unconfirmed' ? timeView(row.at + (kept.confirmWithin ?? 0) * 1000) : null,
  }
}

const STATUS_AT = {
  created: ({ finalAtOnce }: Transaction): Status => (finalAtOnce ? 'confirmed' : 'unconfirmed'),
  cancelled: (): Status => 'cancelled',
  now: statusOf,
} as const satisfies Record<Moment, (row: Transaction) => Status>

export function statusOf({ state, undoneBy }: Transaction): Status {
  if (state === 'reversed') return undoneBy === 'rebooked' ? 'confirmed' : 'reversed'
  if (state === 'cancelled') return undoneBy === 'terminal' ? 'reversed' : 'cancelled'
  return state === 'unconfirmed' ? 'unconfirmed' : 'confirmed'
}

export async function paymentView(
  office: WebOffice,
  row: Transaction,
  kept: KeptRequest,
  moment: Moment,
): Promise<PaymentView> {
  const view = await topUpView(office, 'payment', row, kept, moment)
  const { value, currency } = view.amount
  const refunded = { created: 0, now: row.returned, cancelled: row.released }[moment]
  return {
    id: view.id,
    status: view.status,
    amount: view.amount,
    amountAsked: { value: row.labels.amount ?? value, currency },
    refunded: { value: refunded, currency },
    orderId: view.orderId,
    card: view.card,
    balance: view.balance,
    approvalCode: view.approvalCode,
    reference: view.reference,
    createdAt: view.createdAt,
    confirmBy: view.confirmBy,
  }
}

export async function refundView(office: WebOffice, row: Transaction, kept: KeptRequest): Promise<RefundView> {
  if (row.cardId === null || row.transfer === null || kept.about === null)
    throw new Error(`refund ${row.id} moved nothing`)
  const { issueId } = await office.cardFacts(row.cardId)
  return {
    id: objectId(office.keys(), 'refund', row.id),
    payment: objectId(office.keys(), 'payment', kept.about),
    status: 'confirmed',
    amount: moneyView(row.transfer.amount, office.issue(issueId).currency),
    orderId: kept.orderId,
    reference: row.labels.rrn,
    createdAt: timeView(row.at),
  }
}
