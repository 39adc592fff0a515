import { shownNumber } from '../../cards/number.ts'
import { boolean, fromInstant, instant, integer, integerOrNull, text } from './literal.ts'
import type { Row } from './row.ts'
import { bookedFor } from './staged.ts'
import { SHOWN, type ShownCard, toShownCard } from './shown-cards.ts'

/** A stored row of a list: its text with a masked number, and the employee and card it is for. */
export type WelfareRow = {
  readonly line: number
  readonly number: string
  readonly name: string
  readonly cardShown: string
  readonly amountShown: string
  readonly fund: string
  readonly usedShown: string
  readonly note: string
  readonly sell: boolean
  readonly employeeId: number | null
  readonly cardId: number | null
  /** Minor units; null: unreadable. */
  readonly amount: number | null
  readonly alreadyUsed: number
}

const COLUMNS = `line, number, name, card_shown, amount_shown, fund, used_shown, note, sell, employee_id, card_id, amount,
  already_used`

/** Replaces rows of the same lines. */
export const putRows = (batchId: number, rows: readonly WelfareRow[]): string =>
  `REPLACE INTO welfare_rows (batch_id, ${COLUMNS}) VALUES ${rows
    .map(
      (r) =>
        `(${integer(batchId)},${integer(r.line)},${[r.number, r.name, r.cardShown, r.amountShown, r.fund, r.usedShown, r.note].map(text).join(',')},${boolean(r.sell)},${[r.employeeId, r.cardId, r.amount].map(integerOrNull).join(',')},${integer(r.alreadyUsed)})`,
    )
    .join(',')}`

export const selectRows = (batchId: number, after: number, most: number): string =>
  `SELECT ${COLUMNS} FROM welfare_rows WHERE batch_id = ${integer(batchId)} AND line > ${integer(after)}
   ORDER BY line LIMIT ${integer(most)}`

/** Rows with a finding that stops the batch; `codes` are the stopping ones. */
export const selectWrongRows = (batchId: number, codes: readonly string[], after: number, most: number): string =>
  `SELECT ${COLUMNS} FROM welfare_rows r WHERE batch_id = ${integer(batchId)} AND line > ${integer(after)}
     AND EXISTS (SELECT 1 FROM welfare_findings f WHERE f.batch_id = r.batch_id AND f.line = r.line
       AND f.code IN (${codes.map(text).join(',')}))
   ORDER BY line LIMIT ${integer(most)}`

export function toWelfareRow(row: Row): WelfareRow {
  const [line, number, name, cardShown, amountShown, fund, usedShown, note, sell, employeeId, cardId, amount, alreadyUsed] =
    row as [
      number, string, string, string, string, string, string, string, number, number | null, number | null, number | null,
      number,
    ] // prettier-ignore
  return {
    line,
    number,
    name,
    cardShown,
    amountShown,
    fund,
    usedShown,
    note,
    sell: sell === 1,
    employeeId,
    cardId,
    amount,
    alreadyUsed,
  }
}

export const deleteRows = (batchId: number): string => `DELETE FROM welfare_rows WHERE batch_id = ${integer(batchId)}`

export const deleteRowsOf = (batchId: number, lines: readonly number[]): string =>
  `DELETE FROM welfare_rows WHERE batch_id = ${integer(batchId)} AND line IN (${lines.map(integer).join(',')})`

/** Rows that move money and are not staged yet. */
export const selectUnstaged = (batchId: number, stagedId: number, after: number, most: number): string =>
  `SELECT ${SHOWN}, r.line, r.amount, r.sell FROM welfare_rows r JOIN cards c ON c.id = r.card_id
   WHERE r.batch_id = ${integer(batchId)} AND r.line > ${integer(after)} AND r.amount > 0
     AND NOT EXISTS (SELECT 1 FROM staged_loads s WHERE s.batch_id = ${integer(stagedId)} AND s.line = r.line)
   ORDER BY r.line LIMIT ${integer(most)}`

