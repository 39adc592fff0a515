import t from 'tap'
import { once, PLN, webSetting } from './api-setting.ts'

/* Payments, refunds, top-ups and their undoings over HTTP (docs/spec/web.md, sections 4 and 5). */

const web = await webSetting(t)
const shop = await web.shop('WEB')
const other = await web.shop('OTHER')

void t.test('a payment is taken, confirmed, refunded in parts', async (t) => {
  const card = web.card()
  const headers = once()
  const input = { card, amount: PLN(50_00), orderId: 'A-1' }
  const paid = await shop.call('POST', '/payments', input, headers)
  t.equal(paid.status, 201)
  t.match(paid.body, {
    id: /^pay_/,
    status: 'unconfirmed',
    amount: PLN(50_00),
    amountAsked: PLN(50_00),
    refunded: PLN(0),
    orderId: 'A-1',
    card: { last4: card.number.slice(-4), issue: { code: 'OPEN' } },
    balance: { ledger: 100_00, available: 100_00, currency: 'PLN' },
    approvalCode: /^\w{6}$/,
  })
  const { id, confirmBy, createdAt } = paid.body as unknown as { id: string; confirmBy: string; createdAt: string }
  t.equal(Date.parse(confirmBy) - Date.parse(createdAt), 900_000)

  const again = await shop.call('POST', '/payments', { orderId: 'A-1', amount: PLN(50_00), card }, headers)
  t.same(again.body, paid.body, 'the same body, whatever the order of members')
  t.equal(again.headers['idempotent-replayed'], 'true')
  const reused = await shop.call('POST', '/payments', { ...input, amount: PLN(51_00) }, headers)
  t.match([reused.status, reused.body], [422, { code: 'idempotency_key_reused' }])
  t.equal((await shop.call('POST', '/payments', { ...input, card: web.card() }, headers)).status, 422, 'another card')
  const wrongEcode = await shop.call('POST', '/payments', { ...input, card: { ...card, ecode: 'wrong' } }, headers)
  t.equal(wrongEcode.status, 201, 'in a replay the eCode is not checked again')

  const early = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(1_00) }, once())
  t.match([early.status, early.body], [409, { code: 'not_confirmed' }])
  const confirmed = await shop.call('POST', `/payments/${id}/confirm`, {})
  t.match([confirmed.status, confirmed.body], [200, { status: 'confirmed', balance: null, confirmBy: null }])
  const bare = { 'content-type': 'application/json' }
  t.equal((await shop.call('POST', `/payments/${id}/confirm`, undefined, bare)).status, 200, 'a type, and no body')

  const refunded = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(20_00), orderId: 'R-1' }, once())
  t.match(
    [refunded.status, refunded.body],
    [201, { id: /^ref_/, payment: id, status: 'confirmed', amount: PLN(20_00) }],
  )
  const tooMuch = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(30_01) }, once())
  t.match([tooMuch.status, tooMuch.body], [409, { code: 'refund_exceeds_payment', responseCode: '64' }])
  t.notOk('balance' in tooMuch.body, 'nobody presented the card')
  const spent = await shop.call('POST', `/payments/${id}/cancel`, {}, once())
  t.match([spent.status, spent.body], [409, { code: 'spent' }])
  t.notOk('balance' in spent.body)
  const now = await shop.call('GET', `/payments/${id}`)
  t.match(now.body, { status: 'confirmed', refunded: PLN(20_00), balance: null })
  t.match((await other.call('GET', `/payments/${id}`)).body, { code: 'not_found' })
})

void t.test('a confirmation for less gives the rest back; a cancellation what is left', async (t) => {
  const card = web.card()
  const { body } = await shop.call('POST', '/payments', { card, amount: PLN(50_00) }, once())
  const id = String(body['id'])
  const tooMuch = await shop.call('POST', `/payments/${id}/confirm`, { amount: PLN(50_01) })
  t.match([tooMuch.status, tooMuch.body], [400, { code: 'invalid_request', pointer: '/amount/value' }])
  const less = await shop.call('POST', `/payments/${id}/confirm`, { amount: PLN(30_00) })
  t.match([less.status, less.body], [200, { status: 'confirmed', refunded: PLN(20_00) }])
  t.equal((await shop.call('POST', `/payments/${id}/confirm`, { amount: PLN(30_00) })).status, 200)
  const another = await shop.call('POST', `/payments/${id}/confirm`, { amount: PLN(20_00) })
  t.match([another.status, another.body], [409, { code: 'already_undone' }])
  const headers = once()
  const cancelled = await shop.call('POST', `/payments/${id}/cancel`, {}, headers)
  t.match([cancelled.status, cancelled.body], [200, { status: 'cancelled' }])
  t.same((await shop.call('POST', `/payments/${id}/cancel`, {}, headers)).body, cancelled.body)
  const twice = await shop.call('POST', `/payments/${id}/cancel`, {}, once())
  t.match([twice.status, twice.body], [409, { code: 'already_undone', responseCode: '21', reason: 'DONE' }])
  const late = await shop.call('POST', `/payments/${id}/confirm`)
  t.match([late.status, late.body], [409, { code: 'already_undone', responseCode: '21', reason: 'DONE' }], 'no body')
  t.match((await shop.call('POST', '/balance', { card })).body, { balance: { ledger: 150_00, available: 150_00 } })
})

