import t from 'tap'
import { gzipSync } from 'node:zlib'
import { openConnection } from '../../src/db/access.ts'
import { addApiKey, revokeApiKey } from '../../src/office/shops.ts'
import { MAY_BE_SILENT } from '../database.ts'
import { ok, person } from '../office/test-office.ts'
import { once, openWeb, PLN, webSetting } from './api-setting.ts'

/* Sentences of docs/spec/abuse.md (12 to 22) and docs/spec/web.md that hold for no single endpoint, played one by one. */

const web = await webSetting(t)
const EUR = (value: number) => ({ value, currency: 'EUR' })
const idOf = ({ body }: { body: object }): string => String((body as { id?: unknown }).id)

void t.test('a key reverses only what its scopes could have made (12)', async (t) => {
  const shop = await web.shop('SCOPES')
  const sales = await web.keyOf('SCOPES', ['sales'])
  const key = once()
  const idempotencyKey = key['idempotency-key']
  const paid = await shop.call('POST', '/payments', { card: web.card(), amount: PLN(10_00) }, key)
  t.same((await sales.call('POST', '/reversals', { idempotencyKey })).body, { result: 'nothing_to_reverse' })
  t.match((await shop.call('GET', `/payments/${idOf(paid)}`)).body, { status: 'unconfirmed' }, 'and nothing was')
  t.same((await shop.call('POST', '/reversals', { idempotencyKey })).body, { result: 'reversed' })
})

void t.test('what is unconfirmed is cancelled by who could make it, and a repeat is told the same (12)', async (t) => {
  const shop = await web.shop('CANCELS')
  const [payments, refunds] = [await web.keyOf('CANCELS', ['payments']), await web.keyOf('CANCELS', ['refunds'])]
  const id = idOf(await shop.call('POST', '/payments', { card: web.card(), amount: PLN(10_00) }, once()))
  t.match((await refunds.call('POST', `/payments/${id}/cancel`, {}, once())).body, { scope: 'payments' })
  const key = once()
  t.equal((await payments.call('POST', `/payments/${id}/cancel`, {}, key)).status, 200)
  const again = await payments.call('POST', `/payments/${id}/cancel`, {}, key)
  t.match([again.status, again.headers['idempotent-replayed'], again.body], [200, 'true', { status: 'cancelled' }])
  const final = await shop.call('POST', '/payments', { card: web.card(), amount: PLN(10_00), confirm: true }, once())
  t.match((await payments.call('POST', `/payments/${idOf(final)}/cancel`, {}, once())).body, { scope: 'refunds' })
  t.equal((await refunds.call('POST', `/payments/${idOf(final)}/cancel`, {}, once())).status, 200)
})

void t.test('a balance is told only to the request that presented the card (21)', async (t) => {
  const shop = await web.shop('BALANCES')
  const card = web.card()
  const poor = await shop.call('POST', '/payments', { card, amount: PLN(999_00) }, once())
  t.match(poor.body, { code: 'insufficient_funds', balance: { available: 150_00 } })
  const paid = await shop.call('POST', '/payments', { card, amount: PLN(10_00), confirm: true }, once())
  const refunds = `/payments/${idOf(paid)}/refunds`
  const much = await shop.call('POST', refunds, { amount: PLN(10_01) }, once())
  t.equal(much.body['code'], 'refund_exceeds_payment')
  t.notOk('balance' in much.body)
  t.equal((await shop.call('POST', refunds, { amount: PLN(1_00) }, once())).status, 201)
  const spent = await shop.call('POST', `/payments/${idOf(paid)}/cancel`, {}, once())
  t.equal(spent.body['code'], 'spent')
  t.notOk('balance' in spent.body)
})

