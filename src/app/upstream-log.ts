import type { StoreAndForwardWatch } from '../jobs/store-and-forward.ts'
import type { Log } from '../log.ts'
import type { QueuedMessage } from '../db/saf-queue.ts'
import type { RouterWatch } from '../switch/ask-host.ts'
import type { UpstreamWatch } from '../upstreams/upstream.ts'
import type { UpstreamMetrics } from './upstream-metrics.ts'

/** Tells log and metrics what happened with other hosts. */
export function routingWatch(
  log: Log,
  trouble: (what: string) => (error: unknown) => void,
  metrics: UpstreamMetrics,
): { readonly upstream: UpstreamWatch; readonly router: RouterWatch; readonly queue: StoreAndForwardWatch } {
  return {
    upstream: {
      failed(upstream, what, why) {
        metrics.failures.inc({ upstream, what })
        log.warn(FAILURES[what], { upstream, why })
      },
      closed: (upstream, why) => log.info('connection to an upstream closed', { upstream, why }),
    },
    router: {
      answered(upstream, result, ms) {
        metrics.answers.inc({ upstream, result })
        metrics.answerSeconds.observe({ upstream }, ms / 1000)
      },
      late(upstream, trace) {
        metrics.failures.inc({ upstream, what: 'late' })
        log.warn('an upstream answered too late', { upstream, trace })
      },
      failed: (trace, why) => log.warn('not settled with the upstream', { trace, why }),
    },
    queue: {
      delivered(message) {
        metrics.delivered.inc({ upstream: message.upstream })
        log.info('an upstream acknowledged', fieldsOf(message))
      },
      failed(message, why) {
        metrics.failures.inc({ upstream: message.upstream, what: 'owed' })
        log.warn('an upstream did not acknowledge', { ...fieldsOf(message), why })
      },
      setAside(message, why) {
        metrics.failures.inc({ upstream: message.upstream, what: 'set_aside' })
        log.error('an upstream refuses a reversal or a confirmation: set aside, a case is open', {
          ...fieldsOf(message),
          why,
        })
      },
      trouble: trouble('store and forward failed and goes on'),
    },
  }
}

const FAILURES = {
  connect: 'no connection to an upstream',
  silent: 'an upstream did not answer',
  unmatched: 'an upstream answered what nobody waits for',
  not_sent: 'not sent to an upstream',
} as const satisfies Record<Parameters<UpstreamWatch['failed']>[1], string>

const fieldsOf = ({ upstream, kind, transactionId, tries, row }: QueuedMessage) => ({
  upstream,
  mti: `0${kind}`,
  transaction: transactionId,
  trace: row.labels.trace,
  tries: tries + 1,
})
