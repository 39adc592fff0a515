import { currencyLettered } from '../core/currency.ts'
import type { Amount } from '../core/money.ts'
import type { OperationAsk } from '../core/request.ts'
import type { Transaction } from '../core/transaction.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { selectConfirmedAt, selectWebRequest, selectWebRequests, toWebRequest } from '../db/sql/web-requests.ts'
import { dateIn } from './clock.ts'
import type { Scope } from './api-key.ts'
import { rowIdOf } from './object-id.ts'
import {
  paymentView,
  type PaymentView,
  refundView,
  type RefundView,
  statusOf,
  topUpView,
  type TopUpView,
} from './shop-answers.ts'
import { type CardReference, presentedBy, presentedCard, standingCard } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { declineOf, isShopNo, refuseShop, type ShopNo, type ShopRefusal, type Telling } from './shop-refusal.ts'
import {
  contraOf,
  decideForShop,
  keptOf,
  type KeptOperation,
  type KeptRequest,
  ownKey,
  type ShopDecision,
  shopRequest,
  type ShopWish,
} from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How long after its time a confirmation still books again what the timer took back. */
export const LATE_MS = DAY_MS

/** One of the things that the API books and confirms. */
export type Kind = 'payment' | 'topUp' | 'sale'
export const KINDS = {
  payment: { operation: 'payment', scope: 'payments', undoScope: 'refunds' },
  topUp: { operation: 'top_up', scope: 'top-ups', undoScope: 'top-ups' },
  sale: { operation: 'sale', scope: 'sales', undoScope: 'sales' },
} as const satisfies Record<Kind, { operation: ShopWish['operation']; scope: Scope; undoScope: Scope }>

const CANCELS = {
  payment: 'cancel_payment',
  topUp: 'cancel_top_up',
  sale: 'cancel_sale',
} as const satisfies Record<Kind, KeptOperation>

export type Asked = Pick<ShopWish, 'idempotencyKey' | 'method' | 'path' | 'content'>
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
  wish: LoadOrPayment,
): Promise<Answered<PaymentView> | ShopNo> {
  const decision = await takeOrGive(office, caller, 'payment', wish)
  if (isShopNo(decision)) return decision
  const { row, kept, replayed } = decision
  return { view: await paymentView(office, row, kept, 'created'), replayed, kept }
}

/** Puts money on a card. */
export async function topUp(
  office: WebOffice,
  caller: ShopCaller,
  wish: LoadOrPayment,
): Promise<Answered<TopUpView> | ShopNo> {
  const decision = await takeOrGive(office, caller, 'topUp', wish)
  if (isShopNo(decision)) return decision
  const { row, kept, replayed } = decision
  return { view: await topUpView(office, 'topUp', row, kept, 'created'), replayed, kept }
}

type Booked = { readonly row: Transaction; readonly kept: KeptRequest; readonly replayed: boolean }

