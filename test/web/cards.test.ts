import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { openConnection } from '../../src/db/access.ts'
import { blockCard, duplicateCard, unblockCard } from '../../src/office/cards.ts'
import { addApiKey } from '../../src/office/shops.ts'
import { ok, person } from '../office/test-office.ts'
import { once, PLN, type Shop, webSetting } from './api-setting.ts'

/*
 * What becomes of a card's token, history and refunds when the card is blocked, replaced or given a new eCode; bounds of
 * keys, amounts and stocks (docs/spec/web.md, sections 2 to 5; docs/spec/abuse.md, 16 and 21).
 */

const web = await webSetting(t)
const shop = await web.shop('CARDS')
const other = await web.shop('ELSE', undefined, '000000000000002')
const connection = await openConnection(web.office.db.access, { multipleStatements: false })
t.teardown(async () => connection.end())
const sellable = demoCards(deriveCardKeys(DEMO_MASTER)).filter(
  ({ issue, state }) => issue === 'OPEN' && state === 'sellable',
)
const anna = person('anna')
const reason = 'told by the holder'
type Card = { readonly number: string; readonly ecode: string }

const named = ({ number }: Card): string => `first_six = '${number.slice(0, 6)}' AND last_four = '${number.slice(-4)}'`
const tokenOf = async (card: Card, by: Shop = shop): Promise<{ token: string }> => ({
  token: String((await by.call('POST', '/card-tokens', { card })).body['token']),
})
const pay = (card: object, by: Shop = shop, more: object = {}) =>
  by.call('POST', '/payments', { card, amount: PLN(1_00), confirm: true, ...more }, once())
const codeOf = async (answer: ReturnType<typeof pay>) => {
  const { status, body } = await answer
  return `${status} ${String(body['code'] ?? body['status'])}`
}
/** A card that is not sold, which may be another one's duplicate. */
const fresh = (): Card => {
  const card = sellable.shift()
  if (card === undefined) throw new Error('no sellable card of the demo is left')
  return card
}

void t.test('a token is good for a quarter of an hour, in its shop', async (t) => {
  const card = web.card()
  const token = await tokenOf(card)
  t.equal(await codeOf(pay(token)), '201 confirmed')
  t.equal(await codeOf(pay(token, other)), '402 card_not_recognised', 'another shop')
  web.clock.now += 15 * 60_000 - 1
  t.equal(await codeOf(pay(token)), '201 confirmed')
  web.clock.now += 1
  t.equal(await codeOf(pay(token)), '402 card_not_recognised')
})

void t.test('a token stays valid while its card is blocked, and guesses at the card do not affect it', async (t) => {
  const card = web.card()
  const token = await tokenOf(card)
  await ok(blockCard(web.office, anna, { card: card.number, block: 'lost', reason }))
  t.equal(await codeOf(pay(token)), '402 card_blocked')
  await ok(unblockCard(web.office, anna, { card: card.number, reason }))
  const from = { 'akart-customer-address': '198.51.100.7' }
  const wrong = { ...card, ecode: 'AAAA-AAAA-AAAA-AAAA' }
  for (let i = 0; i < 6; i++) await shop.call('POST', '/balance', { card: wrong }, from)
  t.equal((await shop.call('POST', '/balance', { card }, from)).status, 402, 'locked for this address')
  const paid = await shop.call('POST', '/payments', { card: token, amount: PLN(1_00) }, { ...once(), ...from })
  t.equal(paid.status, 201)
})

void t.test('a token ends with its eCode, its number or its sale', async (t) => {
  const [changed, replaced] = [web.card(), web.card()]
  const tokens = [await tokenOf(changed), await tokenOf(replaced)]
  await connection.query(`UPDATE cards SET ecode_hash = UNHEX(REPEAT('ab', 16)) WHERE ${named(changed)}`)
  await ok(duplicateCard(web.office, anna, { card: replaced.number, onto: fresh().number, reason }))
  const sold = (await shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, once())).body as unknown as {
    id: string
    card: Card
  }
  await shop.call('POST', `/sales/${sold.id}/confirm`, {})
  tokens.push(await tokenOf({ number: sold.card.number, ecode: sold.card.ecode }))
  t.equal((await shop.call('POST', `/sales/${sold.id}/cancel`, {}, once())).status, 200)
  for (const token of tokens) t.equal(await codeOf(pay(token)), '402 card_not_recognised')
})

void t.test('a duplicate has the history and the refunds of the card before it', async (t) => {
  const [card, onto] = [web.card(), fresh()]
  const id = String((await pay(card)).body['id'])
  await ok(duplicateCard(web.office, anna, { card: card.number, onto: onto.number, reason }))
  const refund = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(40) }, once())
  t.equal(refund.status, 201)
  const found = await shop.call('POST', '/history', { card: { number: onto.number, ecode: onto.ecode } })
  t.match(found.body, {
    items: [
      { kind: 'refund', value: 40, ledgerAfter: 149_40 },
      { kind: 'duplicate', value: 149_00, ledgerAfter: 149_00 },
      { kind: 'duplicate', value: -149_00, ledgerAfter: 0 },
      { kind: 'payment', value: -1_00, ledgerAfter: 149_00 },
      { value: 150_00 },
    ],
    next: null,
  })
  const [{ where }] = found.body['items'] as unknown as [{ where: string }]
  t.type(where, 'string', 'its own store by name')
  const elsewhere = await other.call('POST', '/history', { card: { number: onto.number, ecode: onto.ecode }, limit: 1 })
  t.match(elsewhere.body, { items: [{ kind: 'refund', where: null }], next: '1' })
  await ok(blockCard(web.office, anna, { card: onto.number, block: 'stolen', reason }))
  const blocked = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(1) }, once())
  t.match([blocked.status, blocked.body], [402, { code: 'card_blocked' }])
})

