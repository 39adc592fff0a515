import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import { listAlerts } from '../../src/office/alerts.ts'
import { blockCard, unblockCard } from '../../src/office/cards.ts'
import { expireCards } from '../../src/office/expiry.ts'
import { forgetOldEvents } from '../../src/office/shop-events.ts'
import { dropEndpoint, sendAgain, setEndpoint } from '../../src/office/webhook-administration.ts'
import { everyChangeIsAudited } from '../office/audit-watch.ts'
import { ok, person } from '../office/test-office.ts'
import { once, PLN, type Shop } from './api-setting.ts'
import { isSignedBy, receiver, webhookSetting } from './webhook-setting.ts'

/* Webhooks against receivers on real sockets (docs/spec/web.md, section 6). */

// What a test does before the next request reaches the engine.
let ahead: (() => Promise<unknown>) | null = null
const web = await webhookSetting(t, (office) => ({
  ...office,
  async submit(asked) {
    const first = ahead
    ahead = null
    await first?.()
    return office.submit(asked)
  },
}))
await everyChangeIsAudited(t, web.office.db.access)

type Endpoint = { readonly id: string; readonly url: string; readonly secret: string }
const register = async (shop: Shop, url: string, events: readonly string[] = []): Promise<Endpoint> => {
  const made = await shop.call('POST', '/webhook-endpoints', { url, events })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body as unknown as Endpoint
}
const pay = async (shop: Shop, card: object, more: object = {}): Promise<string> =>
  String((await shop.call('POST', '/payments', { card, amount: PLN(10_00), ...more }, once())).body['id'])
const deliveries = async (shop: Shop, { id }: Endpoint) =>
  (
    (await shop.call('GET', `/webhook-endpoints/${id}/deliveries`)).body as unknown as {
      items: Record<string, unknown>[]
    }
  ).items

void t.test('a person stops an endpoint of a shop, starts it, sends an event again and removes it', async (t) => {
  const shop = await web.shop('HELD')
  const { id } = await register(shop, 'http://127.0.0.1:9/held')
  await pay(shop, web.card())
  await web.fold()
  const { items } = (await shop.call('GET', '/events')).body as unknown as { items: { id: string }[] }
  const ola = person('ola')
  for (const state of ['disabled', 'active'] as const)
    t.match(await ok(setEndpoint(web.office, ola, { shop: 'HELD', id, change: { state } })), { state })
  t.match(await ok(sendAgain(web.office, ola, { shop: 'HELD', id: items[0]?.id ?? '' })), { type: 'payment.created' })
  await ok(dropEndpoint(web.office, ola, { shop: 'HELD', id }))
  t.same((await shop.call('GET', '/webhook-endpoints')).body, { items: [], next: null })
})

