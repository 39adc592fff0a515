import { integer, text } from './literal.ts'
import { endsWait } from './report-queries.ts'
import type { CohortSum } from './report-spans.ts'
import type { Row } from './row.ts'

/** The figures that reports need of archived transactions. A lot's figures are added to those of earlier lots. */

const list = (ids: readonly number[]): string => (ids.length === 0 ? 'NULL' : ids.map(integer).join(','))

export type Move = { readonly account: number; readonly day: string; readonly amount: number }

export const addMoves = (moves: readonly Move[]): string =>
  `INSERT INTO archived_moves (account, day, amount) VALUES ${moves
    .map(({ account, day, amount }) => `(${integer(account)},${text(day)},${integer(amount)})`)
    .join(',')} ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)`

/** A cell of the settlement's matrix. */
export type ArchivedSpent = {
  readonly day: string
  readonly originalDay: string
  readonly issueId: number
  readonly currency: number
  readonly origin: string
  readonly spentIn: string
  readonly amount: number
}

export const addSpent = (cells: readonly ArchivedSpent[]): string =>
  `INSERT INTO archived_spent (day, original_day, issue_id, currency, origin, spent_in, amount) VALUES ${cells
    .map(
      (c) =>
        `(${text(c.day)},${text(c.originalDay)},${integer(c.issueId)},${integer(c.currency)},${text(c.origin)},${text(c.spentIn)},${integer(c.amount)})`,
    )
    .join(',')} ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)`

/** The spendings of these days; null: from the beginning, to the end. */
export const selectArchivedSpent = ({
  from,
  to,
}: {
  readonly from: string | null
  readonly to: string | null
}): string =>
  `SELECT day, original_day, issue_id, currency, origin, spent_in, amount FROM archived_spent
   WHERE amount <> 0 ${from === null ? '' : `AND day >= ${text(from)}`} ${to === null ? '' : `AND day <= ${text(to)}`}`

export function toArchivedSpent(row: Row): ArchivedSpent {
  const [day, originalDay, issueId, currency, origin, spentIn, amount] = row as [
    string, string, number, number, string, string, number,
  ] // prettier-ignore
  return { day, originalDay, issueId, currency, origin, spentIn, amount }
}

/** The unconfirmed amounts in a card's favour over the end of a day (`waitingAt` of report-queries.ts has the rule). */
export const addWaits = (ids: readonly number[]): string =>
  `INSERT INTO archived_waits (account, booked_on, ended_on, amount)
   SELECT o.credit_account, o.business_date, r.business_date, SUM(o.amount)
   FROM transactions r JOIN transactions o ON o.id = r.original_id
   WHERE r.id IN (${list(ids)}) AND r.state <> 'declined' AND r.business_date > o.business_date
     AND o.credit_account > 1000000 AND o.amount > 0
     AND ${endsWait('o', 'r')}
   GROUP BY o.credit_account, o.business_date, r.business_date
   ON DUPLICATE KEY UPDATE archived_waits.amount = archived_waits.amount + VALUES(amount)`

/** What a card gained or lost on a day, in the cohort of the sale that it had then. */
export const addCohorts = (cohorts: readonly (CohortSum & { readonly day: string })[]): string =>
  `INSERT INTO archived_cohorts (day, issue_id, sold_in, cohort, months, operation, amount) VALUES ${cohorts
    .map(
      (c) =>
        `(${text(c.day)},${integer(c.issueId)},${text(c.soldIn)},${text(c.cohort)},${integer(c.months)},${text(c.operation)},${integer(c.amount)})`,
    )
    .join(',')} ON DUPLICATE KEY UPDATE amount = amount + VALUES(amount)`

/** A staged load's key names its batch and its line. */
export const addLoads = (ids: readonly number[]): string =>
  `INSERT INTO archived_loads (batch_id, line, transaction_id) SELECT transmitted, stan, id FROM transactions
   WHERE id IN (${list(ids)}) AND terminal_code = 'STAGED' AND store_code = 'AKART' AND kind = 9003`

/** All transfers of archived days, for `akart archive verify`. */
export const selectArchivedTotals =
  'SELECT CAST(COALESCE(SUM(transfers), 0) AS SIGNED), CAST(COALESCE(SUM(amount), 0) AS SIGNED) FROM archived_days'

/** The gains and losses of all accounts, in pages by account id. */
export const selectArchivedAccounts = (after: number, most: number): string =>
  `SELECT account, CAST(SUM(amount) AS SIGNED) FROM archived_moves WHERE account > ${integer(after)}
   GROUP BY account ORDER BY account LIMIT ${integer(most)}`

/** Cohorts of archived transfers of a day, in the columns of `report_cohorts`. */
export const selectArchivedCohorts = (day: string): string =>
  `SELECT issue_id, sold_in, cohort, months, operation, amount FROM archived_cohorts WHERE day = ${text(day)}`

/** Whether transfers of a day are archived. */
export const selectIsArchived = (day: string): string => `SELECT 1 FROM archived_days WHERE day = ${text(day)}`
