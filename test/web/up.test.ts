import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { toUrl } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { testDatabase } from '../database.ts'
import { upForTest } from '../up.ts'
import { receiver } from './webhook-setting.ts'
import { AKART } from '../programs.ts'

/* AkartWeb as a web developer meets it: the demo's keys, a payment, a key made and revoked on the command line. */

// A demo of before AkartWeb: it gets shops, keys and e-cards at this start (section 10).
const older = await testDatabase(t)
await seedDemo(older, Date.now())
const environment = { AKART_DATABASE_URL: toUrl(older) }
const up = await upForTest(t, environment)
const base = `http://${up.web.host}:${up.web.port}`

const akart = (...words: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const env = { ...process.env, ...environment }
    execFile(process.execPath, [AKART, ...words, '--home', up.home], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: out.trim(), err: err.trim() }),
    )
  })

type Row = Readonly<Record<string, string>>
const csv = async (name: string): Promise<Row[]> => {
  const [head = '', ...lines] = (await readFile(join(up.home, 'demo', name), 'utf8')).trim().split(/\r?\n/u)
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i] ?? '', value])))
}
const call = async (key: string, method: string, path: string, body?: object, more: Row = {}) => {
  const answer = await fetch(`${base}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> }
}

const keys = Object.fromEntries((await csv('api-keys.csv')).map(({ shop = '', key = '' }) => [shop, key]))
const card = (await csv('cards.csv'))
  .filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
  .map(({ number = '', ecode = '' }) => ({ number, ecode }))[0]

void t.test('the demo shop takes a payment by token, in a browser and in its server', async (t) => {
  t.same(Object.keys(keys), ['webshop', 'browser', 'readonly'])
  const origin = { origin: 'http://localhost:5173' }
  const made = await call(keys['browser'] ?? '', 'POST', '/card-tokens', { card }, origin)
  t.equal(made.status, 201)
  t.equal(made.headers.get('access-control-allow-origin'), origin.origin)
  const foreign = await call(
    keys['browser'] ?? '',
    'POST',
    '/card-tokens',
    { card },
    { origin: 'https://evil.example' },
  )
  t.equal(foreign.status, 403)
  t.equal(foreign.headers.get('access-control-allow-origin'), null)
  t.equal((await call(keys['browser'] ?? '', 'POST', '/balance', { card })).status, 403, 'it makes tokens alone')
  const input = { card: { token: made.body['token'] }, amount: { value: 1250, currency: 'PLN' } }
  const once = { 'idempotency-key': 'basket-1' }
  const paid = await call(keys['webshop'] ?? '', 'POST', '/payments', input, once)
  t.match([paid.status, paid.body], [201, { status: 'unconfirmed', amount: { value: 1250 } }])
  const confirmed = await call(keys['webshop'] ?? '', 'POST', `/payments/${String(paid.body['id'])}/confirm`, {})
  t.match(confirmed.body, { status: 'confirmed' })
  const inBrowser = await call(keys['webshop'] ?? '', 'POST', '/balance', { card }, origin)
  t.match([inBrowser.status, inBrowser.body], [403, { code: 'secret_key_in_browser' }])
  t.match((await call(keys['readonly'] ?? '', 'POST', '/payments', input, once)).body, { code: 'scope_missing' })
  const sale = { issue: 'ECARD', amount: { value: 5000, currency: 'PLN' } }
  const sold = await call(keys['webshop'] ?? '', 'POST', '/sales', sale, { 'idempotency-key': 'ecard-1' })
  t.match([sold.status, sold.body], [201, { card: { issue: { code: 'ECARD' } } }])
  t.match((await call(keys['readonly'] ?? '', 'POST', '/balance', { card })).body, { balance: { available: 137_50 } })
  const history = await call(keys['readonly'] ?? '', 'POST', '/history', { card })
  t.match(history.body, {
    items: [{ kind: 'payment', value: -1250, ledgerAfter: 137_50 }, { value: 150_00 }],
    next: null,
  })
})

void t.test('a shop and its keys from the command line', async (t) => {
  t.match(await akart('shop', 'add', 'BOOKS', '--store', '000000000000001'), { code: 0 })
  t.match(await akart('shop', 'add', 'BOOKS', '--store', '000000000000001'), { code: 1, err: /taken/ })
  t.match(await akart('shop', 'add', 'X', '--store', 'NOWHERE'), { code: 1, err: /no store NOWHERE/ })
  const added = await akart('api-key', 'add', 'BOOKS', '--scopes', 'cards,payments')
  t.match(added.out, /^akart_demo_\w{32}$/)
  t.match(await akart('api-key', 'add', 'BOOKS', '--scopes', 'everything'), { code: 2, err: /everything is none/ })
  t.equal((await call(added.out, 'POST', '/balance', { card })).status, 200)
  const listed = await akart('api-key', 'list', 'BOOKS')
  t.match(listed.out, `…${added.out.slice(-4)}`)
  t.notMatch(listed.out, added.out)
  const [, number = ''] = /^(\d+) .*good/mu.exec(listed.out) ?? []
  t.match(await akart('api-key', 'revoke', number, '--reason', 'leaked'), { code: 0, out: /revoked/ })
  t.equal((await call(added.out, 'POST', '/balance', { card })).status, 401)
  t.match((await akart('shop', 'list')).out, /WEBSHOP +000000000000001 +open/)
})

void t.test('a key for pages and a price checker from the command line serve at once', async (t) => {
  const origin = 'https://books.example'
  const added = await akart('api-key', 'add', 'WEBSHOP', '--publishable', '--origin', origin)
  t.match(added.out, /^akart_pub_\w{32}$/)
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' }
  const allowed = await fetch(`${base}/api/v1/card-tokens`, { method: 'OPTIONS', headers: { origin, ...preflight } })
  t.match([allowed.status, allowed.headers.get('access-control-allow-origin')], [204, origin])
  const made = await call(added.out, 'POST', '/card-tokens', { card }, { origin })
  t.match([made.status, made.headers.get('access-control-allow-origin')], [201, origin])
  t.match(await call(added.out, 'POST', '/card-tokens', { card }, { origin: 'http://localhost:5173' }), { status: 403 })

  const kiosk = await akart('kiosk', 'add', 'CHECK-7', '--store', '000000000000001')
  const [code = ''] = /\w{4}-\w{4}-\w{4}/u.exec(kiosk.out) ?? []
  const enrolled = await fetch(`${base}/check/enrol`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: base },
    body: new URLSearchParams({ code }),
  })
  t.match([enrolled.status, enrolled.headers.get('location')], [303, /^\/check/])
  const asked = await fetch(`${base}/check/balance`, {
    method: 'POST',
    headers: {
      origin: base,
      'content-type': 'application/json',
      cookie: String(enrolled.headers.get('set-cookie')).split(';')[0] ?? '',
    },
    body: JSON.stringify({ number: card?.number }),
  })
  t.match(await asked.json(), { large: /^PLN\s137\.50$/, lines: [`Card ending in ${card?.number.slice(-4)}`] })
})

void t.test('webhooks: a running Akart sends them, and the command line shows and changes them', async (t) => {
  const hook = await receiver(t)
  const key = keys['webshop'] ?? ''
  const made = await call(key, 'POST', '/webhook-endpoints', { url: hook.url, events: ['payment.created'] })
  t.equal(made.status, 201)
  const input = { card, amount: { value: 100, currency: 'PLN' } }
  const paid = await call(key, 'POST', '/payments', input, { 'idempotency-key': 'hooked' })
  await hook.received(1)
  t.match(hook.all[0]?.event, { type: 'payment.created', data: { id: paid.body['id'] } })
  const id = String(made.body['id'])
  t.match(await akart('webhook', 'list', 'WEBSHOP'), { code: 0, out: new RegExp(`${id} +active +${hook.url}`) })
  t.match((await akart('webhook', 'deliveries', 'WEBSHOP', id)).out, hook.all[0]?.id ?? '?')
  t.match(await akart('webhook', 'resend', 'WEBSHOP', hook.all[0]?.id ?? ''), { code: 0 })
  await hook.received(2)
  t.match(await akart('webhook', 'set', 'WEBSHOP', id, '--state', 'disabled'), { code: 0, out: /disabled/ })
  t.match(await akart('webhook', 'remove', 'WEBSHOP', id), { code: 0 })
  t.match(await akart('webhook', 'remove', 'WEBSHOP', id), { code: 1, err: /no webhook endpoint/ })
  const metrics = async () => (await fetch(`http://${up.http.host}:${up.http.port}/metrics`)).text()
  // Counted when the answer is on record.
  while (!(await metrics()).includes('akart_webhook_attempts_total{outcome="delivered"} 2'));
})

void t.test('whatever is wrong with a key is answered alike', async (t) => {
  const rows = ['', 'Bearer', 'Bearer x', `Bearer akart_demo_${'0'.repeat(32)}`, 'Basic eDp5']
  for (const authorization of rows) {
    const answer = await fetch(`${base}/api/v1/balance`, { method: 'POST', headers: { authorization }, body: '{}' })
    t.equal(answer.status, authorization === '' ? 415 : 415, 'without a content type it is not read')
    const json = { authorization, 'content-type': 'application/json' }
    const body = await fetch(`${base}/api/v1/balance`, { method: 'POST', headers: json, body: '{}' })
    t.match([body.status, await body.json()], [401, { code: 'unauthorised', type: '/problems/unauthorised' }])
  }
})