void t.test('another currency than the card’s is not permitted, one that is none is invalid (section 2)', async (t) => {
  const shop = await web.shop('MONEY')
  const card = web.card()
  const paid = idOf(await shop.call('POST', '/payments', { card, amount: PLN(10_00) }, once()))
  const rows = [
    ['/payments', { card }],
    ['/top-ups', { card }],
    ['/sales', { issue: 'ECARD' }],
    [`/payments/${paid}/confirm`, {}],
  ] as const
  for (const [path, body] of rows) {
    const other = await shop.call('POST', path, { ...body, amount: EUR(10_00) }, once())
    t.match([other.status, other.body], [402, { code: 'not_permitted' }], path)
    const none = await shop.call('POST', path, { ...body, amount: { value: 10_00, currency: 'XQX' } }, once())
    t.match([none.status, none.body], [400, { code: 'invalid_request', pointer: '/amount/currency' }], path)
  }
  t.equal((await shop.call('POST', `/payments/${paid}/confirm`, {})).status, 200)
  const refund = await shop.call('POST', `/payments/${paid}/refunds`, { amount: EUR(1_00) }, once())
  t.match([refund.status, refund.body], [402, { code: 'not_permitted' }])
})

void t.test('twenty sales wait for their confirmation, however many are asked for at once (13)', async (t) => {
  const shop = await web.shop('SALES')
  const sell = () => shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(10_00) }, once())
  const answers = await Promise.all(Array.from({ length: 30 }, sell))
  const count = (status: number) => answers.filter((one) => one.status === status).length
  t.same([count(201), count(402)], [20, 10])
  t.match((await sell()).body, { code: 'limit_exceeded' })
})

void t.test('a repeated refusal has the figures of the first time, even if the issue has changed', async (t) => {
  const shop = await web.shop('THEN')
  const connection = await openConnection(web.office.db.access, { multipleStatements: false })
  t.teardown(async () => connection.end())
  const setMinimum = async (minimum: number) => {
    await connection.query(`UPDATE issues SET top_up_minimum = ${minimum} WHERE code = 'OPEN'`)
    await connection.query('UPDATE registry_version SET version = version + 1')
    await web.office.refreshRegistry()
  }
  const [[row]] = (await connection.query("SELECT top_up_minimum FROM issues WHERE code = 'OPEN'")) as unknown as [
    [{ top_up_minimum: number }],
  ]
  const minimum = row.top_up_minimum
  t.teardown(() => setMinimum(minimum))
  const key = once()
  const input = { card: web.card(), amount: PLN(minimum - 1), confirm: true }
  const before = await shop.call('POST', '/top-ups', input, key)
  t.match([before.status, before.body], [402, { code: 'amount_invalid', minimum }])
  await setMinimum(minimum + 10_00)
  const again = await shop.call('POST', '/top-ups', input, key)
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.same(again.body, before.body)
  const found = await shop.call('GET', `/requests/${key['idempotency-key']}`)
  t.same(found.body['body'], before.body)
  t.match((await shop.call('POST', '/top-ups', input, once())).body, { minimum: minimum + 10_00 })
})

void t.test('a request that is being worked on is in progress, for those who could have made it', async (t) => {
  const shop = await web.shop('UNDERWAY')
  const sales = await web.keyOf('UNDERWAY', ['sales'])
  const card = web.card()
  const connection = await openConnection(web.office.db.access, { multipleStatements: false })
  t.teardown(async () => connection.end())
  const paid = await shop.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true }, once())
  await connection.query(MAY_BE_SILENT)
  await connection.query('START TRANSACTION')
  await connection.query(
    `SELECT c.id FROM cards c JOIN transactions t ON t.card_id = c.id WHERE t.rrn = '${String(paid.body['reference'])}' FOR UPDATE`,
  )
  const key = once()
  const path = `/requests/${key['idempotency-key']}`
  const asked = shop.call('POST', '/payments', { card, amount: PLN(2_00) }, key)
  for (;;) {
    const found = await shop.call('GET', path)
    if (found.status === 409) break
    t.equal(found.status, 404, 'not yet begun')
  }
  t.match((await shop.call('GET', path)).body, { code: 'in_progress' })
  t.match((await sales.call('GET', path)).body, { code: 'not_found' })
  await connection.query('COMMIT')
  t.equal((await asked).status, 201)
  t.match((await shop.call('GET', path)).body, { status: 201 })
})

