import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { followDatabaseClock } from '../../src/db/clock.ts'
import { startConfirmTimer } from '../../src/jobs/confirm-timer.ts'
import { steppedClock } from '../engine/stepped-clock.ts'
import { engineSetting } from '../engine/engine-setting.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const DAY = 24 * HOUR
const TIMEOUT = 1_500
const LOOK_MS = 20

const setting = await engineSetting(t)
const stepped = await steppedClock(t, setting.access)
const engine = setting.engine()
t.teardown(engine.stop)
let stan = 0

const timerBy = (clock: Parameters<typeof startConfirmTimer>[0]['clock']) =>
  startConfirmTimer({
    access: stepped.access,
    submit: engine.submit,
    nextId: setting.nextId,
    businessDate: () => '2026-11-22',
    clock,
    confirmTimeoutMs: TIMEOUT,
    reversed: () => undefined,
    trouble: (error) => console.error(error),
  })

/** Clock and timer as in a process: the clock follows that of the database, and the timer uses it. */
async function running(t: { readonly teardown: (handler: () => Promise<void>) => void }) {
  const steps: number[] = []
  const clock = await followDatabaseClock(
    stepped.access,
    (ms) => steps.push(ms),
    (error) => console.error(error),
    LOOK_MS,
  )
  const timer = timerBy(clock)
  t.teardown(async () => {
    await timer.stop()
    await clock.stop()
  })
  return { clock, steps }
}

const A_TILL = { name: 'TILL', confirmTimeoutMs: TIMEOUT, isWeb: false }

async function approvedAt(now: number, { name, confirmTimeoutMs, isWeb } = A_TILL): Promise<Request> {
  const [card] = await setting.newCards(1)
  if (card === undefined) throw new Error('no card')
  const about = { kind: KIND.financial, terminal: name, stan: ++stan, confirmation: 'explicit' as const }
  const request = { ...setting.request(setting.operation('sale', card, 10_000), about), at: now, confirmTimeoutMs }
  const key = { ...request.key, kind: KIND.web, digest: String(stan).padStart(64, 'e') }
  const asked = isWeb ? { ...request, key, requester: { channel: 'web' as const, who: 'SHOP' } } : request
  if ((await engine.submit(asked)).result !== 'approved') throw new Error('not approved')
  return asked
}

async function stateOf({ key }: Request): Promise<string> {
  const [rows] = await setting.connection.query('SELECT state FROM transactions WHERE stan = ? AND terminal_code = ?', [
    key.stan,
    key.terminal,
  ])
  return (rows as { state: string }[])[0]?.state ?? 'none'
}

// Requests of shops before the clock is set: they are affected by all of its changes within their time.
void t.test('a request of a web shop waits as long as the shop said, then it is reversed', async (t) => {
  const { clock } = await running(t)
  const ask = (name: string, confirmTimeoutMs: number, isWeb: boolean) =>
    approvedAt(clock.now(), { name, confirmTimeoutMs, isWeb })
  const dueIn = async ({ key }: Request): Promise<number> => {
    const [rows] = await setting.connection.query(
      'SELECT CAST(confirm_by AS CHAR) AS due FROM transactions WHERE stan = ? AND terminal_code = ?',
      [key.stan, key.terminal],
    )
    const due = (rows as { due: string | null }[])[0]?.due ?? null
    // Taken back already: its time was short.
    return due === null ? 0 : Date.parse(`${due.replace(' ', 'T')}Z`) - clock.now()
  }
  const short = await ask('SHOP', 200, true)
  const patient = await ask('SHOP', 15 * 60 * SECOND, true)
  const till = await ask('TILL', 15 * 60 * SECOND, false)
  while ((await stateOf(short)) !== 'reversed') await sleep(LOOK_MS)
  while ((await dueIn(till)) > HOUR / 6) await sleep(LOOK_MS)
  t.ok((await dueIn(patient)) > 14 * 60 * SECOND, 'only a terminal has the time of terminals')
})

void t.test('a long wait of a web shop is not shortened by an older step of the clock', async (t) => {
  const began = Date.now()
  const window = 15 * 60 * SECOND
  let set = HOUR
  // Set forward by an hour ten minutes ago: longer ago than a terminal has, within the time that the shop has.
  const clock = { now: () => Date.now() + set, surely: (ms: number) => Date.now() + (ms > window ? 0 : set) }
  const web = await approvedAt(began, { name: 'SHOP', confirmTimeoutMs: window, isWeb: true })
  const till = await approvedAt(began)
  const timer = timerBy(clock)
  t.teardown(timer.stop)
  while ((await stateOf(till)) !== 'reversed') await sleep(LOOK_MS)
  t.equal(await stateOf(web), 'unconfirmed')
  set = 0
  clock.surely = () => Date.now() + window + HOUR
  while ((await stateOf(web)) !== 'reversed') await sleep(LOOK_MS)
})

const STEPS: readonly (readonly [string, number])[] = [
  ['5 s', 5 * SECOND],
  ['150 s', 150 * SECOND],
  ['25 h', 25 * HOUR],
  ['30 d', 30 * DAY],
]

for (const [name, ms] of STEPS) {
  for (const by of [ms, -ms]) {
    void t.test(`the clock is set ${by > 0 ? 'forward' : 'back'} by ${name}`, async (t) => {
      const processes = [await running(t), await running(t)] as const
      const [{ clock, steps }] = processes
      const began = performance.now()
      const before = await approvedAt(clock.now())
      const time = clock.now()
      stepped.step(by)
      while (processes.some((one) => one.steps.length === 0)) await sleep(LOOK_MS)
      // A clock is read as exactly as the database answers quickly.
      t.ok(Math.abs((steps[0] ?? 0) - by) < performance.now() - began + 500, 'it is noticed')
      t.ok(Math.abs(clock.now() - time - by) < 60_000, 'and times go by it')
      const after = await approvedAt(clock.now())

      while (performance.now() - began < TIMEOUT - 200) {
        if ((await stateOf(before)) !== 'unconfirmed') break
        await sleep(LOOK_MS)
      }
      t.ok(performance.now() - began >= TIMEOUT - 200, 'nothing is reversed before its time')
      while ((await stateOf(before)) !== 'reversed' || (await stateOf(after)) !== 'reversed') await sleep(LOOK_MS)
      // A clock that was set back leaves deadlines ahead: those by less than 5 s stay, the others are brought back. It takes
      // 8 s at most, and more on a busy machine; without that it would take hours.
      const most = 120 * SECOND
      t.ok(performance.now() - began < most, `and all is, after ${Math.round(performance.now() - began)} ms`)
    })
  }
}
