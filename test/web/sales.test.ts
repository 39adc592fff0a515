import t from 'tap'
import { timerKey } from '../../src/core/key.ts'
import { ownRequest } from '../../src/core/own-request.ts'
import type { Request } from '../../src/core/request.ts'
import { openConnection } from '../../src/db/access.ts'
import { once, PLN, type Shop, webSetting } from './api-setting.ts'

/* Virtual cards sold over HTTP (docs/spec/web.md, section 5). */

// The test submits engine requests directly behind a shop's request: the engine takes both in one batch, in this order.
let behind: (asked: Request) => Request | null = () => null
const web = await webSetting(t, {}, (office) => ({
  ...office,
  async submit(asked) {
    const answer = office.submit(asked)
    const next = behind(asked)
    behind = () => null
    if (next === null) return answer
    t.equal((await office.submit(next)).result, 'approved')
    return answer
  },
}))
const shop = await web.shop('SELLER')
const sale = { issue: 'ECARD', amount: PLN(50_00), orderId: 'S-1' }

type Sold = { readonly id: string; readonly card: { readonly number: string; readonly ecode: string } }
const sell = async (by: Shop, headers = once(), input: object = sale): Promise<Sold> => {
  const answer = await by.call('POST', '/sales', input, headers)
  t.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body as unknown as Sold
}
const rows = async (sql: string): Promise<unknown[][]> => {
  const connection = await openConnection(web.office.db.access, { multipleStatements: false })
  const [found] = await connection.query({ sql, rowsAsArray: true })
  await connection.end()
  return found as unknown[][]
}

void t.test('number and eCode are shown until the shop confirms that they came, never afterwards', async (t) => {
  const headers = once()
  const sold = await sell(shop, headers)
  t.match(sold, {
    id: /^sal_/,
    status: 'unconfirmed',
    card: { number: /^629912\d{10}$/, ecode: /^\w{4}-/, barcode: sold.card.number, issue: { code: 'ECARD' } },
  })
  t.same(await sell(shop, headers), sold, 'a lost answer loses no card')
  t.notOk(
    'number' in ((await shop.call('GET', `/sales/${sold.id}`)).body['card'] as unknown as object),
    'no GET shows it',
  )
  const asked = await shop.call('GET', `/requests/${headers['idempotency-key']}`)
  t.match(asked.body, { status: 201, body: { id: sold.id } })
  for (const secret of [sold.card.number, sold.card.ecode]) t.notMatch(JSON.stringify(asked.body), secret)
  const card = { number: sold.card.number, ecode: sold.card.ecode }
  const early = await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, once())
  t.match([early.status, early.body], [402, { code: 'insufficient_funds' }])
  t.match((await shop.call('POST', `/sales/${sold.id}/confirm`, {})).body, { status: 'confirmed' })
  const late = await shop.call('POST', '/sales', sale, headers)
  t.match([late.status, late.headers['idempotent-replayed']], [201, 'true'])
  t.notMatch(JSON.stringify(late.body), card.number)
  t.notMatch(JSON.stringify(late.body), card.ecode)
  t.equal((await shop.call('POST', '/payments', { card, amount: PLN(50_00), confirm: true }, once())).status, 201)
  t.match((await shop.call('POST', `/sales/${sold.id}/cancel`, {}, once())).body, { code: 'spent' })
  t.same(await rows('SELECT COUNT(*) FROM web_sales WHERE seed IS NOT NULL'), [[0]], 'the seed is destroyed')
})

/** The confirm timer takes it back. */
const timedOut = ({ id, key }: Request): Request =>
  ownRequest({
    id: web.office.nextId(),
    spareId: web.office.nextId(),
    key: timerKey(id),
    by: 'timer',
    requester: { channel: 'job', who: 'confirm-timer' },
    at: web.clock.now,
    day: new Date(web.clock.now).toISOString().slice(0, 10),
    processingCode: '',
    amount: null,
    currency: null,
    trace: 'timer',
    ask: { act: 'reversal', by: 'timer', original: key, amount: null, presented: null },
  })

void t.test(
  'what is answered before the timer takes the sale back shows number and eCode, then it is reversed',
  async (t) => {
    const repeated = once()
    const sold = await sell(shop, repeated)
    behind = timedOut
    t.same(await sell(shop, repeated), sold, 'a repeat, with the reversal in its batch')

    const fresh = once()
    behind = timedOut
    t.match((await sell(shop, fresh)).card, { number: /^629912/, ecode: /^\w{4}-/ }, 'the sale itself')

    for (const headers of [repeated, fresh]) {
      const late = await shop.call('POST', '/sales', sale, headers)
      t.match([late.status, late.body], [409, { code: 'reversed' }])
    }
  },
)