export type WelfareLoad = {
  readonly line: number
  readonly amount: number
  readonly sell: boolean
  readonly card: ShownCard
}

const OF_SHOWN = 6

export function toLoad(row: Row): WelfareLoad {
  const [line, amount, sell] = row.slice(OF_SHOWN) as [number, number, number]
  return { line, amount, sell: sell === 1, card: toShownCard(row) }
}

/** Sell rows whose card is not their employee's yet: the batch links it. */
export const selectNewLinks = (batchId: number): string =>
  `SELECT DISTINCT e.id, e.card_id, r.card_id FROM welfare_rows r JOIN employees e ON e.id = r.employee_id
   WHERE r.batch_id = ${integer(batchId)} AND r.sell = 1 AND r.amount > 0 AND (e.card_id IS NULL OR e.card_id <> r.card_id)`

/** Cards that a batch sells and that were linked to another employee since it was approved: the row, the card, its holder. */
export const selectTakenCards = (batchId: number): string =>
  `SELECT r.line, r.card_shown, h.number FROM welfare_rows r JOIN employees h ON h.card_id = r.card_id
   WHERE r.batch_id = ${integer(batchId)} AND r.sell = 1 AND r.amount > 0 AND h.id <> r.employee_id ORDER BY r.line LIMIT 1`

/** Whether the employer has another batch whose loads count: without one there is nothing to ask about its employees. */
export const selectCounting = (employer: string, since: number, exceptBatch: number): string =>
  `SELECT 1 FROM welfare_batches WHERE employer_code = ${text(employer)}
   AND state IN ('proposed', 'approved', 'booked') AND id <> ${integer(exceptBatch)}
   AND (booked_at IS NULL OR booked_at >= ${instant(since)}) LIMIT 1`

/**
 * Loads that count towards the limit of a year: of these employees, by fund as it is written, in batches that are proposed or
 * further. One that is not booked yet will be booked this year or later.
 */
export const selectYearSums = (employees: readonly number[], since: number, exceptBatch: number): string =>
  `SELECT r.employee_id, r.fund COLLATE utf8mb4_bin AS fund, CAST(SUM(r.amount) AS SIGNED), CAST(MAX(r.already_used) AS SIGNED)
   FROM welfare_rows r FORCE INDEX (welfare_rows_employee) JOIN welfare_batches b ON b.id = r.batch_id
   WHERE r.employee_id IN (${employees.map(integer).join(',')}) AND b.state IN ('proposed', 'approved', 'booked')
     AND b.id <> ${integer(exceptBatch)} AND (b.booked_at IS NULL OR b.booked_at >= ${instant(since)})
   GROUP BY r.employee_id, r.fund COLLATE utf8mb4_bin`

/** Recent loads of one of these amounts to these employees: a double has the amount of its row. */
export const selectRecentLoads = (
  employees: readonly number[],
  amounts: readonly number[],
  since: number,
  exceptBatch: number,
): string =>
  `SELECT r.employee_id, r.fund, r.amount, b.id, COALESCE(b.booked_at, b.proposed_at)
   FROM welfare_rows r FORCE INDEX (welfare_rows_employee) JOIN welfare_batches b ON b.id = r.batch_id
   WHERE r.employee_id IN (${employees.map(integer).join(',')}) AND b.state IN ('proposed', 'approved', 'booked')
     AND b.id <> ${integer(exceptBatch)} AND (b.booked_at IS NULL OR b.booked_at >= ${instant(since)})
     AND r.amount IN (${amounts.map(integer).join(',')})`

export type RecentLoad = {
  readonly employeeId: number
  readonly fund: string
  readonly amount: number
  readonly batch: number
  readonly at: number
}

export function toRecentLoad(row: Row): RecentLoad {
  const [employeeId, fund, amount, batch, at] = row as [number, string, number, number, string]
  return { employeeId, fund, amount, batch, at: fromInstant(at) }
}

