import { EventEmitter, once } from 'node:events'
import t from 'tap'
import { openBackgroundEngine } from '../../../src/app/background-engine.ts'
import { applyStagedRequest } from '../../../src/core/own-request.ts'
import { applyBooked } from '../../../src/office/welfare/apply-booked.ts'
import { startWelfare } from '../../../src/jobs/welfare.ts'
import { bookBatch, completeBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { clustered } from '../../db/clustered.ts'
import { ok } from '../test-office.ts'
import { killedBooking, killSetting } from './booking-kills.ts'
import { csv, JAN, OLA, welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
await world.changeOpen('maximum_balance = 1000000000')
const cards = await killSetting(world)

t.test('killed at every named step, and in the middle of a lot', async (t) => {
  await killedBooking(t, world, cards, 1, ['opened', 'staged 1', 50, 'booked'])
  await killedBooking(t, world, cards, 2, ['staged 2', 130, 'never'])
})

t.test('by the engine of the jobs, in its thread, as a server of a cluster does it', async (t) => {
  const { office } = world
  const troubles: unknown[] = []
  const background = openBackgroundEngine({
    access: clustered(world.setting.access),
    traffic: null,
    timeZone: office.timeZone,
    clock: office.clock,
    issues: () => office.registry().issues,
    trouble: (_what, error) => troubles.push(error),
  })
  const bulk = { ...office, submit: background.submit }
  const some = cards.slice(0, 40)
  const lines = some.map((_, i) => `${i + 1},${30 + i}`)
  const { id } = await ok(
    loadList(office, OLA, { employer: 'ACME', file: csv('thread.csv', 'employee,amount', ...lines) }),
  )
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  const before = await world.balances(some)
  const halt = new AbortController()
  const halted = background.book(id, halt.signal)
  halt.abort()
  t.equal(await halted, false, 'a stop ends it between two lots')
  t.match(await world.rows('SELECT state FROM welfare_batches WHERE id = ?', [id]), [{ state: 'approved' }])
  t.equal(await background.book(id, new AbortController().signal), true)
  t.equal((await ok(completeBatch(bulk, id))).state, 'booked')
  const after = before.map((balance, i) => balance + (30 + i) * 100)
  t.same(await world.balances(some), after)
  await applyBooked(
    bulk,
    some.map((card) => card.id),
  )
  const ledgers = await world.rows('SELECT ledger FROM cards WHERE id IN (?) ORDER BY id', [
    some.map((card) => card.id),
  ])
  t.same(
    ledgers.map(({ ledger }) => Number(ledger)),
    after,
    'and put on the cards',
  )
  const [card = { id: 0, numberHash: '' }] = some
  const { result, row } = await background.submit(world.request('payment', card, 7))
  t.match({ result, row }, { result: 'approved', row: { transfer: { amount: 7 } } }, 'an answer comes over as it is')
  await background.stop()
  t.match(await background.submit(applyStagedRequest(1, 1, 0)), { result: 'overloaded' }, 'nothing is begun any more')
  t.same(troubles, [])
  t.same(await world.verified(), [])
})

t.test('an engine that fails at a batch ends it with an error, and holds up no other batch', async (t) => {
  const { office } = world
  const approved = async (name: string): Promise<number> => {
    const file = csv(`${name}.csv`, 'employee,amount', `1,${name}`)
    const { id } = await ok(loadList(office, OLA, { employer: 'ACME', file }))
    await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
    await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
    return id
  }
  const [bad, good] = [await approved('71'), await approved('72')]
  const failing = { ...office, submit: async () => ({ result: 'malfunction', row: null, forwarding: null }) as const }
  const told = new EventEmitter()
  const seen = once(told, 'trouble')
  const job = startWelfare(office, {
    book: (id) => bookBatch(id === bad ? failing : office, id),
    trouble: (error) => told.emit('trouble', error),
  })
  const [trouble] = (await seen) as [unknown]
  t.match(String(trouble), new RegExp(`^Error: welfare batch ${bad}: the engine fails from row 2 on`, 'u'))
  t.equal((await ok(completeBatch(office, good))).state, 'booked')
  await job.stop()
  t.match(await world.rows('SELECT state FROM welfare_batches WHERE id = ?', [bad]), [{ state: 'approved' }])
  t.equal((await ok(completeBatch(office, bad))).state, 'booked', 'it goes on once the engine does')
  t.same(await world.verified(), [])
})
