import { randomBytes } from 'node:crypto'
import { setUpError } from '../config/set-up-error.ts'
import { EAN_LENGTH } from '../cards/number-space.ts'
import type { Access } from '../db/access.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { changing, mustBe, mustFit, takeFrom } from './issue-changing.ts'
import { oneIssue, readIssue } from './issue-reading.ts'
import { lockIssue, setGenerationGround, type IssueRecord } from '../db/sql/issues.ts'
import { insertJob, reopenJob, selectJobAbout, toJobView, type JobState, type JobView } from '../db/sql/jobs.ts'

/** The kind of job that makes the cards of an issue. */
export const GENERATION = 'generate'

/** What a generation was given when it was ordered: where its numbers begin in their space, and its cards' ids. */
export type GenerationPlan = { readonly firstPlace: number; readonly firstId: number }

/**
 * Orders the job that makes the cards of an issue: takes its numbers out of their spaces for good, and gives it a seed
 * for its eCodes. One that is under way is found; one that failed goes on with the numbers that it had.
 *
 * @returns the id of the job
 */
export async function orderGeneration(access: Access, code: string, who: string): Promise<number> {
  const { settings } = await readIssue(access, code)
  const firstId = await takeIds(access, 'row', settings.count)
  const jobId = await takeIds(access, 'row', 1)
  return changing(access, async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    mustBe(issue, ['draft'], 'its cards are made already')
    const earlier = await generationOf(connection, issue.id)
    if (earlier !== null) {
      if (earlier.state === 'failed')
        await connection.send(reopenJob({ ...earlier, kind: GENERATION, subject: issue.id }))
      return earlier.id
    }
    if (issue.settings.count !== settings.count) throw setUpError(`issue ${code} was changed meanwhile; try again`)
    const plan: GenerationPlan = { firstPlace: await takeNumbers(connection, issue), firstId }
    await connection.send(
      insertJob({
        id: jobId,
        kind: GENERATION,
        subject: issue.id,
        parameters: JSON.stringify(plan),
        total: settings.count,
        who,
      }),
    )
    return jobId
  })
}

async function takeNumbers(connection: WorkerConnection, { id, settings }: IssueRecord): Promise<number> {
  await mustFit(connection, settings)
  const { count, eanPrefix, ecodes } = settings
  const ean = eanPrefix === null ? null : { length: EAN_LENGTH, prefix: eanPrefix }
  const firstEan = ean === null ? null : await takeFrom(connection, ean, count)
  await connection.send(setGenerationGround(id, { firstEan, ecodeSeed: ecodes ? randomBytes(32) : null }))
  return takeFrom(connection, settings, count)
}

/** @throws a set-up error while a generation of this issue is in one of these states */
export async function mustHaveNoGeneration(
  connection: WorkerConnection,
  { id, settings }: IssueRecord,
  states: readonly JobState[],
): Promise<void> {
  const job = await generationOf(connection, id)
  if (job === null || !states.includes(job.state)) return
  throw setUpError(`issue ${settings.code}: its cards are being made (job ${job.id}: ${job.done} of ${job.total})`)
}

async function generationOf(connection: WorkerConnection, issueId: number): Promise<JobView | null> {
  const [[row] = []] = await connection.send(selectJobAbout(GENERATION, issueId))
  return row === undefined ? null : toJobView(row)
}