void t.test('declines say why, and their repeat says it again', async (t) => {
  const card = web.card()
  const rows: [object, number, object][] = [
    [{ amount: PLN(150_01) }, 402, { code: 'insufficient_funds', responseCode: '51', balance: { available: 150_00 } }],
    [{ amount: { value: 1, currency: 'EUR' } }, 402, { code: 'not_permitted', responseCode: '57' }],
    [{ amount: { value: 1, currency: 'XXX' } }, 400, { code: 'invalid_request', pointer: '/amount/currency' }],
    [{ card: { ...card, ecode: 'WRONG' }, amount: PLN(1) }, 402, { code: 'card_not_recognised' }],
    [{ card: { number: '6299100000000001', ecode: 'WRONG' }, amount: PLN(1) }, 402, { code: 'card_not_recognised' }],
    [{ amount: PLN(1), orderId: 'card 6299 1000-0000 0047' }, 400, { code: 'invalid_request', pointer: '/orderId' }],
    [{ card: { number: 'x', ecode: 'WRONG' }, amount: PLN(1) }, 402, { code: 'card_not_recognised' }],
  ]
  for (const [input, status, body] of rows) {
    const headers = once()
    const answer = await shop.call('POST', '/payments', { card, ...input }, headers)
    t.match([answer.status, answer.body], [status, body])
    if (status !== 402) continue
    const again = await shop.call('POST', '/payments', { card, ...input }, headers)
    t.same(again.body, answer.body, 'its request id too')
    t.equal(again.headers['idempotent-replayed'], 'true')
  }
  const partly = await shop.call(
    'POST',
    '/payments',
    { card, amount: PLN(200_00), partial: true, confirm: true },
    once(),
  )
  t.match(
    [partly.status, partly.body],
    [201, { status: 'confirmed', amount: PLN(150_00), amountAsked: PLN(200_00), confirmBy: null }],
  )
})

void t.test('a shop reverses a request with an unknown outcome', async (t) => {
  const card = web.card()
  const reverse = async (key: string) => (await shop.call('POST', '/reversals', { idempotencyKey: key })).body
  t.same(await reverse('unseen'), { result: 'nothing_to_reverse' })
  const late = await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, { 'idempotency-key': 'unseen' })
  t.match([late.status, late.body], [409, { code: 'reversed', responseCode: '21' }])
  t.equal((await shop.call('GET', '/requests/unseen')).status, 404, 'never booked')

  const key = once()
  const paid = await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, key)
  t.match((await shop.call('GET', `/requests/${key['idempotency-key']}`)).body, {
    method: 'POST',
    path: '/payments',
    status: 201,
    body: paid.body,
  })
  t.same(await reverse(key['idempotency-key']), { result: 'reversed' })
  t.same(await reverse(key['idempotency-key']), { result: 'reversed' })
  t.match((await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, key)).body, { code: 'reversed' })
  t.match((await shop.call('GET', `/requests/${key['idempotency-key']}`)).body, {
    status: 409,
    body: { code: 'reversed' },
  })
  t.match((await shop.call('GET', `/payments/${String(paid.body['id'])}`)).body, { status: 'reversed' })

  const guessed = await shop.call('POST', '/payments', { card: { ...card, ecode: 'WRONG' }, amount: PLN(1_00) }, key)
  t.match([guessed.status, guessed.body], [409, { code: 'reversed' }])
  t.notOk('balance' in guessed.body, 'a wrong eCode is shown no balance, though a repeat is not asked for it')
  const undo = once()
  const declined = await shop.call('POST', `/payments/${String(paid.body['id'])}/cancel`, {}, undo)
  t.match([declined.status, declined.body], [409, { code: 'reversed' }])
  const again = await shop.call('POST', `/payments/${String(paid.body['id'])}/cancel`, {}, undo)
  t.same(again.body, declined.body, 'that a cancellation came too late is said again as it was')
  t.equal(again.headers['idempotent-replayed'], 'true')

  const final = once()
  await shop.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true }, final)
  t.same(await reverse(final['idempotency-key']), { result: 'reversed' })
  const old = once()
  await shop.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true }, old)
  web.clock.now += 16 * 60_000
  t.same(await reverse(old['idempotency-key']), { result: 'case' })
  t.match((await shop.call('POST', '/balance', { card })).body, { balance: { available: 149_00 } })
  t.same(
    await other.call('POST', '/reversals', { idempotencyKey: old['idempotency-key'] }).then(({ body }) => body),
    {
      result: 'nothing_to_reverse',
    },
    'another shop has keys of its own',
  )
})

