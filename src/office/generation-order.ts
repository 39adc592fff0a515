import { randomBytes } from 'node:crypto'
import { EAN_LENGTH } from '../cards/number-space.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { takeIds } from '../db/ids.ts'
import { type IssueRecord, lockIssue, selectIssue, setGenerationGround } from '../db/sql/issues.ts'
import { insertJob, type JobState, type JobView, reopenJob, selectJobAbout, toJobView } from '../db/sql/jobs.ts'
import type { Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { againstFit, againstState, changeIssues, takeFrom } from './issue-changing.ts'
import { oneIssue } from './issue-reading.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** The kind of job that makes the cards of an issue. */
export const GENERATION = 'generate'

/** The reservations of a generation, made when it was ordered: its places in the number space and its card ids. */
export type GenerationPlan = { readonly firstPlace: number; readonly firstId: number }

/**
 * Orders the job that makes the cards of an issue: takes its numbers out of their spaces for good, and gives it a seed
 * for its eCodes. One that is under way is found; one that failed goes on with the numbers that it had. Returns its id.
 */
export async function orderGeneration(
  office: Office,
  actor: Actor,
  { issue: code }: { readonly issue: string },
): Promise<number | Refused> {
  const no = mayDo(actor, 'issues.edit')
  if (no !== null) return no
  const asked = await office.db.use((connection) => oneIssue(connection, selectIssue(code), code))
  if (isRefused(asked)) return asked
  const { count } = asked.settings
  const firstId = await takeIds(office.db.access, 'row', count)
  const id = office.nextId()
  const at = office.clock()
  return changeIssues(office, actor, 'issues.edit', async (connection) => {
    const issue = await oneIssue(connection, lockIssue(code), code)
    if (isRefused(issue)) return issue
    const made = { en: 'its cards are made already', pl: 'karty są już utworzone' }
    const against = againstState(issue, ['draft'], made)
    if (against !== null) return against
    const earlier = await generationOf(connection, issue.id)
    if (earlier !== null) {
      if (earlier.state === 'failed') {
        await connection.send(reopenJob({ ...earlier, kind: GENERATION, subject: issue.id }))
      }
      return earlier.id
    }
    if (issue.settings.count !== count) return refused('issue_changed_meanwhile', { issue: code })
    const firstPlace = await takeNumbers(connection, issue)
    if (isRefused(firstPlace)) return firstPlace
    const parameters = JSON.stringify({ firstPlace, firstId } satisfies GenerationPlan)
    const job = { id, kind: GENERATION, subject: issue.id, parameters, total: count, who: actor.login }
    await connection.send(insertJob(job))
    const object = { kind: 'issue', id: code }
    await putOnRecord(connection, office, actor, at, { action: 'issues.generate', object, details: { job: id, count } })
    return id
  })
}

async function takeNumbers(connection: WorkerConnection, { id, settings }: IssueRecord): Promise<number | Refused> {
  const against = await againstFit(connection, settings)
  if (against !== null) return against
  const { count, eanPrefix, ecodes } = settings
  const ean = eanPrefix === null ? null : { length: EAN_LENGTH, prefix: eanPrefix }
  const firstEan = ean === null ? null : await takeFrom(connection, ean, count)
  if (isRefused(firstEan)) return firstEan
  await connection.send(setGenerationGround(id, { firstEan, ecodeSeed: ecodes ? randomBytes(32) : null }))
  return takeFrom(connection, settings, count)
}

/** Null: no generation of this issue is in one of these states. */
export async function againstGeneration(
  connection: WorkerConnection,
  { id, settings }: IssueRecord,
  states: readonly JobState[],
): Promise<Refused | null> {
  const job = await generationOf(connection, id)
  if (job === null || !states.includes(job.state)) return null
  return refused('generation_at_work', { issue: settings.code, job: job.id, done: job.done, total: job.total })
}

async function generationOf(connection: WorkerConnection, issueId: number): Promise<JobView | null> {
  const [[row] = []] = await connection.send(selectJobAbout(GENERATION, issueId))
  return row === undefined ? null : toJobView(row)
}
