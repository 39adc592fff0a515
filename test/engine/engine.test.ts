import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import type { Answer } from '../../src/engine/executor.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { databaseProxy } from './database-proxy.ts'
import { engineSetting, numberOf, type TestCard } from './engine-setting.ts'

const setting = await engineSetting(t)
const { connection, operation, request } = setting
let stan = 0

type Policy = Request['confirmation']

const pay = (card: TestCard, amount: number, confirmation: Policy = 'explicit', terminal = 'TILL'): Request =>
  request(operation('payment', card, amount), { kind: KIND.financial, terminal, stan: ++stan, confirmation })

const about = (act: 'confirmation' | 'reversal', { key, confirmation }: Request): Request =>
  request(
    act === 'confirmation'
      ? { act, original: key }
      : { act, by: 'terminal', original: key, amount: null, presented: null },
    { kind: KIND[act], terminal: key.terminal, stan: ++stan, confirmation },
  )

/** Cards with 100.00 on each. */
async function soldCards(count: number): Promise<readonly TestCard[]> {
  const cards = await setting.newCards(count)
  const engine = setting.engine()
  for (const card of cards) {
    const about = { kind: KIND.financial, terminal: 'OPENING', stan: ++stan, confirmation: 'none' as const }
    await engine.submit(request(operation('sale', card, 10_000), about))
  }
  await engine.stop()
  return cards
}

async function soldCard(): Promise<TestCard> {
  const [card] = await soldCards(1)
  if (card === undefined) throw new Error('no card')
  return card
}

async function rows(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, [...values])
  return found
}

async function balances({ id }: TestCard): Promise<string> {
  const [card] = await rows('SELECT ledger, available FROM cards WHERE id = ?', [id])
  return `${card?.['ledger']}/${card?.['available']}`
}

/** The states of the rows under these requests' keys; `-`: none. */
async function states(requests: readonly Request[]): Promise<string[]> {
  return Promise.all(
    requests.map(async ({ key }) => {
      const found = await rows(
        'SELECT state FROM transactions WHERE transmitted = ? AND stan = ? AND terminal_code = ? AND store_code = ? AND kind = ?',
        [key.transmitted, key.stan, key.terminal, key.store, key.kind],
      )
      return found.map((row) => String(row['state'])).join(' and ') || '-'
    }),
  )
}

/** An engine behind a proxy that holds its statements while `during` runs: its workers are stuck in them. */
async function stuckEngine(t: Parameters<typeof databaseProxy>[0], settings: Parameters<typeof setting.engine>[0]) {
  const proxy = await databaseProxy(t, setting.access)
  // Its connections are not given up, however long it is stuck.
  const engine = setting.engine({ answerWithin: 600_000, ...settings }, {}, proxy.access)
  const whileStuck = async <Value>(during: (free: () => void) => Promise<Value>): Promise<Value> => {
    proxy.hold(true)
    try {
      return await during(() => proxy.hold(false))
    } finally {
      proxy.hold(false)
    }
  }
  return { engine, whileStuck }
}

const connections = async (): Promise<number> =>
  (await rows('SELECT id FROM information_schema.processlist WHERE db = ?', [setting.access.database])).length

const results = (answers: readonly Answer[]): string[] => answers.map(({ result }) => result)
const all = (count: number, result: string): string[] => Array.from({ length: count }, () => result)
// Long enough for an engine to have sent its next packet, and to wait for a lock.
const A_MOMENT = 120

