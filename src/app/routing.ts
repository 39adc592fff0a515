/**
 * Wires the routing to upstream hosts: connections, routes, store-and-forward queues, and the settlement of unanswered
 * requests.
 */

import type { Registry as MetricsRegistry } from 'prom-client'
import type { Config } from '../config/schema.ts'
import { accountName, type Registry } from '../core/registry.ts'
import type { Request } from '../core/request.ts'
import type { Profile } from '../iso8583/profile.ts'
import { startStoreAndForward } from '../jobs/store-and-forward.ts'
import { settleUnanswered } from '../jobs/unanswered.ts'
import type { Log } from '../log.ts'
import type { Access } from '../db/access.ts'
import type { DatabaseClock } from '../db/clock.ts'
import { watchSafDepths } from '../db/saf-depths.ts'
import { openSafQueue } from '../db/saf-queue.ts'
import type { Answer } from '../engine/executor.ts'
import { stanOf } from '../messages/stan.ts'
import { createRouter, GRACE_MS, type Router } from '../switch/router.ts'
import { createRoutes } from '../switch/routes.ts'
import { backOff } from '../upstreams/back-off.ts'
import { openUpstream, type Upstream, type UpstreamState } from '../upstreams/upstream.ts'
import { deliver } from './deliver.ts'
import { createUpstreamMetrics } from './upstream-metrics.ts'
import { upstreamSettings } from './upstreams.ts'
import { routingWatch } from './upstream-log.ts'

export type RoutingParts = {
  readonly access: Access
  readonly config: Config
  readonly profiles: ReadonlyMap<string, Profile>
  readonly log: Log
  readonly trouble: (what: string) => (error: unknown) => void
  readonly metrics: MetricsRegistry
  readonly registry: () => Registry
  readonly submit: (request: Request, isRepeat: boolean) => Promise<Answer>
  readonly nextId: () => number | null
  /** The next number of the series from which trace numbers are made. */
  readonly nextNumber: () => number | null
  readonly businessDate: (terminal: string, now: number) => string
  readonly clock: Pick<DatabaseClock, 'now' | 'surely'>
}

export type Routing = {
  readonly route: Router
  /** Connections to other hosts, and whether anything is sent there. */
  readonly states: () => readonly (UpstreamState & { readonly upstream: string })[]
  /** Stops the hosts first, so that waiting requests end; then their queues. */
  readonly stop: () => Promise<void>
}

/** Everything about upstream hosts: connections, routes, SAF queues, and abandoned requests. */
export async function openRouting(parts: RoutingParts): Promise<Routing> {
  const { access, config, log, submit, nextId } = parts
  const upstreams = new Map<string, Upstream>()
  const depths = watchSafDepths(access)
  const states = () => [...upstreams].map(([upstream, { state }]) => ({ upstream, ...state() }))
  const metrics = createUpstreamMetrics(parts.metrics, {
    states,
    // The other figures are still available while the database is not.
    depths: () => depths.read().catch(() => []),
    now: parts.clock.now,
  })
  const watch = routingWatch(log, parts.trouble, metrics)
  const nextStan = (): number | null => stanOf(parts.nextNumber())

  for (const each of config.upstreams) {
    const profile = parts.profiles.get(each.profile)
    if (profile === undefined) throw new Error(`profile ${each.profile} was not read`)
    const settings = await upstreamSettings(each, profile)
    upstreams.set(each.name, openUpstream(settings, { nextStan, now: parts.clock.now, watch: watch.upstream }))
  }
  const unanswered = settleUnanswered({
    access,
    submit: (request) => submit(request, false),
    nextId,
    clock: parts.clock,
    longestWait: longestWaitOf(config),
    settled: (count) => log.warn('settled requests that no process waited for any more', { count }),
    trouble: parts.trouble('requests without an answer could not be settled'),
  })
  const queues = config.upstreams.flatMap((each) => {
    const upstream = upstreams.get(each.name)
    return upstream === undefined ? [] : [startQueue(parts, each, upstream, nextStan, watch.queue)]
  })

  return {
    states,
    route: createRouter({
      submit,
      upstreams,
      routes: createRoutes(config.routes),
      nextId,
      nextStan,
      now: parts.clock.now,
      businessDate: parts.businessDate,
      account: (upstream, currency) =>
        parts.registry().accounts.get(accountName('upstream_settlement', upstream, currency)) ?? null,
      timeoutMs: config.engine.timeoutSeconds * 1000,
      watch: watch.router,
    }),
    async stop() {
      await Promise.all([...upstreams.values()].map((upstream) => upstream.stop()))
      await Promise.all([...queues, unanswered].map((job) => job.stop()))
      await depths.stop()
    },
  }
}

/** The longest time in ms from a request until the last request stops waiting for its host. */
const longestWaitOf = ({ engine, upstreams }: Config): number =>
  1000 *
    (engine.timeoutSeconds +
      Math.max(0, ...upstreams.map((each) => each.acquireTimeoutSeconds + each.timeoutSeconds))) +
  GRACE_MS

// Seconds by which a lease exceeds the longest sending, because the database may be slow to record the result.
const LEASE_MARGIN_SECONDS = 10

const startQueue = (
  { access, nextId, clock }: RoutingParts,
  {
    name,
    timeoutSeconds,
    acquireTimeoutSeconds,
    retryFirstSeconds,
    retryMostSeconds,
    setAsideAfter,
  }: Config['upstreams'][number],
  upstream: Upstream,
  nextStan: () => number | null,
  watch: ReturnType<typeof routingWatch>['queue'],
) =>
  startStoreAndForward({
    // A message and an echo may each take their time.
    queue: openSafQueue(access, name, Math.ceil(2 * (timeoutSeconds + acquireTimeoutSeconds)) + LEASE_MARGIN_SECONDS),
    deliver: (message, stan, transmitted) => deliver(upstream, message, stan, transmitted),
    nextId,
    nextStan,
    now: clock.now,
    longestPause: 2 * retryMostSeconds * 1000,
    pause: (tries) => backOff(tries, retryFirstSeconds * 1000, retryMostSeconds * 1000, Math.random()),
    setAsideAfter,
    watch,
  })
