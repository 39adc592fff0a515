import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The figures at /metrics: bounded label sets only, never a number that could name a card. */
export function createMetrics(depth: () => number, lines: () => number) {
  const registry = new Registry()
  const registers = [registry]
  ofProcess(registry)
  gauges(registry, depth, lines)
  return {
    registry,
    frames: new Counter({ name: 'akart_frames_total', help: 'Frames received from terminals', registers }),
    answers: new Counter({
      name: 'akart_answers_total',
      help: 'Requests answered, by message type and result',
      labelNames: ['mti', 'result'] as const,
      registers,
    }),
    unanswered: new Counter({
      name: 'akart_refused_frames_total',
      help: 'Frames that were not a readable request: malformed ones and responses',
      registers,
    }),
    answerSeconds: new Histogram({
      name: 'akart_answer_seconds',
      help: 'From the whole frame to the answer being handed to the line',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
      registers,
    }),
    batchRequests: new Histogram({
      name: 'akart_batch_requests',
      help: 'Requests decided in one database transaction',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128],
      registers,
    }),
    unconfirmed: new Counter({
      name: 'akart_unconfirmed_reversed_total',
      help: 'Transactions that nobody confirmed in time and the timer reversed',
      registers,
    }),
    troubles: new Counter({
      name: 'akart_engine_errors_total',
      help: 'Batches that the database refused or whose outcome had to be settled',
      registers,
    }),
    throttled: new Counter({
      name: 'akart_throttled_total',
      help: 'Messages of unknown terminals, wrong stores and bad MACs that got no answer, by what it would have been',
      labelNames: ['result'] as const,
      registers,
    }),
    guessing: new Counter({
      name: 'akart_enumeration_sources_total',
      help: 'Times that a terminal or an address named too many unknown numbers in a minute',
      registers,
    }),
    enumerations: new Counter({
      name: 'akart_web_enumerations_total',
      help: 'Times that more than 100 different unknown numbers were asked for on the web within 10 minutes',
      registers,
    }),
    refusedLines: new Counter({
      name: 'akart_refused_lines_total',
      help: 'Connections that became no line: too many, no PROXY header, TLS failed',
      labelNames: ['listener'] as const,
      registers,
    }),
  }
}

/** Memory, processor time, descriptors, event loop, by prom-client's own names; and which Akart it is. */
function ofProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'akart_build_info',
    help: 'Always 1; which Akart this is, and on which Node',
    labelNames: ['version', 'node'] as const,
    registers: [registry],
  }).set({ version: versionOf(), node: process.versions.node }, 1)
}

/** The gauges, which are read when the metrics are requested. */
function gauges(registry: Registry, depth: () => number, lines: () => number): void {
  const registers = [registry]
  void new Gauge({
    name: 'akart_queued_requests',
    help: 'Requests that wait for a batch',
    registers,
    collect() {
      this.set(depth())
    },
  })
  void new Gauge({
    name: 'akart_lines',
    help: 'Open connections of terminals',
    registers,
    collect() {
      this.set(lines())
    },
  })
}

export type Metrics = ReturnType<typeof createMetrics>

/** Akart's own, seen from build/src/app. */
export const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version
