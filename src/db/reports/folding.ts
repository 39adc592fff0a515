import type { WorkerConnection } from '../connection.ts'
import type { Fold } from '../folding.ts'
import { moveBackfill, selectBackfill, selectEndOfLot } from '../sql/backfills.ts'
import { lockSlices } from '../sql/due.ts'
import { deleteDay } from '../sql/report-sums.ts'
import { selectSettled, toSettled } from '../sql/unfolded.ts'
import { addSums, NO_SALES, readFacts, readSums, sumsOf } from './sums.ts'

const REPORTS = 'reports'

/**
 * Maintains the sums of reports. Transactions from before the sums existed are added by `backfillReports`, which skips
 * unfolded ones: so each transaction is added once.
 */
export const REPORT_SUMS: Fold = {
  name: 'report sums',
  async fold(connection, { settled }) {
    const left = await rangeLeft(connection)
    const ids = left === null ? settled : settled.filter((id) => id < left.from || id >= left.until)
    if (ids.length === 0) return
    const read = await readFacts(connection, { ids })
    await addSums(connection, sumsOf(read), read.sales)
  },
}

type Range = { readonly from: number; readonly until: number }

/** The ids that are not added yet; null: the sums are complete except for unfolded transactions. */
export async function rangeLeft(connection: WorkerConnection): Promise<Range | null> {
  const [[left] = []] = await connection.send(selectBackfill(REPORTS))
  return left === undefined ? null : { from: Number(left[0]), until: Number(left[1]) }
}

/**
 * Adds up to `count` transactions from before sums were kept, under the lock of folding. Roles of old rows are filled
 * before (`backfillOnce` of search rows), since what a row does is read from its role.
 *
 * @returns whether more is left; null where another process is at it
 */
export async function backfillReports(connection: WorkerConnection, count: number): Promise<boolean | null> {
  const [slices = [], [left] = []] = await connection.send(`BEGIN;${lockSlices('folding')};${selectBackfill(REPORTS)}`)
  if (slices.length === 0 || left === undefined) {
    await connection.rollback()
    return slices.length === 0 ? null : false
  }
  const [from, until] = left as [number, number]
  const [[end] = []] = await connection.send(selectEndOfLot(from, until, count))
  const next = end === undefined ? until : Number(end[0])
  const read = await readFacts(connection, { from, until: next })
  // After the transactions: what commits in between is in neither, or in `unfolded`, and is added when it is folded.
  const unfolded = await unfoldedIds(connection)
  const kept = {
    ...read,
    facts: read.facts.filter(({ id }) => !unfolded.has(id)),
    declines: read.declines.filter(({ id }) => !unfolded.has(id)),
  }
  await addSums(connection, sumsOf(kept), kept.sales)
  await connection.send(moveBackfill(REPORTS, next))
  await connection.send('COMMIT')
  return next < until
}

/** The transactions in `unfolded` that move money or were declined. */
export async function unfoldedIds(connection: WorkerConnection): Promise<ReadonlySet<number>> {
  const [rows = []] = await connection.send(selectSettled)
  return new Set(rows.flatMap(toSettled))
}

/** Makes the sums of a day again, from its transactions and the part that is archived. @returns false where another process folds */
export async function rebuildDay(connection: WorkerConnection, day: string): Promise<boolean> {
  const [slices = []] = await connection.send(`BEGIN;${lockSlices('folding')}`)
  if (slices.length === 0) {
    await connection.rollback()
    return false
  }
  await connection.send(deleteDay(day))
  const read = await readFacts(connection, { day })
  const unfolded = await unfoldedIds(connection)
  const isFolded = ({ id }: { readonly id: number }): boolean => !unfolded.has(id)
  const kept = { ...read, facts: read.facts.filter(isFolded), declines: read.declines.filter(isFolded) }
  await addSums(connection, sumsOf(kept), kept.sales)
  await addSums(connection, await readSums(connection, 'archived', day), NO_SALES)
  await connection.send('COMMIT')
  return true
}
