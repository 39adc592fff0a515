import t from 'tap'
import { applyStagedRequest } from '../../../src/core/own-request.ts'
import { insertCreditLimit } from '../../../src/db/sql/credit.ts'
import { showCounterparty } from '../../../src/office/counterparties.ts'
import { listFindings } from '../../../src/office/welfare/batches.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { makeEmployer, PLN } from '../../../src/office/welfare/employers.ts'
import { writePack } from '../../../src/office/pack-making.ts'
import { planOf } from '../../../src/office/pack-plan.ts'
import { activatePack } from '../../../src/office/packs.ts'
import { completeBatch } from '../../../src/office/welfare/booking.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { numberOf } from '../../engine/engine-setting.ts'
import { ok } from '../test-office.ts'
import { csv, employer, JAN, OLA, welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
const { office } = world
await world.employees(3)
let lists = 0

async function proposed(...amounts: readonly number[]): Promise<number> {
  const lines = amounts.map((amount, i) => `${i + 1},${amount},fund ${++lists}`)
  const { id } = await ok(
    loadList(office, OLA, { employer: 'ACME', file: csv('list.csv', 'employee,amount,fund', ...lines) }),
  )
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: ['all_amounts_equal'] }))
  return id
}
const approve = (id: number) => decideBatch(office, JAN, { id, approve: true, reason: '' })
const limit = async (amount: number | null): Promise<void> => {
  const row = { counterparty: 'ACME', currency: PLN, amount, askedBy: 'ola', approvedBy: 'jan', at: Date.now() }
  await office.db.use((connection) => connection.send(insertCreditLimit(office.nextId(), row)))
}
const pays = (amount: number) =>
  world.rows(
    `INSERT INTO counterparty_payments (id, counterparty_code, currency, amount, paid_on, reference, entered_by, approved_by, at)
     VALUES (?, 'ACME', ?, ?, '2026-11-29', ?, 'ola', 'jan', NOW(3))`,
    [office.nextId(), PLN, amount, `R${++lists}`],
  )

/**
 * The debt of the company including approved batches; and the number of loads that are booked and not on their cards
 * yet.
 */
async function standing(): Promise<readonly [owed: number, committed: number, unapplied: number]> {
  const [credit] = (await ok(showCounterparty(office, OLA, 'ACME'))).credits
  return [credit?.owed ?? 0, credit?.committed ?? 0, (await unapplied()).length]
}
const unapplied = () =>
  world.rows("SELECT s.card_id FROM staged_loads s JOIN staged_batches b ON b.id = s.batch_id AND b.state = 'booked'")

t.test('a batch counts once: approved, booked, and with its loads on the cards one after the other', async (t) => {
  const id = await proposed(3, 4)
  await ok(approve(id))
  t.same(await standing(), [0, 7_00, 0])
  await ok(completeBatch(office, id))
  t.same(await standing(), [7_00, 0, 2])
  for (const [i, { card_id: card }] of (await unapplied()).entries()) {
    await office.submit(applyStagedRequest(office.nextId(), Number(card), Date.now()))
    t.same(await standing(), [7_00, 0, 1 - i])
  }
  await pays(7_00)
})

t.test('a batch is within the credit limit, with what is approved and not booked yet', async (t) => {
  await limit(100_00)
  const [first, second] = [await proposed(40, 30), await proposed(40)]
  // Both at once: one of them comes second, and is one too many.
  const both = await Promise.all([approve(first), approve(second)])
  const done = both.flatMap((one) => ('refused' in one ? [] : [one.id]))
  t.equal(done.length, 1)
  t.match(
    both.find((one) => 'refused' in one),
    { refused: 'credit_exceeded', details: { limit: { en: '100.00 PLN' } } },
  )
  for (const id of done) t.match(await ok(completeBatch(office, id)), { state: 'booked' })
  const rest = done[0] === first ? second : first
  t.match(await approve(rest), { refused: 'credit_exceeded' }, 'booked, it counts as owed')
  await pays(10_00)
  if (done[0] === first) t.match(await approve(rest), { state: 'approved' }, 'what is paid is free again')
  else t.match(await approve(rest), { state: 'approved' })
  await ok(completeBatch(office, rest))
  await limit(null)
  t.match(await approve(await proposed(300)), { state: 'approved' }, 'without a limit there is none')
})

