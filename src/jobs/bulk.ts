import { selectBulk, setBulkState, toBulk } from '../db/sql/bulks.ts'
import { advanceJob, finishJob, lockJob, type Job } from '../db/sql/jobs.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { answeredStatements, askForPiece, markPiece, type BulkTask } from '../office/bulk-work.ts'
import { BULK_JOB, BULK_UNDO_JOB } from '../office/bulks.ts'
import type { Office } from '../office/office.ts'
import { JobFailed, LeaseLost, type JobKind } from './runner.ts'

/** The number of requests that wait in the engine's queue at a time: a payment behind them waits about 10 ms. */
const PIECE = 64

/**
 * Runs a bulk action, or its reversal, card by card. A request that was sent before a kill is sent again under the same
 * key.
 */
const bulkWork =
  (office: Office, undo: boolean): JobKind =>
  async (job, { connection, stopping }) => {
    const [[row] = []] = await connection.send(selectBulk(job.subject))
    if (row === undefined) throw new JobFailed(`bulk action ${job.subject} is not there`)
    const { reason } = JSON.parse(job.parameters) as { reason: string }
    const task: BulkTask = { bulk: toBulk(row), undo, reason }
    let done = job.done
    while (done < job.total && !stopping.aborted) {
      await begin(connection, job)
      const piece = await markPiece(connection, task, done, PIECE)
      await connection.send('COMMIT')
      const answers = await askForPiece(office, task, piece)
      done = piece.at(-1)?.position ?? job.total
      await begin(connection, job)
      for (const statement of answeredStatements(task, answers)) await connection.send(statement)
      await connection.send(`${advanceJob(job.id, done)};COMMIT`)
    }
    if (done < job.total) return
    await begin(connection, job)
    await connection.send(`${setBulkState(job.subject, undo ? 'undone' : 'done')};${finishJob(job.id)};COMMIT`)
  }

/** @throws LeaseLost where another process has taken the job over */
async function begin(connection: WorkerConnection, job: Job): Promise<void> {
  const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
  if (row === undefined) throw new LeaseLost(`job ${job.id}`)
}

export const bulkJobs = (office: Office): Readonly<Record<string, JobKind>> => ({
  [BULK_JOB]: bulkWork(office, false),
  [BULK_UNDO_JOB]: bulkWork(office, true),
})