async function takeOrGive(
  office: WebOffice,
  caller: ShopCaller,
  kind: 'payment' | 'topUp',
  wish: LoadOrPayment,
): Promise<Booked | ShopNo> {
  const currency = currencyLettered(wish.amount.currency)
  if (currency === null) return refuseShop('unknown_currency', { pointer: '/amount/currency' })
  const presented = await presentedBy(office, caller, wish.card)
  const { operation } = KINDS[kind]
  const ask: OperationAsk = {
    ...NOTHING_BESIDE,
    operation,
    presented,
    amount: wish.amount.value,
    currency: currency.number,
    contra: contraOf(office, caller, kind === 'payment' ? 'store_payable' : 'store_receivable', currency.number),
    partial: wish.partial,
  }
  return booked(
    office,
    await decideForShop(office, caller, {
      ...wish.asked,
      operation,
      orderId: wish.orderId,
      confirmWithinSeconds: wish.confirm ? null : (wish.confirmWithinSeconds ?? caller.shop.confirmWithinSeconds),
      about: null,
      amount: wish.amount.value,
      currency: currency.number,
      shown: presented.shown,
      cancelWindowMs: null,
      counts: kind === 'topUp' ? { kind: 'load', amount: wish.amount.value } : null,
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
  const decline = await declineOf(office, decision, tellingOf(kept, isRepeated(decision)))
  if (decline !== null) return decline
  if (row === null) throw new Error('a request of a shop was approved and left no row')
  return { row, kept, replayed }
}

/** Payments and top-ups present the card; what is about an earlier request does not. */
export const tellingOf = (kept: KeptRequest, repeated: boolean): Telling => ({
  presented: kept.operation === 'payment' || kept.operation === 'top_up',
  kept,
  replay: repeated ? kept : null,
})

/** The same answer as before; what was reversed since is answered anew, unless that was the answer (to a cancellation). */
const isRepeated = ({ replayed, row, outcome }: ShopDecision): boolean =>
  replayed && row !== null && (outcome.result !== 'original_reversed' || row.state === 'declined')

/** A thing of the shop's by its id. */
export async function findOf(
  office: WebOffice,
  caller: ShopCaller,
  kind: Kind,
  id: string,
): Promise<{ readonly row: Transaction; readonly kept: KeptRequest } | ShopRefusal> {
  const rowId = rowIdOf(office.keys(), kind, id)
  if (rowId === null) return refuseShop('not_found')
  const [[found] = []] = await office.db.use((connection) => connection.send(selectWebRequest(caller.shop.code, rowId)))
  if (found === undefined) return refuseShop('not_found')
  const { transaction, data } = toWebRequest(found)
  if (
    transaction.operation !== KINDS[kind].operation ||
    transaction.role !== 'books' ||
    transaction.transfer === null
  ) {
    return refuseShop('not_found')
  }
  return { row: transaction, kept: keptOf(data) }
}

/** As it is now. */
export async function findPayment(
  office: WebOffice,
  caller: ShopCaller,
  id: string,
): Promise<PaymentView | ShopRefusal> {
  const found = await findOf(office, caller, 'payment', id)
  return 'refusedAs' in found ? found : paymentView(office, found.row, found.kept, 'now')
}

export async function findLoad(
  office: WebOffice,
  caller: ShopCaller,
  kind: 'topUp' | 'sale',
  id: string,
): Promise<TopUpView | ShopRefusal> {
  const found = await findOf(office, caller, kind, id)
  return 'refusedAs' in found ? found : topUpView(office, kind, found.row, found.kept, 'now')
}

export type ListWish = {
  readonly kind: Kind
  readonly orderId: string | null
  readonly status: 'unconfirmed' | 'confirmed' | 'cancelled' | 'reversed' | null
  readonly cursor: string | null
  readonly limit: number
}

const STATUS_SQL = {
  unconfirmed: `t.state = 'unconfirmed'`,
  confirmed: `t.state = 'confirmed' OR (t.state = 'reversed' AND t.undone_by = 'rebooked')`,
  cancelled: `t.state = 'cancelled' AND t.undone_by <> 'terminal'`,
  reversed: `(t.state = 'reversed' AND t.undone_by <> 'rebooked') OR (t.state = 'cancelled' AND t.undone_by = 'terminal')`,
} as const satisfies Record<NonNullable<ListWish['status']>, string>

/** The newest first. Null: the cursor is none of ours. */
export async function listOf(
  office: WebOffice,
  caller: ShopCaller,
  { kind, orderId, status, cursor, limit }: ListWish,
): Promise<{ readonly items: readonly (PaymentView | TopUpView)[]; readonly next: string | null } | null> {
  const before = cursor === null ? null : rowIdOf(office.keys(), kind, cursor)
  if (cursor !== null && before === null) return null
  const [rows = []] = await office.db.use((connection) =>
    connection.send(
      selectWebRequests({
        shop: caller.shop.code,
        operation: KINDS[kind].operation,
        orderId,
        status: status === null ? null : STATUS_SQL[status],
        before,
        limit: limit + 1,
      }),
    ),
  )
  const found = rows.slice(0, limit).map(toWebRequest)
  const items = await Promise.all(
    found.map(({ transaction, data }) =>
      kind === 'payment'
        ? paymentView(office, transaction, keptOf(data), 'now')
        : topUpView(office, kind, transaction, keptOf(data), 'now'),
    ),
  )
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

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
  const telling = { presented: false, kept: null, replay: null }
  const decline = await declineOf(office, { outcome, row: outcome.row }, telling)
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
  wish: { readonly id: string; readonly amount: Money | null },
): Promise<PaymentView | ShopNo> {
  const row = await confirm(office, caller, { kind: 'payment', ...wish })
  return isShopNo(row) ? row : findPayment(office, caller, wish.id)
}

/** In full, final at once. What is confirmed may be undone only by who may refund (abuse.md, 12). */
export async function cancel(
  office: WebOffice,
  caller: ShopCaller,
  { kind, id, asked }: { readonly kind: Kind; readonly id: string; readonly asked: Asked },
): Promise<Answered<PaymentView | TopUpView> | ShopNo> {
  const found = await findOf(office, caller, kind, id)
  if ('refusedAs' in found) return found
  const { row } = found
  const needed = scopeToCancel(caller, kind, row)
  if (!caller.scopes.has(needed)) return refuseShop('scope_missing', { scope: needed })
  const decision = await decideForShop(office, caller, {
    ...asked,
    operation: CANCELS[kind],
    orderId: null,
    confirmWithinSeconds: null,
    about: row.id,
    amount: null,
    currency: row.labels.currency,
    shown: '',
    cancelWindowMs: kind === 'payment' ? caller.shop.cancelDays * DAY_MS : await windowOfLoad(office, caller, row),
    // A cancelled payment gives back to the card; a cancelled load takes from it.
    counts: kind === 'payment' ? { kind: 'return', amount: takenBy(row) } : null,
    ask: { act: 'cancellation', original: { id: row.id }, amount: null, presented: null, sending: null },
  })
  const done = await booked(office, decision)
  if (isShopNo(done)) return done
  const view =
    kind === 'payment'
      ? paymentView
      : (...of: Parameters<typeof paymentView>) => topUpView(of[0], kind, of[1], of[2], of[3])
  const after = await findOf(office, caller, kind, id)
  if ('refusedAs' in after) return after
  return { view: await view(office, after.row, after.kept, 'cancelled'), replayed: done.replayed, kept: done.kept }
}

/** Of what is undone already either will do: it is told what it is, or what it was told before. */
function scopeToCancel({ scopes: has }: ShopCaller, kind: Kind, row: Transaction): Scope {
  const { scope, undoScope } = KINDS[kind]
  const status = statusOf(row)
  if (status === 'unconfirmed') return scope
  return status === 'confirmed' || !has.has(scope) ? undoScope : scope
}

/** What of a payment its confirmation left with the shop: 1 at least. */
const takenBy = ({ transfer, released }: Transaction): Amount => (transfer?.amount ?? 0) - released

/** A load may be cancelled until the end of the store's business day on which it was confirmed (abuse.md, 14). */
async function windowOfLoad(office: WebOffice, { shop }: ShopCaller, row: Transaction): Promise<number> {
  const zone = office.registry().stores.get(shop.store)?.timeZone ?? office.timeZone
  const now = office.clock()
  if (row.state === 'unconfirmed') return now - row.at + HOUR_MS
  const confirmedAt = row.finalAtOnce ? row.at : await confirmationTime(office, row)
  return dateIn(zone, confirmedAt) === dateIn(zone, now) ? now - row.at + HOUR_MS : 0
}

async function confirmationTime(office: WebOffice, { id, at }: Transaction): Promise<number> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectConfirmedAt(id)))
  const [confirmedAt = null] = (row ?? []) as [(string | null)?]
  return confirmedAt === null ? at : fromInstant(confirmedAt)
}

