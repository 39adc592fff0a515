import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { UpstreamState } from '../upstreams/upstream.ts'

/** The length of a host's queue, and the time of its oldest message, ms since 1970. */
type Depth = { readonly upstream: string; readonly depth: number; readonly oldest: number }

/** The figures that are read at each scrape. */
export type UpstreamSights = {
  readonly states: () => readonly (UpstreamState & { readonly upstream: string })[]
  readonly depths: () => Promise<readonly Depth[]>
  /** The database's clock, ms: the queue's times are by it. */
  readonly now: () => number
}

/** The figures of upstream hosts, one label for the host's name in the configuration. */
export function createUpstreamMetrics(registry: Registry, { states, depths, now }: UpstreamSights) {
  const registers = [registry]
  const labelNames = ['upstream'] as const
  const ofState = (name: string, help: string, value: (state: UpstreamState) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        for (const state of states()) this.set({ upstream: state.upstream }, value(state))
      },
    })
  ofState('akart_upstream_connections', 'Connections that are signed on', ({ up }) => up)
  ofState('akart_upstream_in_flight', 'Messages that wait for their answer', ({ inFlight }) => inFlight)
  ofState('akart_upstream_circuit_open', '1 while nothing is sent to this host', ({ breaker }) =>
    breaker === 'open' ? 1 : 0,
  )

  const ofQueue = (name: string, help: string, value: (depth: Depth) => number): Gauge =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        const owed = await depths()
        this.reset()
        for (const { upstream } of states()) this.set({ upstream }, 0)
        for (const depth of owed) this.set({ upstream: depth.upstream }, value(depth))
      },
    })
  ofQueue('akart_upstream_saf_messages', 'Reversals and confirmations that this host is owed', ({ depth }) => depth)
  ofQueue('akart_upstream_saf_age_seconds', 'Age of the oldest message that this host is owed', ({ oldest }) =>
    Math.max(0, (now() - oldest) / 1000),
  )
  return {
    answers: new Counter({
      name: 'akart_upstream_answers_total',
      help: 'Requests settled with this host, by result',
      labelNames: ['upstream', 'result'] as const,
      registers,
    }),
    answerSeconds: new Histogram({
      name: 'akart_upstream_answer_seconds',
      help: 'From sending to the answer being durable',
      labelNames,
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20],
      registers,
    }),
    failures: new Counter({
      name: 'akart_upstream_failures_total',
      help: 'What went wrong with this host: connect, silent, unmatched, not_sent, late, owed, set_aside',
      labelNames: ['upstream', 'what'] as const,
      registers,
    }),
    delivered: new Counter({
      name: 'akart_upstream_delivered_total',
      help: 'Reversals and confirmations that this host has acknowledged',
      labelNames,
      registers,
    }),
  }
}

export type UpstreamMetrics = ReturnType<typeof createUpstreamMetrics>
