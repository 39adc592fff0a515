import { lockRegistryVersion } from '../db/sql/registry.ts'
import type { Actor } from './actor.ts'
import { csvLines, textFile } from './csv-lines.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refusalPhrase, refused, type Refused, type Words } from './refusal.ts'
import { mayDo } from './rights.ts'
import { NEW, readNewStore, readNewTerminal, type RegistryFault } from './registry-settings.ts'
import { type Against, type NewStore, storesAdded } from './stores.ts'
import { type NewTerminal, terminalsAdded } from './terminals.ts'
import { rowsOfXlsx } from './xlsx-read.ts'

/** Columns of a store, and of a terminal; both have a language. */
const STORE_COLUMNS = ['store', 'name', 'currency', 'time-zone', 'language'] as const
const TERMINAL_COLUMNS = ['terminal', 'confirmation', 'character-set', 'terminal-language', 'unauthenticated'] as const
export const CHAIN_COLUMNS: readonly string[] = [...STORE_COLUMNS, ...TERMINAL_COLUMNS]

export type ChainFile = { readonly name: string; readonly content: Buffer }
export type ChainFault = { readonly line: number; readonly text: Words }
export type ImportedChain = {
  readonly stores: number
  readonly terminals: number
  /** In the order of lines; nothing was saved where there is one. */
  readonly faults: readonly ChainFault[]
  readonly saved: boolean
}

const MOST_LINES = 50_000
type Line = { readonly line: number; readonly cells: readonly string[] }
type Placed<T> = { readonly line: number; readonly value: T }
type ReadChain = {
  readonly stores: readonly Placed<NewStore>[]
  readonly terminals: readonly Placed<NewTerminal>[]
  readonly faults: readonly ChainFault[]
}

/**
 * Imports the stores and tills of a chain from one spreadsheet, one line per till. A line with a store name also
 * defines the store. All lines are imported or none; faults are reported by line.
 */
export async function importChain(
  office: Office,
  actor: Actor,
  { file, dryRun }: { readonly file: ChainFile; readonly dryRun: boolean },
): Promise<ImportedChain | Refused> {
  const no = mayDo(actor, 'stores.edit') ?? mayDo(actor, 'terminals.edit')
  if (no !== null) return no
  const lines = linesOf(file)
  if (isRefused(lines)) return lines
  const read = readChain(file.name, lines, office.demo)
  if (isRefused(read)) return read
  const stores = read.stores.map(({ value }) => value)
  const terminals = read.terminals.map(({ value }) => value)
  const comingStores = stores.map(({ code }) => code)
  return inTransaction(office, async (connection) => {
    if (!dryRun) await connection.send(lockRegistryVersion)
    const add = async (save: boolean): Promise<readonly ChainFault[]> => [
      ...placed(read.stores, stores.length === 0 ? [] : await storesAdded(connection, office, actor, { stores, save })),
      ...placed(
        read.terminals,
        terminals.length === 0
          ? []
          : await terminalsAdded(connection, office, actor, { terminals, save, comingStores }),
      ),
    ]
    const faults = [...read.faults, ...(await add(false))].toSorted((a, b) => a.line - b.line)
    const saved = faults.length === 0 && !dryRun
    if (saved) await add(true)
    return { stores: stores.length, terminals: terminals.length, faults, saved }
  })
}

function placed(rows: readonly Placed<{ readonly code: string }>[], against: readonly Against[]): ChainFault[] {
  const lineOf = new Map(rows.map(({ line, value }) => [value.code, line]))
  return against.map(({ code, why }) => ({
    line: lineOf.get(code) ?? 0,
    text: { en: refusalPhrase(why, 'en'), pl: refusalPhrase(why, 'pl') },
  }))
}

const isZip = ([p, k]: Uint8Array): boolean => p === 0x50 && k === 0x4b

