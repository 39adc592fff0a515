import t from 'tap'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Message } from '../../src/iso8583/message.ts'
import { backOff } from '../../src/upstreams/back-off.ts'
import { createBreaker } from '../../src/upstreams/breaker.ts'
import type { Exchange } from '../../src/upstreams/pending-answers.ts'
import { authority } from '../switch/test-certificates.ts'
import { approve, asked, nextStan, tinyHost, upstreamOf, wellBehaved } from './tiny-host.ts'

const late = (): void => {}
/** `answered`, `never written` or `no answer`. */
const said = (exchange: Exchange): string =>
  !exchange.sent ? 'never written' : exchange.answer === null ? 'no answer' : 'answered'

const network = (request: Message, send: (response: Message) => void): boolean => {
  const isNetwork = request.mti === '0800'
  if (isNetwork) send(approve(request))
  return isNetwork
}

t.test('signed on before anything else; only then a connection is up', async (t) => {
  const answers: ((code: string) => void)[] = []
  const host = await tinyHost(t, (request, send) => {
    if (request.mti === '0800')
      answers.push((code) => send({ ...approve(request), fields: { ...approve(request).fields, 39: code } }))
    else send(approve(request))
  })
  const { upstream } = upstreamOf(t, host.port)
  const exchange = upstream.exchange(asked(), late)
  while (answers.length < 1) await sleep(1)
  t.equal(upstream.state().up, 0, 'connected, not signed on')
  t.same(host.heard.map(({ mti, fields }) => `${mti} ${fields[70]}`), ['0800 001']) // prettier-ignore
  answers[0]?.('91')
  while (answers.length < 2) await sleep(1)
  t.equal(upstream.state().up, 0, 'refused, and tried again')
  answers[1]?.('00')
  t.equal(said(await exchange), 'answered')
  t.equal(upstream.state().up, 1)
})

t.test('answers in any order are matched to their requests, and duplicate answers are dropped', async (t) => {
  const held: (() => void)[] = []
  const host = await tinyHost(t, (request, send) => {
    if (!network(request, send)) held.push(() => send(approve(request)))
  })
  const { upstream, failures } = upstreamOf(t, host.port)
  const messages = Array.from({ length: 5 }, (_, i) => asked(`T${i % 2}`))
  const exchanges = messages.map((message) => upstream.exchange(message, late))
  while (held.length < 5) await sleep(1)
  for (const answer of held.toReversed()) answer()
  held[0]?.()
  for (const [i, exchange] of (await Promise.all(exchanges)).entries()) {
    t.equal(exchange.sent && exchange.answer?.fields[11], messages[i]?.fields[11])
  }
  const unmatched = () => failures.filter((what) => what.startsWith('unmatched'))
  while (unmatched().length === 0) await sleep(1)
  t.equal(unmatched().length, 1)
})

t.test('a key that is in flight already is refused', async (t) => {
  const host = await tinyHost(t, (request, send) => void network(request, send))
  const { upstream } = upstreamOf(t, host.port, { pool: { max: 1 } })
  const message = asked()
  const [first, second] = await Promise.all([upstream.exchange(message, late), upstream.exchange(message, late)])
  t.same([said(first), said(second)], ['no answer', 'never written'])
})

t.test('an answer after the time-out is reported as late, and nothing else', async (t) => {
  let answerLate = (): void => {}
  const host = await tinyHost(t, (request, send) => {
    if (!network(request, send)) answerLate = () => send(approve(request))
  })
  const { upstream, failures } = upstreamOf(t, host.port)
  const came: Message[] = []
  const message = asked()
  t.equal(said(await upstream.exchange(message, (answer) => came.push(answer))), 'no answer')
  answerLate()
  while (came.length === 0) await sleep(1)
  t.same(came.map(({ fields }) => fields[11]), [message.fields[11]]) // prettier-ignore
  t.match(failures, [/^silent: 0200 \d{6} DEMO0001: no answer in time$/u, /^unmatched: 0210/u])
})

t.test('a stalled event loop causes no time-out', async (t) => {
  const host = await tinyHost(t, wellBehaved)
  const { upstream } = upstreamOf(t, host.port)
  await upstream.exchange(asked(), late)
  const exchange = upstream.exchange(asked(), late)
  // Once it is written: the host is in this process, and reads and answers only after the stall.
  setImmediate(() =>
    setImmediate(() => {
      const until = performance.now() + 400
      while (performance.now() < until);
    }),
  )
  t.equal(said(await exchange), 'answered')
})

t.test('half an answer closes the connection, because the next bytes would be read as its rest', async (t) => {
  const host = await tinyHost(t, (request, send, socket) => {
    if (!network(request, send)) socket.write(Buffer.from([0, 200, 0x30, 0x32]))
  })
  const { upstream } = upstreamOf(t, host.port, { pool: { max: 1 } })
  t.equal(said(await upstream.exchange(asked(), late)), 'no answer')
  while (host.opened() < 2) await sleep(1)
  t.equal(host.opened(), 2, 'and another one is opened')
})

