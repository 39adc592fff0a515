import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { openConnection } from '../../src/db/access.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { MAY_BE_SILENT } from '../database.ts'
import { engineSetting, type TestCard } from './engine-setting.ts'

const setting = await engineSetting(t)
const { operation, request } = setting
let stan = 0

const asked = (act: 'sale' | 'payment', card: TestCard, amount: number): Request =>
  request(operation(act, card, amount), {
    kind: KIND.financial,
    terminal: 'TILL',
    stan: ++stan,
    confirmation: act === 'sale' ? 'none' : 'explicit',
  })
const pay = (card: TestCard, amount = 100): Request => asked('payment', card, amount)

async function soldCards(engine: Engine, count: number): Promise<[TestCard, ...TestCard[]]> {
  const [first, ...others] = await setting.newCards(count)
  if (first === undefined) throw new Error('no card')
  await Promise.all([first, ...others].map((card) => engine.submit(asked('sale', card, 10_000))))
  return [first, ...others]
}

/** The acts of another process that stops in the middle of a transaction. */
async function lockedByAnother(
  t: { readonly teardown: (handler: () => Promise<void>) => void },
  ...cards: readonly TestCard[]
): Promise<() => Promise<void>> {
  const other = await openConnection(setting.access, { multipleStatements: false })
  await other.query(MAY_BE_SILENT)
  await other.query('BEGIN')
  await other.query('SELECT id FROM cards WHERE id IN (?) FOR UPDATE', [cards.map(({ id }) => id)])
  let free = async (): Promise<void> => {
    free = async () => undefined
    await other.query('ROLLBACK')
    await other.end()
  }
  t.teardown(() => free())
  return () => free()
}

/** Its result once it has one. */
function follow(answer: Promise<Answer>): { readonly said: () => string | null; readonly end: Promise<string> } {
  let said: string | null = null
  const end = answer.then(
    ({ result }) => (said = result),
    () => (said = 'no answer'),
  )
  return { said: () => said, end }
}

void t.test('a locked card holds up its own requests only, also those of its batch', async (t) => {
  const batches: number[] = []
  const engine = setting.engine({ workers: 1 }, { batch: (size) => void batches.push(size) })
  t.teardown(engine.stop)
  const [hot, ...others] = await soldCards(engine, 12)
  const free = await lockedByAnother(t, hot)

  batches.length = 0
  const stuck = follow(engine.submit(pay(hot)))
  const beside = await Promise.all(others.map((card) => engine.submit(pay(card))))
  t.ok(
    beside.every(({ result }) => result === 'approved'),
    'the rest of its batch is answered',
  )
  t.equal(
    batches.reduce((sum, size) => sum + size, 0),
    others.length,
  )
  t.ok(batches.length <= 5, `in halves, not one by one: ${batches.join()}`)
  t.equal(stuck.said(), null)

  const behind = follow(engine.submit(pay(hot)))
  for (const card of others) {
    t.equal((await engine.submit(pay(card))).result, 'approved', 'and the only worker goes on')
  }
  t.same([stuck.said(), behind.said()], [null, null])
  await free()
  t.same(await Promise.all([stuck.end, behind.end]), ['approved', 'approved'])
})

void t.test('requests that wait for a locked card do not split the batches of the others', async (t) => {
  const batches: number[] = []
  const engine = setting.engine({ workers: 1 }, { batch: (size) => void batches.push(size) })
  t.teardown(engine.stop)
  const [hot, ...others] = await soldCards(engine, 13)
  const free = await lockedByAnother(t, hot)
  const stuck = [follow(engine.submit(pay(hot))), follow(engine.submit(pay(hot)))]
  await engine.submit(pay(others[0] ?? hot))

  // Tills that each pay again as soon as they have their answer.
  batches.length = 0
  const rounds = 6
  await Promise.all(
    others.map(async (card, steps) => {
      for (let i = 0; i < rounds; i++) {
        await engine.submit(pay(card))
        // They don't come at the very same moment.
        for (let step = 0; step < steps; step++) await Promise.resolve()
      }
    }),
  )
  t.same(
    batches,
    Array.from({ length: rounds }, () => others.length),
    'each round is one batch',
  )
  t.ok(stuck.every(({ said }) => said() === null))
  await free()
  t.same(await Promise.all(stuck.map(({ end }) => end)), ['approved', 'approved'])
})

void t.test('as many locked cards as there are workers, and more', async (t) => {
  const engine = setting.engine({ workers: 2 })
  t.teardown(engine.stop)
  const [hot, ...others] = await soldCards(engine, 30)
  const locked = [hot, ...others.slice(0, 9)]
  const rest = others.slice(9)
  const free = await lockedByAnother(t, ...locked)
  const stuck = locked.map((card) => follow(engine.submit(pay(card))))
  // Where workers were waiting for locks, the second round would wait as long as the first one.
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(rest.map((card) => engine.submit(pay(card))))
    t.ok(answers.every(({ result }) => result === 'approved'))
  }
  t.ok(stuck.every(({ said }) => said() === null))
  await free()
  t.same(new Set(await Promise.all(stuck.map(({ end }) => end))), new Set(['approved']))
})

void t.test(
  'a lock that lasts: 96 to a new request in time, no answer to what settles, and neither is booked',
  async (t) => {
    // A fifth of it is left when the engine gives up: longer than a busy machine stands still.
    const PATIENCE_MS = 12_000
    const engine = setting.engine({ workers: 1, timeoutMs: PATIENCE_MS })
    t.teardown(engine.stop)
    const [hot, other] = await soldCards(engine, 2)
    if (other === undefined) return
    const payment = pay(hot)
    await engine.submit(payment)
    const free = await lockedByAnother(t, hot)
    const began = performance.now()
    const reversal = request(
      { act: 'reversal', by: 'terminal', original: payment.key, amount: null, presented: null },
      { kind: KIND.reversal, terminal: 'TILL', stan: ++stan, confirmation: 'explicit' },
    )
    const owed = follow(engine.submit(reversal))
    const late = follow(engine.submit(pay(hot)))
    t.equal(await late.end, 'malfunction')
    t.ok(performance.now() - began < PATIENCE_MS, 'before the terminal gives up')
    t.equal(await owed.end, 'no answer')
    await free()
    t.equal((await engine.submit(reversal)).result, 'approved', 'it comes again')
    const [rows] = await setting.connection.query('SELECT ledger FROM cards WHERE id = ?', [hot.id])
    t.match(rows, [{ ledger: 10_000 }])
  },
)

void t.test('stopped while a card is locked', async (t) => {
  const engine = setting.engine({ workers: 1 })
  const [hot, other] = await soldCards(engine, 2)
  if (other === undefined) return
  const free = await lockedByAnother(t, hot)
  const stuck = follow(engine.submit(pay(hot)))
  await engine.submit(pay(other))
  await engine.stop()
  t.equal(stuck.said(), 'overloaded', 'known not to be booked')
  await free()
})
