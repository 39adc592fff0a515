import type { WorkerConnection } from '../../db/connection.ts'
import {
  endRunsOf,
  insertRun,
  insertSchedule,
  lockDueSchedules,
  lockRunsToTry,
  beginRun,
  removeSchedule,
  retryRun,
  selectFailures,
  selectLatestFailed,
  selectLatestRuns,
  selectOpenRuns,
  selectSchedules,
  setNext,
  toDueSchedule,
  toListedSchedule,
  toShownRun,
  type Run,
  type Schedule,
} from '../../db/sql/report-schedules.ts'
import type { Row } from '../../db/sql/row.ts'
import { insertJob } from '../../db/sql/jobs.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { inTransaction, type Office } from '../office.ts'
import { refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { CSV_PRESETS } from './csv.ts'
import { FORMATS } from './files.ts'
import { isReportName, REPORTS, unknownParty } from './reports.ts'
import { nextDue, periodBefore } from './schedule-times.ts'

/** The permitted destinations of scheduled reports; set only in the configuration (docs/spec/abuse.md, 23). */
export type ReportPlaces = {
  readonly directories: readonly { readonly name: string; readonly path: string }[]
  readonly mailDomains: readonly string[]
}

export type ScheduleInput = Omit<Schedule, 'id' | 'nextAt' | 'madeBy' | 'madeAt'>

export const REPORT_JOB = 'report'

export const zoneOf = (
  { registry, timeZone }: Pick<Office, 'registry' | 'timeZone'>,
  { zoneOf: store }: Pick<Schedule, 'zoneOf'>,
): string => (store === null ? timeZone : (registry().stores.get(store)?.timeZone ?? timeZone))

/** Why a report may not be sent to this destination; null: it may. */
export function placeRefused(
  { directories, mailDomains }: ReportPlaces,
  { place, target }: Pick<Schedule, 'place' | 'target'>,
): Refused | null {
  if (place === 'directory') {
    return directories.some(({ name }) => name === target) ? null : refused('no_such_directory', { directory: target })
  }
  const domain = /^[^\s@<>"(),:;\\[\]]{1,64}@([a-z0-9.-]{1,130})$/iu.exec(target)?.[1]?.toLowerCase()
  if (domain === undefined) return refused('no_address', { address: target })
  return mailDomains.some((allowed) => allowed.toLowerCase() === domain)
    ? null
    : refused('mail_domain_closed', { domain })
}

/** Adds a schedule. `places`: the configured destinations; null: not known to this process, so they are checked when a report is due. */
export async function addSchedule(
  office: Office,
  actor: Actor,
  input: ScheduleInput,
  places: ReportPlaces | null,
): Promise<Schedule | Refused> {
  const no = mayDo(actor, 'reports.schedule')
  if (no !== null) return no
  const objection =
    wrongIn(office, input) ?? (await unknownIn(office, input)) ?? (places === null ? null : placeRefused(places, input))
  if (objection !== null) return objection
  const madeAt = office.clock()
  const schedule: Schedule = {
    ...input,
    id: office.nextId(),
    onDay: input.rhythm === 'daily' ? 0 : input.onDay,
    nextAt: nextDue(input, zoneOf(office, input), madeAt),
    madeBy: actor.login,
    madeAt,
  }
  return inTransaction(office, async (connection) => {
    await connection.send(insertSchedule(schedule))
    const { id, report, rhythm, place, target } = schedule
    await putOnRecord(connection, office, actor, madeAt, {
      action: 'reports.schedule',
      object: { kind: 'report_schedule', id },
      details: { report, rhythm, place, target },
    })
    return schedule
  })
}

/** Stores and counterparties of its filter that there are none of, as when the report is made. */
async function unknownIn(office: Office, { report, stores }: ScheduleInput): Promise<Refused | null> {
  if (!isReportName(report)) return null
  return office.db.use((connection) => unknownParty(office, connection, REPORTS[report], stores))
}

function wrongIn({ registry }: Pick<Office, 'registry'>, input: ScheduleInput): Refused | null {
  const { report, stores, issues, zoneOf: store, rhythm, onDay, at, format, preset, language, name } = input
  if (!isReportName(report)) return refused('no_such_report', { report })
  const known = registry().stores
  if (store !== null && !known.has(store)) return refused('no_such_store', { store })
  const codes = new Set([...registry().issues.values()].map(({ code }) => code))
  const issue = issues?.find((code) => !codes.has(code))
  if (issue !== undefined) return refused('no_such_issue', { issue })
  const last = { daily: 28, weekly: 7, monthly: 28 }[rhythm]
  const isOnDay = rhythm === 'daily' || (Number.isInteger(onDay) && onDay >= 1 && onDay <= last)
  const wrong: Readonly<Record<string, boolean>> = {
    name: name.trim() === '' || name.length > 60,
    day: !isOnDay,
    time: !/^(?:[01]\d|2[0-3]):[0-5]\d$/u.test(at),
    format: !FORMATS.some((one) => one === format),
    preset: !CSV_PRESETS.some((one) => one === preset),
    language: language !== 'en' && language !== 'pl',
    stores: (stores ?? []).join(',').length > 2_000,
    issues: (issues ?? []).join(',').length > 2_000,
  }
  const field = Object.keys(wrong).find((one) => wrong[one] === true)
  return field === undefined ? null : refused('wrong_schedule', { field })
}

/** Ends a schedule; delivered reports are kept. */
export const dropSchedule = (office: Office, actor: Actor, id: number): Promise<{ readonly id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const no = mayDo(actor, 'reports.schedule')
    if (no !== null) return no
    const at = office.clock()
    const [[removed] = []] = await connection.send(`${removeSchedule(id)};SELECT ROW_COUNT()`)
    if (removed?.[0] !== 1) return refused('no_such_schedule', { schedule: id })
    await connection.send(endRunsOf(id, at))
    const object = { kind: 'report_schedule', id }
    await putOnRecord(connection, office, actor, at, { action: 'reports.schedule.remove', object })
    return { id }
  })

/** Retries a run that has failed for good. */
export const retryScheduled = (office: Office, actor: Actor, run: number): Promise<{ readonly id: number } | Refused> =>
  inTransaction(office, async (connection) => {
    const no = mayDo(actor, 'reports.schedule')
    if (no !== null) return no
    const at = office.clock()
    const [[again] = []] = await connection.send(`${retryRun(run, at)};SELECT ROW_COUNT()`)
    if (again?.[0] !== 1) return refused('no_failed_run', { run })
    const object = { kind: 'report_run', id: run }
    await putOnRecord(connection, office, actor, at, { action: 'reports.schedule.retry', object })
    return { id: run }
  })

export type ScheduledRun = Run

type ShownSchedule = Schedule & {
  /** The latest run; null: none yet. */
  readonly last: Run | null
  /** The latest failed run; null: none. */
  readonly failed: Run | null
  readonly failures: number
}

export async function listSchedules(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
): Promise<readonly ShownSchedule[] | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  return db.use(async (connection) => {
    const [schedules = [], latest = [], failed = [], failures = []] = await connection.send(
      [selectSchedules, selectLatestRuns, selectLatestFailed, selectFailures].join(';'),
    )
    const bySchedule = (rows: readonly Row[]): ReadonlyMap<number, Run> =>
      new Map(rows.map(toShownRun).map((run) => [run.scheduleId, run]))
    const [lastOf, failedOf] = [bySchedule(latest), bySchedule(failed)]
    const failuresOf = new Map(failures.map(([schedule, count]) => [Number(schedule), Number(count)]))
    return schedules.map(toListedSchedule).map((schedule) => ({
      ...schedule,
      last: lastOf.get(schedule.id) ?? null,
      failed: failedOf.get(schedule.id) ?? null,
      failures: failuresOf.get(schedule.id) ?? 0,
    }))
  })
}