/** Rows of a batch as they would be booked: with the employee's name, and the card that is loaded. */
export const selectListRows = (batchId: number, after: number, most: number): string =>
  `SELECT r.line, r.number, COALESCE(e.name, r.name), c.first_six, c.last_four, r.card_shown, r.amount, r.amount_shown,
     r.fund, r.already_used, r.note, r.sell
   FROM welfare_rows r LEFT JOIN employees e ON e.id = r.employee_id LEFT JOIN cards c ON c.id = r.card_id
   WHERE r.batch_id = ${integer(batchId)} AND r.line > ${integer(after)} ORDER BY r.line LIMIT ${integer(most)}`

export type ListRow = {
  readonly line: number
  readonly number: string
  readonly name: string
  readonly card: string
  /** Minor units; where it could not be read, the text in the list. */
  readonly amount: number | string
  readonly fund: string
  readonly alreadyUsed: number
  readonly note: string
  readonly sell: boolean
}

export function toListRow(row: Row): ListRow {
  const [line, number, name, firstSix, lastFour, cardShown, amount, amountShown, fund, alreadyUsed, note, sell] = row as [
    number, string, string, string | null, string | null, string, number | null, string, string, number, string, number,
  ] // prettier-ignore
  const card = shownNumber(firstSix, lastFour) ?? cardShown
  return { line, number, name, card, amount: amount ?? amountShown, fund, alreadyUsed, note, sell: sell === 1 }
}

/** Rows of a booked batch with the current balance of the card that stands in the place of theirs, and the id of the load's transaction, which may not exist yet. */
export const selectResultRows = (batchId: number, stagedId: number, after: number, most: number): string =>
  `WITH RECURSIVE standing (line, card_id) AS (
     SELECT line, card_id FROM (SELECT line, card_id FROM welfare_rows
       WHERE batch_id = ${integer(batchId)} AND line > ${integer(after)} ORDER BY line LIMIT ${integer(most)}) AS lot
     UNION ALL SELECT s.line, c.replaced_by FROM standing s JOIN cards c ON c.id = s.card_id WHERE c.replaced_by IS NOT NULL)
   SELECT r.line, r.number, e.name, c.first_six, c.last_four, r.amount, r.fund, n.ledger + ${bookedFor('n.id')},
     COALESCE(t.id, s.id, a.transaction_id)
   FROM standing JOIN cards n ON n.id = standing.card_id AND n.replaced_by IS NULL
   JOIN welfare_rows r ON r.batch_id = ${integer(batchId)} AND r.line = standing.line
   JOIN employees e ON e.id = r.employee_id JOIN cards c ON c.id = r.card_id
   LEFT JOIN staged_loads s ON s.batch_id = ${integer(stagedId)} AND s.line = r.line
   LEFT JOIN transactions t ON t.transmitted = ${integer(stagedId)} AND t.stan = r.line AND t.terminal_code = 'STAGED'
     AND t.store_code = 'AKART' AND t.kind = 9003
   LEFT JOIN archived_loads a ON a.batch_id = ${integer(stagedId)} AND a.line = r.line
   ORDER BY r.line`

export type ResultRow = {
  readonly line: number
  readonly number: string
  readonly name: string
  readonly card: string
  readonly amount: number
  readonly fund: string
  readonly balance: number
  /** Empty: nothing was loaded. */
  readonly reference: string
}

export function toResultRow(row: Row): ResultRow {
  const [line, number, name, firstSix, lastFour, amount, fund, balance, reference] = row as [
    number, string, string, string, string, number | null, string, number, number | null,
  ] // prettier-ignore
  const card = shownNumber(firstSix, lastFour)
  return { line, number, name, card, amount: amount ?? 0, fund, balance, reference: reference === null ? '' : String(reference) } // prettier-ignore
}
