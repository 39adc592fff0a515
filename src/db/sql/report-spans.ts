import { integer, text } from './literal.ts'
import { type Scope, within } from './report-queries.ts'
import type { Row } from './row.ts'

/** Days and months whose figures are kept: `report_matrix`, `report_cohorts`, `report_till_acts`. */
export type Spans = { readonly months: readonly string[]; readonly days: readonly string[] }

export type MatrixSum = {
  readonly issueId: number
  readonly origin: string
  readonly spentIn: string
  readonly currency: number
  readonly amount: number
}

export type CohortSum = {
  readonly issueId: number
  readonly soldIn: string
  /** Month of the sale, YYYY-MM. */
  readonly cohort: string
  /** Whole months since the sale. */
  readonly months: number
  readonly operation: string
  readonly amount: number
}

export type TillActs = {
  readonly store: string
  readonly terminal: string
  readonly hour: number
  readonly refunds: number
  readonly cancellations: number
  readonly keyed: number
}

type Period = Pick<Scope, 'from' | 'to'>
const onDays = (period: Period, day: string): string =>
  within({ ...period, stores: null, issues: null }, { day, store: null, issue: null })

/** Days with transfers: how many, and of how many figures are kept (null: of none). */
export const selectKeptDays = (period: Period): string =>
  `SELECT d.day, d.transfers, k.transfers FROM report_days d LEFT JOIN report_spans k ON k.span = 'day' AND k.day = d.day
   WHERE d.transfers <> 0 AND ${onDays(period, 'd.day')} ORDER BY d.day`

export function toKeptDay(row: Row): { day: string; transfers: number; kept: number | null } {
  const [day, transfers, kept] = row as [string, number, number | null]
  return { day, transfers, kept }
}

export const selectKeptMonths = (period: Period): string =>
  `SELECT day, transfers FROM report_spans WHERE span = 'month' AND ${onDays(period, 'day')}`

/** The rows of these days and months. */
function kept({ months, days }: Spans): string {
  const of = (span: string, ends: readonly string[]): string[] =>
    ends.length === 0 ? [] : [`(span = '${span}' AND day IN (${ends.map(text).join(',')}))`]
  const some = [...of('month', months), ...of('day', days)]
  return some.length === 0 ? 'FALSE' : `(${some.join(' OR ')})`
}

const among = (scope: Scope, store: string | null, issue: string | null): string =>
  within({ ...scope, from: null, to: null }, { day: '', store, issue })

export const selectMatrix = (spans: Spans, scope: Scope): string =>
  `SELECT 0, origin, spent_in, currency, CAST(SUM(amount) AS SIGNED) FROM report_matrix
   WHERE ${kept(spans)} AND ${among(scope, 'spent_in', 'issue_id')} GROUP BY origin, spent_in, currency`

export function toMatrixSum(row: Row): MatrixSum {
  const [issueId, origin, spentIn, currency, amount] = row as [number, string, string, number, number]
  return { issueId, origin, spentIn, currency, amount }
}

export const selectKeptCohorts = (spans: Spans, scope: Scope): string =>
  `SELECT issue_id, '', cohort, months, operation, CAST(SUM(amount) AS SIGNED) FROM report_cohorts
   WHERE ${kept(spans)} AND ${among(scope, 'sold_in', 'issue_id')} GROUP BY issue_id, cohort, months, operation`

export function toCohortSum(row: Row): CohortSum {
  const [issueId, soldIn, cohort, months, operation, amount] = row as [number, string, string, number, string, number]
  return { issueId, soldIn, cohort, months, operation, amount }
}

export const selectKeptTillActs = (spans: Spans, scope: Scope): string =>
  `SELECT store_code, terminal_code, hour, CAST(SUM(refunds) AS SIGNED), CAST(SUM(cancellations) AS SIGNED), CAST(SUM(keyed) AS SIGNED)
   FROM report_till_acts WHERE ${kept(spans)} AND ${among(scope, 'store_code', null)} GROUP BY store_code, terminal_code, hour`

export function toTillActs(row: Row): TillActs {
  const [store, terminal, hour, refunds, cancellations, keyed] = row.map((cell, i) => (i < 2 ? String(cell) : Number(cell))) as [
    string, string, number, number, number, number,
  ] // prettier-ignore
  return { store, terminal, hour, refunds, cancellations, keyed }
}

const TABLES = ['report_spans', 'report_matrix', 'report_cohorts', 'report_till_acts'] as const

/** Forgets what is kept of a day or a month. */
export const forgetSpan = (span: 'day' | 'month', day: string): string =>
  [
    ...TABLES.map((table) => `DELETE FROM ${table} WHERE span = '${span}' AND day = ${text(day)}`),
    ...(span === 'month' ? [`DELETE FROM report_month_balances WHERE day = ${text(day)}`] : []),
  ].join(';')

export type DayFigures = {
  readonly transfers: number
  readonly matrix: readonly MatrixSum[]
  readonly cohorts: readonly CohortSum[]
  readonly tillActs: readonly TillActs[]
}

const tuple = (day: string, values: readonly (string | number)[]): string =>
  `('day',${[day, ...values].map((value) => (typeof value === 'number' ? integer(value) : text(value))).join(',')})`

const LOT = 2_000
const insert = (head: string, rows: readonly string[]): string[] =>
  Array.from(
    { length: Math.ceil(rows.length / LOT) },
    (_, i) => `${head} VALUES ${rows.slice(i * LOT, (i + 1) * LOT).join(',')}`,
  )

