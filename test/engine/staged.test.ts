import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import type { Request } from '../../src/core/request.ts'
import { KIND, stageKey } from '../../src/core/key.ts'
import { applyStagedRequest } from '../../src/core/own-request.ts'
import { openAccount } from '../../src/db/accounts.ts'
import { bookStaged, dropStaged } from '../../src/db/staged-batches.ts'
import { bookedFor, insertBatch } from '../../src/db/sql/staged.ts'
import { unitOfWork } from '../../src/db/unit-of-work.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { sweepStagedLoads } from '../../src/jobs/staged-loads.ts'
import { databaseProxy } from './database-proxy.ts'
import { engineSetting, type TestCard } from './engine-setting.ts'
import { wrongSequences } from './sequences.ts'
import { wrongUnfolded } from './unfolded-check.ts'

const setting = await engineSetting(t)
const { access, connection, operation, request } = setting
const engine = setting.engine()
t.teardown(() => engine.stop())
const account = await openAccount(access, 'counterparty_receivable', 'ACME', 985)
let stan = 0

const till = (ask: Request['ask'], kind: number = KIND.financial): Request =>
  request(ask, { kind, terminal: 'TILL', stan: ++stan, confirmation: 'none' })

async function soldCards(count: number): Promise<readonly TestCard[]> {
  const cards = await setting.newCards(count)
  await Promise.all(cards.map((card) => engine.submit(till(operation('sale', card, 10_000)))))
  return cards
}

async function openBatch(loads: number): Promise<number> {
  const id = setting.nextId()
  await connection.query(insertBatch({ id, operation: 'welfare_load', account, loads }))
  return id
}

const stage = (batchId: number, line: number, card: TestCard, amount: number, dry = false): Request => ({
  ...till({ act: 'stage', batchId, line, load: operation('welfare_load', card, amount), dry }),
  key: stageKey(batchId, line),
  requester: { channel: 'job', who: 'welfare' },
})

const BOOKING = { at: Date.UTC(2026, 10, 22, 20), businessDate: '2026-11-22', channel: 'menu', who: 'ola' } as const
const book = (id: number) => unitOfWork(access, (one) => bookStaged(one, id, BOOKING))
const drop = (id: number) => unitOfWork(access, (one) => dropStaged(one, id))

async function rows(sql: string, values: readonly unknown[] = []): Promise<RowDataPacket[]> {
  const [found] = await connection.query<RowDataPacket[]>(sql, [...values])
  return found
}

/** ledger/available+staged (booked but not applied) of each card. */
const cardsNow = async (cards: readonly TestCard[]): Promise<string[]> =>
  (
    await rows(
      `SELECT c.ledger, c.available, c.staged, ${bookedFor('c.id')} AS booked FROM cards c WHERE c.id IN (?) ORDER BY c.id`,
      [cards.map(({ id }) => id)],
    )
  ).map((c) => `${c['ledger']}/${c['available']}+${c['staged']} (${Number(c['booked'])})`)

const staged = (ids: readonly number[]): Promise<RowDataPacket[]> =>
  rows('SELECT line FROM staged_loads WHERE batch_id IN (?) ORDER BY line', [ids])

t.test('a batch is staged unseen, booked by one row, and applied by whoever comes first', async (t) => {
  const cards = await soldCards(3)
  const [one, two, three] = cards
  if (one === undefined || two === undefined || three === undefined) return
  const batch = await openBatch(3)
  const results = await Promise.all(cards.map((card, i) => engine.submit(stage(batch, i + 1, card, 5_000))))
  t.same(
    results.map(({ result, row }) => [result, row]),
    results.map(() => ['approved', null]),
    'no row is left',
  )
  t.same(await cardsNow(cards), Array(3).fill('10000/10000+5000 (0)'))
  const balance = await engine.submit(till({ ...operation('balance', one, 0), amount: null }, KIND.inquiry))
  t.match(balance.row?.balances, { ledger: 10_000, available: 10_000 }, 'no answer shows it')
  t.equal((await engine.submit(till(operation('payment', one, 10_001)))).result, 'exceeds_balance')

  t.equal(await book(batch), 'booked')
  t.equal(await book(batch), 'decided')
  t.same(await cardsNow(cards), Array(3).fill('10000/10000+5000 (5000)'), 'a balance that is shown adds it')
  const paid = await engine.submit(till(operation('payment', one, 12_000)))
  t.match(paid, { result: 'approved', row: { balances: { ledger: 3_000, available: 3_000 } } })
  t.same(await cardsNow(cards), ['3000/3000+0 (0)', '10000/10000+5000 (5000)', '10000/10000+5000 (5000)'])

  const sweep = sweepStagedLoads({
    ...engine,
    access,
    traffic: null,
    nextId: setting.nextId,
    now: Date.now,
    trouble: (e) => t.fail(String(e)),
  })
  while ((await staged([batch])).length > 0) await new Promise((resolve) => setTimeout(resolve, 50))
  await sweep.stop()
  t.same(await cardsNow(cards), ['3000/3000+0 (0)', '15000/15000+0 (0)', '15000/15000+0 (0)'])
  const loads = await rows(
    "SELECT operation, role, channel, who, business_date, received_at, amount, state FROM transactions WHERE terminal_code = 'STAGED' AND transmitted = ?",
    [batch],
  )
  const load = {
    operation: 'welfare_load',
    role: 'books',
    channel: 'menu',
    who: 'ola',
    business_date: '2026-11-22',
    received_at: '2026-11-22 20:00:00.000',
    amount: 5_000,
    state: 'confirmed',
  }
  t.match(loads, [load, load, load], 'on the day of the booking, by who booked it')
})