void t.test('a publishable key is everybody’s: its budgets are those of the address (17)', async (t) => {
  await web.shop('PAGE')
  const origin = 'https://shop.example'
  const input = {
    shop: 'PAGE',
    name: 'page',
    kind: 'publishable',
    scopes: [],
    origins: [origin],
    networks: [],
  } as const
  const { key } = await ok(addApiKey(web.office, person('anna'), { ...input, expiresAt: null }))
  const guess = async (address: string) => {
    const answer = await web.app.inject({
      method: 'POST',
      url: '/api/v1/card-tokens',
      remoteAddress: address,
      headers: { host: '127.0.0.1', authorization: `Bearer ${key}`, origin },
      payload: { card: { number: '6299100000000047', ecode: 'AAAA-AAAA-AAAA-AAAA' } },
    })
    return answer.statusCode
  }
  const said = await web.app.inject({
    method: 'POST',
    url: '/api/v1/card-tokens',
    headers: { host: '127.0.0.1', authorization: `Bearer ${key}`, origin, 'akart-customer-address': '203.0.113.1' },
    payload: { card: web.card() },
  })
  t.equal(said.statusCode, 400, 'whose address it is, the connection says')
  const addresses = Array.from({ length: 61 }, (_, i) => `198.51.100.${i}`)
  t.same(new Set(await Promise.all(addresses.map(guess))), new Set([402]))
  t.equal(await guess('198.51.100.7'), 402, 'sixty wrong ones of others are not its own')
})

void t.test(
  'a preflight is answered for origins that a publishable key lists, and for no other (section 2)',
  async (t) => {
    const shop = await web.shop('CORS')
    const input = {
      shop: 'CORS',
      name: 'page',
      kind: 'publishable',
      scopes: [],
      networks: [],
      expiresAt: null,
    } as const
    const origins = ['https://cors.example', 'http://localhost:*']
    const { record } = await ok(addApiKey(web.office, person('anna'), { ...input, origins }))
    const preflight = async (origin: string | undefined, path = '/api/v1/card-tokens') => {
      const headers = { host: '127.0.0.1', ...(origin === undefined ? {} : { origin }) }
      const asks = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
      const answer = await web.app.inject({ method: 'OPTIONS', url: path, headers: { ...headers, ...asks } })
      return [answer.statusCode, answer.headers['access-control-allow-origin'] ?? null]
    }
    t.same(await preflight('https://cors.example'), [204, 'https://cors.example'])
    t.same(await preflight('http://localhost:5173'), [204, 'http://localhost:5173'])
    t.same(await preflight('https://evil.example'), [204, null])
    t.same(await preflight('https://cors.example.evil.example'), [204, null])
    t.same(await preflight('http://localhost:5173.evil.example'), [204, null])
    t.same(await preflight('null'), [204, null])
    t.same(await preflight(undefined), [204, null])
    t.same(await preflight('https://cors.example', '/api/v1/balance'), [405, null], 'that path alone')
    await ok(revokeApiKey(web.office, person('anna'), { id: record.id, reason: 'over' }))
    t.same(await preflight('https://cors.example'), [204, null], 'nor for a key that was revoked')
    t.notOk('access-control-allow-origin' in (await shop.call('GET', '/payments')).headers)
  },
)

