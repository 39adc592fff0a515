import { currencyOf } from '../../core/currency.ts'
import { openAccount } from '../../db/accounts.ts'
import { fromInstant } from '../../db/sql/literal.ts'
import {
  selectCardsLoadedFor,
  selectLoaded,
  selectRecalled,
  selectStatementRows,
  type StatementRow,
  toStatementRow,
} from '../../db/sql/welfare-report.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { dateIn } from '../clock.ts'
import { dayEnd, dayStart } from '../day-bounds.ts'
import type { Office } from '../office.ts'
import { periodObjection } from '../period.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { applyBooked } from './apply-booked.ts'
import { employerOf, type Employer } from './employers.ts'
import { type ListFormat, writeList, type Written, type WrittenFile } from './list-writer.ts'
import { sumOf, unspentOn } from './unspent.ts'

/** Raised with each change of the report's definition. */
export const WELFARE_DEFINITION = 1

/** Days, YYYY-MM-DD, in the installation's zone, both included. */
export type ReportSelection = { readonly employer: string | null; readonly from: string; readonly to: string }

/** `amount` in minor units: positive for a load, negative for a recall. `day`: of the booking. */
export type WelfareReportRow = {
  readonly employer: string
  readonly kind: 'load' | 'recall'
  readonly batch: number | null
  readonly recall: number | null
  readonly fund: string
  readonly day: string
  readonly currency: string
  readonly count: number
  readonly amount: number
}

export type WelfareReport = {
  readonly report: 'welfare'
  readonly definition: number
  readonly exactAsOf: { readonly at: string; readonly rows: number; readonly sum: number }
  readonly filter: ReportSelection
  readonly rows: readonly WelfareReportRow[]
  readonly totals: readonly { readonly currency: string; readonly loaded: number; readonly recalled: number }[]
}

const periodOf = ({ timeZone }: Pick<Office, 'timeZone'>, { from, to }: Pick<ReportSelection, 'from' | 'to'>) => ({
  from: dayStart(from, timeZone),
  to: dayEnd(to, timeZone),
})

/** An employer's loads and recalls by batch and fund; never where or when somebody bought. */
export async function welfareReport(
  office: Office,
  actor: Actor,
  input: ReportSelection,
): Promise<WelfareReport | Refused> {
  const no = mayDo(actor, 'reports.see') ?? periodObjection(input.from, input.to)
  if (no !== null) return no
  const period = periodOf(office, input)
  const at = office.clock()
  const rows = await office.db.use(async (connection) => {
    await connection.send('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY')
    const [loads = [], recalls = []] = await connection.send(
      `${selectLoaded(input.employer, period)};${selectRecalled(input.employer, period)}`,
    )
    await connection.send('COMMIT')
    return [...loads.map((row) => loadRow(office, row)), ...recalls.map((row) => recallRow(office, row))]
  })
  const sum = rows.reduce((total, { amount }) => total + amount, 0)
  const count = rows.reduce((total, row) => total + row.count, 0)
  const currencies = [...new Set(rows.map(({ currency }) => currency))].sort()
  return {
    report: 'welfare',
    definition: WELFARE_DEFINITION,
    exactAsOf: { at: new Date(at).toISOString(), rows: count, sum },
    filter: input,
    rows,
    totals: currencies.map((currency) => ({
      currency,
      loaded: total(rows, currency, 'load'),
      recalled: total(rows, currency, 'recall'),
    })),
  }
}

const total = (rows: readonly WelfareReportRow[], of: string, what: WelfareReportRow['kind']): number =>
  rows.filter(({ currency, kind }) => currency === of && kind === what).reduce((sum, { amount }) => sum + amount, 0)

function loadRow({ timeZone }: Pick<Office, 'timeZone'>, row: readonly unknown[]): WelfareReportRow {
  const [employer, batch, fund, currency, at, count, amount] = row as [
    string,
    number,
    string,
    number,
    string,
    number,
    number,
  ]
  const day = dateIn(timeZone, fromInstant(at))
  return {
    employer,
    kind: 'load',
    batch,
    recall: null,
    fund,
    day,
    currency: currencyOf(currency).letters,
    count,
    amount,
  }
}