t.test('the connection breaks at COMMIT: each request takes effect once and is answered with it', async (t) => {
  for (const where of ['before', 'during', 'after'] as const) {
    const proxy = await databaseProxy(t, setting.access)
    const troubles: string[] = []
    const watch = { trouble: (what: string) => troubles.push(what) }
    const engine = setting.engine({ workers: 1 }, watch, proxy.access)
    const [card, other] = await soldCards(2)
    if (card === undefined || other === undefined) return
    await engine.submit(pay(card, 1_000)) // the connection is there

    proxy.breakNextCommit(where)
    const requests = [pay(card, 1_000), pay(other, 2_000), pay(card, 3_000), pay(other, 99_999)]
    const answers = await Promise.all(requests.map(engine.submit))
    t.same(results(answers), ['approved', 'approved', 'approved', 'exceeds_balance'], `broken ${where} it`)
    t.equal(proxy.breaks(), 1)
    t.same(troubles, ['outcome not known, settling'])
    t.same(await states(requests), ['unconfirmed', 'unconfirmed', 'unconfirmed', 'declined'])
    t.equal(await balances(card), '5000/5000')
    t.equal(await balances(other), '8000/8000')

    const again = await Promise.all(requests.map((r) => engine.submit({ ...r, id: setting.nextId() })))
    t.same(again, answers, 'a repeat gets the identical answer')

    // No answer while the outcome is unknown.
    proxy.breakNextCommit(where)
    const late = pay(card, 500)
    let isAnswered = false
    const answer = engine.submit(late).finally(() => (isAnswered = true))
    while (proxy.breaks() < 2) await sleep(1)
    proxy.shut(true)
    await sleep(A_MOMENT)
    const isSettledByLuck = isAnswered // the engine may have been back before the door was shut
    proxy.shut(false)
    t.equal((await answer).result, 'approved')
    if (!isSettledByLuck) t.ok(troubles.length >= 2)
    t.equal(await balances(card), '4500/4500')
    await engine.stop()
  }
  t.same((await verifyLedger(setting.access)).faults, [])
})

t.test('an answer has the figures of its decision, whatever the rest of its batch does', async (t) => {
  const engine = setting.engine({ workers: 1 })
  t.teardown(engine.stop)
  const payment = pay(await soldCard(), 1_000)
  const [first, reversal] = await Promise.all([payment, about('reversal', payment)].map(engine.submit))
  t.match([first?.result, first?.row?.state], ['approved', 'unconfirmed'])
  t.equal(reversal?.result, 'approved')
  t.same(await states([payment]), ['reversed'])
})

t.test('stopped while the outcome is not known: nothing is answered', async (t) => {
  const proxy = await databaseProxy(t, setting.access)
  const engine = setting.engine({ workers: 1 }, {}, proxy.access)
  const card = await soldCard()
  await engine.submit(pay(card, 1_000))
  proxy.breakNextCommit('after')
  const answer = engine.submit(pay(card, 1_000)).then(
    ({ result }) => result,
    (error: unknown) => (error instanceof Error ? error.message : 'no error'),
  )
  while (proxy.breaks() < 1) await sleep(0)
  proxy.shut(true)
  await engine.stop()
  t.match(await answer, /^(stopped while the outcome is not known|approved)$/)
  t.equal(await balances(card), '8000/8000', 'it was committed')
})

t.test('overload: new requests are refused at once, settlements never', async (t) => {
  const { engine, whileStuck } = await stuckEngine(t, { workers: 1, queueMax: 5 })
  const cards = await soldCards(8)
  const [hot, ...others] = cards
  if (hot === undefined) return
  const owed = others.slice(0, 3).map((card) => pay(card, 100))
  await Promise.all(owed.map(engine.submit))

  const refused = others.map((card) => pay(card, 700))
  await whileStuck(async (free) => {
    const stuck = engine.submit(pay(hot, 100))
    while (engine.depth() > 0) await sleep(1) // the worker has it
    const queued = others.slice(0, 5).map((card) => engine.submit(pay(card, 500)))
    t.equal(engine.depth(), 5)
    t.same(results(await Promise.all(refused.map(engine.submit))), all(7, 'overloaded'), 'while the worker is stuck')
    const confirmations = owed.map((one) => engine.submit(about('confirmation', one)))
    const reversal = engine.submit(about('reversal', pay(hot, 1)))
    t.equal(engine.depth(), 9)
    free()
    t.equal((await stuck).result, 'approved')
    t.same(results(await Promise.all([...queued, ...confirmations, reversal])), all(9, 'approved'))
  })
  t.same(await states(refused), all(7, '-'), 'known not to be booked')
  t.same(await states(owed), all(3, 'confirmed'))
  t.same(results(await Promise.all(refused.slice(0, 5).map(engine.submit))), all(5, 'approved'), 'they may come again')
  await engine.stop()
})

