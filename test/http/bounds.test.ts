import t from 'tap'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { buildSite } from '../../src/http/site.ts'
import { openLog } from '../../src/log.ts'

/* Requests that never end, and any number of lines: each has a bound, and other requests are served in the meantime. */

const siteOf = (trustProxy: readonly string[]) =>
  buildSite(
    { host: '127.0.0.1', port: 0, tls: { certificate: null, key: null }, publicUrl: null, trustProxy },
    "default-src 'none'",
    openLog({ level: 'silent', file: null }),
    1_024,
  )

const site = await siteOf([])
site.app.get('/', async () => ({ served: true }))
site.app.post('/', async () => ({ served: true }))
const origin = await site.app.listen({ host: '127.0.0.1', port: 0 })
const port = Number(new URL(origin).port)
t.teardown(() => site.app.close())

const open = async (from = '127.0.0.1'): Promise<Socket> => {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from }).on('error', () => {})
  await once(socket, 'connect')
  return socket
}
const isServed = async (): Promise<boolean> => (await fetch(origin)).status === 200

/** Sends a byte now and then; returns what came back until the other side closed, and the time. */
async function drip(begin: string): Promise<{ readonly text: string; readonly ms: number }> {
  const socket = await open()
  const began = performance.now()
  let text = ''
  socket.on('data', (part: Buffer) => (text += part.toString()))
  socket.write(begin)
  const dripping = setInterval(() => socket.write('a'), 200)
  await once(socket, 'close')
  clearInterval(dripping)
  return { text, ms: performance.now() - began }
}

void t.test('headers and bodies that come byte by byte end after some seconds, with an answer', async (t) => {
  const slow = [
    ['headers', `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `],
    [
      'body',
      `POST / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n"`,
    ],
  ] as const
  const ends = Promise.all(slow.map(([, begin]) => drip(begin)))
  t.ok(await isServed(), 'others are served meanwhile')
  for (const [i, { text, ms }] of (await ends).entries()) {
    const what = slow[i]?.[0] ?? ''
    t.ok(ms < 20_000, `${what}: after ${Math.round(ms)} ms`)
    t.match(text, /^HTTP\/1\.1 408 /u, what)
    t.match(text, /\r\nX-Request-Id: [0-9a-f-]{36}\r\n/u)
    t.match(JSON.parse(text.split('\r\n\r\n')[1] ?? ''), { code: 'too_slow', status: 408, type: '/problems/too_slow' })
  }
})

void t.test('input that is not HTTP is answered with a problem', async (t) => {
  const socket = await open()
  let text = ''
  socket.on('data', (part: Buffer) => (text += part.toString()))
  socket.write('SSH-2.0-OpenSSH\r\n\r\n')
  await once(socket, 'close')
  t.match(text, /^HTTP\/1\.1 400 /u)
  t.match(text, '"code":"invalid_request"')
})

void t.test('an address has 500 lines, and gets one back for each that it ends', async (t) => {
  const lines = await Promise.all(Array.from({ length: 500 }, () => open()))
  const more = await open()
  await once(more, 'close')
  const [first] = lines
  if (first === undefined) throw new Error('no lines')
  first.end()
  await once(first, 'close')
  t.ok(await isServed())
  for (const line of lines) line.destroy()
})

void t.test('a line stays longer than balancers leave theirs idle', async (t) => {
  for (const [trustProxy, seconds] of [
    [[], 75],
    [['10.0.0.0/8'], 620],
  ] as const) {
    const { app } = await siteOf(trustProxy)
    t.teardown(() => app.close())
    app.get('/', async () => ({ served: true }))
    const answer = await fetch(await app.listen({ host: '127.0.0.1', port: 0 }))
    t.equal(answer.headers.get('keep-alive'), `timeout=${seconds}`)
    await answer.body?.cancel()
  }
})

void t.test('when connections get scarce, idle ones are closed and new ones served', async (t) => {
  const idle = await open()
  const answered = once(idle, 'data')
  idle.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`)
  await answered
  const closed = once(idle, 'close')
  const lines = []
  for (const from of ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5']) {
    lines.push(...(await Promise.all(Array.from({ length: 375 }, () => open(from)))))
  }
  await closed
  t.ok(await isServed())
  for (const line of lines) line.destroy()
})