void t.test('a card that has run out takes no refund', async (t) => {
  const card = web.card()
  const id = String((await pay(card)).body['id'])
  await connection.query(`UPDATE cards SET valid_until = '2020-01-01' WHERE ${named(card)}`)
  const expired = await shop.call('POST', `/payments/${id}/refunds`, { amount: PLN(1) }, once())
  t.match([expired.status, expired.body], [402, { code: 'card_expired', responseCode: '54' }])
  t.match(
    (await shop.call('POST', '/balance', { card })).body,
    { state: 'expired' },
    'its balance is told all the same',
  )
})

void t.test('a card that is not open for web shops yet says from when', async (t) => {
  const card = web.card()
  const setHours = async (hours: number) => {
    await connection.query(`UPDATE issues SET ecommerce_after_hours = ${hours} WHERE code = 'OPEN'`)
    await connection.query('UPDATE registry_version SET version = version + 1')
    await web.office.refreshRegistry()
  }
  const soldAt = new Date(Math.floor(web.clock.now / 1_000) * 1_000)
  await connection.query(`UPDATE cards SET sold_at = ? WHERE ${named(card)}`, [soldAt])
  await setHours(24)
  t.teardown(() => setHours(0))
  const early = await pay(card)
  const from = new Date(soldAt.getTime() + 24 * 3_600_000).toISOString()
  t.match([early.status, early.body], [402, { code: 'not_yet_online', responseCode: '57', reason: 'ENTRY', from }])
  web.clock.now = soldAt.getTime() + 24 * 3_600_000
  t.equal(await codeOf(pay(card)), '201 confirmed')
})

void t.test('an expired key, or one used from another address, is answered like an unknown key', async (t) => {
  const add = async (more: object) => {
    const input = { shop: 'CARDS', name: 'more', kind: 'secret', scopes: ['cards'], origins: [] } as const
    const { key } = await ok(addApiKey(web.office, anna, { ...input, networks: [], expiresAt: null, ...more }))
    return async (address: string) => {
      const headers = { host: '127.0.0.1', authorization: `Bearer ${key}` }
      const payload = { card: { token: 'tok_none' } }
      const url = '/api/v1/balance'
      return (await web.app.inject({ method: 'POST', url, remoteAddress: address, headers, payload })).statusCode
    }
  }
  const bound = await add({ networks: ['192.0.2.0/24', '2001:db8::1'] })
  for (const [address, status] of [
    ['192.0.2.77', 402],
    ['2001:db8::1', 402],
    ['192.0.3.1', 401],
    ['2001:db8::2', 401],
  ] as const)
    t.equal(await bound(address), status, address)
  const ending = await add({ expiresAt: web.clock.now + 60_000 })
  t.equal(await ending('127.0.0.1'), 402)
  web.clock.now += 60_000
  t.equal(await ending('127.0.0.1'), 401)
})

void t.test('amounts and keys have bounds, and no card number is kept in a key', async (t) => {
  const card = web.card()
  for (const value of [0, -1, 1.5, 1_000_000_000_000, '100']) {
    const answer = await pay(card, shop, { amount: { value, currency: 'PLN' } })
    t.match([answer.status, answer.body], [400, { code: 'invalid_request', pointer: '/amount/value' }], String(value))
  }
  t.equal(await codeOf(pay(card, shop, { amount: PLN(999_999_999_999) })), '402 insufficient_funds')
  const rows = [
    ['', 'idempotency_key_missing'],
    ['with blank', 'idempotency_key_missing'],
    ['k'.repeat(65), 'idempotency_key_missing'],
    [card.number, 'invalid_request'],
    [`order-${card.number}`, 'invalid_request'],
  ] as const
  for (const [key, code] of rows) {
    const input = { card, amount: PLN(1_00) }
    const answer = await shop.call('POST', '/payments', input, { 'idempotency-key': key })
    t.match([answer.status, answer.body], [400, { code }], key)
  }
})

void t.test('order numbers are printable, and hold no card number', async (t) => {
  const card = web.card()
  for (const orderId of ['tab\there', 'line\nend', 'ż', '', 'o'.repeat(65), `of ${card.number}`]) {
    const answer = await pay(card, shop, { orderId })
    t.match([answer.status, answer.body], [400, { code: 'invalid_request', pointer: '/orderId' }], orderId)
  }
  t.equal((await pay(card, shop, { orderId: 'A/1 (of 2)' })).status, 201)
})

void t.test(
  'reversals of keys that were never booked: sixty a minute, and of those that were as many as it takes',
  async (t) => {
    const unsure = await web.shop('UNSURE')
    const known = once()
    await unsure.call('POST', '/payments', { card: web.card(), amount: PLN(1_00) }, known)
    const reverse = async (idempotencyKey: string) =>
      (await unsure.call('POST', '/reversals', { idempotencyKey })).status
    for (let i = 0; i < 60; i++) t.equal(await reverse(`unknown-${i}`), 200)
    t.equal(await reverse('unknown-60'), 429)
    t.equal(await reverse(known['idempotency-key']), 200)
  },
)

void t.test('when no card is left a sale is sold out, and may come again under its key', async (t) => {
  const free = `state IN ('inactive', 'sellable') AND issue_id = (SELECT id FROM issues WHERE code = 'ECARD')`
  await connection.query(`UPDATE cards SET block = 'lost' WHERE ${free}`)
  const key = once()
  const sell = () => shop.call('POST', '/sales', { issue: 'ECARD', amount: PLN(50_00) }, key)
  const out = await sell()
  t.match([out.status, out.body], [409, { code: 'sold_out' }])
  await connection.query(`UPDATE cards SET block = NULL WHERE ${free}`)
  t.equal((await sell()).status, 201)
})
