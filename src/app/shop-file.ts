import { readFile } from 'node:fs/promises'
import { setUpError } from '../config/set-up-error.ts'
import type { Refusal } from '../office/store-records.ts'
import { csvLines } from './csv-lines.ts'
import type { Read, ShopSaid } from './shop-settings.ts'

/** What a line of a file must be, and how it is read. */
export type ShopColumns<Value> = {
  /** Those that may be left out too. */
  readonly columns: readonly string[]
  readonly needed: readonly string[]
  readonly read: (said: ShopSaid) => Read<Value>
}

export type ShopFile<Value> = {
  /** In the order of the lines. */
  readonly rows: readonly { readonly line: number; readonly value: Value }[]
  readonly faults: readonly LineFault[]
}

export type LineFault = { readonly line: number; readonly text: string }

/** More than any chain has tills, and little enough for one statement to name them all. */
const MOST_LINES = 50_000
const MOST_BYTES = 20_000_000

/**
 * Stores or terminals from a CSV file, a line each, the first line with the names of the columns. Every fault is named by
 * its line; of two lines with the same code the second is one.
 *
 * @throws a set-up error where the file as a whole cannot be read
 */
export async function readShopFile<Value extends { readonly code: string }>(
  file: string,
  shape: ShopColumns<Value>,
): Promise<ShopFile<Value>> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw setUpError(`${file}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be read'}`)
  })
  if (bytes.length > MOST_BYTES) throw setUpError(`${file}: more than ${MOST_BYTES / 1_000_000} MB`)
  return shopLines(file, decoded(file, bytes), shape)
}

function decoded(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw setUpError(`${file}: not UTF-8; save it as CSV in UTF-8`)
  }
}

/** The same from the text of the file. */
export function shopLines<Value extends { readonly code: string }>(
  file: string,
  text: string,
  shape: ShopColumns<Value>,
): ShopFile<Value> {
  const [head, ...lines] = csvLines(file, text)
  if (head === undefined)
    throw setUpError(`${file}: empty; the first line names the columns: ${shape.columns.join(',')}`)
  const names = head.cells.map((cell) => cell.toLowerCase())
  mustBeHead(`${file}:${head.line}`, names, shape)
  if (lines.length === 0) throw setUpError(`${file}: nothing below the names of the columns`)
  if (lines.length > MOST_LINES) throw setUpError(`${file}: more than ${MOST_LINES} lines`)

  const rows: { line: number; value: Value }[] = []
  const faults: LineFault[] = []
  const lineOf = new Map<string, number>()
  for (const { line, cells } of lines) {
    if (cells.length !== names.length) {
      faults.push({ line, text: `has ${cells.length} cells, the first line ${names.length}` })
      continue
    }
    const read = shape.read(new Map(names.map((name, i) => [name, cells[i] ?? ''])))
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

function mustBeHead(where: string, names: readonly string[], { columns, needed }: ShopColumns<unknown>): void {
  const expected = `the first line names the columns: ${needed.join(', ')} and, as needed, ${columns.filter((name) => !needed.includes(name)).join(', ')}`
  const unknown = names.find((name) => !columns.includes(name))
  const missing = needed.find((name) => !names.includes(name))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (unknown !== undefined) throw setUpError(`${where}: there is no column ${JSON.stringify(unknown)}; ${expected}`)
  if (missing !== undefined) throw setUpError(`${where}: the column ${missing} is missing; ${expected}`)
  if (twice !== undefined) throw setUpError(`${where}: the column ${twice} is there twice; ${expected}`)
}

export type Imported = { readonly faults: readonly LineFault[]; readonly count: number }

/** All of a file or nothing of it: `add` is told to save only where no line is wrong, and names what is against one. */
export async function importLines<Value extends { readonly code: string }>(
  { rows, faults }: ShopFile<Value>,
  isDryRun: boolean,
  add: (values: readonly Value[], save: boolean) => Promise<readonly Refusal[]>,
): Promise<Imported> {
  const values = rows.map(({ value }) => value)
  const refusals = values.length === 0 ? [] : await add(values, !isDryRun && faults.length === 0)
  const lineOf = new Map(rows.map(({ line, value }) => [value.code, line]))
  const refused = refusals.map(({ code, text }) => ({ line: lineOf.get(code) ?? 0, text: `${code} ${text}` }))
  return { faults: [...faults, ...refused].sort((a, b) => a.line - b.line), count: values.length }
}
