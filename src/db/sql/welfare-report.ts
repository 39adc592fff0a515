import { shownNumber } from '../../cards/number.ts'
import { instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

export type Period = { readonly from: number; readonly to: number }

/** Booked loads by employer, batch and fund. `from` and `to`: instants, the second one left out. */
export const selectLoaded = (employer: string | null, { from, to }: Period): string =>
  `SELECT b.employer_code, b.id, r.fund, b.currency, b.booked_at, COUNT(*), CAST(SUM(r.amount) AS SIGNED)
   FROM welfare_batches b JOIN welfare_rows r ON r.batch_id = b.id
   WHERE b.state = 'booked' AND b.booked_at >= ${instant(from)} AND b.booked_at < ${instant(to)} AND r.amount > 0
     ${employer === null ? '' : `AND b.employer_code = ${text(employer)}`}
   GROUP BY b.employer_code, b.id, r.fund, b.currency, b.booked_at ORDER BY b.employer_code, b.id, r.fund`

/** Amounts that recalls took, by the day of their transfers. */
export const selectRecalled = (employer: string | null, { from, to }: Period): string =>
  `SELECT w.employer_code, w.id, w.batch_id, w.currency, MIN(t.received_at), COUNT(*), CAST(SUM(t.amount) AS SIGNED)
   FROM welfare_recalls w JOIN welfare_recall_rows r ON r.recall_id = w.id
   JOIN transactions t ON t.transmitted = r.card_id AND t.stan = w.id AND t.terminal_code = 'RECALL'
     AND t.store_code = 'AKART' AND t.kind = 9003
   WHERE t.amount > 0 AND t.received_at >= ${instant(from)} AND t.received_at < ${instant(to)}
     ${employer === null ? '' : `AND w.employer_code = ${text(employer)}`}
   GROUP BY w.employer_code, w.id, w.batch_id, w.currency ORDER BY w.employer_code, w.id`

/** Loads and recalls of each employee in a period, by the employer's number; `after`: numbers behind it. */
export const selectStatementRows = (employer: string, { from, to }: Period, after: string, most: number): string =>
  `SELECT e.id, e.number, e.name, c.first_six, c.last_four,
     (SELECT CAST(COALESCE(SUM(r.amount), 0) AS SIGNED) FROM welfare_rows r JOIN welfare_batches b ON b.id = r.batch_id
      WHERE r.employee_id = e.id AND b.state = 'booked' AND b.booked_at >= ${instant(from)} AND b.booked_at < ${instant(to)}),
     (SELECT CAST(COALESCE(SUM(t.amount), 0) AS SIGNED) FROM welfare_recall_rows rr
      JOIN transactions t ON t.transmitted = rr.card_id AND t.stan = rr.recall_id AND t.terminal_code = 'RECALL'
        AND t.store_code = 'AKART' AND t.kind = 9003
      WHERE rr.employee_id = e.id AND t.received_at >= ${instant(from)} AND t.received_at < ${instant(to)})
   FROM employees e LEFT JOIN cards c ON c.id = e.card_id
   WHERE e.employer_code = ${text(employer)} AND e.number > ${text(after)} ORDER BY e.number LIMIT ${integer(most)}`

export type StatementRow = {
  readonly employeeId: number
  readonly number: string
  readonly name: string
  readonly card: string
  readonly loaded: number
  readonly recalled: number
}

export function toStatementRow(row: Row): StatementRow {
  const [employeeId, number, name, firstSix, lastFour, loaded, recalled] = row as [
    number, string, string, string | null, string | null, number, number,
  ] // prettier-ignore
  const card = shownNumber(firstSix, lastFour) ?? ''
  return { employeeId, number, name, card, loaded, recalled }
}

/** Cards that were loaded for these employees, whenever. */
export const selectCardsLoadedFor = (employees: readonly number[]): string =>
  `SELECT DISTINCT r.employee_id, r.card_id FROM welfare_rows r JOIN welfare_batches b ON b.id = r.batch_id
   WHERE r.employee_id IN (${employees.map(integer).join(',')}) AND b.state = 'booked' AND r.amount > 0`
