import type { WorkerConnection } from '../../db/connection.ts'
import {
  type Batch,
  type BatchState,
  lockBatchRow,
  selectBatch,
  selectBatches,
  toBatch,
} from '../../db/sql/welfare-batches.ts'
import { countFindings, selectFindings } from '../../db/sql/welfare-findings.ts'
import { oneOf } from '../../db/sql/row.ts'
import { countStaged } from '../../db/sql/staged.ts'
import type { Actor } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { type Finding, FINDING_CODES, type FindingCode, FINDINGS } from './findings.ts'
import { batchStates } from './state-words.ts'
import { toFinding } from './stored-findings.ts'

export type { Batch, BatchState }

const ALL = Number.MAX_SAFE_INTEGER

export async function listBatches(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { employer = null, before = ALL, most = 100 }: { employer?: string | null; before?: number; most?: number },
): Promise<readonly Batch[] | Refused> {
  const no = mayDo(actor, 'welfare.find')
  if (no !== null) return no
  const [rows = []] = await office.db.use((connection) => connection.send(selectBatches(employer, before, most)))
  return rows.map(toBatch)
}

export type FoundCode = { readonly code: FindingCode; readonly weight: 'stop' | 'warning'; readonly rows: number }
export type BatchPage = {
  readonly batch: Batch
  readonly found: readonly FoundCode[]
  /** The number of staged loads, which are not visible on the cards yet, while the batch is being booked; else null. */
  readonly staged: number | null
}

/** A batch with the number of findings of each kind. */
export async function showBatch(office: Pick<Office, 'db'>, actor: Actor, id: number): Promise<BatchPage | Refused> {
  const no = mayDo(actor, 'welfare.find')
  if (no !== null) return no
  return office.db.use(async (connection) => {
    const batch = await batchRow(connection, id)
    if (isRefused(batch)) return batch
    const found = await foundIn(connection, id)
    if (batch.state !== 'approved') return { batch, found, staged: null }
    const [[count] = []] = batch.stagedId === null ? [] : await connection.send(countStaged(batch.stagedId))
    return { batch, found, staged: Number(count?.[0] ?? 0) }
  })
}

export async function foundIn(connection: WorkerConnection, id: number): Promise<FoundCode[]> {
  const [rows = []] = await connection.send(countFindings(id))
  return rows.map(([code, count]) => {
    const known = oneOf(FINDING_CODES, String(code))
    return { code: known, weight: FINDINGS[known].weight, rows: Number(count) }
  })
}

/** Findings by row; `after`: from this row on. */
export async function listFindings(
  office: Pick<Office, 'db'>,
  actor: Actor,
  { id, after = 0, most = 1_000 }: { id: number; after?: number; most?: number },
): Promise<readonly Finding[] | Refused> {
  const page = await showBatch(office, actor, id)
  if (isRefused(page)) return page
  const [rows = []] = await office.db.use((connection) => connection.send(selectFindings(id, after, most)))
  return rows.map(toFinding)
}

export async function batchRow(connection: WorkerConnection, id: number): Promise<Batch | Refused> {
  const [[row] = []] = Number.isSafeInteger(id) ? await connection.send(selectBatch(id)) : []
  return row === undefined ? refused('no_such_batch', { batch: id }) : toBatch(row)
}

/** The batch, locked until the end of the transaction, in one of these states. */
export async function lockedBatch(
  connection: WorkerConnection,
  id: number,
  wanted: readonly BatchState[],
): Promise<Batch | Refused> {
  const [[row] = []] = Number.isSafeInteger(id) ? await connection.send(lockBatchRow(id)) : []
  if (row === undefined) return refused('no_such_batch', { batch: id })
  const batch = toBatch(row)
  return wanted.includes(batch.state)
    ? batch
    : refused('batch_state', { batch: id, state: batchStates([batch.state]), wanted: batchStates(wanted) })
}