void t.test('bodies are JSON in UTF-8, however they come (section 2)', async (t) => {
  const shop = await web.shop('BODIES')
  const card = web.card()
  const json = 'application/json'
  const text = JSON.stringify({ card })
  const rows: [string, Buffer | string, Readonly<Record<string, string>>, number, object][] = [
    ['its type in capitals', text, { 'content-type': 'APPLICATION/JSON; Charset=UTF-8' }, 200, {}],
    ['a mark of byte order', `\ufeff${text}`, { 'content-type': json }, 200, {}],
    [
      'a type beside JSON',
      text,
      { 'content-type': 'application/merge-patch+json' },
      415,
      { code: 'unsupported_media_type' },
    ],
    ['no type', Buffer.from(text), {}, 415, { code: 'unsupported_media_type' }],
    [
      'packed',
      gzipSync(text),
      { 'content-type': json, 'content-encoding': 'gzip' },
      415,
      { code: 'unsupported_media_type' },
    ],
    [
      'not UTF-8',
      Buffer.from(text.replace('ecode', 'ec\u00f6de'), 'latin1'),
      { 'content-type': json },
      400,
      { pointer: '' },
    ],
    ['two values', `${text}${text}`, { 'content-type': json }, 400, { pointer: '' }],
    ['a list', `[${text}]`, { 'content-type': json }, 400, { code: 'invalid_request', pointer: '' }],
    ['null', 'null', { 'content-type': json }, 400, { code: 'invalid_request', pointer: '' }],
    ['nothing', '', { 'content-type': json }, 400, { code: 'invalid_request', pointer: '/card' }],
  ]
  for (const [what, payload, headers, status, body] of rows) {
    const answer = await web.app.inject({
      method: 'POST',
      url: '/api/v1/balance',
      payload,
      headers: { host: '127.0.0.1', authorization: `Bearer ${shop.key}`, ...headers },
    })
    t.match([answer.statusCode, answer.json()], [status, body], what)
  }
  const bare = { 'content-type': json }
  const paid = idOf(await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, once()))
  t.match((await shop.call('POST', `/payments/${paid}/confirm`, undefined, bare)).body, { status: 'confirmed' })
  const made = idOf(await shop.call('POST', '/webhook-endpoints', { url: 'http://127.0.0.1:9/' }))
  t.equal((await shop.call('DELETE', `/webhook-endpoints/${made}`, undefined, bare)).status, 204)
  for (const limit of ['0x5', '1e1', '5.0', '+5', '%205', '']) {
    t.match((await shop.call('GET', `/payments?limit=${limit}`)).body, { code: 'invalid_request' }, `limit ${limit}`)
  }
})

void t.test('whoever is not known is told how to sign in; no card number stands in a key (21)', async (t) => {
  const shop = await web.shop('SIGNIN')
  const nobody = await shop.call('GET', '/payments', undefined, { authorization: 'Bearer akart_demo_x' })
  t.match([nobody.status, nobody.headers['www-authenticate']], [401, 'Bearer'])
  const reversed = await shop.call('POST', '/reversals', { idempotencyKey: `of-${web.card().number}` })
  t.match([reversed.status, reversed.body], [400, { code: 'invalid_request', pointer: '/idempotencyKey' }])
})

void t.test(
  'things of another shop do not exist, by whatever call, nor does an id of another kind (section 2)',
  async (t) => {
    const [shop, other] = [await web.shop('MINE'), await web.shop('THEIRS')]
    const card = web.card()
    const key = once()
    const payment = idOf(await shop.call('POST', '/payments', { card, amount: PLN(10_00) }, key))
    const topUp = idOf(await shop.call('POST', '/top-ups', { card, amount: PLN(10_00) }, once()))
    const sale = idOf(await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(10_00) }, once()))
    const rows = [
      ...[`/payments/${payment}`, `/top-ups/${topUp}`, `/sales/${sale}`].flatMap(
        (path) =>
          [
            ['GET', path, undefined],
            ['POST', `${path}/confirm`, {}],
            ['POST', `${path}/cancel`, {}],
          ] as const,
      ),
      ['POST', `/payments/${payment}/refunds`, { amount: PLN(1_00) }],
      ['GET', `/requests/${key['idempotency-key']}`, undefined],
    ] as const
    for (const [method, path, body] of rows) {
      const answer = await other.call(method, path, body, once())
      t.match([answer.status, answer.body], [404, { code: 'not_found' }], `${method} ${path}`)
    }
    for (const path of [
      `/payments/${topUp}`,
      `/top-ups/${payment}`,
      `/sales/${payment}`,
      '/payments/pay_',
      '/payments/1',
    ]) {
      t.match((await shop.call('GET', path)).body, { code: 'not_found' }, path)
    }
    t.same((await other.call('GET', '/payments')).body, { items: [], next: null })
    t.match(
      (await shop.call('GET', `/payments/${payment}`)).body,
      { status: 'unconfirmed' },
      'and nothing was done to it',
    )
  },
)

void t.test(
  'a key is once per shop over all endpoints, and a repeat speaks the language of then (section 2)',
  async (t) => {
    const shop = await web.shop('KEYS')
    const [card, key] = [web.card(), once()]
    const input = { card, amount: PLN(999_00) }
    const polish = await shop.call('POST', '/payments', input, { ...key, 'accept-language': 'pl' })
    t.match(polish.body, { code: 'insufficient_funds', title: 'Za mało środków na karcie' })
    t.same((await shop.call('POST', '/payments', input, { ...key, 'accept-language': 'en' })).body, polish.body)
    const elsewhere = await shop.call('POST', '/top-ups', input, key)
    t.match([elsewhere.status, elsewhere.body], [422, { code: 'idempotency_key_reused', responseCode: '94' }])
  },
)

