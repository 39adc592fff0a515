import { assert } from '../core/assert.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Lanes, Waiting } from './lanes.ts'
import type { LockedOut } from './locked-out.ts'
import type { QueueWait } from './queue-wait.ts'
import { refuse } from './refusal.ts'

/** Connections that take batches from the lanes. */
export type Workers = {
  /** Requests are waiting: assigns them to workers once in this turn of the event loop. */
  readonly wake: () => void
  /** Starts no more batches; resolves once those in progress are done. */
  readonly stop: () => Promise<void>
}

export type Worker = {
  readonly connection: WorkerConnection
  /** `performance.now()` when its batch began; null: idle. */
  since: number | null
}

export type WorkersParts = {
  readonly workers: readonly Worker[]
  readonly lanes: Lanes
  readonly queueWait: QueueWait
  readonly batchMax: number
  readonly timeoutMs: number
  readonly attempt: (connection: WorkerConnection, batch: readonly Waiting[]) => Promise<readonly LockedOut[]>
  /** Called with the requests of a batch that stay unanswered because their cards are locked. */
  readonly lockedOut: (lockedOut: readonly LockedOut[]) => void
  /** Called for requests that have their answers and whose claims are free. */
  readonly done: (done: readonly Waiting[]) => void
}

// Requests for which a further worker starts beside a working one. Tried: 1, 4, 8, 16, 32; at 256 callers all are alike.
const WORTHWHILE = 32
// The most turns of the event loop for which a batch waits while each turn brings more requests. A single request does not wait.
const MOST_TURNS = 8
// ms after which a batch counts as held up. Most batches take 1 to 15 ms, and a delay of 10 ms matters to no terminal.
const HELD_UP_MS = 10

/**
 * A lone request is taken at once. While one batch runs, another worker starts only when 32 requests are waiting, because
 * a batch costs 1.2 ms of processor however small it is. Against an even split over all idle workers a request of 16
 * callers costs 205 instead of 520 µs of processor (1.4 times the throughput), of 64 callers 140 instead of 225; the
 * latency is better from 2 callers on, and the same for one. A batch that is held up (a lock, an outcome to be settled) is
 * not waited for.
 */
export function createWorkers(parts: WorkersParts): Workers {
  const { workers, lanes, queueWait, batchMax } = parts
  const runs = new Set<Promise<void>>()
  let scheduled = false
  /** Callers were answered since the last look, who may send again. */
  let isAnswered = false
  let looking: NodeJS.Timeout | null = null

  const wake = (): void => {
    if (scheduled) return
    scheduled = true
    setImmediate(look, lanes.length(), 1)
  }

  /**
   * Callers that were answered together send again together, but not in one turn of the event loop: the batch waits while
   * they arrive. The first of them arrive in the turn after their answers. A batch that began before them would leave them to
   * the next one, and the callers would stay in two halves that take turns (decision 0460).
   */
  const look = (before: number, turn: number): void => {
    const waiting = lanes.length()
    const mayCome = waiting > before || isAnswered
    isAnswered = false
    if (mayCome && waiting < WORTHWHILE && turn < MOST_TURNS) {
      setImmediate(look, waiting, turn + 1)
      return
    }
    scheduled = false
    startIdle()
  }

  const startIdle = (): void => {
    const now = performance.now()
    const idle = workers.filter(({ since }) => since === null)
    const isAtWork = workers.some(({ since }) => since !== null && now - since < HELD_UP_MS)
    const starting = idle.slice(0, Math.max(isAtWork ? 0 : 1, Math.floor(lanes.length() / WORTHWHILE)))
    starting.forEach((worker, i) => {
      const share = Math.ceil(lanes.length() / (starting.length - i))
      const batch = lanes.take(Math.min(share, batchMax))
      queueWait.took(batch.length, lanes.length(), now)
      if (batch.length > 0) start(worker, withoutStale(parts, batch))
    })
    if (lanes.length() > 0 && starting.length < idle.length) {
      looking ??= setTimeout(() => {
        looking = null
        startIdle()
      }, HELD_UP_MS)
    }
  }

  const start = (worker: Worker, batch: readonly Waiting[]): void => {
    if (batch.length === 0) return wake()
    assert(worker.since === null, 'a worker takes a batch while it has one')
    worker.since = performance.now()
    const run = parts.attempt(worker.connection, batch).then((lockedOut) => {
      const waiting = new Set(lockedOut.map((one) => one.waiting))
      assert(worker.since !== null, 'a worker ends a batch that it does not have')
      assert(
        lockedOut.every((one) => batch.includes(one.waiting)),
        'a worker hands back what it was not given',
      )
      worker.since = null
      isAnswered = batch.length > 1 || lanes.length() > 0
      runs.delete(run)
      parts.lockedOut(lockedOut)
      parts.done(batch.filter((one) => !waiting.has(one)))
    })
    runs.add(run)
  }

  return {
    wake,
    async stop() {
      if (looking !== null) clearTimeout(looking)
      await Promise.all(runs)
    },
  }
}

/**
 * Refuses requests that have waited longer than their terminals do, because nobody would receive the answer. Settling
 * requests are carried out all the same.
 */
const withoutStale = ({ lanes, timeoutMs }: WorkersParts, batch: readonly Waiting[]): Waiting[] =>
  batch.filter((waiting) => {
    const fresh = waiting.lane === 'settlement' || performance.now() - waiting.since <= timeoutMs
    if (!fresh) {
      lanes.release([waiting])
      refuse(waiting, 'overloaded')
    }
    return fresh
  })