function linesOf({ name, content }: ChainFile): readonly Line[] | Refused {
  if (!isZip(content)) {
    const text = textFile(name, content)
    return isRefused(text) ? text : csvLines(text)
  }
  const rows = rowsOfXlsx(content)
  if (rows === null) return refused('not_xlsx', { file: name })
  return rows
    .map((cells, i) => ({ line: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''))
}

function readChain(file: string, [head, ...lines]: readonly Line[], demo: boolean): ReadChain | Refused {
  const names = (head?.cells ?? []).map((cell) => cell.toLowerCase())
  const expected = { en: `columns: ${CHAIN_COLUMNS.join(', ')}`, pl: `kolumny: ${CHAIN_COLUMNS.join(', ')}` }
  const where = `${file}:${head?.line ?? 1}`
  const unknown = names.find((name) => name !== '' && !CHAIN_COLUMNS.includes(name))
  if (unknown !== undefined) return refused('no_such_column', { where, column: JSON.stringify(unknown), expected })
  if (!names.includes('store')) return refused('column_missing', { where, column: 'store', expected })
  if (lines.length === 0) return refused('no_lines', { file })
  if (lines.length > MOST_LINES) return refused('file_too_large', { file, most: `${MOST_LINES} lines` })

  const stores = new Map<string, Placed<NewStore>>()
  const terminals = new Map<string, Placed<NewTerminal>>()
  const faults: ChainFault[] = []
  for (const { line, cells } of lines) {
    const given = new Map(names.map((name, i) => [name, cells[i] ?? '']))
    const fault = (text: Words): void => void faults.push({ line, text })
    if ((given.get('name') ?? '') !== '') addStore(stores, line, given, fault)
    if ((given.get('terminal') ?? '') !== '') addTerminal(terminals, line, given, demo, fault)
    else if ((given.get('name') ?? '') === '') fault(NOTHING)
  }
  return { stores: [...stores.values()], terminals: [...terminals.values()], faults }
}

const NOTHING: Words = {
  en: 'neither a name of its store nor a terminal',
  pl: 'nie ma ani nazwy sklepu, ani terminala',
}
const TWO_PEOPLE: Words = {
  en: 'unauthenticated: two people have to want it; change the terminal once it is there',
  pl: 'unauthenticated: muszą tego chcieć dwie osoby; zmień terminal, gdy już będzie',
}

type Fault = (text: Words) => void
type GivenLine = ReadonlyMap<string, string>

const wrong = (faults: readonly RegistryFault[], fault: Fault): void => {
  for (const { setting, text, pl } of faults) fault({ en: `${setting} ${text}`, pl: `kolumna ${setting}: ${pl}` })
}

/** The settings of one table (stores or terminals) from a line that has those of both. */
const only = (given: GivenLine, columns: readonly string[]): GivenLine =>
  new Map([...given].filter(([name]) => columns.includes(name)))

function addStore(stores: Map<string, Placed<NewStore>>, line: number, given: GivenLine, fault: Fault): void {
  const read = readNewStore(only(given, Object.keys(NEW.store)))
  if ('faults' in read) return wrong(read.faults, fault)
  const { code } = read.value
  const earlier = stores.get(code)
  if (earlier === undefined) stores.set(code, { line, value: read.value })
  else if (JSON.stringify(earlier.value) !== JSON.stringify(read.value)) {
    fault({
      en: `store ${code} is another one in line ${earlier.line}`,
      pl: `sklep ${code} jest inny w wierszu ${earlier.line}`,
    })
  }
}

function addTerminal(
  terminals: Map<string, Placed<NewTerminal>>,
  line: number,
  given: GivenLine,
  demo: boolean,
  fault: Fault,
): void {
  const own = new Map(only(given, ['store', 'terminal', 'confirmation', 'character-set', 'unauthenticated']))
  own.set('language', given.get('terminal-language') ?? '')
  const read = readNewTerminal(own)
  if ('faults' in read) return wrong(read.faults, fault)
  const { code, unauthenticated } = read.value
  if (unauthenticated && !demo) return fault(TWO_PEOPLE)
  const earlier = terminals.get(code)
  if (earlier === undefined) terminals.set(code, { line, value: read.value })
  else
    fault({
      en: `terminal ${code} is in line ${earlier.line} too`,
      pl: `terminal ${code} jest też w wierszu ${earlier.line}`,
    })
}
