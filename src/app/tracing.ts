/** OpenTelemetry traces over OTLP, without the SDK (docs/decisions/0321-traces-without-an-sdk.md). */

import { randomBytes } from 'node:crypto'
import type { BatchSteps } from '../engine/engine-watch.ts'
import { versionOf } from './metrics.ts'
import type { Start } from './start.ts'

export type TracingSettings = {
  /** Where spans are sent, as http://127.0.0.1:4318/v1/traces. */
  readonly endpoint: string
  /** The share of frames that are traced: 1 all, 0.01 one in a hundred. */
  readonly ratio: number
}

export type Tracing = {
  /** A batch is durable. */
  readonly batch: (steps: BatchSteps) => void
  /** A request has its answer; `trace` is the id that its row and its line of the log carry. */
  readonly answered: (trace: string, about: Readonly<Record<string, string>>, ms: number) => void
  /** Sends the remaining spans, for one second at most. */
  readonly stop: () => Promise<void>
}

/** Null where no endpoint is configured: then nothing of this runs. */
export function openTracing({ config: { tracing }, trouble, keep }: Start): Tracing | null {
  const { endpoint, ratio } = tracing
  if (endpoint === null) return null
  const resource = { 'service.name': 'akart', 'service.version': versionOf(), 'process.pid': String(process.pid) }
  return keep(startTracing({ endpoint, ratio }, resource, trouble('traces could not be sent')))
}

type Span = {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly Attribute[]
}
type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } }

/** One step of a frame on its way, by `performance.now()`. */
type Step = { readonly name: string; readonly from: number; readonly to: number; readonly size: string }

const EVERY_MS = 1_000
/** Spans that wait; more are dropped, since nothing may wait for a collector. */
const MOST_WAITING = 8_192
const AT_ONCE = 512
/** Requests whose batch is durable and whose answer is not sent yet; requests without a terminal are not in it. */
const MOST_OPEN = 4_096
const SEND_WITHIN_MS = 5_000
const INTERNAL = 1
const SERVER = 2

/**
 * Traces of frames in OpenTelemetry's OTLP, as JSON over HTTP: a span from frame to answer, and below it the wait for a
 * batch, the work on it up to COMMIT, and COMMIT. The format is small and stable enough to be written here; its SDK would
 * bring 20 packages into a process that moves money.
 */
export function startTracing(
  { endpoint, ratio }: TracingSettings,
  resource: Readonly<Record<string, string>>,
  trouble: (error: unknown) => void,
  random: () => number = Math.random,
): Tracing {
  const open = new Map<string, Step[]>()
  let waiting: Span[] = []
  let sending: Promise<void> = Promise.resolve()

  const send = async (): Promise<void> => {
    const spans = waiting.slice(0, AT_ONCE)
    if (spans.length === 0) return
    waiting = waiting.slice(AT_ONCE)
    try {
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(exported(resource, spans)),
        signal: AbortSignal.timeout(SEND_WITHIN_MS),
      })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`the collector of traces answered ${answer.status}`)
    } catch (error) {
      trouble(error)
    }
  }
  const timer = setInterval(() => {
    sending = sending.then(send)
  }, EVERY_MS).unref()

  return {
    batch({ requests, since, began, committing, ended }) {
      requests.forEach(({ labels: { trace } }, i) => {
        if (open.size >= MOST_OPEN) open.delete(open.keys().next().value ?? '')
        const size = String(requests.length)
        open.set(trace, [
          { name: 'wait', from: since[i] ?? began, to: began, size },
          { name: 'decide', from: began, to: committing, size },
          { name: 'commit', from: committing, to: ended, size },
        ])
      })
    },
    answered(trace, about, ms) {
      const steps = open.get(trace) ?? []
      open.delete(trace)
      if (waiting.length >= MOST_WAITING || random() >= ratio) return
      const now = performance.now()
      waiting.push(...spansOf(trace, about, { from: now - ms, to: now }, steps))
    },
    async stop() {
      clearInterval(timer)
      await sending
      const until = performance.now() + EVERY_MS
      while (waiting.length > 0 && performance.now() < until) await send()
    },
  }
}

function spansOf(
  trace: string,
  about: Readonly<Record<string, string>>,
  { from, to }: { readonly from: number; readonly to: number },
  steps: readonly Step[],
): Span[] {
  const traceId = randomBytes(16).toString('hex')
  const root = randomBytes(8).toString('hex')
  return [
    {
      traceId,
      spanId: root,
      name: 'frame',
      kind: SERVER,
      startTimeUnixNano: nanoseconds(from),
      endTimeUnixNano: nanoseconds(to),
      attributes: attributesOf({ 'akart.trace': trace, ...about }),
    },
    ...steps.map((step) => ({
      traceId,
      spanId: randomBytes(8).toString('hex'),
      parentSpanId: root,
      name: step.name,
      kind: INTERNAL,
      startTimeUnixNano: nanoseconds(step.from),
      endTimeUnixNano: nanoseconds(step.to),
      attributes: attributesOf({ 'akart.batch': step.size }),
    })),
  ]
}

/** A time of `performance.now()` in wall-clock time, as traces have it. */
const nanoseconds = (at: number): string => String(BigInt(Math.round((performance.timeOrigin + at) * 1_000)) * 1_000n)

const attributesOf = (values: Readonly<Record<string, string>>): Attribute[] =>
  Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }))

const exported = (resource: Readonly<Record<string, string>>, spans: readonly Span[]) => ({
  resourceSpans: [
    { resource: { attributes: attributesOf(resource) }, scopeSpans: [{ scope: { name: 'akart' }, spans }] },
  ],
})