t.test('who pays first has a batch once it is paid for', async (t) => {
  await world.rows("UPDATE welfare_batches SET state = 'failed' WHERE state = 'approved'")
  const [{ owed } = { owed: 0 }] = await world.rows(
    "SELECT SUM(IF(operation = 'welfare_load', amount, 0)) AS owed FROM transactions",
  )
  await ok(makeEmployer(office, OLA, { ...employer('ACME'), paidFirst: true }))
  const id = await proposed(20, 25)
  const missing = 45_00 + 110_00 - 10_00
  t.ok(Number(owed) <= 117_00)
  t.match(await approve(id), {
    refused: 'employer_not_paid',
    details: { missing: { en: `${(missing / 100).toFixed(2)} PLN` } },
  })
  await pays(missing - 1)
  t.match(await approve(id), { refused: 'employer_not_paid', details: { missing: { en: '0.01 PLN' } } })
  await pays(1)
  t.match(await approve(id), { state: 'approved' }, 'it was proposed still')
  t.match(await ok(completeBatch(office, id)), { state: 'booked' })
  t.match(await approve(await proposed(1)), { refused: 'employer_not_paid' }, 'what is booked is used up')
  t.same(await world.verified(), [])
})

t.test('cards that a batch sells count against the credit limit, and need the right to sell packs', async (t) => {
  await ok(makeEmployer(office, OLA, employer('ACME')))
  const [card] = await world.unsoldCards(1)
  if (card === undefined) throw new Error('there is no card')
  await world.rows("UPDATE cards SET state = 'inactive' WHERE id = ?", [card.id])
  const wanted = [{ by: 'number', where: 'line 1', number: numberOf(card), shown: '' }] as const
  const plan = await ok(office.db.use((connection) => planOf(connection, 'OPEN', wanted)))
  const pack = await ok(writePack(office, OLA, plan, { recipient: { kind: 'counterparty', code: 'ACME' } }))
  await ok(activatePack(office, OLA, { pack, skip: true }))
  const list = csv('sell.csv', 'employee,card,amount,sell,fund', `1,${card.number},20,yes,new`)
  const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file: list }))
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  const [owed, committed] = await standing()
  const rights = new Map([...JAN.rights].filter(([right]) => right !== 'packs.sell.approve'))
  await limit(owed + committed + 20_00)
  t.match(await decideBatch(office, { ...JAN, rights }, { id, approve: true, reason: '' }), {
    refused: 'right_missing',
    details: { right: 'packs.sell.approve' },
  })
  await limit(owed + committed + 19_99)
  t.match(await approve(id), { refused: 'credit_exceeded' })
  await limit(owed + committed + 20_00)
  t.match(await approve(id), { state: 'approved' })
  t.match(await standing(), [owed, committed + 20_00])
  t.match(await ok(completeBatch(office, id)), { state: 'booked' })
  t.match(await standing(), [owed + 20_00, committed])
  const further = csv('further.csv', 'employee,amount,fund', '1,21,further')
  const { id: next } = await ok(loadList(office, OLA, { employer: 'ACME', file: further }))
  t.same(await ok(listFindings(office, OLA, { id: next })), [], 'it is sold from the booking on')
  await ok(proposeBatch(office, OLA, { id: next, reason: 'test', accept: [] }))
  t.match(await decideBatch(office, { ...JAN, rights }, { id: next, approve: true, reason: '' }), {
    refused: 'credit_exceeded',
  })
})
