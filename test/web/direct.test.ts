import t from 'tap'
import { connect } from 'node:net'
import { once, PLN, webSetting } from './api-setting.ts'

/*
 * POST requests with a plain head are answered without Fastify (src/http/direct.ts), all others by its routes. A client
 * must not be able to tell which: status, headers and body are compared, over a socket and by `inject`, which knows
 * Fastify alone.
 */

const PROXY = { publicUrl: 'https://shop.example', trustProxy: ['127.0.0.1', '10.0.0.0/8'] }

const web = await webSetting(t)
const origin = await web.app.listen({ host: '127.0.0.1', port: 0 })
const port = Number(new URL(origin).port)
const shop = await web.shop('DIRECT')
const card = web.card()

type Said = { readonly path?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }

/** What differs from one answer to the next in any case. */
const VARYING = ['date', 'connection', 'keep-alive', 'x-request-id']

type Answer = { readonly status: number; readonly headers: object; readonly body: string; readonly ends: boolean }

function plain(status: number, headers: Readonly<Record<string, unknown>>, body: string): Answer {
  const kept = Object.entries(headers).filter(([name]) => !VARYING.includes(name))
  return {
    status,
    headers: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))),
    body: body
      .replace(/[0-9a-f-]{36}/gu, 'ID')
      .replace(/"(id|token|approvalCode|reference|createdAt|expiresAt)":"[^"]+"/gu, '"$1":""'),
    ends: headers['connection'] === 'close',
  }
}

const headersOf = ({ headers = {} }: Said) => ({
  host: `127.0.0.1:${port}`,
  authorization: `Bearer ${shop.key}`,
  'content-type': 'application/json',
  ...headers,
})

async function byFastify(said: Said): Promise<Answer> {
  const { path = '/balance', body = '' } = said
  const headers = { ...headersOf(said), 'content-length': String(Buffer.byteLength(body)) }
  const answer = await web.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload: body })
  return plain(answer.statusCode, answer.headers, answer.body)
}

/** The bytes of one request; the line stays open, so that an answer is known by its length. */
function bySocket(said: Said, at = port): Promise<Answer> {
  const { path = '/balance', body = '' } = said
  const lines = Object.entries(headersOf(said)).map(([name, value]) => `${name}: ${value}\r\n`)
  const length = `content-length: ${Buffer.byteLength(body)}\r\n`
  return new Promise((resolve, reject) => {
    const socket = connect(at, '127.0.0.1')
    let text = ''
    socket.on('data', (part: Buffer) => {
      text += part.toString('utf8')
      const [head = '', rest] = text.split('\r\n\r\n')
      const [first = '', ...fields] = head.split('\r\n')
      const headers = Object.fromEntries(
        fields.map((field) => [field.slice(0, field.indexOf(':')).toLowerCase(), field.slice(field.indexOf(':') + 2)]),
      )
      if (rest === undefined || Buffer.byteLength(rest) < Number(headers['content-length'] ?? 0)) return
      socket.destroy()
      resolve(plain(Number(first.split(' ')[1]), headers, rest))
    })
    socket.on('error', reject)
    socket.write(`POST /api/v1${path} HTTP/1.1\r\n${lines.join('')}${length}\r\n${body}`)
  })
}

const asked = JSON.stringify({ card })
const pay = (more: object = {}) => JSON.stringify({ card, amount: PLN(1_00), confirm: true, ...more })

