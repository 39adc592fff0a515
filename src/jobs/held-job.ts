import { workerConnection } from '../db/connection.ts'
import { advanceJobTo, type Job, lockJob } from '../db/sql/jobs.ts'
import type { Work } from './runner.ts'

/** A third of the lease of a job. */
export const BEAT_MS = 3_000

export type Held = {
  /** Set once the job is no longer ours, or this process shall stop. */
  readonly signal: AbortSignal
  rows: number
  readonly release: () => Promise<void>
}

/** Keeps the lease while the database is at work, tells how far it is, and finds out when the job is no longer ours. */
export function holdJob(job: Job, { access, stopping }: Pick<Work, 'access' | 'stopping'>, everyMs = BEAT_MS): Held {
  const ended = new AbortController()
  const connection = workerConnection(access)
  const beat = async (): Promise<void> => {
    const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
    await connection.send(row === undefined ? 'COMMIT' : `${advanceJobTo(job.id, held.rows)};COMMIT`)
    if (row === undefined) ended.abort()
  }
  let beating: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    // A database that is away is found out by the statement itself.
    beating = beating.then(beat).catch(() => connection.rollback())
  }, everyMs)
  const held: Held = {
    signal: AbortSignal.any([ended.signal, stopping]),
    rows: 0,
    async release() {
      clearInterval(timer)
      await beating
      await connection.close()
    },
  }
  return held
}
