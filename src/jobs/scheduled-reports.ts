import { finishJob, type Job, lockJob } from '../db/sql/jobs.ts'
import { failRun, finishRun, nameFile, selectRun, toScheduledRun } from '../db/sql/report-schedules.ts'
import { raiseAlert } from '../office/alerts.ts'
import { auditStatements } from '../office/audit-row.ts'
import type { Office } from '../office/office.ts'
import { digestOf, isThere, mailFile, makeScheduled, mustBeOpen, type Parts, putFile, type Scheduled, troubleOf } from '../office/reports/deliver.ts' // prettier-ignore
import type { Words } from '../office/refusal.ts'
import { beginDueReports, REPORT_JOB } from '../office/reports/schedules.ts'
import { holdJob } from './held-job.ts'
import { startPoller, type Poller } from './poller.ts'
import { JobFailed, type JobKind, LeaseLost, type Work } from './runner.ts'

/** Minutes until it is tried again after the first, second … failure; then a person has to look. */
const AGAIN_MINUTES = [1, 10, 60, 360] as const
const LOOK_MS = 10_000

/** Starts the schedules that are due. */
export const startReportSchedules = (office: Office, trouble: (error: unknown) => void): Poller =>
  startPoller({
    every: LOOK_MS,
    first: 1_000,
    look: async () => void (await beginDueReports(office)),
    failed: trouble,
    close: async () => {},
  })

/**
 * Makes and delivers one run of a schedule. A failure is recorded on the run and the job, raises an alert, and is
 * retried later.
 */
export const scheduledReports = (office: Office, parts: Parts): Readonly<Record<string, JobKind>> => ({
  [REPORT_JOB]: async (job, work) => {
    const [[row] = []] = await work.connection.send(selectRun(job.subject))
    if (row === undefined) throw new JobFailed(`run ${job.subject} is not there`)
    const scheduled = toScheduledRun(row)
    const held = holdJob(job, work)
    try {
      if (scheduled.run.state === 'waiting') await deliver(office, parts, { job, work, scheduled }, held.holds)
      await done(office, { job, work, scheduled })
    } catch (error) {
      if (error instanceof LeaseLost) throw error
      await work.connection.rollback()
      const trouble = troubleOf(error)
      await failed(office, { job, work, scheduled }, trouble)
      throw new JobFailed(trouble.en)
    } finally {
      await held.release()
    }
  },
})

type Attempt = { readonly job: Job; readonly work: Work; readonly scheduled: Scheduled }

async function deliver(
  office: Office,
  parts: Parts,
  { job, work, scheduled }: Attempt,
  holds: () => boolean,
): Promise<void> {
  const { schedule } = scheduled
  mustBeOpen(parts, schedule)
  if (await isThere(parts.places, scheduled)) return
  const made = await makeScheduled(office, scheduled)
  const sha256 = digestOf(made.file)
  // Name and digest are recorded before the file is written, so that a successor recognises it after a crash.
  await ours({ job, work }, [nameFile(scheduled.run.id, made.name, sha256)])
  // This process was stopped for longer than its lease: another one has delivered it, and a mail cannot be recognised by a file name.
  if (!holds()) throw new LeaseLost(`job ${job.id}`)
  if (schedule.place === 'directory') {
    const run = { ...scheduled.run, file: made.name, sha256 }
    await putFile(parts.places, { schedule, run }, { ...made, attempt: `${job.id}-${job.fence}` })
  } else if (parts.sendMail !== null) {
    await mailFile(parts.sendMail, scheduled, made)
  }
}

/** Some statements in one transaction, while the job is ours. @throws LeaseLost */
async function ours(
  { job, work: { connection } }: Pick<Attempt, 'job' | 'work'>,
  statements: readonly string[],
): Promise<void> {
  const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
  if (row === undefined) throw new LeaseLost(`job ${job.id}`)
  for (const statement of statements) await connection.send(statement)
  await connection.send('COMMIT')
}

function done(office: Office, { job, work, scheduled: { schedule, run } }: Attempt): Promise<void> {
  const { report, place, target, madeBy } = schedule
  const at = office.clock()
  const record = auditStatements(office, { login: madeBy, channel: 'job' }, at, {
    action: 'reports.delivered',
    object: { kind: 'report_run', id: run.id },
    details: { schedule: schedule.id, report, from: run.from, to: run.to, place, target },
  })
  const own = run.state === 'waiting' ? [finishRun(run.id, at), ...record] : []
  return ours({ job, work }, [...own, finishJob(job.id)])
}

async function failed(
  office: Office,
  { job, work, scheduled: { schedule, run } }: Attempt,
  trouble: Words,
): Promise<void> {
  const at = office.clock()
  const minutes = AGAIN_MINUTES[run.tries]
  const again = minutes === undefined ? null : at + minutes * 60_000
  const { connection } = work
  const [[row] = []] = await connection.send(`BEGIN;${lockJob(job)}`)
  if (row === undefined) throw new LeaseLost(`job ${job.id}`)
  await connection.send(failRun(run.id, trouble, at, again))
  await raiseAlert(connection, office, 'report_not_delivered', String(schedule.id), at)
  await connection.send('COMMIT')
}