void t.test('an endpoint is made, changed, rotated and removed; of another shop it does not exist', async (t) => {
  const shop = await web.shop('ENDS')
  const other = await web.shop('ENDS-B')
  const made = await shop.call('POST', '/webhook-endpoints', { url: 'http://127.0.0.1:9/x', events: ['sale.created'] })
  t.match(
    [made.status, made.body],
    [201, { id: /^whe_/, state: 'active', events: ['sale.created'], secret: /^whsec_/ }],
  )
  const { secret, ...shown } = made.body as unknown as Endpoint
  const path = `/webhook-endpoints/${shown.id}`
  t.same((await shop.call('GET', path)).body, shown, 'the secret is shown once')
  t.same((await shop.call('GET', '/webhook-endpoints')).body, { items: [shown], next: null })
  const rotated = await shop.call('POST', `${path}/rotate`, {})
  t.match([rotated.status, rotated.body], [200, { id: shown.id, secret: /^whsec_/ }])
  t.not(rotated.body['secret'], secret)
  const changed = await shop.call('PATCH', path, { events: [], state: 'disabled' })
  t.match([changed.status, changed.body], [200, { url: shown.url, events: [], state: 'disabled' }])
  for (const [method, at, body] of [
    ['GET', path, undefined],
    ['PATCH', path, {}],
    ['DELETE', path, undefined],
    ['POST', `${path}/test`, {}],
    ['POST', `${path}/rotate`, {}],
    ['GET', `${path}/deliveries`, undefined],
    ['POST', '/events/evt_AAAAAAAAAAAAAAAAAAAAAA/resend', {}],
  ] as const) {
    t.match((await other.call(method, at, body)).body, { code: 'not_found' }, `${method} ${at}`)
  }
  t.equal((await shop.call('DELETE', path)).status, 204)
  t.equal((await shop.call('GET', path)).status, 404)
  for (const url of [
    'http://10.0.0.1/x',
    'https://169.254.169.254/',
    'https://[::ffff:10.0.0.1]/',
    'ftp://127.0.0.1/',
  ]) {
    const refused = await shop.call('POST', '/webhook-endpoints', { url })
    t.match([refused.status, refused.body], [400, { code: 'invalid_request', pointer: '/url' }], url)
  }
  const weak = await web.keyOf('ENDS', ['payments'])
  t.match((await weak.call('GET', '/events')).body, { code: 'scope_missing', scope: 'webhooks' })
  for (let i = 0; i < 16; i++) await register(shop, `http://127.0.0.1:9/${i}`)
  t.equal((await shop.call('POST', '/webhook-endpoints', { url: 'http://127.0.0.1:9/16' })).status, 400)
})

void t.test('the life of a payment is told in order, signed by the secret, and listed', async (t) => {
  const shop = await web.shop('LIFE')
  const hook = await receiver(t)
  const endpoint = await register(shop, hook.url)
  const sender = web.sender()
  const card = web.card()
  const id = await pay(shop, card, { orderId: 'L-1' })
  await shop.call('POST', `/payments/${id}/confirm`, { amount: PLN(8_00) })
  await shop.call('POST', `/payments/${id}/confirm`, {})
  await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(1_00) }, once())
  const final = await pay(shop, card, { confirm: true })
  await shop.call('POST', `/payments/${final}/cancel`, {}, once())
  const undone = once()
  await shop.call('POST', '/payments', { card, amount: PLN(1_00) }, undone)
  await shop.call('POST', '/reversals', { idempotencyKey: undone['idempotency-key'] })
  await web.fold()
  await hook.received(8)
  t.same(
    hook.all.map(({ event: { type, data } }) => [type, data['status'], (data['refunded'] as { value: number }).value]),
    [
      ['payment.created', 'unconfirmed', 0],
      ['payment.confirmed', 'confirmed', 2_00],
      ['payment.refunded', 'confirmed', 3_00],
      ['payment.created', 'confirmed', 0],
      ['payment.confirmed', 'confirmed', 0],
      ['payment.cancelled', 'cancelled', 0],
      ['payment.created', 'unconfirmed', 0],
      ['payment.reversed', 'reversed', 0],
    ],
  )
  const sequences = hook.all.map(({ event }) => event.sequence)
  t.same(
    [...new Set(sequences)].sort((a, b) => a - b),
    sequences,
    'sequence rises',
  )
  t.ok(hook.all.every((received) => isSignedBy(endpoint.secret, received)))
  t.match(hook.all[0]?.event.data, { id, orderId: 'L-1', balance: null, card: { last4: card.number.slice(-4) } })
  t.notMatch(hook.all.map(({ text }) => text).join(''), card.number)
  await sender.stop()

  const first = await shop.call('GET', '/events?limit=3')
  const { items, next } = first.body as unknown as { items: { id: string }[]; next: string }
  t.same(
    items,
    hook.all.slice(0, 3).map(({ event }) => event),
    'oldest first, as they were delivered',
  )
  const rest = (await shop.call('GET', `/events?after=${next}`)).body as unknown as { items: object[]; next: null }
  t.same(
    rest.items,
    hook.all.slice(3).map(({ event }) => event),
  )
  t.equal((await shop.call('GET', '/events?after=evt_x')).status, 400)
  const log = await deliveries(shop, endpoint)
  t.equal(log.length, 8)
  for (const one of log) t.match(one, { state: 'delivered', tries: 1, status: 204, fault: null, nextTryAt: null })
})

