import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { followDatabaseClock } from '../../src/db/clock.ts'
import type { Engine } from '../../src/engine/engine.ts'
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

/** As a process has it: a clock that follows the database's, and a timer that goes by it. */
async function running(t: { readonly teardown: (handler: () => Promise<void>) => void }, engine: Engine) {
  const steps: number[] = []
  const clock = await followDatabaseClock(
    stepped.access,
    (ms) => steps.push(ms),
    (error) => console.error(error),
    LOOK_MS,
  )
  const timer = startConfirmTimer({
    access: stepped.access,
    submit: engine.submit,
    nextId: setting.nextId,
    businessDate: () => '2026-11-22',
    clock,
    confirmTimeoutMs: TIMEOUT,
    reversed: () => undefined,
    trouble: (error) => console.error(error),
  })
  t.teardown(async () => {
    await timer.stop()
    await clock.stop()
  })
  return { clock, steps }
}

async function approvedAt(now: number): Promise<Request> {
  const [card] = await setting.newCards(1)
  if (card === undefined) throw new Error('no card')
  const about = { kind: KIND.financial, terminal: 'TILL', stan: ++stan, confirmation: 'explicit' as const }
  const request = {
    ...setting.request(setting.operation('sale', card, 10_000), about),
    at: now,
    confirmTimeoutMs: TIMEOUT,
  }
  if ((await engine.submit(request)).result !== 'approved') throw new Error('not approved')
  return request
}

async function stateOf({ key }: Request): Promise<string> {
  const [rows] = await setting.connection.query('SELECT state FROM transactions WHERE stan = ? AND terminal_code = ?', [
    key.stan,
    key.terminal,
  ])
  return (rows as { state: string }[])[0]?.state ?? 'none'
}

const STEPS: readonly (readonly [string, number])[] = [
  ['5 s', 5 * SECOND],
  ['150 s', 150 * SECOND],
  ['25 h', 25 * HOUR],
  ['30 d', 30 * DAY],
]

for (const [name, ms] of STEPS) {
  for (const by of [ms, -ms]) {
    void t.test(`the clock is set ${by > 0 ? 'forward' : 'back'} by ${name}`, async (t) => {
      const processes = [await running(t, engine), await running(t, engine)] as const
      const [{ clock, steps }] = processes
      const began = performance.now()
      const before = await approvedAt(clock.now())
      const time = clock.now()
      stepped.step(by)
      while (processes.some((one) => one.steps.length === 0)) await sleep(LOOK_MS)
      t.ok(Math.abs((steps[0] ?? 0) - by) < 500, 'it is noticed')
      t.ok(Math.abs(clock.now() - time - by) < 60_000, 'and times go by it')
      const after = await approvedAt(clock.now())

      while (performance.now() - began < TIMEOUT - 200) {
        if ((await stateOf(before)) !== 'unconfirmed') break
        await sleep(LOOK_MS)
      }
      t.ok(performance.now() - began >= TIMEOUT - 200, 'nothing is reversed before its time')
      while ((await stateOf(before)) !== 'reversed' || (await stateOf(after)) !== 'reversed') await sleep(LOOK_MS)
      // A clock that was set back leaves deadlines ahead: those by less than 5 s stay, the others are brought back.
      const most = 2 * TIMEOUT + 5 * SECOND + 5 * SECOND
      t.ok(performance.now() - began < most, `and all is, after ${Math.round(performance.now() - began)} ms`)
    })
  }
}

void t.test('what a web shop asked for waits as long as the shop said, and is taken back then', async (t) => {
  const { clock } = await running(t, engine)
  const ask = async (name: string, confirmTimeoutMs: number, isWeb: boolean): Promise<Request> => {
    const [card] = await setting.newCards(1)
    if (card === undefined) throw new Error('no card')
    const about = { kind: KIND.financial, terminal: name, stan: ++stan, confirmation: 'explicit' as const }
    const request = {
      ...setting.request(setting.operation('sale', card, 10_000), about),
      at: clock.now(),
      confirmTimeoutMs,
    }
    const key = { ...request.key, kind: KIND.web, digest: String(stan).padStart(64, 'e') }
    const asked = isWeb ? { ...request, key, requester: { channel: 'web' as const, who: 'SHOP' } } : request
    t.equal((await engine.submit(asked)).result, 'approved')
    return asked
  }
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
