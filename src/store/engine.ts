import type { Issue } from '../core/issue.ts'
import { keyText, KIND, type Request } from '../core/request.ts'
import type { Outcome } from '../core/state.ts'
import type { Access } from './access.ts'
import { workerConnection } from './connection.ts'
import { attemptBatch, type Attempt } from './attempt.ts'
import { createLanes, type Waiting } from './lanes.ts'
import { createWhereabouts, originalOf, presentedNumbers } from './whereabouts.ts'

/** What an edge gets for a request: what to answer, and the row to build it from. */
export type Answer = Pick<Outcome, 'result' | 'row'>

export type EngineSettings = {
  readonly workers: number
  readonly batchMax: number
  readonly queueMax: number
  /** ms; a request that waited longer than this is not started: its terminal has given up. */
  readonly patience: number
}

export type Engine = {
  /**
   * Decides one request; resolves once the decision is durable. Overload and malfunction are answers too. Rejects only
   * when the engine is stopped while the outcome is not known: then nothing may be answered.
   */
  readonly submit: (request: Request) => Promise<Answer>
  /** Finishes what was taken, refuses the rest, closes the connections. */
  readonly stop: () => Promise<void>
  readonly depth: () => number
}

export type EngineWatch = {
  readonly batch: (size: number, ms: number) => void
  readonly trouble: (what: string, error: unknown, requests: readonly Request[]) => void
}

/**
 * Natural batching: while one batch commits, the next one fills. A lone request is taken at once, a flood in bulk.
 * Workers never hold the same card or key at once, so that they do not wait for each other in the database; across
 * processes its row locks keep the order.
 */
export function createEngine(
  access: Access,
  issues: () => ReadonlyMap<number, Issue>,
  settings: EngineSettings,
  watch: EngineWatch,
): Engine {
  const whereabouts = createWhereabouts()
  const lanes = createLanes(settings.queueMax)
  const stopping = new AbortController()
  const workers = Array.from({ length: settings.workers }, () => ({
    connection: workerConnection(access),
    /** `performance.now()` when its batch began; null: idle. */
    since: null as number | null,
  }))
  const runs = new Set<Promise<void>>()
  let scheduled = false
  let looking: NodeJS.Timeout | null = null

  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      startWorkers()
    })
  }

  /**
   * A lone request is taken at once. While a batch is at work, another worker starts only for a share that is worth its
   * packets, since a batch costs 1.2 ms of processor however small it is. Against an even split over all idle workers a
   * request of 16 callers costs 205 instead of 520 µs of processor (1.4 times the throughput), of 64 callers 140 instead
   * of 225; the latency is better from 2 callers on, and the same for one.
   * A batch that is held up (a lock, an outcome to be settled) is not waited for.
   */
  const startWorkers = (): void => {
    const now = performance.now()
    const idle = workers.filter(({ since }) => since === null)
    const isAtWork = workers.some(({ since }) => since !== null && now - since < HELD_UP_MS)
    const starting = idle.slice(0, Math.max(isAtWork ? 0 : 1, Math.floor(lanes.length() / WORTHWHILE)))
    starting.forEach((worker, i) => {
      const share = Math.ceil(lanes.length() / (starting.length - i))
      const batch = lanes.take(Math.min(share, settings.batchMax))
      if (batch.length > 0) start(worker, refuseStale(batch))
    })
    if (lanes.length() > 0 && starting.length < idle.length) {
      looking ??= setTimeout(() => {
        looking = null
        startWorkers()
      }, HELD_UP_MS)
    }
  }

  const refuseStale = (batch: readonly Waiting[]): Waiting[] =>
    batch.filter((waiting) => {
      const fresh = waiting.urgent || performance.now() - waiting.since <= settings.patience
      if (!fresh) {
        lanes.release([waiting])
        waiting.resolve({ result: 'overloaded', row: null })
      }
      return fresh
    })

  const start = (worker: (typeof workers)[number], batch: readonly Waiting[]): void => {
    if (batch.length === 0) return schedule()
    worker.since = performance.now()
    const attempt: Attempt = { connection: worker.connection, whereabouts, issues, stopping: stopping.signal, watch }
    const run = attemptBatch(attempt, batch).finally(() => {
      lanes.release(batch)
      worker.since = null
      runs.delete(run)
      if (lanes.length() > 0) startWorkers()
    })
    runs.add(run)
  }

  return {
    submit(request) {
      const urgent = URGENT.has(request.key.kind)
      if (stopping.signal.aborted || lanes.isFull(urgent)) return Promise.resolve({ result: 'overloaded', row: null })
      return new Promise((resolve, reject) => {
        lanes.add({ request, urgent, claims: claimsOf(request), since: performance.now(), resolve, reject })
        schedule()
      })
    },
    async stop() {
      for (const waiting of lanes.drain()) waiting.resolve({ result: 'overloaded', row: null })
      stopping.abort()
      if (looking !== null) clearTimeout(looking)
      await Promise.all(runs)
      await Promise.all(workers.map(({ connection }) => connection.close()))
    },
    depth: lanes.length,
  }
}

// Requests for which a further worker starts beside a working one. Tried: 1, 4, 8, 16, 32; at 256 callers all are alike.
const WORTHWHILE = 32
// ms after which a batch counts as held up; most take 1 to 15 ms, and 10 ms more harm no terminal.
const HELD_UP_MS = 10

/** Confirmations and reversals settle what is owed: they have a lane of their own. */
const URGENT: ReadonlySet<number> = new Set([KIND.confirmation, KIND.reversal])

/** What no two workers may hold at once: the request's own key, the key and the card that it is about, its terminal. */
function claimsOf(request: Request): readonly string[] {
  const original = originalOf(request)
  return [
    keyText(request.key),
    ...(original === null ? [] : [keyText(original)]),
    ...presentedNumbers(request).map(({ numberHash }) => numberHash),
    ...(request.confirmation === 'next' ? [`${request.key.store} ${request.key.terminal}`] : []),
  ]
}