void t.test('top-ups, sales and the cards that were sold; number and eCode are in none of it', async (t) => {
  const shop = await web.shop('SOLD')
  const hook = await receiver(t)
  await register(shop, hook.url)
  const sold = (await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, once())).body as unknown as {
    id: string
    card: { number: string; ecode: string; last4: string }
  }
  await web.fold()
  await shop.call('POST', `/sales/${sold.id}/confirm`, {})
  const topUp = (await shop.call('POST', '/top-ups', { card: web.card(), amount: PLN(20_00) }, once())).body
  await shop.call('POST', `/top-ups/${String(topUp['id'])}/cancel`, {}, once())
  await ok(
    blockCard(web.office, person('anna'), { card: sold.card.number, block: 'stolen', reason: 'told by the holder' }),
  )
  await web.fold()
  const sender = web.sender()
  await hook.received(5)
  t.same(hook.all.map(({ event }) => event.type).sort(), [
    'card.blocked',
    'sale.confirmed',
    'sale.created',
    'top_up.cancelled',
    'top_up.created',
  ])
  const blocked = hook.all.find(({ event }) => event.type === 'card.blocked')
  t.match(blocked?.event.data, { last4: sold.card.last4, state: 'blocked', issue: { code: 'ECARD' } })
  t.notOk('balance' in (blocked?.event.data ?? {}))
  const all = hook.all.map(({ text }) => text).join('')
  t.notMatch(all, sold.card.number)
  t.notMatch(all, sold.card.ecode)
  await sender.stop()
})

void t.test(
  'an event that waits holds up its card alone, and is sent again after 5 s, 5 min, … three days',
  async (t) => {
    const shop = await web.shop('RETRY')
    const hook = await receiver(t)
    const endpoint = await register(shop, hook.url)
    const [held, free] = [web.card(), web.card()]
    const isHeld = ({ event }: { event: { data: unknown } }): boolean =>
      JSON.stringify(event.data).includes(`"last4":"${held.number.slice(-4)}"`)
    hook.behave = (received) => (isHeld(received) ? 500 : 204)
    await pay(shop, held, { confirm: true })
    await pay(shop, free)
    await web.fold()
    const sender = web.sender()
    await sender.tried(2)
    t.same(
      hook.all.map(({ event }) => event.type),
      ['payment.created', 'payment.created'],
      'created of each card',
    )

    const wanted = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    for (const [i, seconds] of wanted.entries()) {
      const waiting = await settled(shop, endpoint, i + 1)
      const due = Date.parse(String(waiting['nextTryAt']))
      const after = (due - Date.parse(String(waiting['triedAt']))) / 1000
      t.ok(after >= seconds * 0.9 && after <= seconds * 1.1, `try ${i + 2} after ${after} s, about ${seconds}`)
      web.clock.now = due
      await sender.tried(i + 3)
    }
    // The tenth try of the first was its last: the second of the card goes, and is taken.
    hook.behave = () => 204
    await hook.received(12)
    const ends = await until(async () => (await deliveries(shop, endpoint)).every(({ state }) => state !== 'waiting'))
    t.ok(ends)
    const log = (await deliveries(shop, endpoint)).map((one) => [one['type'], one['state'], one['tries']].join(' '))
    t.same(
      log.sort((a, b) => a.localeCompare(b)),
      ['payment.confirmed delivered 1', 'payment.created delivered 1', 'payment.created dropped 10'],
    )
    await sender.stop()
    const alerts = await ok(listAlerts(web.office, person('anna'), { before: null, limit: 100 }))
    t.match(
      alerts.items.find(({ kind }) => kind === 'webhook_failing'),
      { subject: /^RETRY 127\.0\.0\.1:\d+$/ },
    )
  },
)

