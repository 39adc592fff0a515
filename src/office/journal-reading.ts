import { amountOf, instantReader, outcomeReader } from './journal-values.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { csvRows, firstLineOf, guessSeparator } from './welfare/csv-rows.ts'
import { guessEncoding } from './welfare/text-encoding.ts'
import { rowsOfXlsx } from './xlsx-read.ts'

/** The compared columns of a till's journal. */
export const MEANINGS = ['terminal', 'stan', 'time', 'amount', 'lastFour', 'outcome'] as const
export type Meaning = (typeof MEANINGS)[number]
export type Mapping = Readonly<Partial<Record<Meaning, string>>>

/** A row by its line in the file. */
export type TableRow = { readonly line: number; readonly cells: readonly string[] }
export type Table = { readonly columns: readonly string[]; readonly rows: readonly TableRow[] }

const MOST_ROWS = 5_000
const MOST_COLUMNS = 60

/** A journal as XLSX, or as CSV in any encoding and with any separator, its first line naming the columns. */
export async function tableOf(fileName: string, bytes: Uint8Array): Promise<Table | Refused> {
  const all = startsWith(bytes, ZIP) ? xlsxRows(fileName, bytes) : await csvTable(fileName, bytes)
  if (isRefused(all)) return all
  const [head, ...rows] = all.filter(({ cells }) => cells.some((cell) => cell !== ''))
  if (head === undefined) return refused('no_columns', { file: fileName, columns: MEANINGS.join(', ') })
  if (rows.length === 0) return refused('no_lines', { file: fileName })
  if (rows.length > MOST_ROWS) return refused('list_too_long', { file: fileName, most: MOST_ROWS })
  return { columns: distinct(head.cells.slice(0, MOST_COLUMNS)), rows }
}

const ZIP = [0x50, 0x4b] as const
/** A workbook in the format of before 2007, or one with a password. */
const COMPOUND = [0xd0, 0xcf] as const
const startsWith = (bytes: Uint8Array, [first, second]: readonly [number, number]): boolean =>
  bytes[0] === first && bytes[1] === second

/** A column without a heading, and the second one of a heading, get a name of their own: a mapping names columns. */
function distinct(headings: readonly string[]): string[] {
  const names: string[] = []
  for (const [at, heading] of headings.entries()) {
    const name = heading === '' ? `#${at + 1}` : heading.slice(0, 90)
    const again = names.filter((one) => one === name || one.replace(/ \(\d+\)$/u, '') === name).length
    names.push(again === 0 ? name : `${name} (${again + 1})`)
  }
  return names
}

function xlsxRows(file: string, bytes: Uint8Array): TableRow[] | Refused {
  const rows = rowsOfXlsx(bytes)
  return rows === null ? refused('not_xlsx', { file }) : rows.map((cells, at) => ({ line: at + 1, cells }))
}

async function csvTable(name: string, content: Uint8Array): Promise<TableRow[] | Refused> {
  if (startsWith(content, COMPOUND)) return refused('not_xlsx', { file: name })
  const encoding = guessEncoding(content)
  const rows: TableRow[] = []
  for await (const row of csvRows({ name, content }, encoding, guessSeparator(firstLineOf(content, encoding)))) {
    if (isRefused(row)) return row
    rows.push({ line: row.line, cells: row.cells.map(({ text }) => text) })
    if (rows.length > MOST_ROWS + 1) break
  }
  return rows
}

/** The values of one row of a journal; null: missing or unreadable. */
export type SaidRow = {
  readonly row: number
  readonly terminal: string
  readonly stan: number | null
  readonly said: string | null
  readonly at: number | null
  readonly amount: number | null
  readonly lastFour: string | null
  readonly happened: boolean | null
}

/** The rows by their meanings, with amounts in the store's currency and times by its clock. Of a card's number only its end is read. */
export function saidRows(
  { columns, rows }: Table,
  mapping: Mapping,
  { currency, timeZone }: { readonly currency: number; readonly timeZone: string },
): SaidRow[] {
  const at = (meaning: Meaning): number => columns.indexOf(mapping[meaning] ?? '')
  const indexes = Object.fromEntries(MEANINGS.map((meaning) => [meaning, at(meaning)])) as Record<Meaning, number>
  const instantOf = instantReader(timeZone)
  const textOf = (cells: readonly string[], meaning: Meaning): string => (cells[indexes[meaning]] ?? '').trim()
  const outcomeOf = outcomeReader(rows.map(({ cells }) => textOf(cells, 'outcome')))
  return rows.map(({ line, cells }) => {
    const cell = (meaning: Meaning): string => textOf(cells, meaning)
    // Spreadsheets write 17 as 17.0 where a column has decimals.
    const [, digits] = /^(\d{1,6})(?:[.,]0+)?$/u.exec(cell('stan')) ?? []
    return {
      row: line,
      terminal: cell('terminal').slice(0, 8),
      stan: digits === undefined ? null : Number(digits),
      said: cell('time') === '' ? null : cell('time').slice(0, 40),
      at: instantOf(cell('time')),
      amount: amountOf(cell('amount'), currency),
      lastFour: /(\d{4})\D*$/u.exec(cell('lastFour'))?.[1] ?? null,
      happened: indexes.outcome === -1 ? true : outcomeOf(cell('outcome')),
    }
  })
}
