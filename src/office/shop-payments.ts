import { currencyLettered } from '../core/currency.ts'
import type { Amount } from '../core/money.ts'
import type { OperationAsk } from '../core/request.ts'
import type { Transaction } from '../core/transaction.ts'
import {
  paymentView,
  type PaymentView,
  refundView,
  type RefundView,
  topUpView,
  type TopUpView,
} from './shop-answers.ts'
import { findOf, findPayment, type Kind, KINDS } from './shop-bookings.ts'
import { presentedCard } from './presented-card.ts'
import { type CardReference, presentedBy, standingCard } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { declineOf, isShopNo, refuseShop, type ShopNo, type ShopRefusal, type DeclineContext } from './shop-refusal.ts'
import {
  contraOf,
  decideForShop,
  type KeptRequest,
  ownKey,
  type ShopDecision,
  shopRequest,
  type ShopInput,
} from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

const DAY_MS = 86_400_000

/** How long after its time-out a confirmation still books a payment again that the timer has reversed. */
export const LATE_MS = DAY_MS

export type Asked = Pick<ShopInput, 'idempotencyKey' | 'method' | 'path' | 'content'>
export type Money = { readonly value: Amount; readonly currency: string }

/** An answer to a request under an Idempotency-Key. */
export type Answered<View> = { readonly view: View; readonly replayed: boolean; readonly kept: KeptRequest }

export type LoadOrPayment = {
  readonly asked: Asked
  readonly card: CardReference
  readonly amount: Money
  readonly partial: boolean
  /** Final at once. */
  readonly confirm: boolean
  readonly orderId: string | null
  readonly confirmWithinSeconds: number | null
}

/** Takes from a card. A replay is answered as the first time. */
export async function pay(
  office: WebOffice,
  caller: ShopCaller,
  input: LoadOrPayment,
): Promise<Answered<PaymentView> | ShopNo> {
  const decision = await takeOrGive(office, caller, 'payment', input)
  if (isShopNo(decision)) return decision
  const { row, kept, replayed } = decision
  return { view: await paymentView(office, row, kept, 'created'), replayed, kept }
}

/** Puts money on a card. */
export async function topUp(
  office: WebOffice,
  caller: ShopCaller,
  input: LoadOrPayment,
): Promise<Answered<TopUpView> | ShopNo> {
  const decision = await takeOrGive(office, caller, 'topUp', input)
  if (isShopNo(decision)) return decision
  const { row, kept, replayed } = decision
  return { view: await topUpView(office, 'topUp', row, kept, 'created'), replayed, kept }
}

type Booked = { readonly row: Transaction; readonly kept: KeptRequest; readonly replayed: boolean }

/** All members are written out, here and in `paymentView`: what is spread first costs 1 µs more for each that follows. */
async function takeOrGive(
  office: WebOffice,
  caller: ShopCaller,
  kind: 'payment' | 'topUp',
  input: LoadOrPayment,
): Promise<Booked | ShopNo> {
  const currency = currencyLettered(input.amount.currency)
  if (currency === null) return refuseShop('unknown_currency', { pointer: '/amount/currency' })
  const presented = await presentedBy(office, caller, input.card)
  const { operation } = KINDS[kind]
  const ask: OperationAsk = {
    act: 'operation',
    operation,
    presented,
    nominal: false,
    amount: input.amount.value,
    currency: currency.number,
    contra: contraOf(office, caller, kind === 'payment' ? 'store_payable' : 'store_receivable', currency.number),
    partial: input.partial,
    ontoNew: false,
    block: null,
    successor: null,
    receipt: null,
    office: null,
  }
  return booked(
    office,
    await decideForShop(office, caller, {
      idempotencyKey: input.asked.idempotencyKey,
      method: input.asked.method,
      path: input.asked.path,
      content: input.asked.content,
      operation,
      orderId: input.orderId,
      confirmWithinSeconds: input.confirm ? null : (input.confirmWithinSeconds ?? caller.shop.confirmWithinSeconds),
      about: null,
      amount: input.amount.value,
      currency: currency.number,
      shown: presented.shown,
      cancelWindowMs: null,
      counts: kind === 'topUp' ? { kind: 'load', amount: input.amount.value } : null,
      ask,
    }),
  )
}

export const NOTHING_BESIDE = {
  act: 'operation',
  nominal: false,
  partial: false,
  ontoNew: false,
  block: null,
  successor: null,
  receipt: null,
  office: null,
} as const

export async function booked(office: WebOffice, decision: ShopDecision | 'over'): Promise<Booked | ShopNo> {
  if (decision === 'over') return refuseShop('limit_exceeded')
  const { row, kept, replayed } = decision
  const decline = await declineOf(office, decision, declineContextOf(kept, isRepeated(decision)))
  if (decline !== null) return decline
  if (row === null) throw new Error('a request of a shop was approved and left no row')
  return { row, kept, replayed }
}