/** Gives back a part of a payment, or all of it, onto the card that paid or its duplicate. Final at once. */
export async function refund(
  office: WebOffice,
  caller: ShopCaller,
  wish: { readonly id: string; readonly amount: Money; readonly orderId: string | null; readonly asked: Asked },
): Promise<Answered<RefundView> | ShopNo> {
  const currency = currencyLettered(wish.amount.currency)
  if (currency === null) return refuseShop('unknown_currency', { pointer: '/amount/currency' })
  const found = await findOf(office, caller, 'payment', wish.id)
  if ('refusedAs' in found) return found
  const { row } = found
  if (row.state === 'unconfirmed') return refuseShop('not_confirmed')
  const card = await standingCard(office, row.cardId ?? 0)
  const ask: OperationAsk = {
    ...NOTHING_BESIDE,
    operation: 'refund',
    presented: presentedCard(card),
    amount: wish.amount.value,
    currency: currency.number,
    contra: contraOf(office, caller, 'store_payable', currency.number),
    receipt: { id: row.id },
  }
  const done = await booked(
    office,
    await decideForShop(office, caller, {
      ...wish.asked,
      operation: 'refund',
      orderId: wish.orderId,
      confirmWithinSeconds: null,
      about: row.id,
      amount: wish.amount.value,
      currency: currency.number,
      shown: '',
      cancelWindowMs: null,
      counts: { kind: 'return', amount: wish.amount.value },
      ask,
    }),
  )
  if (isShopNo(done)) return done
  return { view: await refundView(office, done.row, done.kept), replayed: done.replayed, kept: done.kept }
}
