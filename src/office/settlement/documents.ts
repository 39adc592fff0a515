import { amountText, amountTextPl } from '../../core/currency.ts'
import type { SettlementLine } from '../../db/sql/settlements.ts'
import { dayWords } from '../day-words.ts'
import type { Office } from '../office.ts'
import { refused, type Refused, type Words } from '../refusal.ts'
import { column, letters } from '../reports/definition.ts'
import type { PdfReport, PdfTable } from '../reports/pdf.ts'
import { type Column, type Report, type ReportRow, totalsOf } from '../reports/report.ts'
import { matrixOf } from '../reports/settlement.ts'
import { wordOf } from '../reports/words.ts'
import type { Settlement } from './figures.ts'
import { isAllNamed, type LateRow } from './late.ts'
import type { SettlementPage } from './reading.ts'

type Language = keyof Words

const WHAT = {
  own: { en: 'This period', pl: 'Ten okres' },
  undone: { en: 'Undone of settlement', pl: 'Cofnięcia z rozliczenia' },
  late: { en: 'Late in settlement', pl: 'Spóźnione w rozliczeniu' },
} as const satisfies Record<SettlementLine['kind'], Words>

/** The meaning of a line: days of its own, or the corrected settlement. */
export function lineWords(
  { kind, corrects }: Pick<SettlementLine, 'kind' | 'corrects'>,
  numbers: ReadonlyMap<number, number>,
): Words {
  const number = corrects === 0 ? '' : ` ${numbers.get(corrects) ?? corrects}`
  return { en: `${WHAT[kind].en}${number}`, pl: `${WHAT[kind].pl}${number}` }
}

/** `1 Nov 2026 to 30 Nov 2026` */
export const periodWords = ({ from, to }: Pick<Settlement, 'from' | 'to'>): Words => ({
  en: `${dayWords(from).en} to ${dayWords(to).en}`,
  pl: `${dayWords(from).pl} do ${dayWords(to).pl}`,
})

export const settlementTitle = ({ number, ...period }: Pick<Settlement, 'number' | 'from' | 'to'>): Words => {
  if (number !== null) return { en: `Settlement ${number}`, pl: `Rozliczenie ${number}` }
  const { en, pl } = periodWords(period)
  return { en: `Settlement of ${en}, not closed`, pl: `Rozliczenie od ${pl}, niezamknięte` }
}

const COLUMNS: readonly Column[] = [
  column('store', 'text', 'Store', 'Sklep'),
  column('what', 'text', 'Line', 'Pozycja'),
  column('currency', 'text', 'Currency', 'Waluta'),
  column('receivable', 'money', 'Receivable', 'Należne od sklepu'),
  column('payable', 'money', 'Payable', 'Należne sklepowi'),
  column('net', 'money', 'Net', 'Saldo'),
]

const byStore = (lines: readonly SettlementLine[]): SettlementLine[] =>
  lines.toSorted(
    (a, b) =>
      a.store.localeCompare(b.store) ||
      a.currency - b.currency ||
      a.corrects - b.corrects ||
      a.kind.localeCompare(b.kind),
  )

const LATE_TITLE: Words = {
  en: 'Late transactions, by the day of a closed settlement',
  pl: 'Spóźnione transakcje, w dniach zamkniętych rozliczeń',
}
const NOT_ALL_NAMED: Words = {
  en: 'Late lines also have transactions that are not named here: archived ones, or more than fit a list.',
  pl: 'Pozycje spóźnione obejmują też transakcje, których tu nie wymieniono: zarchiwizowane albo ponad długość listy.',
}
const LATE_COLUMNS: readonly Column[] = [
  column('settlement', 'text', 'Settlement', 'Rozliczenie'),
  column('store', 'text', 'Store', 'Sklep'),
  column('day', 'day', 'Day', 'Dzień'),
  column('transaction', 'text', 'Transaction', 'Transakcja'),
  column('operation', 'text', 'Operation', 'Operacja'),
  column('currency', 'text', 'Currency', 'Waluta'),
  column('receivable', 'money', 'Receivable', 'Należne od sklepu'),
  column('payable', 'money', 'Payable', 'Należne sklepowi'),
]

