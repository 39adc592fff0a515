import type { TillLine, TillMove } from '../../core/reports/till-differences.ts'
import { text } from './literal.ts'
import type { Row } from './row.ts'

type End = { readonly since: string | null; readonly day: string; readonly store: string; readonly terminal: string }

/** More are not gone through for a report. */
const MOST = 5_000

/**
 * Amounts of a terminal on the days that an end of day closed, and the timer's reversals of them. By the day: left alone, the
 * server intersects all that the store and the terminal ever had, 6 s among 10 million transactions instead of 0.06.
 */
export const selectTillMoves = ({ since, day, store, terminal }: End): string =>
  `SELECT s.id, s.stan, s.amount, s.role, s.state,
     EXISTS (SELECT 1 FROM cases k WHERE k.transaction_id = s.id)
   FROM search_transactions s FORCE INDEX (search_transactions_day)
   WHERE s.store_code = ${text(store)} AND s.terminal_code = ${text(terminal)} AND s.business_date <= ${text(day)}
     AND s.business_date >= ${text(since ?? day)} AND s.amount > 0 ORDER BY s.at, s.id LIMIT ${MOST}`

export function toTillMove(row: Row): TillMove {
  const [id, stan, amount, role, state, hasCase] = row as [number, number, number, string, string, number]
  return { id, stan, amount, role, state, hasCase: hasCase === 1 }
}

/** Days after an end of day in which its journal is expected. */
const JOURNAL_DAYS = 14

/** The lines of the till in the first journal of its store that was uploaded afterwards and has any of these days. */
export const selectTillLines = ({ since, day, store, terminal }: End): string =>
  `SELECT l.stan, l.amount, COALESCE(l.happened, 1) FROM journal_rows l
   WHERE l.journal_id = (SELECT MIN(j.id) FROM journals j JOIN journal_rows o ON o.journal_id = j.id
       WHERE j.store_code = ${text(store)} AND j.at >= ${text(day)} AND j.at < ${text(day)} + INTERVAL ${JOURNAL_DAYS} DAY
         AND o.terminal = ${text(terminal)} AND ${onDays('o', since ?? day, day)})
     AND l.terminal = ${text(terminal)} AND l.stan IS NOT NULL AND ${onDays('l', since ?? day, day)} LIMIT ${MOST}`

/** A line without a date in its time may be of any day. */
const onDays = (alias: string, from: string, to: string): string =>
  `(${alias}.said_at IS NULL OR ${alias}.said_at NOT RLIKE '^[0-9]{4}-[0-9]{2}-[0-9]{2}'
    OR LEFT(${alias}.said_at, 10) BETWEEN ${text(from)} AND ${text(to)})`

export function toTillLine(row: Row): TillLine {
  const [stan, amount, happened] = row as [number, number | null, number]
  return { stan, amount, happened: happened === 1 }
}
