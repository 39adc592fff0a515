import { SetUpError } from '../set-up-error.ts'

/** One row by column name, and the line of the file that it starts on. */
export type CsvRow<Column extends string> = { line: number; values: Record<Column, string> }

type Cells = { line: number; cells: string[] }

/** Splits RFC 4180 text: quotes, doubled quotes, commas and line ends inside quotes. */
function splitCsv(text: string): Cells[] {
  const rows: Cells[] = []
  let row: Cells = { line: 1, cells: [] }
  let cell = ''
  let quoted = false
  let line = 1
  const endCell = () => {
    row.cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row)
    row = { line, cells: [] }
  }
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i)
    if (c === '\n') line++
    if (quoted && c === '"' && text[i + 1] === '"') {
      cell += '"'
      i++
    } else if (c === '"') quoted = !quoted
    else if (quoted) cell += c
    else if (c === ',') endCell()
    else if (c === '\n') endRow()
    else if (c !== '\r') cell += c
  }
  if (cell !== '' || row.cells.length > 0) endRow()
  return rows
}

/**
 * Reads CSV text whose first row names the columns. Unknown columns are ignored; columns with a default may be missing.
 * Throws a SetUpError naming file and line if another column or a cell is missing.
 */
export function readCsv<Column extends string>(
  text: string,
  fileName: string,
  columns: readonly Column[],
  usual: Partial<Record<Column, string>> = {},
): CsvRow<Column>[] {
  const [header, ...rows] = splitCsv(text)
  if (!header) throw new SetUpError(`${fileName}:1: empty, expected the columns ${columns.join(',')}`)
  const places = columns.map((column) => ({ column, at: header.cells.indexOf(column) }))
  for (const { column, at } of places)
    if (at < 0 && usual[column] === undefined) throw new SetUpError(`${fileName}:1: no column '${column}'`)
  return rows.map(({ line, cells }) => {
    if (cells.length !== header.cells.length)
      throw new SetUpError(`${fileName}:${line}: ${cells.length} cells, the header has ${header.cells.length}`)
    const values = Object.fromEntries(places.map(({ column, at }) => [column, cells[at] ?? usual[column] ?? '']))
    return { line, values: values as Record<Column, string> }
  })
}