void t.test(
  '410 disables an endpoint, redirects are not followed, and a moved endpoint gets waiting messages at once',
  async (t) => {
    const shop = await web.shop('MOVES')
    const [old, elsewhere, next] = [await receiver(t), await receiver(t), await receiver(t)]
    const endpoint = await register(shop, old.url)
    old.behave = () => (response) => void response.writeHead(307, { location: elsewhere.url }).end()
    const sender = web.sender()
    await pay(shop, web.card())
    await web.fold()
    await sender.tried(1)
    t.match(await settled(shop, endpoint, 1), { status: 307, fault: null })
    await old.close()
    await shop.call('POST', `/webhook-endpoints/${endpoint.id}/test`, {})
    await sender.tried(2)
    const dead = await until(async () =>
      (await deliveries(shop, endpoint)).some(({ fault }) => fault === 'ECONNREFUSED'),
    )
    t.ok(dead, 'a port that nobody listens at')
    t.match((await shop.call('PATCH', `/webhook-endpoints/${endpoint.id}`, { url: next.url })).body, {
      state: 'active',
    })
    await next.received(2)
    t.same(next.all.map(({ event }) => event.type).sort(), ['endpoint.test', 'payment.created'])
    t.equal(elsewhere.all.length, 0)

    next.behave = () => 410
    await shop.call('POST', `/webhook-endpoints/${endpoint.id}/test`, {})
    await next.received(3)
    const path = `/webhook-endpoints/${endpoint.id}`
    const isOff = await until(async () => (await shop.call('GET', path)).body['state'] === ('disabled' as never))
    t.ok(isOff)
    t.equal((await shop.call('POST', `${path}/test`, {})).status, 400)
    await sender.stop()
  },
)

void t.test('both secrets sign after a rotation, for a day; a resent event has its id', async (t) => {
  const shop = await web.shop('ROTATE')
  const hook = await receiver(t)
  const before = await register(shop, hook.url)
  const after = (await shop.call('POST', `/webhook-endpoints/${before.id}/rotate`, {})).body as unknown as Endpoint
  const sender = web.sender()
  const test = await shop.call('POST', `/webhook-endpoints/${before.id}/test`, {})
  t.match([test.status, test.body], [202, { type: 'endpoint.test', data: { id: before.id, state: 'active' } }])
  await hook.received(1)
  const signedBy = (i: number) => [before, after].map(({ secret }) => isSignedBy(secret, hook.all[i] as never))
  t.same(signedBy(0), [true, true])
  web.clock.now += 24 * 3_600_000
  await until(async () => (await deliveries(shop, before)).every(({ state }) => state === 'delivered'))
  const again = await shop.call('POST', `/events/${String(test.body['id'])}/resend`, {})
  t.match([again.status, again.body], [202, { id: test.body['id'] }])
  await hook.received(2)
  t.same(signedBy(1), [false, true])
  t.equal(hook.all[1]?.id, hook.all[0]?.id)
  for (let i = 0; i < 9; i++) await shop.call('POST', `/webhook-endpoints/${before.id}/test`, {})
  const over = await shop.call('POST', `/events/${String(test.body['id'])}/resend`, {})
  t.match([over.status, over.body], [429, { code: 'too_many_requests' }])
  t.ok(Number(over.headers['retry-after']) > 0)
  await sender.stop()
})

