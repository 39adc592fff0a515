import type { WorkerConnection } from './connection.ts'
import type { Fold } from './folding.ts'
import { fillRoles, moveBackfill, selectBackfill, selectEndOfLot } from './sql/backfills.ts'
import { lockSlices } from './sql/due.ts'
import { upsertSearchRange, upsertSearchRows } from './sql/search.ts'

/** Keeps `search_transactions` in step with `transactions`. */
export const SEARCH_ROWS: Fold = {
  name: 'search rows',
  async fold(connection, { settled, touched }) {
    await connection.send(upsertSearchRows([...new Set([...settled, ...touched])].sort((a, b) => a - b)))
  },
}

const TRANSACTIONS = 'transactions'

/**
 * Fills roles, channels and search rows of up to `count` transactions from before they were kept, the oldest first. Takes
 * the lock of folding, so that no older reading of a row overwrites a newer one.
 *
 * @returns whether more is left; null where another process is at it
 */
export async function backfillOnce(connection: WorkerConnection, count: number): Promise<boolean | null> {
  const [slices = [], [left] = []] = await connection.send(
    `BEGIN;${lockSlices('folding')};${selectBackfill(TRANSACTIONS)}`,
  )
  if (slices.length === 0 || left === undefined) {
    await connection.rollback()
    return slices.length === 0 ? null : false
  }
  const [from, until] = left as [number, number]
  const [[end] = []] = await connection.send(selectEndOfLot(from, until, count))
  const next = end === undefined ? until : Number(end[0])
  await connection.send(fillRoles(from, next))
  await connection.send(upsertSearchRange(from, next))
  await connection.send(moveBackfill(TRANSACTIONS, next))
  await connection.send('COMMIT')
  return next < until
}
