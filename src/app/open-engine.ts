import { createEndOfDay } from '../engine/end-of-day.ts'
import { createEngine, type Engine } from '../engine/engine.ts'
import { createGuesses } from '../engine/guesses.ts'
import { createMarks } from '../engine/marks.ts'
import { counted, openTraffic, type Traffic } from '../engine/traffic.ts'
import { startConfirmTimer } from '../jobs/confirm-timer.ts'
import { endIdleTransactions } from '../jobs/idle-transactions.ts'
import { watchWriter } from '../jobs/writer-watch.ts'
import type { Followed } from './follow-database.ts'
import { marksUsedUp } from './guess-watch.ts'
import type { Metrics } from './metrics.ts'
import type { Start } from './start.ts'
import type { Tracing } from './tracing.ts'

/** The engine, the end of day, and the confirm timer, which moves money without a request of a terminal. */
export function openEngine(
  start: Start,
  followed: Followed,
  metrics: Metrics,
  businessDate: (terminal: string, now: number) => string,
  tracing: Tracing | null,
) {
  const { access, config, log, troubles, trouble, keep } = start
  const { registry, clock, nextId } = followed
  const guesses = createGuesses(
    config.unknownNumbersPerMinute,
    () => performance.now(),
    (source) => {
      metrics.guessing.inc()
      log.warn('too many unknown numbers: a minute of 75 for everything by number', { source })
    },
    createMarks(undefined, () => marksUsedUp(start, followed)),
  )
  const traffic = openTraffic()
  const opened = keep(
    createEngine(
      access,
      () => registry.current().issues,
      { ...config.engine, timeoutMs: config.engine.timeoutSeconds * 1000 },
      {
        batch: (size) => metrics.batchRequests.observe(size),
        ...(tracing === null ? {} : { traced: tracing.batch }),
        trouble(what, error, requests) {
          metrics.troubles.inc()
          troubles.note(what, error, { requests: requests.map(({ labels }) => labels.trace) })
        },
      },
      guesses,
    ),
  )
  const engine = countedEngine(opened, traffic)
  const endOfDay = keep(
    createEndOfDay(access, engine.submit, nextId, registry.refresh, trouble('an end of day failed and is tried again')),
  )
  keep(
    startConfirmTimer({
      access,
      submit: engine.submit,
      nextId,
      businessDate,
      clock,
      confirmTimeoutMs: config.confirmTimeoutSeconds * 1000,
      reversed(count) {
        metrics.unconfirmed.inc(count)
        log.warn('reversed unconfirmed transactions', { count })
      },
      trouble: trouble('the confirm timer failed'),
    }),
  )
  keep(
    endIdleTransactions({
      access,
      ended: (connections) => log.warn('idle transactions were ended', { connections }),
      trouble: trouble('idle transactions could not be looked for'),
    }),
  )
  const writer = watchWriter({
    access,
    moved: ({ host, port }) => log.warn('the database is written to on another node', { node: `${host}:${port}` }),
    trouble: trouble('the writer of the cluster could not be asked'),
  })
  if (writer !== null) keep(writer)
  return { engine, endOfDay, traffic }
}

/** Long work in other threads yields to the requests of this one. */
const countedEngine = (engine: Engine, traffic: Traffic): Engine => ({
  ...engine,
  submit: counted(traffic, engine.submit),
  submitRepeat: counted(traffic, engine.submitRepeat),
})

export type OpenedEngine = ReturnType<typeof openEngine>
