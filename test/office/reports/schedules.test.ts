import t from 'tap'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { scheduledReports } from '../../../src/jobs/scheduled-reports.ts'
import { takeOne } from '../../../src/jobs/runner.ts'
import { isRefused } from '../../../src/office/refusal.ts'
import { rightsOf } from '../../../src/office/rights.ts'
import type { Actor } from '../../../src/office/actor.ts'
import type { Parts } from '../../../src/office/reports/deliver.ts'
import { nextDue, periodBefore } from '../../../src/office/reports/schedule-times.ts'
import {
  addSchedule,
  beginDueReports,
  dropSchedule,
  listOpenRuns,
  listSchedules,
  placeRefused,
  retryScheduled,
  type ScheduleInput,
} from '../../../src/office/reports/schedules.ts'
import { fileOf, FORMATS } from '../../../src/office/reports/files.ts'
import { REPORT_NAMES, runReport } from '../../../src/office/reports/reports.ts'
import { addCounterparty } from '../../../src/office/counterparties.ts'
import { testDatabase } from '../../database.ts'
import { mailServer } from '../../mail-server.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ok, person, testOffice } from '../test-office.ts'

/** Scheduled reports: due times over changes of the clock, missed runs, two processes at once, and failures. */

t.test('when they are due, and of which days', async (t) => {
  const warsaw = 'Europe/Warsaw'
  const rows = [
    ['daily', 0, '06:00', '2026-11-30T05:00:00Z', '2026-12-01T05:00:00Z', '2026-11-30', '2026-11-30'],
    // On the last Sunday of March the clock goes from 02:00 to 03:00: 02:30 comes an hour later.
    ['daily', 0, '02:30', '2027-03-27T12:00:00Z', '2027-03-28T01:30:00Z', '2027-03-27', '2027-03-27'],
    ['daily', 0, '06:00', '2027-03-27T05:00:00Z', '2027-03-28T04:00:00Z', '2027-03-27', '2027-03-27'],
    ['weekly', 1, '06:00', '2026-11-28T12:00:00Z', '2026-11-30T05:00:00Z', '2026-11-23', '2026-11-29'],
    ['monthly', 3, '06:00', '2027-02-03T05:00:00Z', '2027-03-03T05:00:00Z', '2027-02-01', '2027-02-28'],
    ['monthly', 1, '00:00', '2026-12-05T12:00:00Z', '2026-12-31T23:00:00Z', '2026-12-01', '2026-12-31'],
  ] as const
  for (const [rhythm, onDay, at, after, due, from, to] of rows) {
    const times = { rhythm, onDay, at }
    const next = nextDue(times, warsaw, Date.parse(after))
    t.equal(new Date(next).toISOString(), due.replace('Z', '.000Z'), `${rhythm} ${onDay} ${at} after ${after}`)
    t.same(periodBefore(times, warsaw, next), { from, to })
  }
  t.equal(nextDue({ rhythm: 'daily', onDay: 0, at: '06:00' }, 'Asia/Tokyo', Date.parse('2026-11-30T00:00:00Z')), Date.parse('2026-11-30T21:00:00Z')) // prettier-ignore
})

const access = await testDatabase(t)
let now = Date.parse('2026-11-20T12:00:00Z')
const office = await testOffice(t, access, { clock: () => now })
await everyChangeIsAudited(t, access)
const [ola, mail] = [person('ola'), await mailServer(t)]
const directory = await mkdtemp(join(tmpdir(), 'akart-reports-'))
t.teardown(() => rm(directory, { recursive: true, force: true }))
const parts: Parts = {
  places: { directories: [{ name: 'books', path: directory }], mailDomains: ['example.com'] },
  sendMail: mail.send,
}
const troubles: string[] = []
const work = (given: Parts = parts): Promise<string> =>
  takeOne(
    { access, kinds: scheduledReports(office, given), trouble: (_what, error) => troubles.push(String(error)) },
    null,
    new AbortController().signal,
  )
const workAll = async (given: Parts = parts): Promise<void> => {
  for (let outcome = await work(given); outcome !== 'nothing'; outcome = await work(given));
}
const WISH: ScheduleInput = {
  name: 'For the books', report: 'activity', stores: null, issues: null, rhythm: 'daily', onDay: 0, at: '06:00', zoneOf: null,
  format: 'csv', preset: 'pl', language: 'pl', place: 'directory', target: 'books',
} // prettier-ignore
const shown = async (id: number) => {
  const found = (await ok(listSchedules(office, ola))).find((one) => one.id === id)
  if (found === undefined) throw new Error(`no schedule ${id}`)
  return found
}