/** Payments and top-ups present the card; requests about earlier ones do not. */
export const declineContextOf = (kept: KeptRequest, repeated: boolean): DeclineContext => ({
  presented: kept.operation === 'payment' || kept.operation === 'top_up',
  kept,
  replay: repeated ? kept : null,
})

/**
 * The former answer is repeated. If the request was reversed since, the answer is new, except for a cancellation, whose
 * answer that was.
 */
const isRepeated = ({ replayed, row, outcome }: ShopDecision): boolean =>
  replayed && row !== null && (outcome.result !== 'original_reversed' || row.state === 'declined')

/** The second step: final. Of a payment less may be kept than was taken; the rest goes back in the same step. */
export async function confirm(
  office: WebOffice,
  caller: ShopCaller,
  { kind, id, amount }: { readonly kind: Kind; readonly id: string; readonly amount: Money | null },
): Promise<Transaction | ShopNo> {
  const found = await findOf(office, caller, kind, id)
  if ('refusedAs' in found) return found
  const { row, kept } = found
  if (amount !== null) {
    const wrong = await amountFault(office, row, amount)
    if (wrong !== null) return wrong
  }
  if (row.state === 'cancelled') return refuseShop(row.undoneBy === 'terminal' ? 'reversed' : 'already_undone')
  const requestId = office.nextId()
  const request = shopRequest(office, caller, ownKey(caller, 'confirmation', requestId), {
    contentHash: '0'.repeat(32),
    attached: [],
    confirmWithinSeconds: null,
    amount: amount?.value ?? null,
    currency: row.labels.currency,
    shown: '',
    cancelWindowMs: null,
    lateConfirmWindowMs: (kept.confirmWithin ?? 0) * 1000 + LATE_MS,
    ask: { act: 'confirmation', original: { id: row.id }, ...(amount === null ? {} : { kept: amount.value }) },
  })
  const outcome = await office.submit(request)
  const context = { presented: false, kept: null, replay: null }
  const decline = await declineOf(office, { outcome, row: outcome.row }, context)
  if (decline !== null) return decline
  const again = await findOf(office, caller, kind, id)
  return 'refusedAs' in again ? again : again.row
}

async function amountFault(office: WebOffice, row: Transaction, amount: Money): Promise<ShopRefusal | null> {
  const currency = currencyLettered(amount.currency)
  if (currency === null) return refuseShop('unknown_currency', { pointer: '/amount/currency' })
  const { issueId } = await office.cardFacts(row.cardId ?? 0)
  if (office.issue(issueId).currency !== currency.number) {
    return refuseShop('other_currency', { pointer: '/amount/currency' })
  }
  return amount.value > (row.transfer?.amount ?? 0)
    ? refuseShop('amount_exceeds_taken', { pointer: '/amount/value' })
    : null
}

export async function confirmPayment(
  office: WebOffice,
  caller: ShopCaller,
  input: { readonly id: string; readonly amount: Money | null },
): Promise<PaymentView | ShopNo> {
  const row = await confirm(office, caller, { kind: 'payment', ...input })
  return isShopNo(row) ? row : findPayment(office, caller, input.id)
}

/** Refunds a part of a payment, or all of it, to the card that paid or its duplicate. Final at once. */
export async function refund(
  office: WebOffice,
  caller: ShopCaller,
  input: { readonly id: string; readonly amount: Money; readonly orderId: string | null; readonly asked: Asked },
): Promise<Answered<RefundView> | ShopNo> {
  const currency = currencyLettered(input.amount.currency)
  if (currency === null) return refuseShop('unknown_currency', { pointer: '/amount/currency' })
  const found = await findOf(office, caller, 'payment', input.id)
  if ('refusedAs' in found) return found
  const { row } = found
  if (row.state === 'unconfirmed') return refuseShop('not_confirmed')
  const card = await standingCard(office, row.cardId ?? 0)
  const ask: OperationAsk = {
    ...NOTHING_BESIDE,
    operation: 'refund',
    presented: presentedCard(card),
    amount: input.amount.value,
    currency: currency.number,
    contra: contraOf(office, caller, 'store_payable', currency.number),
    receipt: { id: row.id },
  }
  const done = await booked(
    office,
    await decideForShop(office, caller, {
      ...input.asked,
      operation: 'refund',
      orderId: input.orderId,
      confirmWithinSeconds: null,
      about: row.id,
      amount: input.amount.value,
      currency: currency.number,
      shown: '',
      cancelWindowMs: null,
      counts: { kind: 'return', amount: input.amount.value },
      ask,
    }),
  )
  if (isShopNo(done)) return done
  return { view: await refundView(office, done.row, done.kept), replayed: done.replayed, kept: done.kept }
}
