import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { NO_TOTAL, type Totals } from '../../src/core/totals.ts'
import { createEndOfDay } from '../../src/engine/end-of-day.ts'
import { engineSetting, STORE, type TestCard } from './engine-setting.ts'

const setting = await engineSetting(t)
const { access, connection, nextId, operation, request } = setting
const engine = setting.engine()
const endOfDay = createEndOfDay(access, engine.submit, nextId, async () => undefined, (error) => void t.error(error)) // prettier-ignore
t.teardown(async () => {
  await endOfDay.stop()
  await engine.stop()
})

const TILL = 'DAYS0001'
await connection.query(
  "INSERT INTO terminals (code, store_code, confirmation, mac, state) VALUES (?, ?, 'none', 'none', 'active')",
  [TILL, STORE],
)
let stan = 0
const on = (day: string, asked: Request): Request => ({ ...asked, today: day, businessDate: day })
const about = (kind: number) => ({ kind, terminal: TILL, stan: ++stan, confirmation: 'none' as const })
const dayEnd = (today: string): Request =>
  on(today, request({ act: 'refused', result: 'approved', role: 'informs' }, about(KIND.dayEnd)))
const sale = async (card: TestCard, businessDate: string): Promise<void> => {
  const asked = request(operation('sale', card, 10_000), about(KIND.financial))
  const { result } = await engine.submit({ ...asked, today: '2026-11-22', businessDate })
  t.equal(result, 'approved')
}
const opened = async (): Promise<unknown> => {
  const [rows] = await connection.query(
    'SELECT DATE_FORMAT(business_date, "%Y-%m-%d") AS day FROM terminals WHERE code = ?',
    [TILL],
  )
  return (rows as { day: string | null }[])[0]?.day
}
const credits = (number: number): Totals => ({
  credits: { number, amount: number * 10_000 },
  reversedCredits: NO_TOTAL,
  debits: NO_TOTAL,
  reversedDebits: NO_TOTAL,
})
const claims = (number: number) => ({ totals: credits(number), net: number * 10_000 })

t.test('a business day is at most one day after the calendar’s, however many ends of day come', async (t) => {
  const cards = await setting.newCards(4)
  const [one, two, three, four] = cards
  if (one === undefined || two === undefined || three === undefined || four === undefined) return
  await sale(one, '2026-11-22')
  t.match(await endOfDay.close(dayEnd('2026-11-22'), claims(1)), { result: 'approved', totals: credits(1) })
  t.equal(await opened(), '2026-11-23')
  await sale(two, '2026-11-23')

  const further = dayEnd('2026-11-22')
  t.match(
    await endOfDay.close(further, claims(1)),
    { result: 'approved', totals: credits(1) },
    'of the open day so far',
  )
  t.equal(await opened(), '2026-11-23', 'closes nothing')
  await sale(three, '2026-11-23')
  t.match(await endOfDay.close(further, claims(1)), { result: 'approved', totals: credits(1) }, 'repeated: as it was')
  t.match(await endOfDay.close(dayEnd('2026-11-22'), claims(1)), { result: 'totals_differ', totals: credits(2) })
  const [claimed] = await connection.query(
    `SELECT claimed_credits AS credits, claimed_credits_amount AS amount, claimed_net AS net, agreed FROM day_ends ORDER BY id DESC LIMIT 1`,
  )
  t.match(claimed, [{ credits: 1, amount: 10_000, net: 10_000, agreed: 0 }], 'what the till said is kept')
  const most = { number: 9_999_999_999, amount: 10 ** 16 }
  const all = { credits: most, reversedCredits: most, debits: most, reversedDebits: most }
  t.match(
    await endOfDay.close(dayEnd('2026-11-22'), { totals: all, net: most.amount }),
    { result: 'totals_differ' },
    'sixteen nines are read as 10 to the 16th: answered, though that is no number that can be kept',
  )
  const many = { number: 9_999_999_999, amount: 1 }
  const often = { credits: many, reversedCredits: many, debits: many, reversedDebits: many }
  t.match(await endOfDay.close(dayEnd('2026-11-22'), { totals: often, net: 0 }), { result: 'totals_differ' })
  for (let i = 0; i < 5; i++) await endOfDay.close(dayEnd('2026-11-22'), null)
  t.equal(await opened(), '2026-11-23')
  t.match(
    await endOfDay.close(dayEnd('2026-11-23'), claims(2)),
    { result: 'approved', totals: credits(2) },
    'the next day',
  )
  t.equal(await opened(), '2026-11-24')
  t.match(await endOfDay.close(dayEnd('2026-11-26'), claims(0)), { result: 'approved' }, 'after days without any')
  t.equal(await opened(), '2026-11-27')
})

t.test('a terminal whose day was moved years ahead comes back', async (t) => {
  await connection.query("UPDATE terminals SET business_date = '2028-03-01' WHERE code = ?", [TILL])
  await endOfDay.close(dayEnd('2026-11-26'), null)
  t.equal(await opened(), '2026-11-27')
})
