import t from 'tap'
import { KIND } from '../../../src/core/key.ts'
import { bookBatch } from '../../../src/office/welfare/booking.ts'
import { decideBatch } from '../../../src/office/welfare/decide-batch.ts'
import { loadList } from '../../../src/office/welfare/load-list.ts'
import { proposeBatch } from '../../../src/office/welfare/propose.ts'
import { numberOf } from '../../engine/engine-setting.ts'
import { ok } from '../test-office.ts'
import { csv, JAN, OLA, welfareSetting } from './welfare-setting.ts'

const world = await welfareSetting(t)
const { office, setting } = world

t.test('what is staged goes along with a duplicate, and comes back where that is reversed', async (t) => {
  const [stays, goesBack] = await world.employees(2)
  const [one, two] = await world.unsoldCards(2)
  if (stays === undefined || goesBack === undefined || one === undefined || two === undefined) return
  const { id } = await ok(
    loadList(office, OLA, { employer: 'ACME', file: csv('list.csv', 'employee,amount', '1,50', '2,60') }),
  )
  await ok(proposeBatch(office, OLA, { id, reason: 'test', accept: [] }))
  await ok(decideBatch(office, JAN, { id, approve: true, reason: '' }))
  const duplicate = async (stan: number, card: typeof stays, fresh: typeof stays) => {
    const ask = setting.operation('duplicate', card, 0, { amount: null, successor: numberOf(fresh) })
    const about = { kind: KIND.financial, terminal: 'DESK', stan, confirmation: 'explicit' } as const
    return office.submit(setting.request(ask, about))
  }
  const staged = async () =>
    (await world.rows('SELECT staged FROM cards WHERE id IN (?) ORDER BY id', [[stays.id, goesBack.id, one.id, two.id]])).map((row) => Number(row['staged'])) // prettier-ignore
  await bookBatch(office, id, async ({ step }) => {
    if (step !== 'staged') return
    t.same(await staged(), [5_000, 6_000, 0, 0])
    t.equal((await duplicate(1, stays, one)).result, 'approved')
    const { row } = await duplicate(2, goesBack, two)
    t.same(await staged(), [0, 0, 5_000, 6_000])
    if (row === null) return
    t.equal((await office.submit(setting.timer(row))).result, 'approved')
    t.same(await staged(), [0, 6_000, 5_000, 0])
  })
  t.same(await world.balances([stays, goesBack, one, two]), [0, 16_000, 15_000, 0])
  t.equal(await world.pay(one, 5_000), 'approved', 'the duplicate has the load at once')
  t.equal(await world.pay(goesBack, 16_000), 'approved')
  t.same(await staged(), [0, 0, 0, 0])
  t.same(await world.verified(), [])
})