/** The figures of a day that has none; a statement each. */
export const insertDay = (day: string, { transfers, matrix, cohorts, tillActs }: DayFigures): string[] => [
  `INSERT INTO report_spans (span, day, transfers) VALUES ${tuple(day, [transfers])}`,
  ...insert(
    'INSERT INTO report_matrix (span, day, issue_id, origin, spent_in, currency, amount)',
    matrix.map((m) => tuple(day, [m.issueId, m.origin, m.spentIn, m.currency, m.amount])),
  ),
  ...insert(
    'INSERT INTO report_cohorts (span, day, issue_id, sold_in, cohort, months, operation, amount)',
    cohorts.map((c) => tuple(day, [c.issueId, c.soldIn, c.cohort, c.months, c.operation, c.amount])),
  ),
  ...insert(
    'INSERT INTO report_till_acts (span, day, store_code, terminal_code, hour, refunds, cancellations, keyed)',
    tillActs.map((a) => tuple(day, [a.store, a.terminal, a.hour, a.refunds, a.cancellations, a.keyed])),
  ),
]

const SUMMED = [
  ['report_matrix', 'issue_id, origin, spent_in, currency', ['amount']],
  ['report_cohorts', 'issue_id, sold_in, cohort, months, operation', ['amount']],
  ['report_till_acts', 'store_code, terminal_code, hour', ['refunds', 'cancellations', 'keyed']],
] as const

/** A month from its days: one statement for each table. */
export const insertMonth = (first: string, last: string): string[] => {
  const days = `span = 'day' AND day >= ${text(first)} AND day <= ${text(last)}`
  return [
    `INSERT INTO report_spans (span, day, transfers) SELECT 'month', ${text(last)}, COALESCE(SUM(transfers), 0) FROM report_spans WHERE ${days}`,
    `INSERT INTO report_month_balances (day, issue_id, sold_in, operation, gross, undone)
     SELECT ${text(last)}, issue_id, sold_in, operation, SUM(gross), SUM(undone) FROM report_balances
     WHERE day >= ${text(first)} AND day <= ${text(last)} GROUP BY issue_id, sold_in, operation`,
    ...SUMMED.map(
      ([table, by, figures]) =>
        `INSERT INTO ${table} (span, day, ${by}, ${figures.join(', ')}) SELECT 'month', ${text(last)}, ${by},
           ${figures.map((figure) => `SUM(${figure})`).join(', ')} FROM ${table} WHERE ${days} GROUP BY ${by}`,
    ),
  ]
}

/** Months of as many transfers as their days have by now. */
const WHOLE_MONTHS = `SELECT k.day FROM report_spans k WHERE k.span = 'month'
  AND k.transfers = (SELECT SUM(d.transfers) FROM report_days d WHERE LAST_DAY(d.day) = k.day)`

/** Months whose figures differ from the sum of their days: table and month. */
export const selectWrongMonths: string = [
  ...SUMMED.map(
    ([table, by, figures]) =>
      `SELECT DISTINCT '${table}', month FROM (SELECT LAST_DAY(day) AS month, ${by}, ${figures
        .map((figure) => `SUM(IF(span = 'day', ${figure}, -${figure})) AS ${figure}`)
        .join(', ')} FROM ${table}
      WHERE LAST_DAY(day) IN (${WHOLE_MONTHS}) GROUP BY month, ${by}
      HAVING ${figures.map((figure) => `${figure} <> 0`).join(' OR ')}) AS differing`,
  ),
  `SELECT DISTINCT 'report_month_balances', month FROM (SELECT month, issue_id, sold_in, operation, SUM(gross) AS gross, SUM(undone) AS undone FROM (
     SELECT LAST_DAY(day) AS month, issue_id, sold_in, operation, gross, undone FROM report_balances
     UNION ALL SELECT day, issue_id, sold_in, operation, -gross, -undone FROM report_month_balances) AS both_of
     WHERE month IN (${WHOLE_MONTHS})
     GROUP BY month, issue_id, sold_in, operation HAVING gross <> 0 OR undone <> 0) AS differing`,
].join(' UNION ALL ')

/** The kept figures of one day. */
export const selectDay = (day: string): string =>
  [
    `SELECT issue_id, origin, spent_in, currency, amount FROM report_matrix`,
    `SELECT issue_id, sold_in, cohort, months, operation, amount FROM report_cohorts`,
    `SELECT store_code, terminal_code, hour, refunds, cancellations, keyed FROM report_till_acts`,
  ]
    .map((select) => `${select} WHERE span = 'day' AND day = ${text(day)}`)
    .join(';')

/** Sums of `report_balances` in a scope: of whole months from where they are kept, of the other days as they are. */
export const selectBalancesOf = ({ months, days }: Spans, scope: Scope): string => {
  const of = (table: string, on: readonly string[]): string[] =>
    on.length === 0
      ? []
      : [
          `SELECT issue_id, sold_in, operation, gross, undone FROM ${table}
           WHERE day IN (${on.map(text).join(',')}) AND ${among(scope, 'sold_in', 'issue_id')}`,
        ]
  const parts = [...of('report_month_balances', months), ...of('report_balances', days)]
  if (parts.length === 0) return 'SELECT issue_id, sold_in, operation, gross, undone FROM report_balances WHERE FALSE'
  return `SELECT issue_id, sold_in, operation, CAST(SUM(gross) AS SIGNED), CAST(SUM(undone) AS SIGNED)
    FROM (${parts.join(' UNION ALL ')}) AS parts GROUP BY issue_id, sold_in, operation`
}
