import { type Place, PLACES, type Rhythm, RHYTHMS } from '../../core/reports/rhythm.ts'
import { fromInstant, instant, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** A report that is made again and again. */
export type Schedule = {
  readonly id: number
  readonly name: string
  readonly report: string
  /** Null: all. */
  readonly stores: readonly string[] | null
  readonly issues: readonly string[] | null
  readonly rhythm: Rhythm
  /** weekly: 1 is Monday; monthly: the day of the month, at most 28; daily: 0. */
  readonly onDay: number
  /** HH:MM. */
  readonly at: string
  /** The store or owner whose time zone applies; null: the installation's. */
  readonly zoneOf: string | null
  readonly format: string
  readonly preset: string
  readonly language: string
  readonly place: Place
  /** The name of a directory, or an address. */
  readonly target: string
  readonly nextAt: number
  readonly madeBy: string
  readonly madeAt: number
}

const COLUMNS = `s.id, s.name, s.report, s.stores, s.issues, s.rhythm, s.on_day, s.at_time, s.store_code, s.format, s.preset,
  s.language, s.place, s.target, s.next_at, s.made_by, s.made_at`
const WIDTH = 17

const joined = (codes: readonly string[] | null): string => textOrNull(codes === null ? null : codes.join(','))
const split = (codes: string | null): readonly string[] | null => (codes === null ? null : codes.split(','))

export const insertSchedule = (s: Schedule): string =>
  `INSERT INTO report_schedules (id, name, report, stores, issues, rhythm, on_day, at_time, store_code, format, preset,
     language, place, target, state, next_at, made_by, made_at) VALUES (${integer(s.id)},${text(s.name)},${text(s.report)},
   ${joined(s.stores)},${joined(s.issues)},${text(s.rhythm)},${integer(s.onDay)},${text(s.at)},${textOrNull(s.zoneOf)},
   ${text(s.format)},${text(s.preset)},${text(s.language)},${text(s.place)},${text(s.target)},'active',
   ${instant(s.nextAt)},${text(s.madeBy)},${instant(s.madeAt)})`

function toSchedule(row: Row): Schedule {
  const [
    id, name, report, stores, issues, rhythm, onDay, at, zoneOf, format, preset, language, place, target, nextAt, madeBy, madeAt,
  ] = row as [
    number, string, string, string | null, string | null, string, number, string, string | null, string, string, string,
    string, string, string, string, string,
  ] // prettier-ignore
  return {
    id,
    name,
    report,
    stores: split(stores),
    issues: split(issues),
    rhythm: oneOf(RHYTHMS, rhythm),
    onDay,
    at,
    zoneOf,
    format,
    preset,
    language,
    place: oneOf(PLACES, place),
    target,
    nextAt: fromInstant(nextAt),
    madeBy,
    madeAt: fromInstant(madeAt),
  }
}

/** No row where there is none that is active. */
export const removeSchedule = (id: number): string =>
  `UPDATE report_schedules SET state = 'removed' WHERE id = ${integer(id)} AND state = 'active'`

/** Ends the waiting runs of a removed schedule. */
export const endRunsOf = (schedule: number, at: number): string =>
  `UPDATE report_runs SET state = 'failed', try_at = NULL, trouble = 'the schedule was removed', trouble_pl = 'harmonogram usunięto', ended_at = ${instant(at)}
   WHERE schedule_id = ${integer(schedule)} AND state = 'waiting'`

/** Due schedules; concurrent processes skip them. */
export const lockDueSchedules = (now: number, most: number): string =>
  `SELECT ${COLUMNS} FROM report_schedules s WHERE s.state = 'active' AND s.next_at <= ${instant(now)}
   ORDER BY s.next_at LIMIT ${integer(most)} FOR UPDATE SKIP LOCKED`
export const toDueSchedule = toSchedule

export const setNext = (id: number, at: number): string =>
  `UPDATE report_schedules SET next_at = ${instant(at)} WHERE id = ${integer(id)}`

export const RUN_STATES = ['waiting', 'done', 'failed'] as const
type RunState = (typeof RUN_STATES)[number]

export type Run = {
  readonly id: number
  readonly scheduleId: number
  readonly dueAt: number
  readonly from: string
  readonly to: string
  readonly state: RunState
  readonly tries: number
  readonly file: string | null
  readonly sha256: string | null
  /** In English and in Polish. */
  readonly trouble: { readonly en: string; readonly pl: string } | null
  readonly endedAt: number | null
}

const RUN =
  'r.id, r.schedule_id, r.due_at, r.from_day, r.to_day, r.state, r.tries, r.file, r.sha256, r.trouble, r.trouble_pl, r.ended_at'

function toRun(row: Row): Run {
  const [id, scheduleId, dueAt, from, to, state, tries, file, sha256, trouble, troublePl, endedAt] = row as [
    number, number, string, string, string, string, number, string | null, string | null, string | null, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    scheduleId,
    dueAt: fromInstant(dueAt),
    from,
    to,
    state: oneOf(RUN_STATES, state),
    tries,
    file,
    sha256,
    trouble: trouble === null ? null : { en: trouble, pl: troublePl ?? trouble },
    endedAt: endedAt === null ? null : fromInstant(endedAt),
  }
}

/** A run of a due time, once: where the time has one already (its schedule was put back by hand), that one stays. */
export const insertRun = (run: Pick<Run, 'id' | 'scheduleId' | 'dueAt' | 'from' | 'to'>): string =>
  `INSERT INTO report_runs (id, schedule_id, due_at, from_day, to_day, state, tries, try_at) VALUES (${integer(run.id)},
   ${integer(run.scheduleId)},${instant(run.dueAt)},${text(run.from)},${text(run.to)},'waiting',0,${instant(run.dueAt)})
   ON DUPLICATE KEY UPDATE due_at = due_at`

/** Runs that need a job, oldest first. */
export const lockRunsToTry = (now: number, most: number): string =>
  `SELECT r.id, s.made_by FROM report_runs r JOIN report_schedules s ON s.id = r.schedule_id
   WHERE r.state = 'waiting' AND r.try_at <= ${instant(now)} ORDER BY r.due_at, r.id LIMIT ${integer(most)} FOR UPDATE SKIP LOCKED`

export const beginRun = (id: number): string => `UPDATE report_runs SET try_at = NULL WHERE id = ${integer(id)}`

/** A run with its schedule. */
export const selectRun = (id: number): string =>
  `SELECT ${COLUMNS}, ${RUN} FROM report_runs r JOIN report_schedules s ON s.id = r.schedule_id WHERE r.id = ${integer(id)}`
export const toScheduledRun = (row: Row): { schedule: Schedule; run: Run } => ({
  schedule: toSchedule(row),
  run: toRun(row.slice(WIDTH)),
})

export const nameFile = (id: number, file: string, sha256: string): string =>
  `UPDATE report_runs SET file = ${text(file)}, sha256 = ${text(sha256)} WHERE id = ${integer(id)}`

export const finishRun = (id: number, at: number): string =>
  `UPDATE report_runs SET state = 'done', tries = tries + 1, trouble = NULL, trouble_pl = NULL, ended_at = ${instant(at)} WHERE id = ${integer(id)} AND state = 'waiting'`

/** `again`: when it is tried again; null: no more. */
export const failRun = (
  id: number,
  trouble: { readonly en: string; readonly pl: string },
  at: number,
  again: number | null,
): string =>
  `UPDATE report_runs SET tries = tries + 1, trouble = ${text(trouble.en.slice(0, 500))}, trouble_pl = ${text(trouble.pl.slice(0, 500))},
   ${again === null ? `state = 'failed', ended_at = ${instant(at)}` : `try_at = ${instant(again)}`}
   WHERE id = ${integer(id)} AND state = 'waiting'`

/** A failed one, once its cause is gone. No row where it has not failed or its schedule is gone. */
export const retryRun = (id: number, now: number): string =>
  `UPDATE report_runs r JOIN report_schedules s ON s.id = r.schedule_id
   SET r.state = 'waiting', r.tries = 0, r.ended_at = NULL, r.try_at = ${instant(now)}
   WHERE r.id = ${integer(id)} AND r.state = 'failed' AND s.state = 'active'`

export const selectSchedules = `SELECT ${COLUMNS} FROM report_schedules s WHERE s.state = 'active' ORDER BY s.id DESC`
export const toListedSchedule = toSchedule

/** The ids of the latest run of each active schedule, among runs of one state or of all. */
const latestRuns = (state: RunState | null): string =>
  `SELECT ${RUN} FROM report_schedules s JOIN report_runs r ON r.schedule_id = s.id
   WHERE s.state = 'active' AND r.due_at = (SELECT MAX(l.due_at) FROM report_runs l WHERE l.schedule_id = s.id
     ${state === null ? '' : `AND l.state = ${text(state)}`})`
export const selectLatestRuns = latestRuns(null)
export const selectLatestFailed = latestRuns('failed')
/** How many runs of each schedule have failed. */
export const selectFailures =
  "SELECT schedule_id, COUNT(*) FROM report_runs WHERE state = 'failed' GROUP BY schedule_id"

/** Waiting and failed runs of active schedules after a given run, the newest first. */
export const selectOpenRuns = (before: number | null, most: number): string =>
  `SELECT ${RUN} FROM report_runs r JOIN report_schedules s ON s.id = r.schedule_id
   WHERE s.state = 'active' AND r.state <> 'done' ${before === null ? '' : `AND r.id < ${integer(before)}`}
   ORDER BY r.id DESC LIMIT ${integer(most)}`
export const toShownRun = toRun
