import type { Against } from './stores.ts'
import { csvLines, type TextFile } from './csv-lines.ts'
import { isRefused, refused, refusalPhrase, type Refused } from './refusal.ts'
import type { Read, RawValues } from './registry-settings.ts'

/** The columns of a file, and how a line is read. */
export type RegistryColumns<Value> = {
  /** Columns that may be absent. */
  readonly columns: readonly string[]
  readonly needed: readonly string[]
  readonly read: (said: RawValues) => Read<Value>
}

export type RegistryFile<Value> = {
  /** In the order of the lines. */
  readonly rows: readonly { readonly line: number; readonly value: Value }[]
  readonly faults: readonly LineFault[]
}

export type LineFault = { readonly line: number; readonly text: string }

/** More than any chain has tills, and few enough for one statement to name all of them. */
const MOST_LINES = 50_000
const MOST_BYTES = 20_000_000

/**
 * Stores or terminals from a CSV file, a line each, the first line with the names of the columns. Every fault is named by
 * its line; a second line with the same code is a fault. Refused if the file as a whole cannot be read.
 */
export function registryLines<Value extends { readonly code: string }>(
  file: TextFile,
  shape: RegistryColumns<Value>,
): RegistryFile<Value> | Refused {
  const { name, content } = file
  if (content.length > MOST_BYTES)
    return refused('file_too_large', { file: name, most: `${MOST_BYTES / 1_000_000} MB` })
  const all = csvLines(file)
  if (isRefused(all)) return all
  const [head, ...lines] = all
  if (head === undefined) return refused('no_columns', { file: name, columns: shape.columns.join(',') })
  const names = head.cells.map((cell) => cell.toLowerCase())
  const against = againstHead(`${name}:${head.line}`, names, shape)
  if (against !== null) return against
  if (lines.length === 0) return refused('no_lines', { file: name })
  if (lines.length > MOST_LINES) return refused('file_too_large', { file: name, most: `${MOST_LINES} lines` })

  const rows: { line: number; value: Value }[] = []
  const faults: LineFault[] = []
  const lineOf = new Map<string, number>()
  for (const { line, cells } of lines) {
    if (cells.length !== names.length) {
      faults.push({ line, text: `has ${cells.length} cells, the first line ${names.length}` })
      continue
    }
    const read = shape.read(new Map(names.map((title, i) => [title, cells[i] ?? ''])))
    if ('faults' in read) {
      faults.push(...read.faults.map(({ setting, text }) => ({ line, text: `${setting} ${text}` })))
      continue
    }
    const { code } = read.value
    const earlier = lineOf.get(code)
    if (earlier === undefined) rows.push({ line, value: read.value })
    else faults.push({ line, text: `${code} is in line ${earlier} too` })
    lineOf.set(code, earlier ?? line)
  }
  return { rows, faults }
}

function againstHead(
  where: string,
  names: readonly string[],
  { columns, needed }: RegistryColumns<unknown>,
): Refused | null {
  const others = columns.filter((name) => !needed.includes(name)).join(', ')
  const expected = {
    en: `the first line names the columns: ${needed.join(', ')} and, as needed, ${others}`,
    pl: `pierwszy wiersz zawiera nazwy kolumn: ${needed.join(', ')} oraz, w miarę potrzeby, ${others}`,
  }
  const unknown = names.find((name) => !columns.includes(name))
  if (unknown !== undefined) return refused('no_such_column', { where, column: JSON.stringify(unknown), expected })
  const missing = needed.find((name) => !names.includes(name))
  if (missing !== undefined) return refused('column_missing', { where, column: missing, expected })
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  return twice === undefined ? null : refused('column_twice', { where, column: twice, expected })
}

/** Each line of a file is about a thing of the same kind, so that its text need not name the kind again. */
const withoutKind = (text: string): string => text.replace(/^(?:store|terminal) /u, '')

export type Imported = { readonly faults: readonly LineFault[]; readonly count: number }

/** Imports all lines of a file or none: `add` saves only if no line has a fault, and returns its objections. */
export async function importLines<Value extends { readonly code: string }>(
  { rows, faults }: RegistryFile<Value>,
  isDryRun: boolean,
  add: (values: readonly Value[], save: boolean) => Promise<readonly Against[] | Refused>,
): Promise<Imported | Refused> {
  const values = rows.map(({ value }) => value)
  const against = values.length === 0 ? [] : await add(values, !isDryRun && faults.length === 0)
  if (isRefused(against)) return against
  const lineOf = new Map(rows.map(({ line, value }) => [value.code, line]))
  const more = against.map(({ code, why }) => ({
    line: lineOf.get(code) ?? 0,
    text: withoutKind(refusalPhrase(why, 'en')),
  }))
  return { faults: [...faults, ...more].sort((a, b) => a.line - b.line), count: values.length }
}
