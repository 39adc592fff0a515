import { isApproved } from '../core/result.ts'
import type { Outcome } from '../core/state.ts'
import { type Transaction, wasReversed } from '../core/transaction.ts'
import { selectWebRequest, toWebRequest } from '../db/sql/web-requests.ts'
import { paymentView, refundView, topUpView } from './shop-answers.ts'
import { declineOf, type ShopNo } from './shop-refusal.ts'
import { type KeptRequest, keptOf } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

/** What a shop's request was answered, made again from its row: status and body of then, unless it was reversed since. */
export async function answerOfRequest(
  office: WebOffice,
  row: Transaction,
  kept: KeptRequest,
): Promise<{ readonly status: 200 | 201; readonly body: unknown } | ShopNo> {
  const isGone = wasReversed(row) && row.undoneBy !== 'rebooked'
  const result: Outcome['result'] = isGone ? 'original_reversed' : row.result
  if (!isApproved(result)) {
    const decline = await declineOf(office, { outcome: { result }, row })
    if (decline !== null) return decline
  }
  if (kept.operation === 'payment') return { status: 201, body: await paymentView(office, row, kept, 'created') }
  if (kept.operation === 'refund') return { status: 201, body: await refundView(office, row, kept) }
  if (kept.operation === 'cancel') return { status: 200, body: await cancelled(office, row, kept) }
  const kind = kept.operation === 'sale' ? 'sale' : 'topUp'
  return { status: 201, body: await topUpView(office, kind, row, kept, 'created') }
}

/** The thing that was cancelled, as it was right after. */
async function cancelled(office: WebOffice, row: Transaction, { shop, about }: KeptRequest): Promise<unknown> {
  const [[found] = []] = await office.db.use((connection) => connection.send(selectWebRequest(shop, about ?? 0)))
  if (found === undefined) throw new Error(`the cancellation ${row.id} is of nothing that the shop asked for`)
  const { transaction, data } = toWebRequest(found)
  return transaction.operation === 'payment'
    ? paymentView(office, transaction, keptOf(data), 'cancelled')
    : topUpView(office, transaction.operation === 'sale' ? 'sale' : 'topUp', transaction, keptOf(data), 'cancelled')
}
