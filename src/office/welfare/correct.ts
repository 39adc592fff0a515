import { openAccount } from '../../db/accounts.ts'
import type { WorkerConnection } from '../../db/connection.ts'
import { lockEmployer } from '../../db/sql/employers.ts'
import { type Batch, selectLiveBatch, setSums, toBatch } from '../../db/sql/welfare-batches.ts'
import { deleteFindingsOf, selectWrongLines } from '../../db/sql/welfare-findings.ts'
import { deleteRowsOf } from '../../db/sql/welfare-rows.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { inTransaction, type Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import { batchRow, lockedBatch } from './batches.ts'
import { checkRun } from './check-run.ts'
import { openEmployer } from './employers.ts'
import { FINDING_CODES, isStop } from './findings.ts'
import { countWords, type ReadOptions, type Upload } from './list-file.ts'
import { loadedBefore, settingOf, writeLot } from './load-list.ts'
import { LIST_COLUMNS } from './list-columns.ts'
import { openList } from './open-list.ts'
import { parseRow, type ParsedRow } from './parse-row.ts'
import { recheck } from './recheck.ts'

/**
 * Replaces faulty rows by corrected ones: by row number if the file has it, else by employee. A row that contains only its
 * number is removed. Only rows that stop the batch can be replaced; then the whole batch is checked again.
 */
export async function correctRows(
  office: Office,
  actor: Actor,
  { id, file, ...input }: { readonly id: number; readonly file: Upload } & ReadOptions,
  progress: Progress = NO_PROGRESS,
): Promise<Batch | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const at = office.clock()
  const seen = await office.db.use((connection) => batchRow(connection, id))
  if (isRefused(seen)) return seen
  const rows = await readCorrected(office, seen, file, input)
  if (isRefused(rows)) return rows
  const account = await openAccount(office.db.access, 'counterparty_receivable', seen.employer, seen.currency)
  return inTransaction(office, async (connection) => {
    const employer = await openEmployer(connection, seen.employer)
    if (isRefused(employer)) return employer
    await connection.send(lockEmployer(seen.employer))
    const batch = await lockedBatch(connection, id, ['checked'])
    if (isRefused(batch)) return batch
    const placed = await placedRows(connection, id, rows)
    if (isRefused(placed)) return placed
    await connection.send(
      deleteFindingsOf(
        id,
        placed.map(({ line }) => line),
      ),
    )
    const kept = placed.flatMap(({ line, parsed }) => (parsed === null ? [] : [{ ...parsed, line }]))
    const gone = placed.flatMap(({ line, parsed }) => (parsed === null ? [line] : []))
    if (gone.length > 0) await connection.send(deleteRowsOf(id, gone))
    if (kept.length > 0) await writeLot(office, connection, checkRun({ employer, account, batchId: id, at }), kept)
    // The digest is that of the corrected list, so that loading the whole corrected list finds this batch.
    const { digest } = await recheck(office, connection, employer, batch, { frozen: false, at, progress })
    const [[there] = []] = await connection.send(selectLiveBatch(seen.employer, digest.any()))
    if (there !== undefined && toBatch(there).id !== id) return loadedBefore(office, toBatch(there))
    await connection.send(setSums(id, digest.hex()))
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.correct',
      object: { kind: 'welfare', id },
      details: { rows: placed.length },
    })
    return batchRow(connection, id)
  })
}

/** `parsed` null: the row is to be removed. */
type Corrected = { readonly row: number | null; readonly at: number; readonly parsed: ParsedRow | null }
type Placed = { readonly line: number; readonly parsed: ParsedRow | null }

/** The most rows that can be corrected in one file; a list with more faults is loaded as a new one. */
const MOST_CORRECTED = 10_000

async function readCorrected(
  office: Office,
  { currency }: Batch,
  file: Upload,
  input: ReadOptions,
): Promise<readonly Corrected[] | Refused> {
  const list = await openList(file, input)
  if (isRefused(list)) return list
  const setting = await settingOf(office, list, currency)
  const rows: Corrected[] = []
  for await (const row of list.rows()) {
    if (isRefused(row)) return row
    const named = row.cell('row').text.trim()
    const number = /^\d{1,7}$/u.test(named) ? Number(named) : null
    const isEmpty = number !== null && LIST_COLUMNS.every((column) => row.cell(column).text.trim() === '')
    rows.push({ row: number, at: row.line, parsed: isEmpty ? null : parseRow(row, setting) })
    if (rows.length > MOST_CORRECTED)
      return refused('list_too_long', { file: file.name, most: countWords(MOST_CORRECTED) })
  }
  return rows
}

async function placedRows(
  connection: WorkerConnection,
  id: number,
  rows: readonly Corrected[],
): Promise<readonly Placed[] | Refused> {
  const stops = FINDING_CODES.filter((code) => isStop({ code }))
  const [found = []] = await connection.send(selectWrongLines(id, stops))
  const wrong = new Map(found.map(([line, number]) => [Number(line), String(number)]))
  const placed: Placed[] = []
  for (const { row, at, parsed } of rows) {
    const line = row ?? [...wrong].find(([, number]) => number === parsed?.number)?.[0] ?? null
    if (line === null || !wrong.delete(line)) return refused('row_not_in_batch', { row: row ?? at, batch: id })
    const faults = parsed?.faults.map((fault) => ({ ...fault, line })) ?? []
    placed.push({ line, parsed: parsed === null ? null : { ...parsed, line, faults } })
  }
  return placed
}
