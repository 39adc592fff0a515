/** Writes a report as CSV, XLSX, PDF or JSON. */

import { currencyLettered } from '../../core/currency.ts'
import type { Words } from '../refusal.ts'
import { csvOf, type CsvCell, type CsvPreset } from './csv.ts'
import { column, type Definition } from './definition.ts'
import { meaningOf } from './meanings.ts'
import { type PdfTable, pdfOf } from './pdf.ts'
import type { Column, Report, ReportCell, ReportRow } from './report.ts'
import { REPORTS, isReportName } from './reports.ts'
import { wordOf } from './words.ts'
import { workbookOf, type SheetCell } from './workbook.ts'

export const FORMATS = ['csv', 'xlsx', 'pdf', 'json'] as const
export type Format = (typeof FORMATS)[number]

export type FileOptions = {
  readonly format: Format | 'text'
  readonly preset: CsvPreset
  readonly language: keyof Words
  /** The author named in the file. */
  readonly by: string
}

export type ReportFile = { readonly content: Buffer; readonly type: string; readonly extension: string }

const TYPES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
  json: 'application/json',
  text: 'text/plain; charset=utf-8',
} as const satisfies Record<FileOptions['format'], string>

/** A report as a file. */
export async function fileOf(report: Report, input: FileOptions): Promise<ReportFile> {
  const extension = input.format === 'text' ? 'txt' : input.format
  return { content: await MAKERS[input.format](report, input), type: TYPES[input.format], extension }
}

const MAKERS: {
  readonly [format in FileOptions['format']]: (report: Report, input: FileOptions) => Buffer | Promise<Buffer>
} = {
  json: (report) => Buffer.from(`${JSON.stringify(jsonOf(report), null, 2)}\n`),
  csv: (report, { preset, language }) => csvOf(csvTable(report, language), preset),
  xlsx: (report, { language }) =>
    workbookOf(sheetTable(report, language), titleOf(report, language), { widths: widthsOf(report, language) }),
  pdf: (report, { language, by }) =>
    pdfOf({
      title: titleOf(report, language),
      about: [...linesAbout(report, language), ...(report.rows.length === 0 ? [SAYS.empty[language]] : [])],
      madeBy: by,
      madeAt: report.exactAsOf.at,
      language,
      columns: report.columns,
      rows: textTable(report, language, wordOf),
      totals: (report.subtotals?.length ?? 0) + report.totals.length,
      more: [...matrixTable(report, language), ...detailsTable(report, language)],
      meanings: report.columns.flatMap(({ name, title }) => {
        const meaning = meaningOf(report.report, name)
        return meaning === null ? [] : [[title[language], meaning[language]] as const]
      }),
    }),
  text: (report, { language }) => Buffer.from(textOf(report, language)),
}

/** JSON: money in minor units, currencies by their letters. */
export const jsonOf = ({
  report,
  definition,
  exactAsOf,
  filter,
  rows,
  subtotals,
  totals,
  matrix,
  details,
  notes,
}: Report) => ({
  report,
  definition,
  exactAsOf,
  filter,
  rows,
  ...(subtotals === undefined ? {} : { subtotals }),
  totals,
  ...(matrix === undefined ? {} : { matrix }),
  ...(details === undefined ? {} : { details: details.rows }),
  ...(notes.length === 0 ? {} : { notes: notes.map(({ en }) => en) }),
})

export const titleOf = ({ report, title }: Pick<Report, 'report' | 'title'>, language: keyof Words): string =>
  title !== undefined ? title[language] : isReportName(report) ? REPORTS[report].title[language] : report

const SAYS = {
  definition: { en: 'Definition', pl: 'Definicja' },
  period: { en: 'Period', pl: 'Okres' },
  asOf: { en: 'As of the end of', pl: 'Na koniec dnia' },
  stores: { en: 'Stores', pl: 'Sklepy' },
  counterparties: { en: 'Counterparties', pl: 'Kontrahenci' },
  recipients: { en: 'Recipients', pl: 'Odbiorcy' },
  issues: { en: 'Issues', pl: 'Emisje' },
  all: { en: 'all', pl: 'wszystkie' },
  allParties: { en: 'all', pl: 'wszyscy' },
  subtotal: { en: 'Subtotal', pl: 'Suma częściowa' },
  total: { en: 'Total', pl: 'Razem' },
  empty: { en: 'There is nothing to report with this filter.', pl: 'Przy tym filtrze nie ma czego pokazać.' },
  matrix: { en: 'From where to where', pl: 'Skąd dokąd' },
} as const satisfies Record<string, Words>

