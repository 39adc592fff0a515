import type { Transaction } from '../core/transaction.ts'
import { selectWebRequest, selectWebRequests, toWebRequest } from '../db/sql/web-requests.ts'
import type { Scope } from './api-key.ts'
import { rowIdOf } from './object-id.ts'
import { paymentView, type PaymentView, topUpView, type TopUpView } from './shop-answers.ts'
import type { ShopCaller } from './shop-caller.ts'
import { refuseShop, type ShopRefusal } from './shop-refusal.ts'
import { keptOf, type KeptRequest, type ShopInput } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

/** Bookings of a web shop: one payment, top-up or sale by its id, and lists of them. */

/** One of the things that the API books and confirms. */
export type Kind = 'payment' | 'topUp' | 'sale'
export const KINDS = {
  payment: { operation: 'payment', scope: 'payments', undoScope: 'refunds' },
  topUp: { operation: 'top_up', scope: 'top-ups', undoScope: 'top-ups' },
  sale: { operation: 'sale', scope: 'sales', undoScope: 'sales' },
} as const satisfies Record<Kind, { operation: ShopInput['operation']; scope: Scope; undoScope: Scope }>

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

/** Its present state. */
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

export type ListInput = {
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
} as const satisfies Record<NonNullable<ListInput['status']>, string>

/** The newest first. Null: the cursor is none of ours. */
export async function listOf(
  office: WebOffice,
  caller: ShopCaller,
  { kind, orderId, status, cursor, limit }: ListInput,
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