t.test('one at a time, or many on one connection', async (t) => {
  for (const { perLink, links, most } of [{ perLink: 1, links: 2, most: 2 }, { perLink: 16, links: 1, most: 12 }]) {
    let now = 0
    let seen = 0
    const host = await tinyHost(t, (request, send) => {
      if (network(request, send)) return
      seen = Math.max(seen, ++now)
      setTimeout(() => {
        now--
        send(approve(request))
      }, 15)
    })
    const { upstream } = upstreamOf(t, host.port, { pool: { perLink } })
    const all = await Promise.all(Array.from({ length: 12 }, () => upstream.exchange(asked(), late)))
    t.ok(all.every((exchange) => said(exchange) === 'answered'))
    t.equal(seen, most, `${perLink} a connection`)
    t.equal(host.opened(), links)
  }
}) // prettier-ignore

t.test('an idle connection is closed, and one that was silent for long is tested by an echo first', async (t) => {
  const host = await tinyHost(t, wellBehaved)
  const { upstream } = upstreamOf(t, host.port, { pool: { perLink: 1, min: 1, idleTimeoutMs: 100, echoAfterMs: 0 } })
  await Promise.all([upstream.exchange(asked(), late), upstream.exchange(asked(), late)])
  // Counted where they were opened: on a slow machine one of them has been idle for 100 ms by now.
  t.ok(host.opened() >= 2, 'each had a connection of its own')
  // Both were idle for too long at that look; the one that has to be there is opened anew.
  while (upstream.state().up !== 1) await sleep(10)
  host.heard.length = 0
  // Twice: the first one may get a connection that is just being opened anew.
  t.equal(said(await upstream.exchange(asked(), late)), 'answered')
  t.equal(said(await upstream.exchange(asked(), late)), 'answered')
  t.ok(
    host.heard.some(({ fields }) => fields[70] === '301'),
    'an echo came before one of them',
  )
})

t.test('an unreachable host: nothing is written, and the circuit opens', async (t) => {
  const host = await tinyHost(t, wellBehaved)
  const { upstream, failures } = upstreamOf(t, 1, {
    breaker: { after: 1, pause: 600_000 },
    pool: { acquireTimeoutMs: 150 },
  })
  t.equal(said(await upstream.exchange(asked(), late)), 'never written')
  t.equal(said(await upstream.exchange(asked(), late)), 'never written')
  t.ok(failures.some((what) => what === 'not_sent: the circuit is open'))
  t.equal(upstream.state().breaker, 'open')
  t.ok(host.opened() === 0)
})

t.test('a lost connection: written requests may have arrived, unwritten ones have not', async (t) => {
  const host = await tinyHost(t, (request, send, socket) => {
    if (!network(request, send)) socket.destroy()
  })
  const { upstream } = upstreamOf(t, host.port, { pool: { max: 1 } })
  const written = upstream.exchange(asked(), late)
  t.equal(said(await written), 'no answer')
  while (upstream.state().up === 0) await sleep(10)
  t.equal(upstream.state().up, 1, 'opened again without anybody asking')
})

t.test('TLS: both sides are who they say, or nothing is written', async (t) => {
  const [ca, other] = [await authority('CN=ca'), await authority('CN=other')]
  const [server, client] = [await ca.issue('CN=switch.test'), await ca.issue('CN=akart')]
  const host = await tinyHost(t, wellBehaved, {
    cert: server.cert, key: server.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true,
  }) // prettier-ignore
  const ours = { ca: ca.cert, cert: client.cert, key: client.key, serverName: 'switch.test' }
  const stranger = await other.issue('CN=akart')
  const rows = [
    ['as it should be', ours, 'answered'],
    ['a host of another authority', { ...ours, ca: other.cert }, 'never written'],
    ['a host of another name', { ...ours, serverName: 'other.test' }, 'never written'],
    ['we are a stranger', { ...ours, cert: stranger.cert, key: stranger.key }, 'never written'],
  ] as const
  for (const [name, tls, wanted] of rows) {
    const pool = wanted === 'answered' ? {} : { acquireTimeoutMs: 600 }
    const { upstream } = upstreamOf(t, host.port, { tls, pool })
    t.equal(said(await upstream.exchange(asked(), late)), wanted, name)
  }
})

t.test('the breaker: open after so many in a row, one try after the pause', async (t) => {
  const breaker = createBreaker(2, 100)
  breaker.failed(0)
  breaker.succeeded()
  breaker.failed(1)
  t.ok(breaker.admits(1), 'not in a row')
  breaker.failed(2)
  t.same([breaker.state(50), breaker.admits(50)], ['open', false])
  t.equal(breaker.state(102), 'half_open')
  t.same([breaker.admits(102), breaker.admits(103)], [true, false], 'one is let through')
  breaker.failed(110)
  t.notOk(breaker.admits(205))
  t.ok(breaker.admits(210))
  breaker.succeeded()
  t.same([breaker.state(211), breaker.admits(211)], ['closed', true])
})

t.test('pauses grow, with jitter, to a bound', async (t) => {
  t.same([0, 1, 2, 3, 10].map((n) => backOff(n, 100, 1_000, 1)), [0, 100, 200, 400, 1_000]) // prettier-ignore
  t.equal(backOff(2, 100, 1_000, 0), 100)
  t.ok(nextStan() > 0)
})