void t.test('a top-up can be spent once it is confirmed', async (t) => {
  const card = web.card()
  const headers = once()
  const loaded = await shop.call('POST', '/top-ups', { card, amount: PLN(20_00) }, headers)
  t.match(
    [loaded.status, loaded.body],
    [201, { id: /^top_/, status: 'unconfirmed', balance: { ledger: 170_00, available: 150_00 } }],
  )
  t.notOk('amountAsked' in loaded.body)
  const id = String(loaded.body['id'])
  t.match((await shop.call('POST', `/top-ups/${id}/confirm`, {})).body, { status: 'confirmed' })
  t.match((await shop.call('POST', `/top-ups/${id}/cancel`, {}, once())).body, { status: 'cancelled' })
  const small = await shop.call('POST', '/top-ups', { card, amount: PLN(9_99) }, once())
  t.match(
    [small.status, small.body],
    [402, { code: 'amount_invalid', reason: 'MIN', minimum: 10_00, maximum: 1_000_00, step: 1 }],
  )
  const much = await shop.call('POST', '/top-ups', { card, amount: PLN(1_000_00), confirm: true }, once())
  t.equal(much.status, 201)
  const over = await shop.call('POST', '/top-ups', { card, amount: PLN(1_000_00) }, once())
  t.match([over.status, over.body], [402, { code: 'limit_exceeded', responseCode: '61' }])
})

void t.test('lists are paged, by order and status', async (t) => {
  const listing = await web.shop('LIST')
  const card = web.card()
  for (const orderId of ['L-1', 'L-2', 'L-2', 'L-3']) {
    await listing.call('POST', '/payments', { card, amount: PLN(1_00), orderId, confirm: orderId === 'L-3' }, once())
  }
  const first = await listing.call('GET', '/payments?limit=3')
  const { items, next } = first.body as unknown as { items: { orderId: string }[]; next: string }
  t.same(
    items.map(({ orderId }) => orderId),
    ['L-3', 'L-2', 'L-2'],
  )
  const second = await listing.call('GET', `/payments?limit=3&cursor=${next}`)
  t.match(second.body, { items: [{ orderId: 'L-1' }], next: null })
  t.match((await listing.call('GET', '/payments?orderId=L-2')).body, { items: { length: 2 } })
  t.match((await listing.call('GET', '/payments?status=confirmed')).body, { items: [{ orderId: 'L-3' }] })
  for (const query of ['limit=0', 'limit=101', 'cursor=x', 'status=x', 'orderId=', 'orderId=%C5%BB', 'other=1']) {
    t.equal((await listing.call('GET', `/payments?${query}`)).status, 400, query)
  }
})

void t.test('undoing a final request needs the scope for it', async (t) => {
  const card = web.card()
  const payer = await web.keyOf('WEB', ['payments'])
  const refunder = await web.keyOf('WEB', ['refunds'])
  const key = once()
  const { body } = await payer.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true }, key)
  const id = String(body['id'])
  t.match((await payer.call('POST', `/payments/${id}/cancel`, {}, once())).body, {
    code: 'scope_missing',
    scope: 'refunds',
  })
  t.same((await payer.call('POST', '/reversals', { idempotencyKey: key['idempotency-key'] })).body, { result: 'case' })
  t.equal((await refunder.call('GET', `/requests/${key['idempotency-key']}`)).status, 404, 'not of its scopes')
  t.match((await refunder.call('POST', `/payments/${id}/cancel`, {}, once())).body, { status: 'cancelled' })
  t.match((await refunder.call('POST', '/payments', { card, amount: PLN(1) }, once())).body, { code: 'scope_missing' })

  const loader = await web.keyOf('WEB', ['top-ups'])
  const loaded = await loader.call('POST', '/top-ups', { card, amount: PLN(20_00), confirm: true }, once())
  const undo = once()
  await loader.call('POST', `/top-ups/${String(loaded.body['id'])}/cancel`, {}, undo)
  const asked = await loader.call('GET', `/requests/${undo['idempotency-key']}`)
  t.match([asked.status, asked.body], [200, { status: 200, body: { status: 'cancelled' } }], 'its own cancellation')
  t.equal((await payer.call('GET', `/requests/${undo['idempotency-key']}`)).status, 404)
})
