import type { TillLine, TillMove } from '../../core/reports/till-differences.ts'
import { list } from './report-queries.ts'
import type { Row } from './row.ts'

/** The maximum of transactions of one end of day that a report examines. */
const MOST = 5_000

/** The first day that an end of day closed. */
const SINCE = 'COALESCE(e.since, e.business_date)'

/**
 * Amounts of the terminals (a duplicate's is in no total) on the days that these ends of day closed, each with its end of day. One statement for all; by
 * terminal and day, so that nothing else that the terminal or the store ever had is read.
 */
export const selectTillMoves = (ends: readonly number[]): string =>
  `SELECT end_id, id, stan, amount, role, state, has_case, original_id FROM (
     SELECT e.id AS end_id, s.id, s.stan, s.amount, s.role, s.state, s.original_id,
       EXISTS (SELECT 1 FROM cases k WHERE k.transaction_id = s.id) AS has_case,
       ROW_NUMBER() OVER (PARTITION BY e.id ORDER BY s.at, s.id) AS place
     FROM day_ends e STRAIGHT_JOIN report_days d ON d.day BETWEEN ${SINCE} AND e.business_date
     STRAIGHT_JOIN transactions t FORCE INDEX (transactions_day) ON t.terminal_code = e.terminal_code AND t.business_date = d.day
     STRAIGHT_JOIN search_transactions s ON s.at = t.received_at AND s.id = t.id
     WHERE e.id IN (${list(ends)}) AND t.amount > 0 AND t.operation <> 'duplicate'
       AND s.store_code = e.store_code) AS moves
   WHERE place <= ${MOST} ORDER BY end_id, place`

/** The id of the end of day comes first. */
export function toTillMove(row: Row): TillMove {
  const [, id, stan, amount, role, state, hasCase, undoes] = row as [
    number, number, number, number, string, string, number, number | null,
  ] // prettier-ignore
  return { id, undoes, stan, amount, role, state, hasCase: hasCase === 1 }
}

/** Days after an end of day in which its journal is expected. */
const JOURNAL_DAYS = 14

/**
 * The lines of each till in the first journal of its store that was uploaded afterwards and has any of the days that its end of
 * day closed, each with its end of day.
 */
export const selectTillLines = (ends: readonly number[]): string =>
  `SELECT end_id, stan, amount, happened FROM (
     SELECT e.id AS end_id, l.stan, l.amount, COALESCE(l.happened, 1) AS happened,
       ROW_NUMBER() OVER (PARTITION BY e.id ORDER BY l.line_number) AS place
     FROM (SELECT e.id, MIN(j.id) AS journal_id FROM day_ends e
         JOIN journals j ON j.store_code = e.store_code AND j.at >= e.business_date
           AND j.at < e.business_date + INTERVAL ${JOURNAL_DAYS} DAY
         JOIN journal_rows o ON o.journal_id = j.id AND o.terminal = e.terminal_code AND ${onItsDays('o')}
         WHERE e.id IN (${list(ends)}) GROUP BY e.id) AS f
     JOIN day_ends e ON e.id = f.id JOIN journal_rows l ON l.journal_id = f.journal_id AND l.terminal = e.terminal_code
     WHERE l.stan IS NOT NULL AND ${onItsDays('l')}) AS told
   WHERE place <= ${MOST} ORDER BY end_id, place`

/** On the days of an end of day: a line without a date in its time may be of any day. */
function onItsDays(alias: string): string {
  return `(${alias}.said_at IS NULL OR ${alias}.said_at NOT RLIKE '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
    OR LEFT(${alias}.said_at, 10) BETWEEN ${SINCE} AND e.business_date)`
}

/** The id of the end of day comes first. */
export function toTillLine(row: Row): TillLine {
  const [, stan, amount, happened] = row as [number, number, number | null, number]
  return { stan, amount, happened: happened === 1 }
}
