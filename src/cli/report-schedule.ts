import type { Argv, CommandModule } from 'yargs'
import { RHYTHMS, type Rhythm } from '../core/reports/rhythm.ts'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { CSV_PRESETS, type CsvPreset } from '../office/reports/csv.ts'
import { FORMATS, type Format } from '../office/reports/files.ts'
import { REPORT_NAMES } from '../office/reports/reports.ts'
import {
  addSchedule,
  dropSchedule,
  listOpenRuns,
  listSchedules,
  retryScheduled,
  type ScheduledRun,
} from '../office/reports/schedules.ts'
import { type Json, printList, utc, withJson } from './listing.ts'
import { codesOf } from './codes.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart report-schedule`: reports that a running akart makes again and again. */
export const reportScheduleCommand: CommandModule = {
  command: 'report-schedule',
  describe:
    'Scheduled reports, delivered daily, weekly or monthly to a directory or by mail: add, list, runs, retry, remove',
  builder: (yargs) =>
    yargs
      .command([addCommand, listCommand, runsCommand, retryCommand, removeCommand] as CommandModule[])
      .demandCommand(1, 'a command is missing: add, list, runs, retry or remove'),
  handler: () => {},
}

type Add = Home &
  Who & {
    name: string
    report: string
    every: Rhythm
    day: number | undefined
    at: string
    zone: string | undefined
    store: string[] | undefined
    issue: string[] | undefined
    format: Format
    preset: CsvPreset
    language: 'en' | 'pl'
    directory: string | undefined
    mail: string | undefined
  }

const addCommand: CommandModule<object, Add> = {
  command: 'add <name> <report>',
  describe: 'Schedule a report of the previous day, week or month',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('name', { type: 'string', demandOption: true, describe: 'name of the schedule' })
      .positional('report', { choices: REPORT_NAMES, demandOption: true, describe: 'name of the report' })
      .option('every', { choices: RHYTHMS, demandOption: true, describe: 'interval' })
      .option('day', {
        type: 'number',
        describe: 'day of the week (1 is Monday) or of the month (1 to 28); default: 1',
      })
      .option('at', { type: 'string', default: '06:00', describe: 'time of day' })
      .option('zone', { type: 'string', describe: 'store whose time zone applies; default: that of the installation' })
      .option('store', { type: 'string', array: true, describe: 'only these stores; default: all' })
      .option('issue', { type: 'string', array: true, describe: 'only these issues; default: all' })
      .option('format', { choices: FORMATS, default: 'csv' as const, describe: 'format of the file' })
      .option('preset', {
        choices: CSV_PRESETS,
        default: 'en' as const,
        describe: 'format of numbers and encoding of CSV',
      })
      .option('language', { choices: ['en', 'pl'] as const, default: 'pl' as const, describe: 'language of the file' })
      .option('directory', { type: 'string', describe: 'directory, by its name in reports.directories' })
      .option('mail', { type: 'string', describe: 'address, of a domain in reports.mailDomains' })
      .check(({ directory, mail }) => {
        if ((directory === undefined) === (mail === undefined)) throw new UsageError('give --directory or --mail')
        return true
      }) as unknown as Argv<Add>,
  async handler({ home, who, day = 1, every, zone = null, store, issue, directory, mail, ...given }) {
    const { name, report, at, format, preset, language } = given
    const place = directory === undefined ? 'mail' : 'directory'
    const target = directory ?? mail ?? ''
    const input = { name, report, at, format, preset, language, rhythm: every, onDay: day, zoneOf: zone, stores: codesOf(store), issues: codesOf(issue), place, target } as const // prettier-ignore
    const { id, nextAt } = await withOffice(home, who, (office, actor) => addSchedule(office, actor, input, null))
    console.log(`schedule ${id}: first on ${utc(nextAt)} UTC`)
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List schedules with the result of their latest run',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listSchedules), json, {
      columns: [
        ['SCHEDULE', ({ id }) => String(id), 'right'],
        ['REPORT', ({ report }) => report],
        ['EVERY', ({ rhythm, onDay, at }) => `${rhythm}${onDay === 0 ? '' : ` ${onDay}`} ${at}`],
        ['TO', ({ target }) => target],
        ['NEXT (UTC)', ({ nextAt }) => utc(nextAt)],
        ['LATEST', ({ last }) => (last === null ? '–' : outcome(last))],
        ['FAILED', ({ failures }) => String(failures), 'right'],
        ['NAME', ({ name }) => name],
      ],
      none: 'no schedules',
    })
  },
}

const outcome = ({ state, tries, trouble }: ScheduledRun): string =>
  state === 'waiting' && tries > 0 ? `tried ${tries} times: ${trouble?.en ?? ''}` : state === 'failed' ? `failed: ${trouble?.en ?? ''}` : state // prettier-ignore

/** All of them, a page at a time. */
async function allOpenRuns(office: Office, actor: Actor): Promise<ScheduledRun[] | Refused> {
  const runs: ScheduledRun[] = []
  for (let before: number | null = null; ;) {
    const page = await listOpenRuns(office, actor, { before, limit: 500 })
    if (isRefused(page)) return page
    runs.push(...page.items)
    if (page.next === null) return runs
    before = page.next
  }
}

const runsCommand: CommandModule<object, Home & Json> = {
  command: 'runs',
  describe: 'List waiting and failed runs',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, allOpenRuns), json, {
      columns: [
        ['RUN', ({ id }) => String(id), 'right'],
        ['SCHEDULE', ({ scheduleId }) => String(scheduleId), 'right'],
        ['FROM', ({ from }) => from],
        ['TO', ({ to }) => to],
        ['DUE (UTC)', ({ dueAt }) => utc(dueAt)],
        ['OUTCOME', outcome],
      ],
      none: 'nothing waits or has failed',
    }) // prettier-ignore
  },
}

const retryCommand: CommandModule<object, Home & Who & { run: number }> = {
  command: 'retry <run>',
  describe: 'Retry a failed run',
  builder: (yargs) =>
    withWho(withHome(yargs)).positional('run', {
      type: 'number',
      demandOption: true,
      describe: 'number of the run, from akart report-schedule runs',
    }),
  async handler({ home, who, run }) {
    await withOffice(home, who, (office, actor) => retryScheduled(office, actor, run))
    console.log(`run ${run}: tried again by a running akart`)
  },
}

const removeCommand: CommandModule<object, Home & Who & { schedule: number }> = {
  command: 'remove <schedule>',
  describe: 'Remove a schedule; delivered reports stay',
  builder: (yargs) =>
    withWho(withHome(yargs)).positional('schedule', {
      type: 'number',
      demandOption: true,
      describe: 'number of the schedule, from akart report-schedule list',
    }),
  async handler({ home, who, schedule }) {
    await withOffice(home, who, (office, actor) => dropSchedule(office, actor, schedule))
    console.log(`schedule ${schedule}: removed`)
  },
}