t.test('before the first transfer every report is there, in every format, with nothing in it', async (t) => {
  for (const name of REPORT_NAMES) {
    const made = await ok(runReport(office, ola, name, { from: '2026-12-31', to: '2027-01-01' }))
    t.equal(made.exactAsOf.rows, 0, name)
    t.same(made.rows.filter(({ state }) => state === undefined), [], name) // prettier-ignore
    for (const format of [...FORMATS, 'text'] as const) {
      const { content } = await fileOf(made, { format, preset: 'windows-1250', language: 'pl', by: 'ola' })
      t.ok(content.length > 100, `${name} ${format}`)
    }
  }
})

t.test('what a schedule may not be', async (t) => {
  const reader: Actor = { ...ola, rights: rightsOf(['auditor']) }
  t.match(await addSchedule(office, reader, WISH, parts.places), { refused: 'right_missing' })
  const rows: [Partial<ScheduleInput>, string][] = [
    [{ report: 'nothing' }, 'no_such_report'],
    [{ stores: ['NOWHERE'] }, 'no_such_store'],
    [{ report: 'counterparties', stores: ['NOBODY'] }, 'no_such_counterparty'],
    [{ issues: ['NONE'] }, 'no_such_issue'],
    [{ zoneOf: 'NOWHERE' }, 'no_such_store'],
    [{ at: '24:00' }, 'wrong_schedule'],
    [{ rhythm: 'weekly', onDay: 8 }, 'wrong_schedule'],
    [{ rhythm: 'monthly', onDay: 29 }, 'wrong_schedule'],
    [{ target: 'elsewhere' }, 'no_such_directory'],
    [{ target: '../books' }, 'no_such_directory'],
    [{ place: 'mail', target: 'ola@example.org' }, 'mail_domain_closed'],
    [{ place: 'mail', target: 'ola@sub.example.com' }, 'mail_domain_closed'],
    [{ place: 'mail', target: 'ola@example.com, eve@example.org' }, 'no_address'],
    [{ place: 'mail', target: 'ola@example.com\r\nBcc: eve@example.org' }, 'no_address'],
  ]
  for (const [wrong, wanted] of rows) {
    t.match(await addSchedule(office, ola, { ...WISH, ...wrong }, parts.places), { refused: wanted }, JSON.stringify(wrong)) // prettier-ignore
  }
  t.equal(placeRefused(parts.places, { place: 'mail', target: 'Ola@EXAMPLE.com' }), null)
  await ok(addCounterparty(office, ola, { code: 'ACME', name: 'Acme' }))
  const { id } = await ok(
    addSchedule(office, ola, { ...WISH, report: 'counterparties', stores: ['ACME'] }, parts.places),
  )
  await ok(dropSchedule(office, ola, id))
})

t.test('into a directory: what was missed is made once for each time, by two processes at once', async (t) => {
  const { id, nextAt } = await ok(addSchedule(office, ola, WISH, parts.places))
  t.equal(nextAt, Date.parse('2026-11-21T05:00:00Z'))
  t.equal(await beginDueReports(office), 0, 'not due yet')
  // Nothing ran for three days.
  now = Date.parse('2026-11-23T12:00:00Z')
  const begun = await Promise.all([beginDueReports(office), beginDueReports(office)])
  t.equal(begun[0] + begun[1], 3, 'each time is begun once')
  await Promise.all([workAll(), workAll()])
  t.same((await readdir(directory)).sort(), ['20', '21', '22'].map((day) => `activity_2026-11-${day}_2026-11-${day}_${id}.csv`)) // prettier-ignore
  t.match(await readFile(join(directory, `activity_2026-11-20_2026-11-20_${id}.csv`), 'utf8'), /^\u{FEFF}Dzień;/u)
  t.match(await shown(id), { last: { state: 'done', from: '2026-11-22' }, failed: null, failures: 0 })
  t.equal(await beginDueReports(office), 0, 'and not again')
  await office.db.use((connection) =>
    connection.send(`UPDATE report_schedules SET next_at = next_at - INTERVAL 3 DAY WHERE id = ${id}`),
  )
  t.equal(await beginDueReports(office), 0, 'a time that has its run gets no other, and stops no schedule')
  t.equal((await shown(id)).nextAt, Date.parse('2026-11-24T05:00:00Z'))
  await ok(dropSchedule(office, ola, id))
  now += 86_400_000
  t.equal(await beginDueReports(office), 0, 'a removed one is made no more')
  t.match(await dropSchedule(office, ola, id), { refused: 'no_such_schedule' })
})

