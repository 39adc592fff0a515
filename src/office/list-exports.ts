/** Exports of lists as files: short lists at once, long ones by a job. */

import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  cancelListExportJob,
  deleteOldListExports,
  insertListExport,
  insertOrderedExport,
  selectExportContent,
  selectExportPart,
  selectListExport,
  selectOpenExports,
  toListExport,
  type ListExport,
} from '../db/sql/list-exports.ts'
import { insertJob } from '../db/sql/jobs.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { COUNTED, countCards, withinReach } from './card-lists.ts'
import { listTable, selectListed, type ListInput } from './list-tables.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDoAnywhere } from './rights.ts'
import { type FileFormat, WRITERS } from './table-file.ts'
import { countTransactions, ofOwnStores } from './transaction-lists.ts'

export type { ListExport }

export const EXPORT_JOB = 'export'
/** More rows than fit a sheet would be of no use to anybody. */
export const EXPORT_MOST = 1_000_000
/** The number of exports of one person that may wait or run at a time. */
const OPEN_MOST = 3
const DAY_MS = 24 * 3_600_000

export type ExportInput = ListInput & { readonly columns: readonly string[]; readonly format: FileFormat }

/** Exports up to 10,000 rows at once; a longer or slow list becomes a job. Returns the export's number. */
export async function exportList(
  office: Office,
  actor: Actor,
  asked: ExportInput,
): Promise<{ readonly id: number } | Refused> {
  const objection = mayDoAnywhere(actor, asked.list === 'cards' ? 'cards.find' : 'transactions.find')
  if (objection !== null) return objection
  const input = reachedBy(actor, asked)
  const counted =
    input.list === 'cards'
      ? await countCards(office, actor, input.criteria)
      : await countTransactions(office, actor, input.criteria)
  if (isRefused(counted)) return counted
  return counted.count === null ? orderExport(office, actor, input) : exportAtOnce(office, actor, input)
}

/** For an actor limited to own stores: the criteria narrowed to what they may see. */
const reachedBy = (actor: Actor, input: ExportInput): ExportInput =>
  input.list === 'cards'
    ? { ...input, criteria: withinReach(actor, input.criteria) }
    : { ...input, criteria: ofOwnStores(actor, input.criteria) }

export const seesSerials = (actor: Actor): boolean => actor.rights.has('issues.edit')

const fileNameOf = (office: Pick<Office, 'clock'>, { list, format }: ExportInput): string =>
  `akart-${list}-${new Date(office.clock()).toISOString().slice(0, 19).replaceAll(':', '')}.${format}`

/** Read in one statement, so that the file is of one instant. */
async function exportAtOnce(office: Office, actor: Actor, input: ExportInput): Promise<{ id: number } | Refused> {
  const { list, format } = input
  // New rows since the count may make it a little longer.
  const [rows = []] = await office.db.use((connection) => connection.send(selectListed(input, 2 * COUNTED)))
  const table = listTable(list, input.columns, { serials: seesSerials(actor) })
  const writer = WRITERS[format]()
  const content = Buffer.concat([writer.write([table.head, ...table.cells(rows)]), writer.end()])
  const at = office.clock()
  const made = {
    id: office.nextId(),
    login: actor.login,
    list,
    fileName: fileNameOf(office, input),
    rows: rows.length,
    sums: table.sums(),
    sha256: createHash('sha256').update(content).digest('hex'),
  }
  return inTransaction(office, async (connection) => {
    await connection.send(`${deleteOldListExports(at - DAY_MS)};${insertListExport(made, at, gzipSync(content))}`)
    const { id, sha256 } = made
    const details = { rows: made.rows, sha256, format }
    await putOnRecord(connection, office, actor, at, {
      action: `${list}.export`,
      object: { kind: 'export', id },
      details,
    })
    return { id }
  })
}

/** The job's data, which include the rights at the time of the order. */
export type OrderedExport = ExportInput & { readonly serials: boolean }

const orderExport = (office: Office, actor: Actor, input: ExportInput): Promise<{ id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const [[open] = []] = await connection.send(selectOpenExports(actor.login))
    if (Number(open?.[0]) >= OPEN_MOST) return refused('exports_running', { most: OPEN_MOST })
    const [id, at, { list, format }] = [office.nextId(), office.clock(), input]
    const ordered: OrderedExport = { ...input, serials: seesSerials(actor) }
    const order = { id, login: actor.login, list, fileName: fileNameOf(office, input), input: JSON.stringify(ordered) }
    await connection.send(`${deleteOldListExports(at - DAY_MS)};${insertOrderedExport(order, at)}`)
    const job = { id: office.nextId(), kind: EXPORT_JOB, subject: id, parameters: '{}', total: 0, who: actor.login }
    await connection.send(insertJob(job))
    await putOnRecord(connection, office, actor, at, {
      action: `${list}.export.order`,
      object: { kind: 'export', id },
      details: { format },
    })
    return { id }
  })

/** One's own: it ends in the database too, within a second or two. */
export const cancelExport = (
  office: Office,
  actor: Actor,
  { id }: { readonly id: number },
): Promise<{ readonly id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(selectListExport(id, actor.login))
    const found = row === undefined ? null : toListExport(row)
    if (found === null) return refused('no_such_export', { id })
    if (found.state !== 'waiting' && found.state !== 'running') return refused('export_over', { id })
    for (const statement of cancelListExportJob(id)) await connection.send(statement)
    await putOnRecord(connection, office, actor, office.clock(), {
      action: `${found.list}.export.cancel`,
      object: { kind: 'export', id },
      details: { rows: found.rows },
    })
    return { id }
  })

export async function showListExport(
  office: Pick<Office, 'db'>,
  { login }: Actor,
  id: number,
): Promise<ListExport | Refused> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectListExport(id, login)))
  return row === undefined ? refused('no_such_export', { id }) : toListExport(row)
}

/** The file, piece by piece, for the person who ordered it. */
export async function listExportFile(
  office: Pick<Office, 'db'>,
  actor: Actor,
  id: number,
): Promise<{ readonly fileName: string; readonly content: AsyncIterable<Buffer> } | Refused> {
  const found = await showListExport(office, actor, id)
  if (isRefused(found)) return found
  if (found.state !== 'done') return refused('no_such_export', { id })
  const { fileName, fence, sha256 } = found
  return { fileName, content: fence === null ? contentOf(office, actor, id) : partsOf(office, { id, fence, sha256 }) }
}

async function* contentOf(office: Pick<Office, 'db'>, { login }: Actor, id: number): AsyncGenerator<Buffer> {
  const [[row] = []] = await office.db.use((connection) => connection.send(selectExportContent(id, login)))
  if (row !== undefined) yield gunzipSync(row[0] as Buffer)
}

/** @throws at the end if parts of the file are missing */
async function* partsOf(
  office: Pick<Office, 'db'>,
  { id, fence, sha256 }: { readonly id: number; readonly fence: number; readonly sha256: string | null },
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  for (let part = 0; ; part++) {
    const [[row] = []] = await office.db.use((connection) => connection.send(selectExportPart(id, fence, part)))
    if (row === undefined) {
      if (hash.digest('hex') !== sha256) throw new Error(`export ${id}: part ${part} is missing or others are damaged`)
      return
    }
    const content = gunzipSync(row[0] as Buffer)
    hash.update(content)
    yield content
  }
}