void t.test('a slow receiver delays no other', async (t) => {
  const [slow, quick] = [await web.shop('SLOW'), await web.shop('QUICK')]
  const [tar, air] = [await receiver(t), await receiver(t)]
  const held: { end: () => void }[] = []
  tar.behave = () => (response) => void held.push({ end: () => void response.writeHead(200).end() })
  await register(slow, tar.url)
  await register(quick, air.url)
  const card = web.card()
  for (let i = 0; i < 3; i++) {
    await pay(slow, card)
    await pay(quick, card)
  }
  await web.fold()
  const sender = web.sender()
  await air.received(3)
  await tar.received(1)
  t.equal(tar.all.length, 1, 'the next one of the card waits')
  for (let i = 0; i < 3; i++) {
    await tar.received(i + 1)
    held[i]?.end()
  }
  await sender.tried(6)
  t.same(
    tar.all.map(({ event }) => event.sequence),
    air.all.map(({ event }) => event.sequence - 2),
  )
  await sender.stop()
})

void t.test('a shop hears of the cards that it sold; what is older than 90 days is forgotten', async (t) => {
  const shop = await web.shop('SELLER')
  const sold = (await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, once())).body as unknown as {
    id: string
    card: { number: string }
  }
  await shop.call('POST', `/sales/${sold.id}/confirm`, {})
  const card = sold.card.number
  const anna = person('anna')
  await ok(blockCard(web.office, anna, { card, block: 'lost', reason: 'told by the holder' }))
  await ok(unblockCard(web.office, anna, { card, reason: 'found again' }))
  const ends = `UPDATE cards SET valid_until = '2020-01-01' WHERE first_six = '${card.slice(0, 6)}' AND last_four = '${card.slice(-4)}'`
  await web.office.db.use((connection) => connection.send(ends))
  await ok(expireCards(web.office, anna))
  await web.fold()
  const types = async () => {
    const { items } = (await shop.call('GET', '/events')).body as unknown as { items: { type: string }[] }
    return items.map(({ type }) => type)
  }
  const cards = ['card.blocked', 'card.unblocked', 'card.expired']
  t.same((await types()).slice(-3), cards, 'in the order in which it happened')
  web.clock.now += 90 * 86_400_000 - 60_000
  t.equal(await forgetOldEvents(web.office), false)
  t.same((await types()).slice(-3), cards)
  web.clock.now += 120_000
  await forgetOldEvents(web.office)
  t.same(await types(), [])
})

void t.test('a confirmation that a cancellation overtakes has no event', async (t) => {
  const shop = await web.shop('RACE')
  const sold = (await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, once())).body
  const path = `/sales/${String(sold['id'])}`
  ahead = () => shop.call('POST', `${path}/cancel`, {}, once())
  const late = await shop.call('POST', `${path}/confirm`, {})
  t.match([late.status, late.body], [409, { code: 'already_undone', responseCode: '21', reason: 'DONE' }])
  await web.fold()
  t.match((await shop.call('GET', '/events')).body, {
    items: [{ type: 'sale.created' }, { type: 'sale.cancelled' }],
    next: null,
  })
  const id = await pay(shop, web.card())
  ahead = () => shop.call('POST', `/payments/${id}/cancel`, {}, once())
  t.match((await shop.call('POST', `/payments/${id}/confirm`, {})).body, { code: 'already_undone' })
})

void t.test('folding and events commit together', async (t) => {
  const shop = await web.shop('ATOM')
  await pay(shop, web.card())
  const breaks = { name: 'one that breaks', fold: () => Promise.reject(new Error('broken')) }
  await t.rejects(web.fold(breaks))
  t.same((await shop.call('GET', '/events')).body, { items: [], next: null })
  await web.fold()
  await web.fold()
  t.match((await shop.call('GET', '/events')).body, { items: [{ type: 'payment.created' }], next: null })
})

/** Waits until `what` holds; a minute at the least, on a machine of any pace, so that a failure still says what was missing. */
async function until(what: () => Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 6_000; i++) {
    if (await what()) return true
    await sleep(10)
  }
  return false
}

/** The delivery of an endpoint that has been tried so often and waits. */
async function settled(shop: Shop, endpoint: Endpoint, tries: number): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> | undefined
  await until(async () => {
    found = (await deliveries(shop, endpoint)).find((one) => one['state'] === 'waiting' && one['tries'] === tries)
    return found !== undefined
  })
  return found ?? {}
}
