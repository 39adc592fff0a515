import t from 'tap'
import { request } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Counter, Registry } from 'prom-client'
import winston from 'winston'
import { PassThrough } from 'node:stream'
import { safe } from '../../src/log.ts'
import { buildHttp, listenHttp, type Readiness } from '../../src/http/server.ts'

const registry = new Registry()
const counter = new Counter({ name: 'akart_answers_total', help: 'answers', registers: [registry] })

let readiness: () => Readiness | Promise<Readiness> = () => ({ ready: true, why: [] })
const lines: string[] = []
const sink = new PassThrough()
sink.on('data', (bytes: Buffer) => lines.push(bytes.toString()))
const log = winston.createLogger({
  level: 'info',
  format: winston.format.combine(safe(), winston.format.json()),
  transports: [new winston.transports.Stream({ stream: sink })],
})
const build = () => buildHttp({ log, registry, readiness: () => readiness() })

t.test('requests and answers', async (t) => {
  const app = build()
  t.teardown(() => app.close())
  const ask = async (url: string, method: 'GET' | 'POST' = 'GET') => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    return { status: statusCode, type: String(headers['content-type']), body }
  }
  t.match(await ask('/healthz'), { status: 200, body: '{"alive":true}' })
  t.match(await ask('/readyz'), { status: 200, body: '{"ready":true,"why":[]}' })
  readiness = async () => ({ ready: false, why: ['the database does not answer'] })
  t.match(await ask('/readyz'), { status: 503, body: '{"ready":false,"why":["the database does not answer"]}' })
  t.match(await ask('/healthz'), { status: 200 }, 'not ready is not dead')
  counter.inc(3)
  t.match(await ask('/metrics'), { status: 200, type: /^text\/plain; version=/, body: /^akart_answers_total 3$/m })
  t.match(await ask('/6299100000000047'), { status: 404, type: /json/, body: '{"error":"not found"}' })
  t.match(await ask('/healthz', 'POST'), { status: 404, type: /json/ })
  t.match(await ask('/healthz/', 'GET'), { status: 404 })
  t.match(await ask('/%', 'GET'), { status: 400, type: /json/ })
  t.notMatch(lines.join(''), '6299100000000047')

  readiness = () => {
    throw new Error('a bug')
  }
  t.match(
    await ask('/readyz'),
    { status: 500, body: '{"error":"internal error"}' },
    'nothing of the error in the answer',
  )
  t.match(lines.join(''), /a bug.*an HTTP request failed/s, 'all of it in the log')
})

t.test('closing finishes what is in flight and waits for no idle connection', { timeout: 400_000 }, async (t) => {
  let go: (answer: Readiness) => void = () => {}
  const app = build()
  const { host, port } = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  t.not(port, 0)
  const idle = connect(port, host)
  await once(idle, 'connect')
  const asked = new Promise<void>((done) => {
    readiness = () => {
      done()
      return new Promise((answer) => (go = answer))
    }
  })
  const slow = request({ host, port, path: '/readyz' })
  const answered = once(slow, 'response') as Promise<[{ statusCode: number; resume: () => void }]>
  slow.end()
  await asked
  const closed = app.close()
  go({ ready: false, why: ['stopping'] })
  const [answer] = await answered
  answer.resume()
  t.equal(answer.statusCode, 503)
  await closed
  idle.destroy()

  const occupied = build()
  const other = build()
  t.teardown(() => Promise.all([occupied.close(), other.close()]))
  const at = await listenHttp(occupied, { host: '127.0.0.1', port: 0 })
  await t.rejects(listenHttp(other, at), { message: /^HTTP cannot listen on 127\.0\.0\.1:\d+: listen EADDRINUSE/ })
})
