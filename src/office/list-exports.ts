import { stringify } from 'csv-stringify/sync'
import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { currencyOf } from '../core/currency.ts'
import {
  deleteOldListExports,
  insertListExport,
  selectExportContent,
  selectListExport,
  toListExport,
  type ListExport,
} from '../db/sql/list-exports.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { listCards, seesSerial, type CardCriteria, type CardOrder, type FoundCard } from './card-lists.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { responseOf } from './result-codes.ts'
import {
  listTransactions,
  type FoundTransaction,
  type TransactionCriteria,
  type TransactionOrder,
} from './transaction-lists.ts'
import { plainText, xlsxOf, type Cell } from './xlsx.ts'

export type { ListExport }

/** Read in one statement, so that the file is of one instant; packed, it fits a packet to the database. */
export const EXPORT_MOST = 100_000
const DAY_MS = 24 * 3_600_000

const decimal = (value: number, currency: number): number => value / 10 ** currencyOf(currency).exponent
const instantText = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())

type Column<Item> = { readonly head: string; readonly cell: (item: Item, actor: Actor) => Cell }

/** By the ids that the screen gives its columns; money stands beside its currency. */
const CARD_COLUMNS: Readonly<Record<string, Column<FoundCard>>> = {
  card: { head: 'Card', cell: ({ firstSix, lastFour }) => `${firstSix}******${lastFour}` },
  issue: { head: 'Issue', cell: ({ issue }) => issue },
  serial: { head: 'Serial', cell: (card, actor) => (seesSerial(actor, card) ? card.serial : null) },
  pack: { head: 'Pack', cell: ({ pack }) => pack },
  state: { head: 'State', cell: ({ state, block }) => (block === null ? state : `${state}, blocked: ${block}`) },
  balance: { head: 'Balance', cell: ({ ledger, currency }) => decimal(ledger, currency) },
  available: { head: 'Available', cell: ({ available, currency }) => decimal(available, currency) },
  sold: { head: 'Sold', cell: ({ soldAt }) => instantText(soldAt) },
  soldIn: { head: 'Sold in', cell: ({ soldIn }) => soldIn },
  used: { head: 'Last used', cell: ({ usedAt }) => instantText(usedAt) },
  validUntil: { head: 'Valid until', cell: ({ validUntil }) => validUntil },
  suspected: { head: 'Suspected', cell: ({ suspectedAt }) => instantText(suspectedAt) },
}

const TRANSACTION_COLUMNS: Readonly<Record<string, Column<FoundTransaction>>> = {
  time: { head: 'Time', cell: ({ at }) => instantText(at) },
  store: { head: 'Store', cell: ({ store }) => store },
  terminal: { head: 'Terminal', cell: ({ terminal }) => terminal },
  operation: { head: 'Operation', cell: ({ operation, role }) => operation ?? role },
  card: {
    head: 'Card',
    cell: ({ firstSix, lastFour }) => (firstSix === null ? null : `${firstSix}******${lastFour ?? ''}`),
  },
  amount: {
    head: 'Amount',
    cell: ({ amount, credits, currency }) => (currency === null ? null : decimal(credits ? amount : -amount, currency)),
  },
  response: { head: 'Response', cell: ({ result }) => responseOf(result) },
  state: { head: 'State', cell: ({ state }) => state },
  reference: { head: 'Reference', cell: ({ rrn }) => rrn },
  day: { head: 'Business day', cell: ({ businessDate }) => businessDate },
  approvalCode: { head: 'Approval code', cell: ({ approvalCode }) => approvalCode },
  stan: { head: 'STAN', cell: ({ stan }) => stan },
  entryMode: { head: 'Entry mode', cell: ({ entryMode }) => entryMode },
  channel: { head: 'Channel', cell: ({ channel }) => channel },
  who: { head: 'Who', cell: ({ who }) => who },
  hasCase: { head: 'Has a case', cell: ({ hasCase }) => (hasCase ? 'yes' : '') },
}

export type ExportWish = {
  readonly columns: readonly string[]
  readonly format: 'csv' | 'xlsx'
  readonly descending: boolean
}

