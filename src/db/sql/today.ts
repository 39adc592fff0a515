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

/** The last packs that were killed since, the latest first. */
export const selectKilledPacks = (since: number): string =>
  `SELECT subject, last_at FROM alerts WHERE kind = 'pack_killed' AND last_at > ${instant(since)}
   ORDER BY last_at DESC LIMIT 5`

const inStores = (codes: readonly string[] | null): string =>
  codes === null ? '' : `AND ${oneOfWords('t.store_code', codes)}`

/** When each terminal was heard of last, of those that were since then: one step in the index for each. */
export const selectLastSeen = (since: number): string =>
  `SELECT terminal_code, MAX(at) FROM search_transactions WHERE terminal_code IN (SELECT code FROM terminals WHERE state = 'active')
   AND at >= ${instant(since)} GROUP BY terminal_code`

/** A listener, and when one of the terminals whose last message came by it was heard of. */
export type HeardLine = { readonly name: string; readonly lastAt: number }

/**
 * The listeners by which terminals were heard of last since then, each with the latest of these times. A line has the name of
 * its listener and a number, as `iso-17`.
 */
export const selectLastLines = (since: number): string =>
  `SELECT LEFT(t.line, CHAR_LENGTH(t.line) - LOCATE('-', REVERSE(t.line))) AS listener, MAX(l.last_at)
   FROM (SELECT terminal_code, MAX(at) AS last_at FROM search_transactions
     WHERE terminal_code IN (SELECT code FROM terminals WHERE state = 'active' AND channel = 'terminal')
     AND at >= ${instant(since)} GROUP BY terminal_code) l
   JOIN search_transactions s ON s.terminal_code = l.terminal_code AND s.at = l.last_at
   JOIN transactions t ON t.id = s.id
   WHERE t.channel = 'terminal' AND LOCATE('-', t.line) > 0 GROUP BY listener ORDER BY listener`

export const toHeardLine = ([name, lastAt]: Row): HeardLine => ({
  name: String(name),
  lastAt: fromInstant(String(lastAt)),
})
