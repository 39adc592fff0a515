import type { Transaction } from '../../core/transaction.ts'
import { integer, text } from './literal.ts'
import type { Row } from './row.ts'
import { toTransaction, transactionColumns } from './transactions.ts'

/** A shop's request with its row of the books. `data`: additional stored data, as JSON. */
export type WebRequestRow = { readonly transaction: Transaction; readonly data: unknown }

const SELECT = `SELECT w.data, ${transactionColumns('t')} FROM web_requests w JOIN transactions t ON t.id = w.transaction_id`

/** A request of a shop, by the id of its row. */
export const selectWebRequest = (shop: string, id: number): string =>
  `${SELECT} WHERE w.transaction_id = ${integer(id)} AND w.shop = ${text(shop)}`

export const selectWebRequestsByIds = (ids: readonly number[]): string =>
  `${SELECT} WHERE w.transaction_id IN (${ids.map(integer).join(',')})`

/** Written once; later calls change nothing. */
export const keepFigures = (id: number, data: string): string =>
  `UPDATE web_requests SET data = ${text(data)} WHERE transaction_id = ${integer(id)} AND JSON_CONTAINS_PATH(data, 'one', '$.figures') = 0`

/** A shop's request by its once-only key: `stan` and `transmitted` are bits of its digest. */
export const selectWebRequestByKey = (key: Transaction['key']): string =>
  `${SELECT} WHERE t.transmitted = ${integer(key.transmitted)} AND t.stan = ${integer(key.stan)}
   AND t.terminal_code = ${text(key.terminal)} AND t.store_code = ${text(key.store)} AND t.kind = ${integer(key.kind)}`

export type WebRequestFilter = {
  readonly shop: string
  readonly operation: string
  readonly orderId: string | null
  /** SQL of a condition on `t` that a status means; null: any. */
  readonly status: string | null
  /** Only requests older than this row; null: from the newest. */
  readonly before: number | null
  readonly limit: number
}

/** Booked requests, newest first. */
export const selectWebRequests = ({ shop, operation, orderId, status, before, limit }: WebRequestFilter): string =>
  `${SELECT} WHERE w.shop = ${text(shop)} AND w.operation = ${text(operation)} AND t.state <> 'declined'
   ${orderId === null ? '' : `AND w.order_id = ${text(orderId)}`} ${before === null ? '' : `AND w.transaction_id < ${integer(before)}`}
   ${status === null ? '' : `AND (${status})`} ORDER BY w.transaction_id DESC LIMIT ${integer(limit)}`

export function toWebRequest([data, ...row]: Row): WebRequestRow {
  return { transaction: toTransaction(row), data: JSON.parse(String(data)) }
}

/** Data of a card for an answer, beside the request. */
export const selectCardFacts = (id: number): string =>
  `SELECT issue_id, last_four, first_six FROM cards WHERE id = ${integer(id)}`

export const selectIssueNames = 'SELECT id, code, name, prefix FROM issues'
export const selectPrefixes = 'SELECT DISTINCT prefix FROM issues'

/** Data of cards for a token or a balance. */
export const selectCardsAsShown = (ids: readonly number[]): string =>
  `SELECT id, issue_id, number_hash, number_key, first_six, last_four, ecode_hash, state, block, valid_until, sold_at, ledger,
   available, replaced_by FROM cards WHERE id IN (${ids.map(integer).join(',')})`

/** When the confirmation of this transaction was booked, by the search rows; no row: it has none. */
export const selectConfirmedAt = (id: number): string =>
  `SELECT MIN(t.received_at) FROM search_transactions s JOIN transactions t ON t.id = s.id
   WHERE s.original_id = ${integer(id)} AND t.role IN ('confirms', 'rebooks') AND t.result = 'approved'`
