import type { Activity } from '../../core/reports/fact.ts'
import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

export type ActivitySum = Activity & {
  readonly day: string
  readonly store: string
  readonly issueId: number
  readonly operation: string
  readonly channel: string
  readonly currency: number
  readonly originalDay: string
}

export type BalanceSum = {
  readonly day: string
  readonly issueId: number
  readonly soldIn: string
  readonly operation: string
  readonly gross: number
  readonly undone: number
}

export type DeclineSum = {
  readonly day: string
  readonly store: string
  readonly terminal: string
  readonly reason: string
  readonly count: number
}

export type DaySum = { readonly day: string; readonly transfers: number; readonly amount: number }

const tuple = (values: readonly (string | number)[]): string =>
  `(${values.map((value) => (typeof value === 'number' ? integer(value) : text(value))).join(',')})`

/** Sums that are kept, and the part of them whose transactions are archived: in tables that are alike. */
export type SumsOf = 'report' | 'archived'

export const addActivity = (sums: readonly ActivitySum[], of: SumsOf = 'report'): string =>
  `INSERT INTO ${of}_activity (day, store_code, issue_id, operation, channel, currency, original_day,
     count, amount, undone_count, undone_amount) VALUES ${sums
       .map(
         (s) =>
         tuple([
           s.day, s.store, s.issueId, s.operation, s.channel, s.currency, s.originalDay,
           s.count, s.amount, s.undoneCount, s.undoneAmount,
         ]), // prettier-ignore
       )
       .join(',')}
   ON DUPLICATE KEY UPDATE count = count + VALUES(count), amount = amount + VALUES(amount),
     undone_count = undone_count + VALUES(undone_count), undone_amount = undone_amount + VALUES(undone_amount)`

export const addBalances = (sums: readonly BalanceSum[], of: SumsOf = 'report'): string =>
  `INSERT INTO ${of}_balances (day, issue_id, sold_in, operation, gross, undone) VALUES ${sums
    .map((s) => tuple([s.day, s.issueId, s.soldIn, s.operation, s.gross, s.undone]))
    .join(',')}
   ON DUPLICATE KEY UPDATE gross = gross + VALUES(gross), undone = undone + VALUES(undone)`

export const addDeclines = (sums: readonly DeclineSum[], of: SumsOf = 'report'): string =>
  `INSERT INTO ${of}_declines (day, store_code, terminal_code, reason, count) VALUES ${sums
    .map((s) => tuple([s.day, s.store, s.terminal, s.reason, s.count]))
    .join(',')}
   ON DUPLICATE KEY UPDATE count = count + VALUES(count)`

export const addDays = (sums: readonly DaySum[], of: SumsOf = 'report'): string =>
  `INSERT INTO ${of}_days (day, transfers, amount) VALUES ${sums
    .map((s) => tuple([s.day, s.transfers, s.amount]))
    .join(',')}
   ON DUPLICATE KEY UPDATE transfers = transfers + VALUES(transfers), amount = amount + VALUES(amount)`

/** Forgets the sums of a day, which are then made again from its transactions. */
export const deleteDay = (day: string): string =>
  ['report_activity', 'report_balances', 'report_declines', 'report_days']
    .map((table) => `DELETE FROM ${table} WHERE day = ${text(day)}`)
    .join(';')

/** Sums of what a snapshot holds, up to and including a day; null: all. */
export const selectExactAsOf = 'SELECT COALESCE(SUM(transfers), 0), COALESCE(SUM(amount), 0), MAX(day) FROM report_days'

/** All sums, or those of a day, for proving them: activity, balances, declines, days. */
export function selectSums(of: SumsOf, day: string | null = null): string {
  const where = day === null ? '' : `AND day = ${text(day)}`
  return [
    `SELECT day, store_code, issue_id, operation, channel, currency, original_day, count, amount, undone_count, undone_amount
     FROM ${of}_activity WHERE (count <> 0 OR amount <> 0 OR undone_count <> 0 OR undone_amount <> 0) ${where}`,
    `SELECT day, issue_id, sold_in, operation, gross, undone FROM ${of}_balances WHERE (gross <> 0 OR undone <> 0) ${where}`,
    `SELECT day, store_code, terminal_code, reason, count FROM ${of}_declines WHERE count <> 0 ${where}`,
    `SELECT day, transfers, amount FROM ${of}_days WHERE (transfers <> 0 OR amount <> 0) ${where}`,
  ].join(';')
}

export function toActivitySum(row: Row): ActivitySum {
  const [day, store, issueId, operation, channel, currency, originalDay, count, amount, undoneCount, undoneAmount] =
    row as [string, string, number, string, string, number, string, number, number, number, number]
  return { day, store, issueId, operation, channel, currency, originalDay, count, amount, undoneCount, undoneAmount }
}

export function toBalanceSum(row: Row): BalanceSum {
  const [day, issueId, soldIn, operation, gross, undone] = row as [string, number, string, string, number, number]
  return { day, issueId, soldIn, operation, gross, undone }
}

export function toDeclineSum(row: Row): DeclineSum {
  const [day, store, terminal, reason, count] = row as [string, string, string, string, number]
  return { day, store, terminal, reason, count }
}

export function toDaySum(row: Row): DaySum {
  const [day, transfers, amount] = row as [string, number, number]
  return { day, transfers, amount }
}