t.test('nothing is overwritten, what fails is shown, tried again, and at last left to a person', async (t) => {
  const { id } = await ok(addSchedule(office, ola, { ...WISH, format: 'json' }, parts.places))
  now += 86_400_000
  const day = '2026-11-24'
  const path = join(directory, `activity_${day}_${day}_${id}.json`)
  await writeFile(path, 'of somebody else')
  for (const minutes of [1, 10, 60, 360, 0]) {
    t.equal(await beginDueReports(office), 1)
    await workAll()
    t.equal(await readFile(path, 'utf8'), 'of somebody else', 'it stays')
    t.match((await shown(id)).last?.trouble, {
      en: /already, and nothing is overwritten/u,
      pl: /jest już w katalogu books/u,
    })
    if (minutes > 0) {
      t.equal(await beginDueReports(office), 0, 'not at once')
      now += minutes * 60_000
    }
  }
  const { failed } = await shown(id)
  t.match(await listOpenRuns(office, ola, { before: null, limit: 1 }), { items: [{ id: failed?.id }], next: null })
  t.match(await listOpenRuns(office, ola, { before: failed?.id ?? 0, limit: 1 }), { items: [], next: null })
  t.match(failed, { state: 'failed', tries: 5 })
  t.match(troubles.at(-1), /nothing is overwritten/u, 'the job has failed too')
  const [alerts = [], jobs = []] = await office.db.use((connection) =>
    connection.send(`SELECT kind, subject FROM alerts WHERE kind = 'report_not_delivered';
      SELECT COUNT(*) FROM jobs WHERE kind = 'report' AND state = 'failed'`),
  )
  t.same(alerts, [['report_not_delivered', String(id)]], 'an alert, counted up')
  t.equal(jobs[0]?.[0], 5, 'each try is a failed job')
  t.equal((await readdir(directory)).filter((name) => name.startsWith('.')).length, 0, 'nothing half is left')

  await rm(path)
  t.match(await retryScheduled(office, ola, 1), { refused: 'no_failed_run' })
  await ok(retryScheduled(office, ola, failed?.id ?? 0))
  t.equal(await beginDueReports(office), 1)
  await workAll()
  t.match(JSON.parse(await readFile(path, 'utf8')), { report: 'activity', filter: { from: day, to: day } })
  t.equal((await shown(id)).failed, null)

  // Killed between the file and the word that it is there: known again by its digest.
  await office.db.use((connection) =>
    connection.send(`UPDATE report_runs SET state = 'waiting', ended_at = NULL, try_at = '2026-01-01' WHERE schedule_id = ${id}`),
  ) // prettier-ignore
  const before = await readFile(path)
  t.equal(await beginDueReports(office), 1)
  await workAll()
  t.same([await readFile(path), (await shown(id)).last?.state], [before, 'done'])
  await ok(dropSchedule(office, ola, id))
})

t.test('by mail, over a real socket', async (t) => {
  const input = {
    ...WISH,
    rhythm: 'weekly',
    onDay: 2,
    format: 'pdf',
    place: 'mail',
    target: 'ola@example.com',
  } as const
  const { id, nextAt } = await ok(addSchedule(office, ola, input, parts.places))
  now = nextAt
  await beginDueReports(office)
  mail.answer(false)
  await workAll()
  t.match((await shown(id)).last, { state: 'waiting', tries: 1 }, 'the server is away')
  mail.answer(true)
  now += 60_000
  await beginDueReports(office)
  await Promise.all([workAll(), workAll()])
  t.equal(mail.received.length, 1, 'one mail')
  const [{ to, text } = { to: '', text: '' }] = mail.received
  t.equal(to, 'ola@example.com')
  t.match(text, /filename="?activity_2026-11-24_2026-11-30_\d+\.pdf/u)
  t.match(text, /Message-ID: <report-run-\d+\.[0-9a-f]{24}@akart>/iu)

  const ofNow = await ok(addSchedule(office, ola, { ...input, report: 'cards', rhythm: 'daily', format: 'csv' }, parts.places)) // prettier-ignore
  now = ofNow.nextAt
  await beginDueReports(office)
  await workAll()
  t.match(
    mail.received.at(-1)?.text,
    /^Subject: Akart: Karty, \d{4}-\d\d-\d\d \d\d:\d\d UTC$/mu,
    'a report of now has no days',
  )
  t.match(mail.received.at(-1)?.text, /filename="?cards_\d{4}-\d\d-\d\d_\d+\.csv/u, 'nor its file')
  await ok(dropSchedule(office, ola, ofNow.id))

  now += 7 * 86_400_000
  await beginDueReports(office)
  await workAll({ ...parts, places: { ...parts.places, mailDomains: [] } })
  t.match((await shown(id)).last?.trouble?.en, /not mailed to example\.com/u, 'a domain that was closed since')
  t.notOk(isRefused(await dropSchedule(office, ola, id)))
  await mkdir(join(directory, 'done'))
})