t.test('staging judges as booking does, and what it refuses leaves nothing', async (t) => {
  const [card] = await soldCards(1)
  const [unsold] = await setting.newCards(1)
  if (card === undefined || unsold === undefined) return
  const batch = await openBatch(2)
  t.equal((await engine.submit(stage(batch, 1, unsold, 1_000))).result, 'card_unsold')
  t.equal((await engine.submit(stage(batch, 1, card, 195_000))).result, 'exceeds_maximum_balance')
  t.equal((await engine.submit(stage(batch, 1, card, 100_000, true))).result, 'approved', 'only judged')
  t.same(await cardsNow([card]), ['10000/10000+0 (0)'])
  t.equal((await engine.submit(stage(batch, 1, card, 100_000))).result, 'approved')
  t.equal((await engine.submit(stage(batch, 1, card, 100_000))).result, 'approved', 'the same line is the same load')
  t.same(await cardsNow([card]), ['10000/10000+100000 (0)'])
  t.equal(
    (await engine.submit(stage(batch, 2, card, 100_000))).result,
    'exceeds_maximum_balance',
    'the other one counts',
  )
  t.equal((await engine.submit(till(operation('top_up', card, 100_000)))).result, 'exceeds_maximum_balance')
  t.equal(await book(batch), 'incomplete')
  t.equal(await book(999), 'unknown')
  t.equal(await drop(batch), 'dropped')
  t.equal((await engine.submit(stage(batch, 2, card, 1))).result, 'original_done')
  t.equal((await engine.submit(stage(999, 2, card, 1))).result, 'original_not_found')
  t.equal(
    (await engine.submit(till(operation('top_up', card, 100_000)))).result,
    'approved',
    'who comes first forgets it',
  )
  t.same(await cardsNow([card]), ['110000/110000+0 (0)'])
  t.same(await staged([batch]), [])
  t.equal(
    (await engine.submit({ ...stage(batch, 3, card, 1), requester: { channel: 'web', who: 'shop' } })).result,
    'unsupported',
  )
})

t.test('a load reaches its card whatever became of it: blocked, replaced, unsold again', async (t) => {
  const [blocked, replaced, unsold] = await soldCards(3)
  const [fresh] = await setting.newCards(1)
  if (blocked === undefined || replaced === undefined || unsold === undefined || fresh === undefined) return
  const batch = await openBatch(3)
  for (const [i, card] of [blocked, replaced, unsold].entries()) await engine.submit(stage(batch, i, card, 2_000))
  await connection.query("UPDATE cards SET block = 'lost' WHERE id = ?", [blocked.id])
  const successor = { numberHash: fresh.numberHash, otherHash: null, newestKey: 1 }
  await engine.submit(till({ ...operation('duplicate', replaced, 0), amount: null, contra: null, successor }))
  const sale = (await rows('SELECT id FROM transactions WHERE card_id = ? AND sells = 1', [unsold.id]))[0]
  const cancel = {
    act: 'cancellation',
    original: { id: Number(sale?.['id']) },
    amount: null,
    presented: null,
    sending: null,
  } as const
  t.equal((await engine.submit(till(cancel, KIND.cancellation))).result, 'approved')
  t.equal(await book(batch), 'booked')
  for (const card of [blocked, replaced, unsold]) {
    t.equal((await engine.submit(applyStagedRequest(setting.nextId(), card.id, Date.now()))).result, 'approved')
  }
  t.same(
    await cardsNow([blocked, replaced, unsold, fresh]),
    ['12000/12000+0 (0)', '0/0+0 (0)', '2000/2000+0 (0)', '12000/12000+0 (0)'],
    'that of a replaced card went on to its successor',
  )
  t.same((await verifyLedger(access)).faults, [])
})

t.test('staged, booked, applied in a race, with COMMITs that are lost: each load once', async (t) => {
  const proxies = await Promise.all([databaseProxy(t, access), databaseProxy(t, access)])
  const engines = proxies.map((proxy) => setting.engine({ workers: 2 }, {}, proxy.access))
  const cards = await soldCards(24)
  const batch = await openBatch(cards.length)
  const breaking = () => proxies.forEach((proxy, i) => proxy.breakNextCommit(i === 0 ? 'after' : 'before'))
  breaking()
  const stagings = cards.flatMap((card, line) => engines.map((one) => one.submit(stage(batch, line, card, 1_000))))
  t.same([...new Set((await Promise.all(stagings)).map(({ result }) => result))], ['approved'])
  t.equal((await staged([batch])).length, cards.length)

  breaking()
  const paying = cards.flatMap((card) => engines.map((one) => one.submit(till(operation('payment', card, 100)))))
  t.equal(await book(batch), 'booked')
  const touching = cards.flatMap((card) =>
    engines.map((one) => one.submit(applyStagedRequest(setting.nextId(), card.id, Date.now()))),
  )
  t.same([...new Set((await Promise.all([...paying, ...touching])).map(({ result }) => result))], ['approved'])
  t.same(
    await cardsNow(cards),
    cards.map(() => '10800/10800+0 (0)'),
  )
  t.same((await verifyLedger(access)).faults, [])
  t.same(await wrongSequences(connection), [])
  t.same(await wrongUnfolded(connection), [])
  for (const one of engines) await one.stop()
})

t.test('the ledger verification sees a load that is lost, and a flag without one', async (t) => {
  const [card] = await soldCards(1)
  if (card === undefined) return
  const batch = await openBatch(1)
  await engine.submit(stage(batch, 1, card, 1_000))
  await book(batch)
  await connection.query('DELETE FROM staged_loads WHERE batch_id = ?', [batch])
  t.same((await verifyLedger(access)).faults, [
    `card ${card.id}: leaves room for staged loads of 1000, there are 0`,
    `batch ${batch}: booked with 1 loads, 0 are there`,
  ])
})