void t.test('times to confirm and days to cancel (section 4)', async (t) => {
  const shop = await web.shop('TIMES')
  const card = web.card()
  const pay = (more: object) => shop.call('POST', '/payments', { card, amount: PLN(1_00), ...more }, once())
  for (const confirmWithin of [59, 604_801, 60.5, '60', null]) {
    t.match((await pay({ confirmWithin })).body, { code: 'invalid_request', pointer: '/confirmWithin' })
  }
  for (const confirmWithin of [60, 604_800]) {
    const { createdAt, confirmBy } = (await pay({ confirmWithin })).body as unknown as Record<string, string>
    t.equal(Date.parse(String(confirmBy)) - Date.parse(String(createdAt)), confirmWithin * 1_000)
  }
  const [early, late] = [idOf(await pay({ confirm: true })), idOf(await pay({ confirm: true }))]
  web.clock.now += 30 * 86_400_000 - 60_000
  t.match((await shop.call('POST', `/payments/${early}/cancel`, {}, once())).body, { status: 'cancelled' })
  web.clock.now += 120_000
  const over = await shop.call('POST', `/payments/${late}/cancel`, {}, once())
  t.match([over.status, over.body], [409, { code: 'too_late', responseCode: '21', reason: 'LATE' }])
})

void t.test('a history and a list go on where the page before them ended (section 2)', async (t) => {
  const shop = await web.shop('PAGES')
  const card = web.card()
  for (let i = 0; i < 21; i++) await shop.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true }, once())
  const list = (await shop.call('GET', '/payments')).body as unknown as { items: object[]; next: string }
  t.equal(list.items.length, 20, 'where no limit is said')
  const rest = await shop.call('GET', `/payments?cursor=${list.next}`)
  t.match(rest.body, { items: { length: 1 }, next: null })
  const history = async (more: object) =>
    (await shop.call('POST', '/history', { card, ...more })).body as unknown as {
      items: { value: number }[]
      next: string
    }
  const [all, first] = [await history({ limit: 100 }), await history({})]
  t.equal(first.items.length, 20)
  const second = await history({ cursor: first.next })
  t.same([...first.items, ...second.items], all.items)
  for (const more of [{ cursor: 'x' }, { cursor: '-1' }, { limit: 0 }, { limit: 101 }, { limit: '5' }]) {
    t.match(await history(more), { code: 'invalid_request', pointer: `/${Object.keys(more)[0]}` })
  }
})

void t.test('behind a reverse proxy the right-most foreign address counts (20)', async (t) => {
  await web.shop('PROXIED')
  const input = {
    shop: 'PROXIED',
    name: 'bound',
    kind: 'secret',
    scopes: ['cards'],
    origins: [],
    expiresAt: null,
  } as const
  const { key } = await ok(addApiKey(web.office, person('anna'), { ...input, networks: ['192.0.2.0/24'] }))
  const app = await openWeb(t, web.office, web.clock, { site: { trustProxy: ['127.0.0.1', '10.0.0.0/8'] } })
  const statusOf = async (forwarded: string, remoteAddress = '127.0.0.1') => {
    const headers = { host: '127.0.0.1', authorization: `Bearer ${key}`, 'x-forwarded-for': forwarded }
    const answer = await app.inject({ method: 'POST', url: '/api/v1/balance', remoteAddress, headers, payload: {} })
    return answer.statusCode
  }
  t.equal(await statusOf('192.0.2.7'), 400, 'known, and its body is wrong')
  t.equal(await statusOf('192.0.2.7, 10.1.2.3'), 400, 'by two proxies of ours')
  t.equal(await statusOf('192.0.2.7, 198.51.100.1'), 401, 'what a stranger says of himself')
  t.equal(await statusOf('192.0.2.7', '198.51.100.1'), 401, 'who is no proxy says nothing')
})