void t.test('a sale that is undone closes the card for good', async (t) => {
  const sold = await sell(shop)
  t.match((await shop.call('POST', `/sales/${sold.id}/cancel`, {}, once())).body, { status: 'cancelled' })
  const card = { number: sold.card.number, ecode: sold.card.ecode }
  t.match((await shop.call('POST', '/balance', { card })).body, { code: 'card_not_recognised' })
  const paid = await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, once())
  t.match([paid.status, paid.body], [402, { code: 'card_not_recognised' }], 'nor can anybody pay with it')
  const key = once()
  const reversed = await sell(shop, key)
  t.same((await shop.call('POST', '/reversals', { idempotencyKey: key['idempotency-key'] })).body, {
    result: 'reversed',
  })
  t.match((await shop.call('POST', '/sales', sale, key)).body, { code: 'reversed' })
  const states = await rows(
    `SELECT state FROM cards WHERE last_four IN ('${card.number.slice(-4)}', '${reversed.card.number.slice(-4)}') AND first_six = '629912'`,
  )
  t.same(states, [['closed'], ['closed']])
})

void t.test('many at once get different cards, one key one card, twenty open at the most', async (t) => {
  const busy = await web.shop('BUSY')
  const sold = await Promise.all(Array.from({ length: 18 }, () => sell(busy)))
  t.equal(new Set(sold.map(({ card }) => card.number)).size, 18)
  const headers = once()
  const [first, second] = await Promise.all([sell(busy, headers), sell(busy, headers)])
  t.same(first, second)
  await sell(busy)
  const over = await busy.call('POST', '/sales', sale, once())
  t.match([over.status, over.body], [402, { code: 'limit_exceeded' }])
  await busy.call('POST', `/sales/${first.id}/confirm`, {})
  await sell(busy)
})

void t.test('what cannot be sold', async (t) => {
  const refused = async (input: object, status: number, body: object) => {
    const answer = await shop.call('POST', '/sales', input, once())
    t.match([answer.status, answer.body], [status, body])
  }
  await refused({ issue: 'OPEN', amount: PLN(50_00) }, 400, { code: 'invalid_request', pointer: '/issue' })
  await refused({ issue: 'ECARD' }, 400, { pointer: '/amount' })
  await refused({ issue: 'ECARD', amount: { value: 1, currency: 'EUR' } }, 402, { code: 'not_permitted' })
  await refused({ issue: 'ECARD', amount: PLN(9_99) }, 402, {
    code: 'amount_invalid',
    minimum: 10_00,
    maximum: 500_00,
    step: 1,
  })
  await refused({ ...sale, confirmWithin: 901 }, 400, { pointer: '/confirmWithin' })
})

void t.test('where the issue has a nominal the amount may be left out', async (t) => {
  const setNominal = async (nominal: string) => {
    await rows(
      `UPDATE issues SET value_kind = ${nominal === 'NULL' ? "'open'" : "'nominal'"}, nominal = ${nominal} WHERE code = 'ECARD'`,
    )
    await rows('UPDATE registry_version SET version = version + 1')
    await web.office.refreshRegistry()
  }
  t.teardown(() => setNominal('NULL'))
  await setNominal('10000')
  const nominal = await web.shop('NOMINAL')
  const sold = await nominal.call('POST', '/sales', { issue: 'ECARD' }, once())
  t.match([sold.status, sold.body], [201, { amount: PLN(100_00) }])
  const other = await nominal.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, once())
  t.match([other.status, other.body], [402, { code: 'amount_invalid' }])
})

void t.test(
  'a refused sale keeps no card, and a key that is used again takes nothing from a sale that stands',
  async (t) => {
    const clumsy = await web.shop('CLUMSY')
    const held = async () =>
      (await rows(`SELECT COUNT(*) FROM web_sales WHERE shop_code = 'CLUMSY' AND held_card_id IS NOT NULL`))[0]?.[0]
    for (let i = 0; i < 25; i++) {
      const refused = await clumsy.call('POST', '/sales', { ...sale, amount: PLN(9_99) }, once())
      t.equal(refused.body['code'], 'amount_invalid')
    }
    t.equal(await held(), 0)
    const headers = once()
    const refused = await clumsy.call('POST', '/sales', { ...sale, amount: PLN(9_99) }, headers)
    const again = await clumsy.call('POST', '/sales', { ...sale, amount: PLN(9_99) }, headers)
    t.same(again.body, refused.body)
    t.equal(again.headers['idempotent-replayed'], 'true')
    const told = await clumsy.call('GET', `/requests/${headers['idempotency-key']}`)
    t.same(told.body['body'], refused.body, 'asked after, it is told word for word')
    const reused = await clumsy.call('POST', '/sales', sale, headers)
    t.equal(reused.body['code'], 'idempotency_key_reused')

    const mine = once()
    const sold = await sell(clumsy, mine)
    t.equal(
      (await clumsy.call('POST', '/sales', { ...sale, orderId: 'other' }, mine)).body['code'],
      'idempotency_key_reused',
    )
    t.same(await sell(clumsy, mine), sold, 'a key used for something else takes nothing from the sale that stands')
  },
)