const lateRow = (
  { id, corrects, store, day, operation, currency, receivable, payable }: LateRow,
  numbers: SettlementPage['numbers'],
): ReportRow => ({
  settlement: String(numbers.get(corrects) ?? corrects),
  store,
  day,
  transaction: String(id),
  operation,
  currency: letters(currency),
  receivable,
  payable,
})

/** A settlement as a report, for files and the screen: the lines of each store, and the matrix with corrections in it. */
export function settlementReport({ settlement, numbers, late }: SettlementPage, language: Language): Report {
  const { id, number, from, to, stores, lines, matrix, definition, exactAt, exactRows, exactSum } = settlement
  const rows = byStore(lines).map(({ store, currency, receivable, payable, kind, corrects }): ReportRow => {
    const what = lineWords({ kind, corrects }, numbers)[language]
    return { store, what, currency: letters(currency), receivable, payable, net: receivable - payable }
  })
  return {
    report: `settlement-${number ?? id}`,
    title: settlementTitle(settlement),
    definition,
    exactAsOf: { at: new Date(exactAt).toISOString(), rows: exactRows, sum: exactSum },
    filter: { from, to, asOf: null, stores, issues: null },
    columns: COLUMNS,
    rows,
    totals: totalsOf(COLUMNS, rows),
    matrix: matrixOf(matrix),
    ...(late.length === 0
      ? {}
      : { details: { title: LATE_TITLE, columns: LATE_COLUMNS, rows: late.map((row) => lateRow(row, numbers)) } }),
    notes: [closedWords(settlement), ...(isAllNamed(settlement, late) ? [] : [NOT_ALL_NAMED])],
  }
}

function closedWords({ proposedBy, closedBy, closedAt, digest }: Settlement): Words {
  if (closedBy === null || closedAt === null) {
    return {
      en: `Proposed by ${proposedBy}, not closed yet.`,
      pl: `Przygotowanie: ${proposedBy}, jeszcze nie zamknięto.`,
    }
  }
  const at = new Date(closedAt).toISOString().slice(0, 16).replace('T', ' ')
  return {
    en: `Proposed by ${proposedBy}, closed by ${closedBy} on ${at} UTC; digest ${digest.slice(0, 16)}.`,
    pl: `Przygotowanie: ${proposedBy}, zamknięcie: ${closedBy}, ${at} UTC; skrót ${digest.slice(0, 16)}.`,
  }
}

const SAYS = {
  note: { en: 'Settlement note', pl: 'Nota rozliczeniowa' },
  store: { en: 'Store', pl: 'Sklep' },
  period: { en: 'Period', pl: 'Okres' },
  owes: { en: 'The store pays', pl: 'Sklep płaci' },
  owed: { en: 'The store is paid', pl: 'Sklep otrzymuje' },
  spentHere: {
    en: 'Spent in this store: where the money came from',
    pl: 'Wydane w tym sklepie: skąd pochodziły środki',
  },
  soldHere: {
    en: 'Money from this store: where it was spent, in stores of this settlement',
    pl: 'Środki z tego sklepu: gdzie je wydano, w sklepach tego rozliczenia',
  },
  issued: { en: 'For the issuer', pl: 'Wystawił(a)' },
  accepted: { en: 'For the store', pl: 'Zaakceptował(a)' },
} as const satisfies Record<string, Words>

const NOTE_COLUMNS = COLUMNS.slice(1)
const PLACE = column('place', 'text', 'Store or origin', 'Sklep lub źródło')
const PART_COLUMNS: readonly Column[] = [
  PLACE,
  column('currency', 'text', 'Currency', 'Waluta'),
  column('amount', 'money', 'Amount', 'Kwota'),
]