t.test('while the database is unavailable only new requests are refused; repeats, 0202 and 0420 are not', async (t) => {
  const proxy = await databaseProxy(t, setting.access)
  const engine = setting.engine({ workers: 1 }, {}, proxy.access)
  const [card, other] = await soldCards(2)
  if (card === undefined || other === undefined) return
  const [payment, undone] = [pay(card, 1_000), pay(other, 2_000)]
  t.same(results(await Promise.all([payment, undone].map(engine.submit))), all(2, 'approved'))
  const told = (answer: Promise<Answer>): Promise<string> =>
    answer.then(
      ({ result }) => result,
      () => 'no answer',
    )

  const later = [pay(card, 300), about('confirmation', payment), about('reversal', undone)]
  proxy.cut()
  const during = await Promise.all([engine.submitRepeat(payment), ...later.map(engine.submit)].map(told))
  t.same(during, ['no answer', 'malfunction', 'no answer', 'no answer'])

  proxy.shut(false)
  const after = await Promise.all([engine.submitRepeat(payment), ...later.map(engine.submit)].map(told))
  t.same(after, all(4, 'approved'))
  t.same(await states([payment, undone]), ['confirmed', 'reversed'])
  t.equal(await balances(card), '8700/8700')
  t.equal(await balances(other), '10000/10000')
  await engine.stop()
})

t.test('of a batch with a faulty request only that one gets 96', async (t) => {
  const { engine, whileStuck } = await stuckEngine(t, { workers: 1 })
  const [hot, card, other] = await soldCards(3)
  if (hot === undefined || card === undefined || other === undefined) return
  const tooLong = pay(card, 1_000)
  const poisonous = [
    { ...tooLong, labels: { ...tooLong.labels, line: 'x'.repeat(65) } }, // refused by the database
    { ...pay(card, 1_000), at: Number.NaN }, // refused by our own code
  ]
  const neighbours = [pay(card, 100), pay(other, 200), pay(card, 300)]
  const [first, second, third] = neighbours
  const [one, two] = poisonous
  if (first === undefined || second === undefined || third === undefined || one === undefined || two === undefined)
    return
  const answers = await whileStuck(async (free) => {
    const stuck = engine.submit(pay(hot, 100))
    while (engine.depth() > 0) await sleep(1)
    const waiting = [first, one, second, two, third].map(engine.submit)
    free()
    await stuck
    return Promise.all(waiting)
  })
  t.same(results(answers), ['approved', 'malfunction', 'approved', 'malfunction', 'approved'])
  t.same(await states(poisonous), ['-', '-'])
  t.equal(await balances(card), '9600/9600')
  t.equal(await balances(other), '9800/9800')
  await engine.stop()
})

t.test('a request that waited longer than its terminal is not started', async (t) => {
  const timeoutMs = 3_000
  const { engine, whileStuck } = await stuckEngine(t, { workers: 1, timeoutMs })
  const [hot, card, other] = await soldCards(3)
  if (hot === undefined || card === undefined || other === undefined) return
  const owed = pay(other, 100)
  await engine.submit(owed)
  const stale = [pay(card, 100), pay(card, 200)]
  await whileStuck(async (free) => {
    const stuck = engine.submit(pay(hot, 100))
    while (engine.depth() > 0) await sleep(1)
    const waiting = stale.map(engine.submit)
    const confirmation = engine.submit(about('confirmation', owed))
    // By the engine's own clock. The fresh one then has as long as these for what the engine has to finish first.
    const since = performance.now()
    while (performance.now() - since <= timeoutMs) await sleep(10)
    const fresh = engine.submit(pay(card, 400))
    free()
    t.equal((await stuck).result, 'approved', 'what had begun is finished')
    t.same(results(await Promise.all(waiting)), all(2, 'overloaded'))
    t.equal((await confirmation).result, 'approved', 'what settles is never too late')
    t.equal((await fresh).result, 'approved')
  })
  t.same(await states(stale), all(2, '-'))
  t.equal(await balances(card), '9600/9600')
  await engine.stop()
})

