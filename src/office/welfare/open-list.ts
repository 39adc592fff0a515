import { isRefused, refused, type Refused } from '../refusal.ts'
import { guessDecimal } from './amount-reading.ts'
import { csvRows, firstLineOf, guessSeparator } from './csv-rows.ts'
import { headingOf, type ListColumn, placesOf } from './list-columns.ts'
import {
  type Cell,
  countWords,
  type FileRows,
  MOST_BYTES,
  MOST_ROWS,
  NO_CELL,
  type ReadAs,
  type ReadOptions,
  type Separator,
  type Upload,
} from './list-file.ts'
import { guessEncoding } from './text-encoding.ts'
import { openWorkbook } from './xlsx-rows.ts'

/** A row of a list: the cells of the known columns. */
export type ListRow = {
  readonly line: number
  readonly cell: (column: ListColumn) => Cell
  /** A filled cell of CSV behind the last heading: an amount such as 5,50 was cut in two; null: there is none. */
  readonly surplus: string | null
}

export type OpenList = {
  readonly readAs: ReadAs
  /** The rows from the beginning, to be read once; a refusal ends them. */
  readonly rows: () => AsyncGenerator<ListRow | Refused, void>
}

type Source = { readonly readAs: Omit<ReadAs, 'decimal'>; readonly rows: () => FileRows }

const OF_A_BATCH: readonly ListColumn[] = ['employee', 'amount']

/** Rows used to determine the format of amounts. */
const SAMPLES = 1_000

/** Opens a list and determines its format; members of `input` are not guessed. */
export async function openList(
  file: Upload,
  input: ReadOptions = {},
  required: readonly ListColumn[] = OF_A_BATCH,
): Promise<OpenList | Refused> {
  const { name, content } = file
  if (content.length > MOST_BYTES) return refused('list_too_large', { file: name, most: MOST_BYTES / 1024 / 1024 })
  const source = await sourceOf(file, input)
  if (isRefused(source)) return source
  const { separator } = source.readAs
  const rows = () => listRows(name, source.rows(), required, separator)
  const samples: string[] = []
  for await (const row of rows()) {
    if (isRefused(row)) return row
    samples.push(row.cell('amount').text, row.cell('already_used').text)
    if (samples.length >= 2 * SAMPLES) break
  }
  if (samples.length === 0) return refused('list_empty', { file: name })
  return { readAs: { ...source.readAs, decimal: input.decimal ?? guessDecimal(samples) }, rows }
}

export const isZip = ([p, k]: Uint8Array): boolean => p === 0x50 && k === 0x4b
/** A workbook in the format of before 2007, or one with a password. */
const isCompound = ([d, c]: Uint8Array): boolean => d === 0xd0 && c === 0xcf

async function sourceOf(file: Upload, input: ReadOptions): Promise<Source | Refused> {
  if (isCompound(file.content)) return refused('not_xlsx', { file: file.name })
  if (isZip(file.content)) {
    const workbook = await openWorkbook(file)
    if (isRefused(workbook)) return workbook
    return { readAs: { format: 'xlsx', separator: null, encoding: null, sheet: workbook.sheet }, rows: workbook.rows }
  }
  const encoding = input.encoding ?? guessEncoding(file.content)
  const separator = input.separator ?? guessSeparator(firstLineOf(file.content, encoding))
  return { readAs: { format: 'csv', separator, encoding, sheet: null }, rows: () => csvRows(file, encoding, separator) }
}

/** The first row has the headings. */
async function* listRows(
  file: string,
  rows: FileRows,
  required: readonly ListColumn[],
  separator: Separator | null,
): AsyncGenerator<ListRow | Refused, void> {
  let places: ReadonlyMap<ListColumn, number> | null = null
  let headings = 0
  let count = 0
  for await (const row of rows) {
    if (isRefused(row)) return yield row
    if (places === null) {
      const found = placesOf(
        row.cells.map(({ text }) => text),
        required,
      )
      const [missing] = found.missing
      const [twice] = found.twice
      if (missing !== undefined) return yield refused('list_column_missing', { file, column: headingOf(missing) })
      if (twice !== undefined) return yield refused('list_column_twice', { file, column: headingOf(twice) })
      places = found.places
      headings = row.cells.length
      continue
    }
    const known = places
    const cell = (column: ListColumn): Cell => row.cells[known.get(column) ?? -1] ?? NO_CELL
    count += 1
    if (count > MOST_ROWS) return yield refused('list_too_long', { file, most: countWords(MOST_ROWS) })
    // Only a comma cuts an amount; a workbook has no separator, and its cells stay where they are.
    const amount = separator === ',' ? known.get('amount') : undefined
    const surplus = separator === null ? null : surplusOf(row.cells, headings, amount)
    yield { line: row.line, cell, surplus }
  }
}

/** Decimals that were split from their amount at a comma. */
const DECIMALS = /^\d{1,2}$/u

/** The text behind the last heading; or, if the row is longer than the headings by empty cells only, decimals split from its amount. */
function surplusOf(cells: readonly Cell[], headings: number, amount: number | undefined): string | null {
  const behind = cells.slice(headings)
  const filled = behind.find(({ text }) => text !== '')
  if (filled !== undefined || behind.length === 0 || amount === undefined) return filled?.text ?? null
  const next = cells[amount + 1]?.text ?? ''
  return DECIMALS.test(next) ? next : null
}
