import { isApproved } from '../core/result.ts'
import type { Outcome } from '../core/state.ts'
import { type Transaction, wasReversed } from '../core/transaction.ts'
import { selectWebRequest, toWebRequest } from '../db/sql/web-requests.ts'
import { paymentView, refundView, topUpView } from './shop-answers.ts'
import { declineContextOf } from './shop-payments.ts'
import { declineOf, type ShopNo } from './shop-refusal.ts'
import { type KeptOperation, type KeptRequest, keptOf } from './shop-request.ts'
import type { WebOffice } from './web-office.ts'

/**
 * The original answer to a shop's request, rebuilt from its row, with its status and body, unless it was reversed
 * since.
 */
export async function answerOfRequest(
  office: WebOffice,
  row: Transaction,
  kept: KeptRequest,
): Promise<Answer | ShopNo> {
  const isGone = wasReversed(row) && row.undoneBy !== 'rebooked'
  const result: Outcome['result'] = isGone ? 'original_reversed' : row.result
  if (!isApproved(result)) {
    const decline = await declineOf(office, { outcome: { result }, row }, declineContextOf(kept, false))
    if (decline !== null) return decline
  }
  return ANSWERS[kept.operation](office, row, kept)
}

type Answer = { readonly status: 200 | 201; readonly body: unknown }
type Answering = (office: WebOffice, row: Transaction, kept: KeptRequest) => Promise<Answer>

const created = (body: unknown): Answer => ({ status: 201, body })
const cancelled: Answering = async (office, row, kept) => ({
  status: 200,
  body: await cancelledThing(office, row, kept),
})

const ANSWERS = {
  payment: async (...of) => created(await paymentView(...of, 'created')),
  top_up: async (office, ...of) => created(await topUpView(office, 'topUp', ...of, 'created')),
  sale: async (office, ...of) => created(await topUpView(office, 'sale', ...of, 'created')),
  refund: async (...of) => created(await refundView(...of)),
  cancel_payment: cancelled,
  cancel_top_up: cancelled,
  cancel_sale: cancelled,
} as const satisfies Record<KeptOperation, Answering>

/** The thing that was cancelled, as it was right after. */
async function cancelledThing(office: WebOffice, row: Transaction, { shop, about }: KeptRequest): Promise<unknown> {
  const [[found] = []] = await office.db.use((connection) => connection.send(selectWebRequest(shop, about ?? 0)))
  if (found === undefined) throw new Error(`the cancellation ${row.id} is of nothing that the shop asked for`)
  const { transaction, data } = toWebRequest(found)
  return transaction.operation === 'payment'
    ? paymentView(office, transaction, keptOf(data), 'cancelled')
    : topUpView(office, transaction.operation === 'sale' ? 'sale' : 'topUp', transaction, keptOf(data), 'cancelled')
}