t.test('overload: new requests are refused at once, settlements and repeats never', async (t) => {
  const { engine, whileStuck } = await stuckEngine(t, { workers: 1, batchMax: 4, queueMax: 6, queueWaitMs: 600 })
  const [hot, card] = await soldCards(2)
  if (hot === undefined || card === undefined) return
  const booked = pay(card, 100)
  await engine.submit(booked)
  const fresh = pay(card, 800)
  await whileStuck(async (free) => {
    const stuck = engine.submit(pay(hot, 100))
    while (engine.depth() > 0) await sleep(1)
    const waiting = Array.from({ length: 4 }, () => engine.submit(pay(card, 100)))
    t.equal(engine.isOverloaded(), false, 'as many as the worker can hold')
    // Until nobody has taken them for longer than one may wait.
    while (!engine.isOverloaded()) await sleep(10)
    t.equal((await engine.submit(fresh)).result, 'overloaded', 'while the worker is stuck')
    t.same([booked, fresh].map(({ key }) => engine.mayBeBooked(key)), [true, false]) // prettier-ignore

    const confirmation = engine.submit(about('confirmation', booked))
    const resent = engine.submit(booked)
    const repeat = engine.submitRepeat(pay(card, 200))
    const more = Array.from({ length: 6 }, () => engine.submitRepeat(pay(card, 100)))
    const unanswered = Promise.allSettled(more)
    free()
    t.same(results(await Promise.all([stuck, ...waiting, confirmation, resent, repeat])), all(8, 'approved'))
    const outcomes = (await unanswered).map((one) => (one.status === 'fulfilled' ? one.value.result : 'no answer'))
    t.same(outcomes, [...all(4, 'approved'), ...all(2, 'no answer')], 'a repeat is not told that it is not booked')
  })
  t.same(await states([fresh]), ['-'])
  t.equal((await engine.submit(fresh)).result, 'approved', 'and may come again')
  await engine.stop()
})

t.test('stopped while busy: what was taken is finished, the rest refused, and nothing is left open', async (t) => {
  const before = await connections()
  const engine = setting.engine({ workers: 2, batchMax: 8 })
  const cards = await soldCards(10)
  const requests = Array.from({ length: 60 }, (_, i) => cards[i % 10]).flatMap((card) =>
    card === undefined ? [] : [pay(card, 100)],
  )
  const submitted = requests.map(engine.submit)
  await Promise.race(submitted)
  await engine.stop()
  const answers = results(await Promise.all(submitted))
  t.same(
    await states(requests),
    answers.map((result) => (result === 'approved' ? 'unconfirmed' : '-')),
  )
  t.ok(answers.includes('approved') && answers.includes('overloaded'), answers.join(' '))
  t.equal((await engine.submit(requests[59] ?? pay(cards[0] ?? (await soldCard()), 1))).result, 'overloaded')
  while ((await connections()) > before) await sleep(5) // the server takes its time
})

t.test('the same request on two lines of two processes has one effect', async (t) => {
  const engines = [setting.engine(), setting.engine()]
  const cards = await soldCards(4)
  for (let round = 0; round < 10; round++) {
    const requests = cards.map((card) => pay(card, 100))
    const twice = requests.flatMap((r) => engines.map((e) => e.submit({ ...r, id: setting.nextId() })))
    const answers = await Promise.all(twice)
    t.same(results(answers), all(8, 'approved'))
    for (let i = 0; i < answers.length; i += 2) t.same(answers[i], answers[i + 1])
  }
  for (const card of cards) t.equal(await balances(card), '9000/9000')
  await Promise.all(engines.map((engine) => engine.stop()))
})

t.test(
  'a fresh process is sent what was booked before, beside new ones, and nobody says that it is a repeat',
  async (t) => {
    const cards = await soldCards(3)
    const booked = cards.map((card) => pay(card, 100))
    const before = setting.engine()
    const first = await Promise.all(booked.map((one) => before.submit(one)))
    await before.stop()
    const fresh = setting.engine()
    const added = cards.map((card) => pay(card, 20))
    const again = booked.map((one) => ({ ...one, id: setting.nextId() }))
    const answers = await Promise.all([...again, ...added].map((one) => fresh.submit(one)))
    t.same(answers.slice(0, 3), first, 'the answers of the first time')
    t.same(results(answers.slice(3)), all(3, 'approved'))
    for (const card of cards) t.equal(await balances(card), '9880/9880')
    await fresh.stop()
  },
)