/** Runs that wait or have failed, the newest first; `next`: the cursor of the following page, null: there is none. */
export async function listOpenRuns(
  { db }: Pick<Office, 'db'>,
  actor: Actor,
  { before, limit }: { readonly before: number | null; readonly limit: number },
): Promise<{ readonly items: readonly Run[]; readonly next: number | null } | Refused> {
  const no = mayDo(actor, 'reports.see')
  if (no !== null) return no
  const [rows = []] = await db.use((connection) => connection.send(selectOpenRuns(before, limit + 1)))
  const items = rows.slice(0, limit).map(toShownRun)
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

const AT_A_TIME = 20
/** Runs that were missed while no process ran are made once each, at most this many per poll. */
const MOST_DUE = 50

/**
 * Records due runs, including those missed while no akart ran, and starts a job for each waiting one. Concurrent
 * processes skip each other's rows; `report_runs_once` makes each run unique.
 */
export async function beginDueReports(
  office: Pick<Office, 'db' | 'clock' | 'registry' | 'timeZone' | 'nextId'>,
): Promise<number> {
  const now = office.clock()
  return office.db.transaction(async (connection) => {
    const [due = []] = await connection.send(lockDueSchedules(now, AT_A_TIME))
    for (const schedule of due.map(toDueSchedule)) await writeDown(connection, office, schedule, now)
    const [runs = []] = await connection.send(lockRunsToTry(now, AT_A_TIME))
    for (const [id, who] of runs) {
      const run = Number(id)
      await connection.send(beginRun(run))
      const job = { id: office.nextId(), kind: REPORT_JOB, subject: run, parameters: '{}', total: 1, who: String(who) }
      await connection.send(insertJob(job))
    }
    return runs.length
  })
}

async function writeDown(
  connection: WorkerConnection,
  office: Pick<Office, 'registry' | 'timeZone' | 'nextId'>,
  schedule: Schedule,
  now: number,
): Promise<void> {
  const zone = zoneOf(office, schedule)
  let dueAt = schedule.nextAt
  for (let i = 0; i < MOST_DUE && dueAt <= now; i++) {
    const period = periodBefore(schedule, zone, dueAt)
    await connection.send(insertRun({ id: office.nextId(), scheduleId: schedule.id, dueAt, ...period }))
    dueAt = nextDue(schedule, zone, dueAt)
  }
  await connection.send(setNext(schedule.id, dueAt))
}
