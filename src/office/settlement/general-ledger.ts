import type { ContraAccount } from '../../core/money.ts'
import { OPERATION_NAMES, OPERATIONS, type OperationRule } from '../../core/operations.ts'
import { selectActivity, selectReceived } from '../../db/sql/report-queries.ts'
import type { Actor } from '../actor.ts'
import { dateIn } from '../clock.ts'
import { isDay } from '../day-words.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused, type Words } from '../refusal.ts'
import { column, isWithin, issueCode, letters } from '../reports/definition.ts'
import { inputsOf } from '../reports/inputs.ts'
import { type Column, type Report, type ReportRow, totalsOf } from '../reports/report.ts'
import { inSnapshot, type Snapshot } from '../reports/snapshot.ts'
import { mayDo } from '../rights.ts'
import { settlementTitle } from './documents.ts'
import { showSettlement } from './reading.ts'

/** Accounts of the general ledger: the kinds of ours, what cards hold, and the bank. Their codes are inputs `account.KIND`. */
export const LEDGER_ACCOUNTS = [
  'cards',
  'store_receivable',
  'store_payable',
  'counterparty_receivable',
  'issuer_adjustments',
  'issuer_breakage',
  'bank',
] as const
type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number]

const NOT_TWICE: Words = {
  en: 'Receipts and payments of stores are booked by their month and by their settlement: book months or settlements, not both.',
  pl: 'Wpływy i płatności sklepów są w dekretach miesiąca i w dekretach rozliczenia: księguj miesiące albo rozliczenia, nie jedne i drugie.',
}
const NOT_OVER: Words = {
  en: 'The month is not over: its bookings are not complete.',
  pl: 'Miesiąc jeszcze trwa: dekrety nie są pełne.',
}

const COLUMNS: readonly Column[] = [
  column('document', 'text', 'Document', 'Dokument'),
  column('day', 'day', 'Day', 'Dzień'),
  column('account', 'text', 'Account', 'Konto'),
  column('party', 'text', 'Party', 'Kontrahent lub sklep'),
  column('issue', 'text', 'Issue', 'Emisja'),
  column('text', 'text', 'Text', 'Opis'),
  column('currency', 'text', 'Currency', 'Waluta'),
  column('debit', 'money', 'Debit', 'Winien'),
  column('credit', 'money', 'Credit', 'Ma'),
]

type Entry = {
  readonly debit: LedgerAccount
  readonly credit: LedgerAccount
  readonly party: string
  readonly issue: string
  readonly text: string
  readonly currency: number
  /** Below zero: the other way round. */
  readonly amount: number
}

type Booking = { readonly document: string; readonly day: string }

/** Two rows for each entry, so debits and credits have the same sum. Refused if an account that is needed has no code. */
async function rowsOf(
  { connection }: Snapshot,
  { document, day }: Booking,
  entries: readonly Entry[],
): Promise<ReportRow[] | Refused> {
  const inputs = await inputsOf(connection)
  const moved = entries.filter(({ amount }) => amount !== 0)
  const needed = [...new Set(moved.flatMap(({ debit, credit }) => [debit, credit]))]
  const unset = needed.filter((account) => !inputs.has(`account.${account}`))
  if (unset.length > 0) return refused('accounts_unset', { accounts: unset.map((one) => `account.${one}`).join(', ') })
  const code = (account: LedgerAccount): string => inputs.get(`account.${account}`)?.value ?? ''
  return moved.flatMap((entry): ReportRow[] => {
    const { party, issue, text, currency, amount } = entry
    const [debit, credit] = amount > 0 ? [entry.debit, entry.credit] : [entry.credit, entry.debit]
    const common = { document, day, party, issue, text, currency: letters(currency) }
    const value = Math.abs(amount)
    return [
      { ...common, account: code(debit), debit: value, credit: 0 },
      { ...common, account: code(credit), debit: 0, credit: value },
    ]
  })
}

const reportOf = (
  { exactAsOf }: Snapshot,
  rows: readonly ReportRow[],
  {
    report,
    title,
    from,
    to,
    notes,
  }: Pick<Report, 'report' | 'notes'> & { readonly title: Words; readonly from: string; readonly to: string },
): Report => ({
  report,
  title,
  definition: 1,
  exactAsOf,
  filter: { from, to, asOf: null, stores: null, issues: null },
  columns: COLUMNS,
  rows,
  totals: totalsOf(COLUMNS, rows),
  notes,
})

