import { fromInstant, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/**
 * Duration of a job's lease in seconds, renewed with every piece of work. A row lock is waited for 3 s at most; a dead
 * process delays its job for this long.
 */
export const LEASE_SECONDS = 10
const LEASE = `UTC_TIMESTAMP(3) + INTERVAL ${LEASE_SECONDS} SECOND`

export type NewJob = {
  readonly id: number
  readonly kind: string
  readonly subject: number
  /** JSON, up to 2,000 characters. */
  readonly parameters: string
  readonly total: number
  readonly who: string
}

const openFor = ({ kind, subject }: Pick<NewJob, 'kind' | 'subject'>): string => text(`${kind} ${integer(subject)}`)

/** Error 1062: a job of this kind about this subject is open already. */
export const insertJob = (job: NewJob): string =>
  `INSERT INTO jobs (id, kind, subject, open_for, parameters, state, done, total, who, created_at, fence) VALUES
   (${integer(job.id)},${text(job.kind)},${integer(job.subject)},${openFor(job)},${text(job.parameters)},'waiting',0,
   ${integer(job.total)},${text(job.who)},UTC_TIMESTAMP(3),0)`

/**
 * A job that waits, or whose lease has run out or dates from before the clock was set back; `id`: only that one.
 * Concurrent processes skip it.
 */
export const findJob = (kinds: readonly string[], id: number | null): string =>
  `SELECT id, kind, subject, parameters, done, total, fence + 1, who FROM jobs WHERE kind IN (${kinds.map(text).join(',')})
   AND (state = 'waiting' OR (state = 'running' AND lease_until NOT BETWEEN UTC_TIMESTAMP(3) AND ${LEASE}))
   ${id === null ? '' : `AND id = ${integer(id)}`} ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED`

/** A job leased by this process. Its fence is higher than that of every former holder. */
export type Job = {
  readonly id: number
  readonly kind: string
  readonly subject: number
  readonly parameters: string
  /** How far it was when it was taken, in the units of its kind. */
  readonly done: number
  readonly total: number
  readonly fence: number
  readonly who: string
}

export function toJob(row: Row): Job {
  const [id, kind, subject, parameters, done, total, fence, who] = row as [
    number, string, number, string, number, number, number, string,
  ] // prettier-ignore
  return { id, kind, subject, parameters, done, total, fence, who }
}

/** Leases the job that `findJob` has locked. */
export const leaseJob = ({ id, fence }: Job): string =>
  `UPDATE jobs SET state = 'running', started_at = COALESCE(started_at, UTC_TIMESTAMP(3)), lease_until = ${LEASE},
   fence = ${integer(fence)}, trouble = NULL WHERE id = ${integer(id)}`

/** How far it is, under a lock; no row: another process has taken it over, and nothing more may be written for it. */
export const lockJob = ({ id, fence }: Job): string =>
  `SELECT done FROM jobs WHERE id = ${integer(id)} AND fence = ${integer(fence)} AND state = 'running' FOR UPDATE`

export const advanceJob = (id: number, done: number): string =>
  `UPDATE jobs SET done = ${integer(done)}, lease_until = ${LEASE} WHERE id = ${integer(id)}`

/** How much there is to do, where that was not known when it was ordered. */
export const totalOfJob = (id: number, total: number): string =>
  `UPDATE jobs SET total = GREATEST(done, ${integer(total)}) WHERE id = ${integer(id)}`

/** Raises the total if more was done than was counted. */
export const advanceJobTo = (id: number, done: number): string =>
  `UPDATE jobs SET done = ${integer(done)}, total = GREATEST(total, ${integer(done)}), lease_until = ${LEASE} WHERE id = ${integer(id)}`

export const finishJob = (id: number): string =>
  `UPDATE jobs SET state = 'done', done = total, open_for = NULL, lease_until = NULL, ended_at = UTC_TIMESTAMP(3)
   WHERE id = ${integer(id)}`

/** To be taken up again, by whomever, from where it is. */
export const returnJob = ({ id, fence }: Job, trouble: string | null): string =>
  `UPDATE jobs SET state = 'waiting', lease_until = NULL, trouble = ${textOrNull(trouble)}
   WHERE id = ${integer(id)} AND fence = ${integer(fence)} AND state = 'running'`

/** Marks a job as failed for good. */
export const failJob = ({ id, fence }: Job, trouble: string): string =>
  `UPDATE jobs SET state = 'failed', open_for = NULL, lease_until = NULL, ended_at = UTC_TIMESTAMP(3),
   trouble = ${text(trouble.slice(0, 500))} WHERE id = ${integer(id)} AND fence = ${integer(fence)} AND state = 'running'`

/** A failed one, once its cause is gone. */
export const reopenJob = (job: Pick<NewJob, 'id' | 'kind' | 'subject'>): string =>
  `UPDATE jobs SET state = 'waiting', open_for = ${openFor(job)}, ended_at = NULL
   WHERE id = ${integer(job.id)} AND state = 'failed'`

export const JOB_STATES = ['waiting', 'running', 'done', 'failed'] as const
export type JobState = (typeof JOB_STATES)[number]

/** The progress of a job, for people. */
export type JobView = {
  readonly id: number
  readonly state: JobState
  readonly done: number
  readonly total: number
  readonly trouble: string | null
  readonly who: string
}

const VIEW = 'SELECT id, state, done, total, trouble, who FROM jobs'

export const selectJob = (id: number): string => `${VIEW} WHERE id = ${integer(id)}`

/** The newest of a kind about something. */
export const selectJobAbout = (kind: string, subject: number): string =>
  `${VIEW} WHERE kind = ${text(kind)} AND subject = ${integer(subject)} ORDER BY id DESC LIMIT 1`

export function toJobView(row: Row): JobView {
  const [id, state, done, total, trouble, who] = row as [number, string, number, number, string | null, string]
  return { id, state: oneOf(JOB_STATES, state), done, total, trouble, who }
}

/** A job in the list of all. */
export type ListedJob = JobView & {
  readonly kind: string
  /** `trouble` in Polish; null: not known. */
  readonly troublePl: string | null
  readonly subject: number
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** Why a scheduled report was not delivered stands with its run in both languages. */
const LISTED = `SELECT id, state, done, total, trouble, who, kind, subject, created_at, started_at, ended_at,
  IF(kind = 'report', (SELECT r.trouble_pl FROM report_runs r WHERE r.id = subject), NULL) FROM jobs`

export type JobCriteria = {
  readonly open: boolean
  readonly who: string | null
  readonly before: number | null
  readonly id: number | null
}

/** Newest first; `who`: only this person's. */
export function selectListedJobs({ open, who, before, id }: JobCriteria, most: number): string {
  const where = [
    ...(open ? ['open_for IS NOT NULL'] : []),
    ...(who === null ? [] : [`who = ${text(who)}`]),
    ...(before === null ? [] : [`id < ${integer(before)}`]),
    ...(id === null ? [] : [`id = ${integer(id)}`]),
  ]
  return `${LISTED} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY id DESC LIMIT ${integer(most)}`
}

export function toListedJob(row: Row): ListedJob {
  const [kind, subject, createdAt, startedAt, endedAt, troublePl] = row.slice(6) as [
    string,
    number,
    string,
    string | null,
    string | null,
    string | null,
  ]
  return { ...toJobView(row), troublePl, kind, subject, createdAt, startedAt, endedAt }
}

/** The database's clock, for what a job puts on record. */
export const selectNow = 'SELECT UTC_TIMESTAMP(3)'
export const toNow = ([row]: readonly Row[]): number => fromInstant(String(row?.[0]))
