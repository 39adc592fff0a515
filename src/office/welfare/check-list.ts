import { amountText, amountTextPl } from '../../core/currency.ts'
import type { Employee } from '../../db/sql/employees.ts'
import { dayWords } from '../day-words.ts'
import type { Words } from '../refusal.ts'
import { type CheckContext, fundKey, fundName, loadName } from './check-ground.ts'
import type { CheckRun } from './check-run.ts'
import type { Finding, FindingCode } from './findings.ts'
import type { ParsedRow } from './parse-row.ts'

type Find = (field: string, code: FindingCode, value: string, details?: Finding['details']) => void

/** Findings of a row against the other rows of its list and against other batches. */
export function listFindings(
  run: CheckRun,
  context: CheckContext,
  row: ParsedRow,
  employee: Employee | null,
  find: Find,
): void {
  const { amount, fund } = row
  if (amount !== null && amount > 0) {
    run.amounts.first ??= amount
    run.amounts.equal &&= run.amounts.first === amount
    run.amounts.count += 1
  }
  if (employee === null) return
  const name = fundName(employee.id, fund)
  const earlier = seenBefore(run, row, employee)
  if (earlier !== null) find('employee', 'double_in_list', row.number, { row: earlier })
  if (amount === null || amount === 0) return
  const double = context.recent.get(loadName(employee.id, fund, amount))
  if (double !== undefined) {
    find('amount', 'double_in_batch', row.amountShown, { batch: double.batch, day: dayWords(double.day) })
  }
  const year = context.yearSums.get(name) ?? { sum: 0, used: 0 }
  const { yearlyLimit, currency } = run.employer
  // `already_used` is what the employee got elsewhere; several batches of a year repeat the same amount.
  const sum = year.sum + Math.max(year.used, row.alreadyUsed) + amount
  if (sum > yearlyLimit) {
    const details = { sum: amountWords(sum, currency), most: amountWords(yearlyLimit, currency) }
    find('amount', 'over_yearly_limit', row.amountShown, details)
  }
}

/** The earlier row of the same employee and fund; null: there is none. */
function seenBefore({ seen }: CheckRun, { fund, line }: ParsedRow, { id }: Employee): number | null {
  const name = fundKey(fund)
  const ofFund = seen.get(name) ?? new Map<number, number>()
  seen.set(name, ofFund)
  const earlier = ofFund.get(id) ?? null
  if (earlier === null) ofFund.set(id, line)
  return earlier
}

/** The amount in the form of each language. */
export const amountWords = (amount: number, currency: number): Words => ({
  en: amountText(amount, currency),
  pl: amountTextPl(amount, currency),
})

const FEWEST_EQUAL = 2

/** Findings about the whole list, after all rows are checked. */
export function wholeListFindings({ amounts, employer }: CheckRun): Finding[] {
  if (!amounts.equal || amounts.count < FEWEST_EQUAL) return []
  const value = amountText(amounts.first ?? 0, employer.currency)
  return [{ line: 0, field: 'amount', code: 'all_amounts_equal', value, details: {} }]
}
