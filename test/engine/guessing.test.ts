import t from 'tap'
import type { OperationAsk, Presented } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { createGuesses } from '../../src/engine/guesses.ts'
import { createMarks } from '../../src/engine/marks.ts'
import { testDatabase } from '../database.ts'
import { engineSetting, stripe, type TestCard } from './engine-setting.ts'

const access = await testDatabase(t)
await seedDemo(access, Date.now())
await onConnection(access, (own) => own.send('UPDATE issues SET unreceipted_refund_daily = 50000'))
const setting = await engineSetting(t, access)
const { connection, operation, request } = setting
let stan = 0

function fail(): never {
  throw new Error('no engine')
}

const keyed = (card: TestCard): Presented => ({ ...stripe(card), by: 'keyed', stripe: null })
const ask = (what: OperationAsk, terminal: string) =>
  request(what, { kind: KIND.financial, terminal, stan: ++stan, confirmation: 'none' })

async function cards(count: number, sold: boolean): Promise<readonly TestCard[]> {
  const made = await setting.newCards(count)
  const engine = setting.engine()
  if (sold) for (const card of made) await engine.submit(ask(operation('sale', card, 10_000), 'OPENING'))
  await engine.stop()
  return made
}

t.test('what a terminal does in a day is counted once over all processes, from its first request on', async (t) => {
  const many = await cards(16, true)
  const engines = [setting.engine(), setting.engine({ batchMax: 3 })]
  const block = (card: TestCard) =>
    ask(operation('block', card, 0, { presented: keyed(card), block: 'lost', contra: null, amount: null }), 'TILL1')
  const answers = await Promise.all(many.map((card, i) => (engines[i % 2] ?? fail()).submit(block(card))))
  t.equal(answers.filter((answer) => answer.result === 'approved').length, 10)
  t.equal(answers.filter((answer) => answer.result === 'exceeds_count_limit').length, 6)
  const [counts] = await connection.query('SELECT number FROM terminal_day_counts WHERE terminal_code = ?', ['TILL1'])
  t.match(counts, [{ number: 10 }])
  await Promise.all(engines.map((engine) => engine.stop()))
})

t.test('refunds without a receipt are counted by terminal, and by card also when they come at once', async (t) => {
  const [card, other] = await cards(2, true)
  if (card === undefined || other === undefined) throw new Error('no cards')
  const engines = [setting.engine(), setting.engine()]
  const refund = (to: TestCard, terminal: string) => ask(operation('refund', to, 30_000), terminal)
  const requests = [refund(card, 'TILL2'), refund(card, 'TILL3'), refund(other, 'TILL2')]
  const answers = await Promise.all(requests.map((one, i) => (engines[i % 2] ?? fail()).submit(one)))
  t.same(
    answers.map(({ result }) => result).filter((result) => result !== 'approved'),
    ['exceeds_amount_limit'],
  )
  const [counts] = await connection.query("SELECT SUM(amount) AS amount FROM terminal_day_counts WHERE what = 'refund'")
  t.match(counts, [{ amount: '60000' }])
  await Promise.all(engines.map((engine) => engine.stop()))
})

t.test('many unknown numbers: twenty are looked up, and the source is reported once', async (t) => {
  const told: string[] = []
  let now = 0
  const guesses = createGuesses(
    20,
    () => now,
    (source) => told.push(source),
  )
  const [card] = await cards(1, true)
  if (card === undefined) throw new Error('no card')
  const engine = setting.engine({}, {}, undefined, guesses)
  const balance = (one: TestCard, terminal: string) =>
    ask(operation('balance', one, 0, { presented: keyed(one), contra: null, amount: null }), terminal)
  const nobody = (i: number): TestCard => ({ id: 0, numberHash: `ff${i}`.padEnd(32, '0') })

  const flood = await Promise.all(Array.from({ length: 60 }, (_, i) => engine.submit(balance(nobody(i), 'TILL4'))))
  const unknown = flood.filter(({ result }) => result === 'unknown_card').length
  t.equal(unknown, 20)
  t.ok(flood.every(({ result, row }) => result === 'unknown_card' || (result === 'too_many_numbers' && row === null)))
  t.equal((await engine.submit(balance(card, 'TILL4'))).result, 'too_many_numbers')
  t.equal((await engine.submit(balance(card, 'TILL5'))).result, 'approved')
  t.equal((await engine.submit(ask(operation('payment', card, 100), 'TILL4'))).result, 'approved', 'a swipe goes on')
  t.same(told, ['TILL4'])
  now = 60_000
  t.equal((await engine.submit(balance(card, 'TILL4'))).result, 'approved')
  await engine.stop()
})

t.test('the number of marked cards an hour is limited over all sources; then an alert is raised instead', async (t) => {
  let now = 0
  let told = 0
  const marks = createMarks(
    () => now,
    () => told++,
    3,
  )
  const guesses = createGuesses(20, () => now, undefined, marks)
  const engine = setting.engine({}, {}, undefined, guesses)
  const look = async (card: TestCard, terminal: string) => {
    const { result } = await engine.submit(
      ask(operation('balance', card, 0, { presented: keyed(card), contra: null, amount: null }), terminal),
    )
    t.equal(result, 'card_unsold', 'the answer tells nothing of it')
  }
  const marked = async (all: readonly TestCard[]) => {
    const ids = all.map(({ id }) => id).join(',')
    const [rows] = await connection.query(
      `SELECT COUNT(*) AS number FROM cards WHERE suspected_at IS NOT NULL AND id IN (${ids})`,
    )
    return (rows as { number: number }[])[0]?.number
  }
  const many = await cards(8, false)
  await Promise.all(many.slice(0, 6).map((card, i) => look(card, `MARK${i % 2}`)))
  t.same([await marked(many), told], [3, 1])
  now = 3_599_999
  await look(many[6] ?? fail(), 'MARK2')
  t.equal(await marked(many), 3)
  now = 3_600_000
  await look(many[7] ?? fail(), 'MARK2')
  t.same([await marked(many), told], [4, 1])
  await engine.stop()
})
