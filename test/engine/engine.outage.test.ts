import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import type { Access } from '../../src/db/access.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { createDatabase } from '../../src/home/database-server.ts'
import { migrate } from '../../src/db/migrations.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { startTestServer } from '../server.ts'
import { databaseProxy } from './database-proxy.ts'
import { engineSetting, type EngineSetting, type TestCard } from './engine-setting.ts'

// A server of its own, since it is stopped and started.
const server = await startTestServer()
t.teardown(server.stop)
const access: Access = { ...server.access, database: 'akart' }
await createDatabase(access)
await migrate(access)
await seedDemo(access, Date.now())
const setting = await engineSetting(t, access)
let stan = 0

const asked = (
  { operation, request }: EngineSetting,
  act: 'sale' | 'payment',
  card: TestCard,
  amount: number,
): Request =>
  request(operation(act, card, amount), {
    kind: KIND.financial,
    terminal: 'TILL',
    stan: ++stan,
    confirmation: act === 'sale' ? 'none' : 'explicit',
  })
const pay = (card: TestCard, amount = 100): Request => asked(setting, 'payment', card, amount)

async function soldCards(engine: Engine, count: number): Promise<readonly TestCard[]> {
  const cards = await setting.newCards(count)
  await Promise.all(cards.map((card) => engine.submit(asked(setting, 'sale', card, 10_000))))
  return cards
}

const told = (answer: Promise<Answer>): Promise<string> =>
  answer.then(
    ({ result }) => result,
    () => 'no answer',
  )

/** Waits until it holds. */
async function comes(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}

async function booked(requests: readonly Request[]): Promise<number> {
  const keys = requests.map(({ key }) => [key.transmitted, key.stan, key.terminal])
  const [rows] = await setting.connection.query(
    'SELECT id FROM transactions WHERE (transmitted, stan, terminal_code) IN (?)',
    [keys],
  )
  return (rows as unknown[]).length
}

void t.test(
  'a frozen database: new requests get 96 in time, are not booked, and all goes on when it thaws',
  async (t) => {
    const PATIENCE = 10_000
    const engine = setting.engine({ workers: 2, timeoutMs: PATIENCE, answerWithin: 500 })
    t.teardown(engine.stop)
    const cards = await soldCards(engine, 6)
    const [first, second, ...others] = cards
    if (first === undefined || second === undefined) return
    const payment = pay(first)
    t.equal(await told(engine.submit(payment)), 'approved')
    t.ok(await engine.answers())

    process.kill(server.pid, 'SIGSTOP')
    t.teardown(() => process.kill(server.pid, 'SIGCONT'))
    const lost = others.map((card) => pay(card))
    const answers = lost.map(async (one) => {
      const since = performance.now()
      const result = await told(engine.submit(one))
      return { result, inTime: performance.now() - since < PATIENCE }
    })
    const repeat = told(engine.submitRepeat(payment))
    for (const { result, inTime } of await Promise.all(answers)) {
      t.match(result, /^(overloaded|malfunction)$/)
      t.ok(inTime)
    }
    const later = pay(second)
    t.match(await told(engine.submit(later)), /^(overloaded|malfunction)$/, 'also one that comes in the middle')
    t.equal(await repeat, 'no answer')
    await comes(async () => !(await engine.answers())) // it says that it is not ready

    process.kill(server.pid, 'SIGCONT')
    const thawed = performance.now()
    await comes(async () => (await told(engine.submit(pay(second, 1)))) === 'approved')
    t.comment(`back after ${Math.round(performance.now() - thawed)} ms`)
    await comes(engine.answers)
    t.equal(
      await booked([...lost, later]),
      0,
      'what got 96 is not booked, now that the server has read all that it was sent',
    )
    t.equal(await told(engine.submitRepeat(payment)), 'approved')
  },
)

void t.test(
  'connections that swallow everything: approvals are back in a few seconds, health says so meanwhile',
  async (t) => {
    const proxy = await databaseProxy(t, access)
    const engine = setting.engine({ workers: 2, answerWithin: 1_000 }, {}, proxy.access)
    t.teardown(engine.stop)
    const [card, other] = await soldCards(engine, 2)
    if (card === undefined || other === undefined) return
    await Promise.all([card, other].map((one) => engine.submit(pay(one))))

    proxy.swallow()
    const began = performance.now()
    const results = await Promise.all([card, other].map((one) => told(engine.submit(pay(one)))))
    t.same(results, ['approved', 'approved'])
    t.comment(`back after ${Math.round(performance.now() - began)} ms`)

    proxy.swallow()
    // An idle connection that swallows is found by asking, and replaced.
    await comes(async () => !(await engine.answers()))
    await comes(engine.answers)
  },
)
