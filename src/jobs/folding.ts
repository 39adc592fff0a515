import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from '../db/access.ts'
import { LONG, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { type Fold, type Folded, foldOnce, lookAhead } from '../db/folding.ts'
import { backfillReports } from '../db/reports/folding.ts'
import { backfillOnce } from '../db/search-rows.ts'
import { startPoller, type Poller } from './poller.ts'

export type FoldingParts = {
  readonly access: Access
  readonly folds: readonly Fold[]
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 250
/**
 * The size of one transaction. It holds no lock that a payment waits for, but it uses processor time that payments
 * need.
 */
const MOST = { batches: 500, ids: 500 }
/** The same under overload, when folding works in smaller pieces so that no payment waits long for the processor. */
const MOST_IN_FLOOD = 100
/** Batches of one request each, as one caller makes them, are done in one transaction; of large ones it takes two or three. */
const FIRST_BATCHES = 64
/**
 * The share of time that folding uses while a backlog exists. A quarter keeps up with some thousand payments a second.
 * Under full load payments go first, and the backlog is folded afterwards.
 */
const SHARE = 0.25
const SHARE_IN_FLOOD = 0.03
/** The batch size that shows overload: batches get so large only if the machine is fully used. */
const FLOOD = 32
/**
 * The lot size for transactions from before a migration. A payment that settles an old transaction may wait for one
 * lot.
 */
const BACKFILL_LOT = 1_000
const BACKFILL_SHARE = 0.25

/** Bounded, so that stopping does not take long. */
const LONGEST_REST_MS = 2_000

const restAfter = (started: number, share: number): number =>
  Math.min(LONGEST_REST_MS, (performance.now() - started) * (1 / share - 1))

/** How many batches of the size of the last ones make a full transaction: locking and reading more would be in vain. */
const batchesLike = ({ batches, ids }: Folded, most: number): number =>
  Math.min(MOST.batches, Math.ceil(most / Math.max(1, ids / Math.max(1, batches))) + 1)

/** Folds roles first, because sums are read from them. @returns whether more is left; null if another process is folding */
const backfill = async (connection: WorkerConnection): Promise<boolean | null> =>
  (await backfillOnce(connection, BACKFILL_LOT)) || backfillReports(connection, BACKFILL_LOT)

/** Updates the derived tables of transactions. Any number of processes may run it: one works at a time. */
export function startFolding({ access, folds, trouble }: FoldingParts): Poller {
  const connection = workerConnection(access, LONG)
  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 0,
    async look(isStopping) {
      // The first piece is small too: it shows how large batches are, and there may be overload already.
      let most = { batches: FIRST_BATCHES, ids: MOST_IN_FLOOD }
      for (;;) {
        const started = performance.now()
        const folded = await foldOnce(connection, folds, most)
        if (folded === null || isStopping()) return
        const { sizeOfNewest, isBackfillLeft } = await lookAhead(connection)
        const flood = sizeOfNewest >= FLOOD
        const ids = flood ? MOST_IN_FLOOD : MOST.ids
        most = { batches: batchesLike(folded, ids), ids }
        if (folded.isMore) await sleep(restAfter(started, flood ? SHARE_IN_FLOOD : SHARE))
        else if (isBackfillLeft && (await backfill(connection))) await sleep(restAfter(started, BACKFILL_SHARE))
        else return
      }
    },
    async failed(error) {
      await connection.rollback()
      trouble(error)
    },
    close: connection.close,
  })
}