/** A closed settlement as ledger bookings: receipts and debts of stores, with corrections in lines of their own. */
export async function settlementLedger(
  office: Office,
  actor: Actor,
  { number }: { readonly number: number },
): Promise<Report | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  const page = await showSettlement(office, actor, { number })
  if (isRefused(page)) return page
  const { settlement, numbers } = page
  const { from, to, lines } = settlement
  const entries = lines.flatMap(({ kind, corrects, store, currency, receivable, payable }): Entry[] => {
    const text =
      kind === 'own' ? `settlement ${number}` : `settlement ${number}: ${kind} of ${numbers.get(corrects) ?? corrects}`
    const entry = { party: store, issue: '', text, currency }
    return [
      { ...entry, debit: 'store_receivable', credit: 'cards', amount: receivable },
      { ...entry, debit: 'cards', credit: 'store_payable', amount: payable },
    ]
  })
  return inSnapshot(office, async (snapshot) => {
    const rows = await rowsOf(snapshot, { document: `SET-${number}`, day: to }, entries)
    if (isRefused(rows)) return rows
    const { en, pl } = settlementTitle(settlement)
    const title = { en: `${en}: general ledger`, pl: `${pl}: księga główna` }
    return reportOf(snapshot, rows, { report: `ledger-settlement-${number}`, title, from, to, notes: [NOT_TWICE] })
  })
}

/** All movements of cards in a month, by operation, party and issue, and what counterparties paid. */
export async function monthLedger(
  office: Office,
  actor: Actor,
  { month }: { readonly month: string },
): Promise<Report | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  const from = `${month}-01`
  if (!isDay(from)) return refused('wrong_input', { name: 'month', value: month })
  const [year = 0, at = 1] = month.split('-').map(Number)
  const to = new Date(Date.UTC(year, at, 0)).toISOString().slice(0, 10)
  return inSnapshot(office, async (snapshot) => {
    const entries = [
      ...(await movementsOf(office, snapshot, { from, to })),
      ...(await paymentsOf(snapshot, { from, to })),
    ]
    const rows = await rowsOf(snapshot, { document: `MON-${month}`, day: to }, entries)
    if (isRefused(rows)) return rows
    const isOver = dateIn(office.timeZone, office.clock()) > to
    const notes = isOver ? [NOT_TWICE] : [NOT_OVER, NOT_TWICE]
    const title = { en: `General ledger, ${month}`, pl: `Księga główna, ${month}` }
    return reportOf(snapshot, rows, { report: `ledger-month-${month}`, title, from, to, notes })
  })
}

type Days = { readonly from: string; readonly to: string }

/** An operation that moves no money, or leaves it with the holder, is booked nowhere. */
const CONTRA: ReadonlyMap<string, { readonly contra: ContraAccount; readonly takes: boolean }> = new Map(
  OPERATION_NAMES.flatMap((name) => {
    const { contra, card }: OperationRule = OPERATIONS[name]
    return contra === null ? [] : [[name, { contra, takes: card === 'takes' }] as const]
  }),
)

async function movementsOf(office: Office, { connection, unfolded }: Snapshot, days: Days): Promise<Entry[]> {
  const scope = { ...days, stores: null, issues: null }
  const operations = [...CONTRA.keys()]
  const [rows = []] = await connection.send(selectActivity(scope, 'day', operations))
  const kept = rows.map((row) => {
    const [, store, issueId, operation, , currency, , amount, , undoneAmount] = row as [
      string, string, number, string, string, number, number, number, number, number,
    ] // prettier-ignore
    return { store, issueId, operation, currency, amount, undoneAmount }
  })
  const more = unfolded.sums.activity.filter(
    ({ day, issueId, operation }) => isWithin(scope, day) && issueId !== 0 && CONTRA.has(operation),
  )
  const sums = new Map<string, Entry>()
  for (const { store, issueId, operation, currency, amount, undoneAmount } of [...kept, ...more]) {
    const rule = CONTRA.get(operation)
    if (rule === undefined) continue
    const { contra, takes } = rule
    const account = LEDGER_ACCOUNTS.find((one) => one === contra)
    if (account === undefined) continue
    const party = account.startsWith('issuer') ? '' : store
    const [debit, credit] = takes ? (['cards', account] as const) : ([account, 'cards'] as const)
    const key = [operation, party, issueId, currency].join(' ')
    const sum = sums.get(key)
    const entry = { debit, credit, party, issue: issueCode(office, issueId), text: operation, currency }
    sums.set(key, { ...entry, amount: (sum?.amount ?? 0) + amount - undoneAmount })
  }
  return [...sums.values()].sort(
    (a, b) => a.text.localeCompare(b.text) || a.party.localeCompare(b.party) || a.issue.localeCompare(b.issue),
  )
}

async function paymentsOf({ connection }: Snapshot, days: Days): Promise<Entry[]> {
  const [rows = []] = await connection.send(selectReceived({ ...days, stores: null, issues: null }))
  return rows.map((row) => ({
    debit: 'bank',
    credit: 'counterparty_receivable',
    party: String(row[0]),
    issue: '',
    // Not `payment`, which is one with a card.
    text: 'payment_received',
    currency: Number(row[1]),
    amount: Number(row[2]),
  }))
}