t.test('policy next: whoever else decides first leaves nothing for the next request to confirm', async (t) => {
  await connection.query(
    "INSERT INTO terminals (code, store_code, confirmation, mac, state) VALUES ('NEXT0001', '000000000000001', 'next', 'none', 'active')",
  )
  const there = setting.engine()
  const { engine: here, whileStuck } = await stuckEngine(t, {})
  const card = await soldCard()
  const first = pay(card, 1_000, 'next', 'NEXT0001')
  const { row } = await here.submit(first)
  const second = pay(card, 200, 'next', 'NEXT0001')
  const [reversed, approved] = await whileStuck(async (free) => {
    const next = here.submit(second)
    // Not the terminal itself, whose requests wait for each other: a clerk, or a timer under the former policy.
    const reversal = await there.submit(setting.timer({ id: row?.id ?? 0, key: first.key }))
    free()
    return [reversal, await next] as const
  })
  t.equal(reversed.result, 'approved')
  t.equal(approved.result, 'approved')
  t.same(await states([first, second]), ['reversed', 'unconfirmed'])
  t.equal(await balances(card), '9800/9800')
  await Promise.all([here.stop(), there.stop()])
})

t.test('policy next: a duplicate is confirmed by the next request like everything else', async (t) => {
  const engine = setting.engine()
  const [card, other] = await soldCards(2)
  const [successor] = await setting.newCards(1)
  if (card === undefined || other === undefined || successor === undefined) return
  const duplicate = request(operation('duplicate', card, 0, { contra: null, successor: numberOf(successor) }), {
    kind: KIND.financial,
    terminal: 'NEXT0001',
    stan: ++stan,
    confirmation: 'next',
  })
  t.equal((await engine.submit(duplicate)).result, 'approved')
  t.equal(await balances(successor), '10000/0')
  t.equal((await engine.submit(pay(other, 1_000, 'next', 'NEXT0001'))).result, 'approved')
  t.equal(await balances(successor), '10000/10000')
  await engine.stop()
})

t.test('a case that is closed and one that is opened in the same batch: the last word counts', async (t) => {
  const { engine, whileStuck } = await stuckEngine(t, { workers: 1 })
  const [hot, card] = await soldCards(2)
  if (hot === undefined || card === undefined) return
  const payment = pay(card, 1_000)
  const { row } = await engine.submit(payment)
  await engine.submit(setting.timer({ id: row?.id ?? 0, key: payment.key }))
  const answers = await whileStuck(async (free) => {
    const stuck = engine.submit(pay(hot, 100))
    await sleep(A_MOMENT)
    // It happened after all; and then again it did not.
    const waiting = [about('confirmation', payment), about('reversal', payment)].map(engine.submit)
    free()
    await stuck
    return Promise.all(waiting)
  })
  t.same(results(answers), ['approved', 'approved_with_case'])
  const cases = await rows(
    'SELECT reason, resolution, open_for IS NOT NULL AS isOpen FROM cases WHERE transaction_id = ? ORDER BY id',
    [row?.id],
  )
  t.match(cases, [
    { reason: 'unconfirmed', resolution: 'confirmed_late', isOpen: 0 },
    { reason: 'reversal_too_late', resolution: null, isOpen: 1 },
  ])
  await engine.stop()
})

t.test('what refers to a reversal of a cancellation of a refund on a receipt is answered too', async (t) => {
  const engine = setting.engine()
  const card = await soldCard()
  const payment = pay(card, 1_000)
  await engine.submit(payment)
  const refund = request(operation('refund', card, 1_000, { receipt: payment.labels.rrn }), {
    kind: KIND.financial,
    terminal: 'TILL',
    stan: ++stan,
    confirmation: 'explicit',
  })
  await engine.submit(refund)
  const cancellation = request(
    { act: 'cancellation', original: refund.key, amount: null, presented: null, sending: null },
    { kind: KIND.cancellation, terminal: 'TILL', stan: ++stan, confirmation: 'explicit' },
  )
  t.equal((await engine.submit(cancellation)).result, 'approved')
  const confirmation = about('confirmation', cancellation)
  t.equal((await engine.submit(confirmation)).result, 'approved')
  t.equal((await engine.submit(about('reversal', confirmation))).result, 'approved', 'nothing moves, 00')
  t.equal((await engine.submit(about('confirmation', confirmation))).result, 'approved')
  await engine.stop()
})

t.test('after all that the ledger adds up', async (t) => {
  t.same((await verifyLedger(setting.access)).faults, [])
})
