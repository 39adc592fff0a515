import { workerConnection } from '../db/connection.ts'
import { advanceJobTo, type Job, LEASE_SECONDS, lockJob } from '../db/sql/jobs.ts'
import type { Work } from './runner.ts'

/** A third of the lease of a job. */
export const BEAT_MS = 3_000

export type Held = {
  /** Set once the job is no longer ours, or this process shall stop. */
  readonly signal: AbortSignal
  rows: number
  /** Whether the job is certainly still ours: asked before anything leaves this process that cannot be taken back. */
  readonly holds: () => boolean
  readonly release: () => Promise<void>
}

/** Renews the lease of a job during a long statement, reports progress, and detects when the job is no longer ours. */
export function holdJob(
  job: Job,
  { access, leasedAt, stopping }: Pick<Work, 'access' | 'leasedAt' | 'stopping'>,
  everyMs = BEAT_MS,
): Held {
  const ended = new AbortController()
  const connection = workerConnection(access)
  let renewedAt = leasedAt
  const beat = async (): Promise<void> => {
    const asked = performance.now()
    const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
    await connection.send(row === undefined ? 'COMMIT' : `${advanceJobTo(job.id, held.rows)};COMMIT`)
    if (row === undefined) ended.abort()
    else renewedAt = asked
  }
  let beating: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    // If the database is unavailable, the statement itself fails.
    beating = beating.then(beat).catch(() => connection.rollback())
  }, everyMs)
  const held: Held = {
    signal: AbortSignal.any([ended.signal, stopping]),
    rows: 0,
    holds: () => !ended.signal.aborted && performance.now() < renewedAt + LEASE_SECONDS * 1_000,
    async release() {
      clearInterval(timer)
      await beating
      await connection.close()
    },
  }
  return held
}
