import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { startTracing } from '../../src/app/tracing.ts'
import type { BatchSteps } from '../../src/engine/engine-watch.ts'

/* Spans as a collector of OpenTelemetry gets them; card-key.test.ts looks at those of a running switch. */

type Span = {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  startTimeUnixNano: string
  endTimeUnixNano: string
}
type Export = { resourceSpans: { resource: object; scopeSpans: { spans: Span[] }[] }[] }

const received: Export[] = []
let status = 200
const collector = createServer((request, response) => {
  void json(request).then((body) => {
    received.push(body as Export)
    response.writeHead(status).end('{}')
  })
}).listen(0, '127.0.0.1')
await once(collector, 'listening')
t.teardown(() => void collector.close())
const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`

const batchOf = (...traces: string[]): BatchSteps => ({
  requests: traces.map((trace) => ({ labels: { trace } })) as unknown as BatchSteps['requests'],
  since: traces.map(() => 10),
  began: 20,
  committing: 30,
  ended: 45,
})
const spans = (): Span[] => received.flatMap(({ resourceSpans: [one] }) => one?.scopeSpans[0]?.spans ?? [])
const troubles: unknown[] = []

t.test('a span for the frame, and below it wait, decision and COMMIT', async (t) => {
  const tracing = startTracing({ endpoint, ratio: 1 }, { 'service.name': 'akart' }, (error) => troubles.push(error))
  tracing.batch(batchOf('iso-1', 'iso-2'))
  tracing.answered('iso-2', { 'akart.mti': '0200' }, 40)
  tracing.answered('iso-3', {}, 1)
  await tracing.stop()
  const [frame, ...steps] = spans()
  t.match(received[0]?.resourceSpans[0]?.resource, {
    attributes: [{ key: 'service.name', value: { stringValue: 'akart' } }],
  })
  t.match(frame, { name: 'frame', kind: 2, traceId: /^[0-9a-f]{32}$/u, spanId: /^[0-9a-f]{16}$/u })
  t.same(
    steps.map(({ name }) => name),
    ['wait', 'decide', 'commit', 'frame'],
  )
  const lengths = steps
    .slice(0, 3)
    .map((one) => Number(BigInt(one.endTimeUnixNano) - BigInt(one.startTimeUnixNano)) / 1e6)
  t.same(lengths, [10, 10, 15], 'ms')
  for (const step of steps.slice(0, 3)) t.match(step, { traceId: frame?.traceId, parentSpanId: frame?.spanId })
  t.not(steps[3]?.traceId, frame?.traceId, 'what reached no engine has no steps')
  t.same(troubles, [])
})

t.test('a share of the frames; an unavailable collector delays nothing', async (t) => {
  received.length = 0
  const some = startTracing(
    { endpoint, ratio: 0.5 },
    {},
    () => {},
    () => 0.5,
  )
  some.answered('iso-1', {}, 1)
  await some.stop()
  t.same(received, [])
  status = 503
  const refused = startTracing({ endpoint, ratio: 1 }, {}, (error) => troubles.push(error))
  for (let i = 0; i < 10_000; i++) refused.answered(`iso-${i}`, {}, 1)
  await refused.stop()
  t.match(troubles[0], { message: 'the collector of traces answered 503' })
  t.ok(spans().length > 0 && spans().length <= 8_192, 'what is too much is dropped')
})