/** The notes of stores, a page each; `store`: of one. Lines, where money came from and went, room to sign. */
export function notePages(
  { registry }: Pick<Office, 'registry'>,
  page: SettlementPage,
  { store: wanted, language, by }: { readonly store: string | null; readonly language: Language; readonly by: string },
): PdfReport[] | Refused {
  const { settlement } = page
  const stores = wanted === null ? settlement.stores : settlement.stores.filter((store) => store === wanted)
  const name = (store: string): string => registry().stores.get(store)?.name ?? ''
  const pages = stores.map((store) => noteOf(page, { store, name: name(store), language, by }))
  return pages.length === 0 ? refused('no_such_store', { store: wanted ?? '' }) : pages
}

/** The late transactions of a store's note. */
function lateTable(
  { late, numbers }: Pick<SettlementPage, 'late' | 'numbers'>,
  store: string,
  language: Language,
): PdfTable {
  const money = language === 'pl' ? amountTextPl : amountText
  const rows = late
    .filter((row) => row.store === store)
    .map((row) => [
      String(numbers.get(row.corrects) ?? row.corrects),
      row.day,
      String(row.id),
      wordOf('operation', row.operation, language),
      letters(row.currency),
      money(row.receivable, row.currency),
      money(row.payable, row.currency),
    ])
  const columns = LATE_COLUMNS.filter(({ name }) => name !== 'store')
  return { title: LATE_TITLE[language], columns, rows, totals: 0 }
}

type NoteInput = { readonly store: string; readonly name: string; readonly language: Language; readonly by: string }

function noteOf({ settlement, numbers, late }: SettlementPage, { store, name, language, by }: NoteInput): PdfReport {
  const say = (what: keyof typeof SAYS): string => SAYS[what][language]
  const money = language === 'pl' ? amountTextPl : amountText
  const lines = byStore(settlement.lines.filter((line) => line.store === store))
  const sums = new Map<number, { receivable: number; payable: number }>()
  for (const { currency, receivable, payable } of lines) {
    const sum = sums.get(currency) ?? { receivable: 0, payable: 0 }
    sums.set(currency, { receivable: sum.receivable + receivable, payable: sum.payable + payable })
  }
  const row = (
    what: string,
    currency: number,
    { receivable, payable }: Pick<SettlementLine, 'receivable' | 'payable'>,
  ) => [
    what,
    letters(currency),
    money(receivable, currency),
    money(payable, currency),
    money(receivable - payable, currency),
  ]
  const part = (mine: 'origin' | 'spentIn', other: 'origin' | 'spentIn'): string[][] =>
    matrixOf(settlement.matrix.filter((cell) => cell[mine] === store)).map((cell) => [
      cell[other],
      cell.currency,
      money(cell.amount, settlement.matrix.find((one) => letters(one.currency) === cell.currency)?.currency ?? 0),
    ])
  const nets = [...sums].map(([currency, { receivable, payable }]) => {
    const net = receivable - payable
    return `${say(net < 0 ? 'owed' : 'owes')}: ${money(Math.abs(net), currency)} ${letters(currency)}`
  })
  const parts = [
    { title: say('spentHere'), rows: part('spentIn', 'origin') },
    { title: say('soldHere'), rows: part('origin', 'spentIn') },
  ]
  return {
    title: `${say('note')} ${settlement.number ?? '–'}/${store}`,
    about: [
      `${say('store')}: ${store} ${name}`,
      `${say('period')}: ${settlement.from} – ${settlement.to}`,
      closedWords(settlement)[language],
      ...nets,
    ],
    madeBy: by,
    madeAt: new Date(settlement.closedAt ?? settlement.proposedAt).toISOString(),
    language,
    columns: NOTE_COLUMNS,
    rows: [
      ...lines.map((line) => row(lineWords(line, numbers)[language], line.currency, line)),
      ...[...sums].map(([currency, sum]) => row(language === 'pl' ? 'Razem' : 'Total', currency, sum)),
    ],
    totals: sums.size,
    more: [
      ...parts.map(({ title, rows }) => ({ title, columns: PART_COLUMNS, rows, totals: 0 })),
      lateTable({ late, numbers }, store, language),
    ].filter(({ rows }) => rows.length > 0),
    signatures: [say('issued'), say('accepted')],
  }
}