export async function exportCards(
  office: Office,
  actor: Actor,
  criteria: CardCriteria,
  { order, ...wish }: ExportWish & { readonly order: CardOrder },
): Promise<ListExport | Refused> {
  const page = { order, descending: wish.descending, limit: EXPORT_MOST, cursor: null }
  const found = await listCards(office, actor, criteria, page)
  if (isRefused(found)) return found
  if (found.next !== null) return refused('export_too_long', { most: EXPORT_MOST })
  const table = tableOf(CARD_COLUMNS, wish.columns, found.items, actor, ({ currency }) => currency)
  return keep(
    office,
    actor,
    'cards',
    wish,
    table,
    sumsOf(found.items, ({ available, currency }) => [currency, available]),
  )
}

export async function exportTransactions(
  office: Office,
  actor: Actor,
  criteria: TransactionCriteria,
  { order, ...wish }: ExportWish & { readonly order: TransactionOrder },
): Promise<ListExport | Refused> {
  const page = { order, descending: wish.descending, limit: EXPORT_MOST, cursor: null }
  const found = await listTransactions(office, actor, criteria, page)
  if (isRefused(found)) return found
  if (found.next !== null) return refused('export_too_long', { most: EXPORT_MOST })
  const table = tableOf(TRANSACTION_COLUMNS, wish.columns, found.items, actor, ({ currency }) => currency)
  const sums = sumsOf(found.items, ({ amount, credits, currency }) => [currency, credits ? amount : -amount])
  return keep(office, actor, 'transactions', wish, table, sums)
}

function tableOf<Item>(
  known: Readonly<Record<string, Column<Item>>>,
  wanted: readonly string[],
  items: readonly Item[],
  actor: Actor,
  currencyOfItem: (item: Item) => number | null,
): Cell[][] {
  const ids = wanted.filter((id) => Object.hasOwn(known, id))
  const columns = (ids.length === 0 ? Object.keys(known) : ids).flatMap((id) => known[id] ?? [])
  const letters = (item: Item): Cell => {
    const currency = currencyOfItem(item)
    return currency === null ? null : currencyOf(currency).letters
  }
  return [
    [...columns.map(({ head }) => head), 'Currency'],
    ...items.map((item) => [...columns.map(({ cell }) => plainText(cell(item, actor))), letters(item)]),
  ]
}

function sumsOf<Item>(
  items: readonly Item[],
  of: (item: Item) => readonly [number | null, number],
): ListExport['sums'] {
  const sums = new Map<number, number>()
  for (const item of items) {
    const [currency, value] = of(item)
    if (currency !== null) sums.set(currency, (sums.get(currency) ?? 0) + value)
  }
  return [...sums].map(([currency, value]) => ({ currency, value }))
}

async function keep(
  office: Office,
  actor: Actor,
  list: 'cards' | 'transactions',
  { format }: ExportWish,
  table: readonly (readonly Cell[])[],
  sums: ListExport['sums'],
): Promise<ListExport | Refused> {
  const content =
    format === 'csv'
      ? Buffer.from(
          stringify(
            table.map((row) => [...row]),
            { bom: true, record_delimiter: 'windows' },
          ),
        )
      : xlsxOf(table)
  const at = office.clock()
  const made: ListExport = {
    id: office.nextId(),
    login: actor.login,
    list,
    fileName: `akart-${list}-${new Date(at).toISOString().slice(0, 19).replaceAll(':', '')}.${format}`,
    rows: table.length - 1,
    sums,
    sha256: createHash('sha256').update(content).digest('hex'),
  }
  return inTransaction(office, async (connection) => {
    await connection.send(`${deleteOldListExports(at - DAY_MS)};${insertListExport(made, at, gzipSync(content))}`)
    const { rows, sha256 } = made
    await putOnRecord(connection, office, actor, at, {
      action: `${list}.export`,
      object: { kind: 'export', id: made.id },
      details: { rows, sha256, format },
    })
    return made
  })
}

export async function showListExport(
  office: Pick<Office, 'db'>,
  { login }: Actor,
  id: number,
): Promise<ListExport | Refused> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectListExport(id, login)))
  return row === undefined ? refused('no_such_export', { id }) : toListExport(row)
}

/** The file, for whoever made it. */
export async function listExportFile(
  office: Pick<Office, 'db'>,
  { login }: Actor,
  id: number,
): Promise<{ readonly fileName: string; readonly content: Buffer } | Refused> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectExportContent(id, login)))
  if (row === undefined) return refused('no_such_export', { id })
  const [fileName, content] = row as [string, Buffer]
  return { fileName, content: gunzipSync(content) }
}