const EXACT: Readonly<Record<keyof Words, (asOf: Report['exactAsOf']) => string>> = {
  en: ({ at, rows, sum }) => `Exact as of ${at}: ${rows} transfers, sum of minor units ${sum}`,
  pl: ({ at, rows, sum }) => `Stan na ${at}: liczba transferów ${rows}, suma w najmniejszych jednostkach walut ${sum}`,
}

/** What documents are of, by the first word of their names. */
const DOCUMENTS: Readonly<Record<string, Definition['filters']>> = {
  statement: ['counterparties'],
  settlement: ['stores'],
}

/** The filters of a report or document. Codes of stores and of counterparties are one filter. */
function chosenBy(report: string): ('stores' | 'counterparties' | 'recipients' | 'issues')[] {
  const filters: Definition['filters'] = isReportName(report)
    ? REPORTS[report].filters
    : (DOCUMENTS[report.split('-', 1)[0] ?? ''] ?? [])
  const isBoth = filters.includes('stores') && filters.includes('counterparties')
  if (isBoth) return ['recipients', ...filters.filter((by) => by === 'issues')]
  return [...filters]
}

/** The lines about the report: title, period, accuracy. */
export function linesAbout({ report, definition, filter, exactAsOf, notes }: Report, language: keyof Words): string[] {
  const say = (what: keyof typeof SAYS): string => SAYS[what][language]
  const chosen = chosenBy(report).map((by) => {
    const codes = by === 'issues' ? filter.issues : filter.stores
    const all = by === 'counterparties' || by === 'recipients' ? 'allParties' : 'all'
    return `${say(by)}: ${codes === null ? say(all) : codes.join(', ')}`
  })
  return [
    ...(filter.asOf === null ? [] : [`${say('asOf')}: ${filter.asOf}`]),
    ...(filter.to === null ? [] : [`${say('period')}: ${filter.from ?? '…'} – ${filter.to}`]),
    ...(chosen.length === 0 ? [] : [chosen.join(' · ')]),
    `${say('definition')}: ${definition}`,
    EXACT[language](exactAsOf),
    ...notes.map((note) => note[language]),
  ]
}

