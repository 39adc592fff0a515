/** Reads Markdown pages for the tests of the documentation. */

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

export const textOf = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8')

/** README.md and every page under docs. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
]

/** Everything typed: lines of code blocks, and code in the text. */
function typedIn(page: string): string[] {
  const text = textOf(page)
  const blocks = [...text.matchAll(/^ {4}(?:\$ )?(.*)$/gm)].map(([, line = '']) => line)
  const fenced = [...text.matchAll(/^```(?:sh|bash)?\n([\s\S]*?)^```/gm)].flatMap(([, code = '']) => code.split('\n'))
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...blocks, ...fenced, ...spans].map((line) => line.trim())
}

/** Everything that the pages tell the reader to type. */
export const typed = (): { readonly page: string; readonly line: string }[] =>
  PAGES.flatMap((page) => typedIn(page).map((line) => ({ page, line })))

/** A row by column name, without code marks; `\|` is a bar. */
export type Row = { readonly [column: string]: string }

/** The table of a markdown text with exactly these columns. @throws if there is none, or two */
export function tableOf(text: string, columns: readonly string[]): Row[] {
  const lines = text.split('\n')
  const heads = lines.flatMap((line, i) => (cellsOf(line).join('|') === columns.join('|') ? [i] : []))
  const [head, another] = heads
  if (head === undefined || another !== undefined) {
    throw new Error(`expected one table with the columns ${columns.join(' | ')}, found ${heads.length}`)
  }
  const rest = lines.slice(head + 2)
  const end = rest.findIndex((line) => !line.startsWith('|'))
  return rest.slice(0, end === -1 ? rest.length : end).map((line) => {
    const cells = cellsOf(line)
    if (cells.length !== columns.length) throw new Error(`${cells.length} cells, not ${columns.length}: ${line}`)
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))
  })
}

const cellsOf = (line: string): string[] =>
  line.startsWith('|')
    ? line
        .replace(/^\||\|\s*$/g, '')
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim().replaceAll('`', ''))
    : []

/** A cell without anything in it. */
export const NONE = '–'

/**
 * The differences between a table of a page and the code, each line saying what to write. Both are lists of rows that
 * are compared by their cells in these columns, and named by the first of them.
 */
export function differences(page: string, columns: readonly string[], written: readonly Row[], code: readonly Row[]) {
  const key = (row: Row): string => row[columns[0] ?? ''] ?? ''
  const shown = (row: Row): string => `| ${columns.map((column) => row[column]).join(' | ')} |`
  const inCode = new Map(code.map((row) => [key(row), row]))
  const onPage = new Map(written.map((row) => [key(row), row]))
  const twice = written.filter((row) => onPage.get(key(row)) !== row)
  return [
    ...code
      .filter((row) => !onPage.has(key(row)))
      .map((row) => `${page}: add the row ${shown(row)} to the table ${columns.join(' | ')}`),
    ...written
      .filter((row) => !inCode.has(key(row)))
      .map((row) => `${page}: remove the row ${shown(row)} from the table ${columns.join(' | ')}: the code has none`),
    ...twice.map((row) => `${page}: the row ${shown(row)} is there twice`),
    ...written.flatMap((row) => {
      const wanted = inCode.get(key(row))
      return wanted === undefined
        ? []
        : columns
            .filter((column) => row[column] !== wanted[column])
            .map((column) => `${page}: ${key(row)}, ${column}: write "${wanted[column]}" instead of "${row[column]}"`)
    }),
  ]
}
