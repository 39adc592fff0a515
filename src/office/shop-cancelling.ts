import type { Amount } from '../core/money.ts'
import type { Transaction } from '../core/transaction.ts'
import { fromInstant } from '../db/sql/literal.ts'
import { selectConfirmedAt } from '../db/sql/web-requests.ts'
import type { Scope } from './api-key.ts'
import { dateIn } from './clock.ts'
import { paymentView, type PaymentView, statusOf, topUpView, type TopUpView } from './shop-answers.ts'
import { findOf, type Kind, KINDS } from './shop-bookings.ts'
import type { ShopCaller } from './shop-caller.ts'
import { type Answered, type Asked, booked } from './shop-payments.ts'
import { isShopNo, refuseShop, type ShopNo } from './shop-refusal.ts'
import { decideForShop, type KeptOperation } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const CANCELS = {
  payment: 'cancel_payment',
  topUp: 'cancel_top_up',
  sale: 'cancel_sale',
} as const satisfies Record<Kind, KeptOperation>

/** Cancels in full, final at once. A confirmed request needs the scope for refunds (docs/spec/abuse.md, 12). */
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

/** A request that is already undone needs only one of the scopes: the caller gets its state, or the earlier answer. */
function scopeToCancel({ scopes: has }: ShopCaller, kind: Kind, row: Transaction): Scope {
  const { scope, undoScope } = KINDS[kind]
  const status = statusOf(row)
  if (status === 'unconfirmed') return scope
  return status === 'confirmed' || !has.has(scope) ? undoScope : scope
}

/** The part of a payment that its confirmation left with the shop: at least 1. */
const takenBy = ({ transfer, released }: Transaction): Amount => (transfer?.amount ?? 0) - released

/** A load may be cancelled until the end of the store's business day on which it was confirmed (docs/spec/abuse.md, 14). */
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
