import type { WorkerConnection } from './connection.ts'
import { selectIsBackfillLeft } from './sql/backfills.ts'
import { lockSlices } from './sql/due.ts'
import {
  deleteUnfolded,
  lockUnfolded,
  selectNewest,
  toUnfolded,
  type Unfolded,
  type UnfoldedIds,
} from './sql/unfolded.ts'

/**
 * A consumer of new transactions: updates its own tables from them. It runs within the transaction that deletes the
 * `unfolded` rows, so that each is folded exactly once, and it reads the current state of each transaction. One process
 * folds at a time, so that no older reading overwrites a newer one. It sends no BEGIN or COMMIT.
 */
export type Fold = {
  /** For logs. */
  readonly name: string
  readonly fold: (connection: WorkerConnection, ids: UnfoldedIds) => Promise<void>
}

/** `ids`: how many transactions the batches had. */
export type Folded = { readonly batches: number; readonly ids: number; readonly isMore: boolean }

/**
 * Takes the oldest rows (batches of the engine), lets each consumer fold them, and deletes them, in one transaction.
 *
 * @returns null where another process is at it
 */
export async function foldOnce(
  connection: WorkerConnection,
  folds: readonly Fold[],
  most: { readonly batches: number; readonly ids: number },
): Promise<Folded | null> {
  const [slices = [], rows = []] = await connection.send(`BEGIN;${lockSlices('folding')};${lockUnfolded(most.batches)}`)
  const taken = firstOf(rows.map(toUnfolded), most.ids)
  if (slices.length === 0 || taken.length === 0) {
    await connection.rollback()
    return slices.length === 0 ? null : { batches: 0, ids: 0, isMore: false }
  }
  const ids = {
    settled: taken.flatMap(({ settled }) => settled),
    touched: [...new Set(taken.flatMap(({ touched }) => touched))],
  }
  for (const { name, fold } of folds) {
    try {
      await fold(connection, ids)
    } catch (error) {
      throw new Error(`folding: ${name} failed`, { cause: error })
    }
  }
  await connection.send(`${deleteUnfolded(taken.map(({ id }) => id))};COMMIT`)
  return {
    batches: taken.length,
    ids: sizeOf(taken),
    isMore: taken.length < rows.length || rows.length === most.batches,
  }
}

export type Ahead = {
  /** Requests that a batch has just now, on average of the newest; 0: none has come for a second. */
  readonly sizeOfNewest: number
  /** Something from before a migration is left, which may have come while this process ran. */
  readonly isBackfillLeft: boolean
}

/** The backlog beside the folded rows, in one packet. */
export async function lookAhead(connection: WorkerConnection): Promise<Ahead> {
  const [rows = [], [[isLeft] = []] = []] = await connection.send(`${selectNewest(NEWEST)};${selectIsBackfillLeft}`)
  return {
    sizeOfNewest: rows.length === 0 ? 0 : sizeOf(rows.map(toUnfolded)) / rows.length,
    isBackfillLeft: Number(isLeft) === 1,
  }
}
const NEWEST = 8

const sizeOf = (batches: readonly UnfoldedIds[]): number =>
  batches.reduce((sum, { settled, touched }) => sum + settled.length + touched.length, 0)

/** Enough rows to hold `ids` ids together, at least one. */
function firstOf(all: readonly Unfolded[], ids: number): Unfolded[] {
  let sum = 0
  return all.filter(({ settled, touched }, i) => {
    sum += settled.length + touched.length
    return i === 0 || sum <= ids
  })
}