function recallRow({ timeZone }: Pick<Office, 'timeZone'>, row: readonly unknown[]): WelfareReportRow {
  const [employer, recall, batch, currency, at, count, amount] = row as [
    string, number, number | null, number, string, number, number,
  ] // prettier-ignore
  const day = dateIn(timeZone, fromInstant(at))
  return { employer, kind: 'recall', batch, recall, fund: '', day, currency: currencyOf(currency).letters, count, amount: -amount } // prettier-ignore
}

const STATEMENT_HEADINGS = {
  en: ['employee', 'name', 'card', 'loaded', 'recalled', 'unspent'],
  pl: ['nr pracownika', 'imię i nazwisko', 'karta', 'zasilono', 'odebrano', 'niewydane'],
} as const
const LOT = 200

export type Statement = {
  readonly rows: readonly (StatementRow & { readonly unspent: number })[]
  readonly employer: Employer
}

/** Loads, recalls and unspent money of each employee: all that an employer sees of a card. */
export async function employerStatement(
  office: Office,
  actor: Actor,
  input: ReportSelection & { readonly employer: string },
): Promise<Statement | Refused> {
  const no = mayDo(actor, 'welfare.find') ?? periodObjection(input.from, input.to)
  if (no !== null) return no
  const employer = await office.db.use((connection) => employerOf(connection, input.employer))
  if (employer === null) return refused('no_such_employer', { code: input.employer })
  const account = await openAccount(office.db.access, 'counterparty_receivable', employer.code, employer.currency)
  const period = periodOf(office, input)
  const rows: (StatementRow & { unspent: number })[] = []
  for (let after = ''; ;) {
    const [found = []] = await office.db.use((connection) =>
      connection.send(selectStatementRows(employer.code, period, after, LOT)),
    )
    const lot = found.map(toStatementRow)
    const last = lot.at(-1)
    if (last === undefined) return { rows, employer }
    const unspent = await unspentOf(
      office,
      account,
      lot.map(({ employeeId }) => employeeId),
    )
    rows.push(...lot.map((row) => ({ ...row, unspent: unspent.get(row.employeeId) ?? 0 })))
    after = last.number
  }
}

async function unspentOf(
  office: Office,
  account: number,
  employees: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectCardsLoadedFor(employees)))
  const holders = new Map(rows.map(([employee, card]) => [Number(card), Number(employee)]))
  const cards = [...holders.keys()]
  await applyBooked(office, cards)
  const found = await office.db.use((connection) => unspentOn(connection, account, { loaded: cards, employees }))
  const sums = new Map<number, number>()
  for (const { loaded, portions } of found) {
    const employee = holders.get(loaded) ?? 0
    sums.set(employee, (sums.get(employee) ?? 0) + sumOf(portions))
  }
  return sums
}

export async function statementFile(
  office: Office,
  actor: Actor,
  { format, ...input }: ReportSelection & { readonly employer: string; readonly format: ListFormat },
): Promise<WrittenFile | Refused> {
  const statement = await employerStatement(office, actor, input)
  if (isRefused(statement)) return statement
  const { rows, employer } = statement
  const money = (value: number): Written => ({ value, currency: employer.currency })
  const sum = (of: 'loaded' | 'recalled' | 'unspent'): Written => money(rows.reduce((all, row) => all + row[of], 0))
  const lines = rows.map((row): readonly Written[] => [row.number, row.name, row.card, money(row.loaded), money(row.recalled), money(row.unspent)]) // prettier-ignore
  const last: readonly Written[] = [employer.language === 'pl' ? 'razem' : 'total', '', '', sum('loaded'), sum('recalled'), sum('unspent')] // prettier-ignore
  await office.db.transaction((connection) =>
    putOnRecord(connection, office, actor, office.clock(), {
      action: 'welfare.statement',
      object: { kind: 'employer', id: employer.code },
      details: { rows: rows.length, from: input.from, to: input.to, format },
    }),
  )
  const name = `welfare-${employer.code}-${input.from}-${input.to}`
  return writeList(name, format, employer.language, [STATEMENT_HEADINGS[employer.language], ...lines, last])
}
