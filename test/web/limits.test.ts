import t from 'tap'
import { changeShop } from '../../src/office/shops.ts'
import { ok, person } from '../office/test-office.ts'
import { once, PLN, webSetting } from './api-setting.ts'

/** The bounds of a stolen key: limits of a shop for loads and for money back to cards (docs/spec/abuse.md, 13). */

const web = await webSetting(t)
const limits = { loadsAnHour: 50_00, loadsADay: 80_00, returnsAnHour: 30_00, returnsADay: 60_00 }
const limited = async (code: string) => {
  const shop = await web.shop(code)
  await ok(changeShop(web.office, person('anna'), { code, change: { limits } }))
  return shop
}
const HOUR = 3_600_000

void t.test('loads: by the hour and by the day; a repeat and a refused one do not count', async (t) => {
  const shop = await limited('LOADS')
  const card = web.card()
  const load = (value: number, headers = once()) =>
    shop.call('POST', '/top-ups', { card, amount: PLN(value), confirm: true }, headers)
  const first = once()
  t.equal((await load(30_00, first)).status, 201)
  t.equal((await load(30_00, first)).headers['idempotent-replayed'], 'true')
  t.match((await load(9_99)).body, { code: 'amount_invalid' })
  const late = once()
  const over = await load(20_01, late)
  t.match([over.status, over.body], [402, { code: 'limit_exceeded' }])
  t.equal((await load(20_00)).status, 201, 'exactly the limit')
  web.clock.now += HOUR + 1
  t.equal((await load(20_01, late)).status, 201, 'a key that was over may come again')
  t.match((await load(10_00)).body, { code: 'limit_exceeded' }, '80.01 on the day')
  web.clock.now += 24 * HOUR
  t.equal((await load(50_00)).status, 201)
})

void t.test('money back to cards: refunds and cancelled payments', async (t) => {
  const shop = await limited('RETURNS')
  const card = web.card()
  const pay = async (value: number): Promise<string> => {
    const { body } = await shop.call('POST', '/payments', { card, amount: PLN(value), confirm: true }, once())
    return String(body['id'])
  }
  const [first, second] = [await pay(40_00), await pay(20_00)]
  t.equal((await shop.call('POST', `/payments/${first}/refunds`, { amount: PLN(15_00) }, once())).status, 201)
  t.match((await shop.call('POST', `/payments/${second}/cancel`, {}, once())).body, { code: 'limit_exceeded' })
  t.match((await shop.call('POST', `/payments/${first}/refunds`, { amount: PLN(30_00) }, once())).body, {
    code: 'limit_exceeded',
  })
  t.equal((await shop.call('POST', `/payments/${first}/refunds`, { amount: PLN(15_00) }, once())).status, 201)
})

void t.test('concurrent requests do not pass a limit together', async (t) => {
  const shop = await limited('ATONCE')
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      shop.call('POST', '/top-ups', { card: web.card(), amount: PLN(10_00), confirm: true }, once()),
    ),
  )
  t.equal(answers.filter(({ status }) => status === 201).length, 5)
  const sale = await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(10_00) }, once())
  t.match(sale.body, { code: 'limit_exceeded' }, 'a sale is a load')
})
