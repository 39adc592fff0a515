import { fromInstant, instant, integer, oneOfWords } from './literal.ts'
import type { Row } from './row.ts'

/** The count of one operation with one result in one store and minute. */
export type MinuteRow = {
  /** ms of its beginning. */
  readonly minute: number
  readonly store: string
  readonly operation: string
  readonly result: string
  readonly declined: boolean
  readonly currency: number
  readonly count: number
  readonly amount: number
}

/** Rows that book or decline an operation, by minute. */
export const selectMinutes = (from: number, until: number): string =>
  `SELECT DATE_FORMAT(at, '%Y-%m-%d %H:%i:00.000') AS minute, store_code, operation, result, state = 'declined',
   COALESCE(currency, 0), COUNT(*), SUM(amount) FROM search_transactions
   WHERE at >= ${instant(from)} AND at < ${instant(until)} AND role IN ('books', 'informs') AND operation IS NOT NULL
   GROUP BY minute, store_code, operation, result, state = 'declined', COALESCE(currency, 0)`

export function toMinute(row: Row): MinuteRow {
  const [minute, store, operation, result, declined, currency, count, amount] = row as [
    string, string, string, string, number, number, number, string | number,
  ] // prettier-ignore
  return {
    minute: fromInstant(minute),
    store,
    operation,
    result,
    declined: declined === 1,
    currency,
    count: Number(count),
    amount: Number(amount),
  }
}

const MOST = 10_000

/**
 * What waits now, each counted up to 10,000: transactions and cases of these stores (null: of all), and what concerns the whole
 * chain.
 */
export const selectWaitingNow = (
  transactionsOf: readonly string[] | null,
  casesOf: readonly string[] | null,
): string => `SELECT
   (SELECT COUNT(*) FROM (SELECT 1 FROM transactions t WHERE t.confirm_by IS NOT NULL ${inStores(transactionsOf)}
    LIMIT ${integer(MOST)}) w),
   (SELECT COUNT(*) FROM (SELECT 1 FROM cases k ${casesOf === null ? '' : 'JOIN transactions t ON t.id = k.transaction_id'}
    WHERE k.open_for IS NOT NULL ${inStores(casesOf)} LIMIT ${integer(MOST)}) c),
   (SELECT COUNT(*) FROM (SELECT 1 FROM owed LIMIT ${integer(MOST)}) o),
   (SELECT COUNT(*) FROM alerts WHERE open_for IS NOT NULL)`

const inStores = (codes: readonly string[] | null): string =>
  codes === null ? '' : `AND ${oneOfWords('t.store_code', codes)}`

/** When each terminal was heard of last, of those that were since then: one step in the index for each. */
export const selectLastSeen = (since: number): string =>
  `SELECT terminal_code, MAX(at) FROM search_transactions WHERE terminal_code IN (SELECT code FROM terminals WHERE state = 'active')
   AND at >= ${instant(since)} GROUP BY terminal_code`
