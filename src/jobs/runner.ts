import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from '../db/access.ts'
import { LONG, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { failJob, findJob, type Job, leaseJob, returnJob, toJob } from '../db/sql/jobs.ts'

/**
 * Does the jobs of one kind in pieces. Each piece is a database transaction that begins with `lockJob` and ends with
 * its progress.
 */
export type JobKind = (job: Job, work: Work) => Promise<void>

export type Work = {
  readonly access: Access
  readonly connection: WorkerConnection
  /** `performance.now()` before the job was leased. */
  readonly leasedAt: number
  /** If set, the job ends after the current piece. It is resumed from there. */
  readonly stopping: AbortSignal
}

/** Thrown by a job that can never be done as it is; anything else that goes wrong is tried again. */
export class JobFailed extends Error {}

/** Thrown if `lockJob` finds nothing: this process was stopped for longer than its lease, and another one continues the job. */
export class LeaseLost extends Error {}

export type Runner = { readonly stop: () => Promise<void> }

export type RunnerParts = {
  readonly access: Access
  readonly kinds: Readonly<Record<string, JobKind>>
  readonly trouble: (what: string, error: unknown) => void
}

const POLL_INTERVAL_MS = 1_000
// A pause after an error, so that an unavailable database is not queried continuously.
const PAUSE_MS = 5_000

/** Takes jobs one after the other, for as long as the process lives. Any number of processes may do so. */
export function startJobRunner(parts: RunnerParts): Runner {
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const outcome = await takeOne(parts, null, stopping.signal)
      if (outcome === 'done') continue
      const pause = outcome === 'nothing' ? POLL_INTERVAL_MS : PAUSE_MS
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined) // told to stop
    }
  }
  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/**
 * Takes one job, or the named one, and works on it until it is done, fails, or `stopping` is set.
 *
 * @returns `nothing`: no job is available; `trouble`: it was reported to `parts.trouble`, and the job waits again
 */
export async function takeOne(
  parts: RunnerParts,
  id: number | null,
  stopping: AbortSignal,
): Promise<'nothing' | 'done' | 'trouble'> {
  const connection = workerConnection(parts.access, LONG)
  let job: Job | null = null
  try {
    const leasedAt = performance.now()
    job = await take(connection, Object.keys(parts.kinds), id)
    const kind = job === null ? undefined : parts.kinds[job.kind]
    if (job === null || kind === undefined) return 'nothing'
    await kind(job, { access: parts.access, connection, leasedAt, stopping })
    if (stopping.aborted) await connection.send(returnJob(job, null))
    return 'done'
  } catch (error) {
    await connection.rollback()
    if (!(error instanceof LeaseLost)) await leave(connection, job, error, parts.trouble)
    return 'trouble'
  } finally {
    await connection.close()
  }
}

async function take(connection: WorkerConnection, kinds: readonly string[], id: number | null): Promise<Job | null> {
  const [[row] = []] = await connection.send(`BEGIN;${findJob(kinds, id)}`)
  const job = row === undefined ? null : toJob(row)
  await connection.send(job === null ? 'COMMIT' : `${leaseJob(job)};COMMIT`)
  return job
}

/** Where even this cannot be written, the lease runs out by itself. */
async function leave(
  connection: WorkerConnection,
  job: Job | null,
  error: unknown,
  trouble: RunnerParts['trouble'],
): Promise<void> {
  const message = error instanceof Error ? error.message : String(error)
  trouble(
    job === null
      ? 'no job could be taken'
      : `job ${job.id} (${job.kind}) ${error instanceof JobFailed ? 'failed' : 'was interrupted'}`,
    error,
  )
  if (job === null) return
  const end = error instanceof JobFailed ? failJob(job, message) : returnJob(job, message.slice(0, 500))
  await connection.send(end).catch((again: unknown) => trouble(`job ${job.id} was left to its lease`, again))
}
