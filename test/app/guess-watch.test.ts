import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Registry, Counter } from 'prom-client'
import { guessWatch, marksUsedUp } from '../../src/app/guess-watch.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { openLog } from '../../src/log.ts'
import { listAlerts } from '../../src/office/alerts.ts'
import { testDatabase } from '../database.ts'
import { ok, person, testOffice } from '../office/test-office.ts'

/* Guessing and cards from a list are reported: a line in the log, and an alert in AkartMenu (docs/spec/web.md, section 7; docs/spec/abuse.md, 17). */

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const office = await testOffice(t, access)
const said: unknown[] = []
const log = openLog({ level: 'silent', file: null })
log.warn = ((text: string, fields: unknown) => {
  said.push([text, fields])
  return log
}) as typeof log.warn

/** The alerts of a kind, once there is one. */
async function alertsOf(kind: string) {
  for (;;) {
    const { items } = await ok(listAlerts(office, person('anna'), { before: null, limit: 100 }))
    const found = items.filter((alert) => alert.kind === kind)
    if (found.length > 0) return found
    await sleep(5)
  }
}

void t.test('many unknown numbers: a metric, a line, an alert in both languages', async (t) => {
  const enumerations = new Counter({ name: 'enumerations', help: 'of the test', registers: [new Registry()] })
  guessWatch({ ...office, log }, enumerations).enumeration(101)
  const [alert] = await alertsOf('web_enumeration')
  t.match(alert, { subject: '> 100 / 10 min', text: { en: /unknown card numbers/, pl: /nieznanych numerów/ } })
  t.match(await enumerations.get(), { values: [{ value: 1 }] })
  t.match(said.pop(), [/unknown card numbers/, { numbers: 101 }])
})

void t.test('at the hourly limit of marks: a line in the log and an alert instead of more marks', async (t) => {
  const trouble = (what: string) => (error: unknown) => t.fail(`${what}: ${String(error)}`)
  const clock = { now: () => Date.now() } as Parameters<typeof marksUsedUp>[1]['clock']
  marksUsedUp({ access, log, trouble }, { clock, nextId: office.nextId })
  const [alert] = await alertsOf('marks_used_up')
  t.match(alert, { subject: '100 / 1 h', text: { en: /unsold cards are asked for/, pl: /niesprzedanych kart/ } })
  t.match(said.pop(), [/no more are/, { cards: 100 }])
})