/** Minor units as a decimal of the currency. */
export function decimalOf(amount: number, currency: ReportCell | undefined): string {
  const exponent = (typeof currency === 'string' ? currencyLettered(currency)?.exponent : undefined) ?? 2
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  return `${amount < 0 ? '-' : ''}${whole}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`}`
}

/** The column in which `Total` is written. */
const isLabel = ({ kind, name }: Column): boolean => (kind === 'text' || kind === 'day') && name !== 'currency'

const MATRIX_COLUMNS: readonly Column[] = [
  column('origin', 'text', 'Origin', 'Skąd'),
  column('spentIn', 'text', 'Spent in', 'Gdzie wydano'),
  column('currency', 'text', 'Currency', 'Waluta'),
  column('amount', 'money', 'Amount', 'Kwota'),
]

/** Subtotals and totals, with their names where the first text stands. */
function sumsOf({ columns, subtotals = [], totals }: Report, language: keyof Words): ReportRow[] {
  const first = columns.find(isLabel)
  const named = (sum: ReportRow, name: 'subtotal' | 'total'): ReportRow =>
    first === undefined ? sum : { [first.name]: SAYS[name][language], ...sum }
  return [...subtotals.map((sum) => named(sum, 'subtotal')), ...totals.map((sum) => named(sum, 'total'))]
}

/** Header, rows, totals, and the instant of accuracy. */
function* table<Out>(
  report: Report,
  language: keyof Words,
  cell: (value: ReportCell, column: Column, row: ReportRow, isSum: boolean) => Out,
  text: (value: string) => Out,
): Generator<Out[]> {
  const { columns, rows, matrix = [], details } = report
  const line = (row: ReportRow, isSum: boolean): Out[] =>
    columns.map((each) => cell(row[each.name] ?? null, each, row, isSum))
  yield columns.map(({ title }) => text(title[language]))
  for (const row of rows) yield line(row, false)
  for (const sum of sumsOf(report, language)) yield line(sum, true)
  if (matrix.length > 0) {
    yield []
    yield MATRIX_COLUMNS.map(({ title }) => text(title[language]))
    for (const row of matrix) {
      yield MATRIX_COLUMNS.map((each) => cell(row[each.name as keyof typeof row], each, row, false))
    }
  }
  if (details !== undefined) {
    yield []
    yield [text(details.title[language])]
    yield details.columns.map(({ title }) => text(title[language]))
    for (const row of details.rows) yield details.columns.map((each) => cell(row[each.name] ?? null, each, row, false))
  }
  yield []
  for (const about of linesAbout(report, language)) yield [text(about)]
}

const csvTable = (report: Report, language: keyof Words): CsvCell[][] => [
  ...table<CsvCell>(
    report,
    language,
    (value, { kind }, row) =>
      kind === 'money' && typeof value === 'number'
        ? { decimal: decimalOf(value, row['currency']) }
        : kind === 'ratio' && value !== null
          ? { decimal: String(value) }
          : value,
    (value) => value,
  ),
]

const sheetTable = (report: Report, language: keyof Words): Iterable<SheetCell[]> =>
  table<SheetCell>(
    report,
    language,
    (value, { kind }, row, bold) =>
      value === null
        ? { kind: 'empty' }
        : kind === 'money'
          ? { kind: 'number', value: decimalOf(Number(value), row['currency']), decimals: decimalsOf(row['currency']), bold }
          : kind === 'count' || kind === 'ratio'
            ? { kind: 'number', value: String(value), decimals: kind === 'ratio' ? null : 0, bold }
            : kind === 'day' && /^\d{4}-\d\d-\d\d$/u.test(String(value))
              ? { kind: 'day', value: String(value) }
              : { kind: 'text', value: String(value), bold },
    (value) => ({ kind: 'text', value }),
  ) // prettier-ignore

/** How many rows decide the widths of columns; wider texts further down are cut on the screen. */
const MEASURED_ROWS = 1_000
const [LEAST_WIDTH, MOST_WIDTH] = [8, 60]

/** Widths of the columns of a sheet, in digits. */
function widthsOf(report: Report, language: keyof Words): number[] {
  const { columns, rows } = report
  const measured = [...rows.slice(0, MEASURED_ROWS), ...sumsOf(report, language)].map(
    lineOf(columns, language, (_column, code) => code),
  )
  return columns.map(({ title }, i) => {
    const longest = measured.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), title[language].length)
    return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, longest + 2))
  })
}

const decimalsOf = (currency: ReportCell | undefined): number =>
  (typeof currency === 'string' ? currencyLettered(currency)?.exponent : undefined) ?? 2

function matrixTable({ matrix = [] }: Report, language: keyof Words): PdfTable[] {
  if (matrix.length === 0) return []
  const rows = matrix.map(({ origin, spentIn, currency, amount }) => [
    origin,
    spentIn,
    currency,
    moneyText(amount, currency, language),
  ])
  return [{ title: SAYS.matrix[language], columns: MATRIX_COLUMNS, rows, totals: 0 }]
}

function detailsTable({ details }: Report, language: keyof Words): PdfTable[] {
  if (details === undefined) return []
  const { title, columns, rows } = details
  return [{ title: title[language], columns, rows: rows.map(lineOf(columns, language, wordOf)), totals: 0 }]
}

/** Minor units as people read them. */
export const moneyText = (amount: number, currency: ReportCell | undefined, language: keyof Words): string =>
  grouped(decimalOf(amount, currency), language)

/** The rows as people read them, the totals last. */
function textTable(report: Report, language: keyof Words, word: typeof wordOf = (_column, code) => code): string[][] {
  return [...report.rows, ...sumsOf(report, language)].map(lineOf(report.columns, language, word))
}

const lineOf =
  (columns: readonly Column[], language: keyof Words, word: typeof wordOf) =>
  (row: ReportRow): string[] =>
    columns.map(({ name, kind }) => {
      const value = row[name] ?? null
      if (value === null) return ''
      if (kind === 'money') return moneyText(Number(value), row['currency'], language)
      if (kind === 'count' || kind === 'ratio') return grouped(String(value), language)
      return kind === 'text' ? word(name, String(value), language) : String(value)
    })

function grouped(decimal: string, language: keyof Words): string {
  const [whole = '', decimals] = decimal.split('.')
  const [thousands, point] = language === 'pl' ? ['\u{A0}', ','] : [',', '.']
  const text = whole.replace(/\B(?=(\d{3})+$)/gu, thousands)
  return decimals === undefined ? text : `${text}${point}${decimals}`
}

function textOf(report: Report, language: keyof Words): string {
  const { columns } = report
  const rows = textTable(report, language)
  const head = columns.map(({ title }) => title[language])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isFigure(columns[i]) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  const matrix = (report.matrix ?? []).map(
    ({ origin, spentIn, currency, amount }) =>
      `${origin} → ${spentIn}  ${grouped(decimalOf(amount, currency), language)} ${currency}`,
  )
  const details = (report.details?.rows ?? []).map((row) =>
    lineOf(report.details?.columns ?? [], language, (_column, code) => code)(row).join('  '),
  )
  return `${[
    titleOf(report, language),
    ...linesAbout(report, language),
    '',
    line(head),
    ...rows.map(line),
    ...(matrix.length === 0 ? [] : ['', ...matrix]),
    ...(report.details === undefined ? [] : ['', report.details.title[language], ...details]),
  ].join('\n')}\n`
}

const isFigure = (column: Column | undefined): boolean =>
  column !== undefined && column.kind !== 'text' && column.kind !== 'day'
