import t from 'tap'
import { connect } from 'node:net'
import { once as onceEvent } from 'node:events'
import { once, PLN, webSetting } from './api-setting.ts'
import { unknownNumber } from './guess-storm.ts'

/** Attacks on AkartWeb (docs/spec/abuse.md, 17 and 20): the attempts of a thief, and that they fail. */

const web = await webSetting(t)
const origin = await web.app.listen({ host: '127.0.0.1', port: 0 })
const port = Number(new URL(origin).port)
const shop = await web.shop('ATTACKED')

const from = (address: string) => ({ 'akart-customer-address': address })

void t.test("nobody locks a stranger's card", async (t) => {
  const card = web.card()
  const wrong = { ...card, ecode: 'AAAA-AAAA-AAAA-AAAA' }
  for (let i = 0; i < 6; i++) await shop.call('POST', '/balance', { card: wrong }, from('198.51.100.7'))
  const thief = await shop.call('POST', '/balance', { card }, from('198.51.100.7'))
  t.match([thief.status, thief.body], [402, { code: 'card_not_recognised' }], 'locked for where the guesses came from')
  const holder = await shop.call(
    'POST',
    '/payments',
    { card, amount: PLN(1_00) },
    { ...once(), ...from('203.0.113.9') },
  )
  t.equal(holder.status, 201, 'and for nobody else')
  const unsaid = await shop.call('POST', '/balance', { card })
  t.equal(unsaid.status, 200, 'a shop that says no address is not that address')
})

void t.test(
  'numbers tried from many addresses: one answer, no faster than others, an alert, holders served',
  async (t) => {
    const times: number[] = []
    const bodies = new Set<string>()
    const asked = Array.from({ length: 130 }, async (_, i) => {
      const began = performance.now()
      const card = { number: unknownNumber(i), ecode: 'AAAA-AAAA-AAAA-AAAA' }
      const answer = await shop.call('POST', '/balance', { card }, from(`100.64.${i >> 3}.${i % 8}`))
      if (answer.status !== 402) return answer.status
      times.push(performance.now() - began)
      bodies.add(JSON.stringify({ ...answer.body, requestId: '' }))
      return answer.status
    })
    const statuses = new Set(await Promise.all(asked))
    t.same(
      [...statuses].filter((status) => status !== 402 && status !== 429),
      [],
    )
    t.equal(bodies.size, 1)
    t.ok(Math.min(...times) >= 295, `the quickest after ${Math.round(Math.min(...times))} ms`)
    t.ok(
      web.said.some((line) => line.startsWith('enumeration')),
      'the watch is told',
    )
    const holder = await shop.call('POST', '/balance', { card: web.card() }, from('203.0.113.10'))
    t.equal(holder.status, 200, 'an address that was never wrong')
  },
)

void t.test('a proxy header from an untrusted address is ignored', async (t) => {
  const statuses: number[] = []
  for (let i = 0; i < 12; i++) {
    const body = new URLSearchParams({ number: unknownNumber(500 + i), ecode: 'AAAA' })
    const headers = { origin, 'x-forwarded-for': `192.0.2.${i}`, forwarded: `for=192.0.2.${i}` }
    statuses.push((await fetch(`${origin}/`, { method: 'POST', body, headers })).status)
  }
  t.same(statuses.slice(10), [429, 429])
})

void t.test('bodies that are bombs are refused at once', async (t) => {
  const send = async (body: string): Promise<number> => {
    const headers = { authorization: `Bearer ${shop.key}`, 'content-type': 'application/json' }
    return (await fetch(`${origin}/api/v1/balance`, { method: 'POST', body, headers })).status
  }
  const card = web.card()
  const rows: [string, string, number][] = [
    ['nested', '['.repeat(8_000) + ']'.repeat(8_000), 400],
    ['unclosed', '{"card":'.repeat(1_500), 400],
    ['too long', JSON.stringify({ card, more: 'x'.repeat(17_000) }), 413],
    ['a prototype', `{"card":${JSON.stringify(card)},"__proto__":{"admin":true}}`, 400],
    ['a member twice', `{"card":${JSON.stringify(card)},"card":{"token":"x"}}`, 402],
    ['a number beyond numbers', `{"card":{"number":1e400,"ecode":"x"}}`, 400],
  ]
  for (const [what, body, status] of rows) {
    const began = performance.now()
    t.equal(await send(body), status, what)
    t.ok(performance.now() - began < 5_000)
  }
})

void t.test('a request inside the body of another one is not executed', async (t) => {
  const rows = [
    'Content-Length: 4\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
    'Content-Length: 4\r\nContent-Length: 40',
    'Transfer-Encoding: xchunked\r\nContent-Length: 4',
  ]
  for (const framing of rows) {
    const socket = connect(port, '127.0.0.1')
    socket.end(
      `POST /api/v1/balance HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\n${framing}\r\n\r\n0\r\n\r\nGET /api/v1/openapi.json HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`,
    )
    let text = ''
    socket.on('data', (part: Buffer) => (text += part.toString()))
    await onceEvent(socket, 'close')
    t.match(text, /^HTTP\/1\.1 400/, framing)
    t.notMatch(text, 'openapi":"3.1', `${framing}: the second is not answered`)
  }
})