const ROWS: readonly [what: string, said: () => Said, status: number][] = [
  ['a balance', () => ({ body: asked }), 200],
  ['with a character set', () => ({ body: asked, headers: { 'content-type': 'application/json; charset=utf-8' } }), 200],
  ['with a byte order mark', () => ({ body: `\ufeff${asked}` }), 200],
  ['a token', () => ({ path: '/card-tokens', body: asked }), 201],
  ['a payment', () => ({ path: '/payments', body: pay(), headers: once() }), 201],
  ['a payment in Polish', () => ({ path: '/payments', body: pay({ amount: PLN(999_999_99) }), headers: { ...once(), 'accept-language': 'pl' } }), 402],
  ['no key of idempotency', () => ({ path: '/payments', body: pay() }), 400],
  ['an unknown payment', () => ({ path: '/payments/pay_zzz/confirm', body: '{}' }), 404],
  ['an id that looks like a path', () => ({ path: '/payments/..%2f/confirm', body: '{}' }), 404],
  ['an id beyond all lengths', () => ({ path: `/payments/${'p'.repeat(201)}/confirm`, body: '{}' }), 404],
  ['a path that is none', () => ({ path: '/payments/pay_zzz/confirmation', body: '{}' }), 404],
  ['a path with a slash', () => ({ path: '/balance/', body: asked }), 404],
  ['a query', () => ({ path: '/balance?a=b', body: asked }), 200],
  ['no API key', () => ({ body: asked, headers: { authorization: '' } }), 401],
  ['a wrong API key', () => ({ body: asked, headers: { authorization: 'Bearer akart_demo_x' } }), 401],
  ['a secret key in a browser', () => ({ body: asked, headers: { origin: 'https://shop.example' } }), 403],
  ['another host', () => ({ body: asked, headers: { host: 'evil.example' } }), 421],
  ['an unknown member', () => ({ body: '{"more":1}' }), 400],
  ['half of a body', () => ({ body: '{"card":' }), 400],
  ['bytes that are no JSON', () => ({ body: 'a=b' }), 400],
  ['a prototype', () => ({ body: '{"__proto__":{"admin":true}}' }), 400],
  ['nested without end', () => ({ body: '['.repeat(8_000) }), 400],
  ['a body that is too long', () => ({ body: JSON.stringify({ card, more: 'x'.repeat(17_000) }) }), 413],
  ['no body', () => ({ body: '' }), 400],
  ['a form', () => ({ body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 415],
  ['a compressed body', () => ({ body: 'xyz', headers: { 'content-encoding': 'gzip' } }), 415],
] // prettier-ignore

void t.test('a request is answered the same with and without Fastify', async (t) => {
  for (const [what, said, status] of ROWS) {
    // Each gets a card with the same balance: what is paid in between is paid in both.
    const first = await bySocket(said())
    t.equal(first.status, status, what)
    const [before, after] = [first, await byFastify(said())].map((answer) => ({
      ...answer,
      headers: { ...answer.headers, 'content-length': '' },
      body: answer.body.replace(/"(ledger|available)":\d+/gu, '"$1":0'),
    }))
    t.same(before, after, what)
  }
})

void t.test('a request in pieces and two on one line are answered in their order', async (t) => {
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  const [head, body] = [
    `POST /api/v1/balance HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${shop.key}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(asked)}\r\n\r\n`,
    asked,
  ]
  const wrong = `POST /api/v1/nothing HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 0\r\n\r\n`
  let text = ''
  const done = new Promise<void>((resolve) => {
    socket.on('data', (part: Buffer) => {
      text += part.toString()
      if (text.includes('not_found') && (text.match(/"ledger"/gu) ?? []).length === 2) resolve()
    })
  })
  for (const piece of [head.slice(0, 40), head.slice(40), body.slice(0, 5), body.slice(5)]) {
    await new Promise((resolve) => socket.write(piece, resolve))
    await new Promise((resolve) => setImmediate(resolve))
  }
  socket.write(`${head}${body}${wrong}`)
  await done
  t.same(text.match(/HTTP\/1\.1 \d+/gu), ['HTTP/1.1 200', 'HTTP/1.1 200', 'HTTP/1.1 404'])
})

void t.test('a client that leaves before its body is complete disturbs nobody', async (t) => {
  const socket = connect(port, '127.0.0.1')
  const head = Object.entries(headersOf({})).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(
    `POST /api/v1/balance HTTP/1.1\r\n${head.join('')}content-length: ${asked.length}\r\n\r\n${asked.slice(0, 9)}`,
  )
  const arrived = new Promise((resolve) => web.app.server.once('request', resolve))
  await arrived
  const gone = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await gone
  t.equal((await bySocket({ body: asked })).status, 200)
})

void t.test('behind a proxy address and host are those of the client, as Fastify reads them', async (t) => {
  const behind = await webSetting(t, PROXY)
  await behind.app.listen({ host: '127.0.0.1', port: 0 })
  const address = behind.app.server.address()
  const at = typeof address === 'object' ? (address?.port ?? 0) : 0
  const own = await behind.shop('PROXIED')
  const rows: readonly [headers: Readonly<Record<string, string>>, status: number][] = [
    [{ 'x-forwarded-host': 'shop.example', host: 'inside' }, 200],
    [{ 'x-forwarded-host': 'evil.example, shop.example', host: 'inside' }, 200],
    [{ 'x-forwarded-host': 'shop.example, evil.example', host: 'inside' }, 421],
    [{ host: 'shop.example' }, 200],
    [{ host: 'inside' }, 421],
  ]
  const thatCard = JSON.stringify({ card: behind.card() })
  for (const [headers, status] of rows) {
    const said = { body: thatCard, headers: { authorization: `Bearer ${own.key}`, ...headers } }
    t.equal((await bySocket(said, at)).status, status, JSON.stringify(headers))
  }
})
