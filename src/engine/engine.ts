import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import { type Key, keyText, originalText } from '../core/key.ts'
import type { Role } from '../core/role.ts'
import { roleOf } from '../core/role-of-ask.ts'
import type { Access } from '../db/access.ts'
import { ORDINARY, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { attemptBatch, type Attempt } from './attempt.ts'
import type { Answer } from './executor.ts'
import type { EngineWatch } from './engine-watch.ts'
import { createGuesses, type Guesses } from './guesses.ts'
import { createKnownKeys } from './known-keys.ts'
import { createLanes, type Lane, type Waiting } from './lanes.ts'
import { createHealth } from './health.ts'
import { createWaitingRoom } from './locked-out.ts'
import { createQueueWait } from './queue-wait.ts'
import { recentKeys } from './recent-keys.ts'
import { refuse } from './refusal.ts'
import { createCardLocator, originalOf, presentedNumbers } from './card-locator.ts'

export type EngineSettings = {
  readonly workers: number
  readonly batchMax: number
  readonly queueMax: number
  /** ms; a request that waited longer than this is not started: its terminal has given up. */
  readonly timeoutMs: number
  /** ms; where a new request would have to wait longer, it is refused at once. */
  readonly queueWait: number
  /** ms that the database has for one packet; else its connection is thrown away. */
  readonly answerWithin?: number
}

export type Engine = {
  /**
   * Decides one request; resolves once the decision is durable. To a new request overload and malfunction are answers
   * too. Rejects where nothing may be answered: the outcome is not known when the engine is stopped, or what is not
   * carried out is a repeat, a confirmation or a reversal (`refuse`).
   */
  readonly submit: (request: Request) => Promise<Answer>
  /** The same for one that is said to have been sent before: nobody can say that it is not booked, so it is not refused. */
  readonly submitRepeat: (request: Request) => Promise<Answer>
  /** Whether a new request would be refused now. */
  readonly isOverloaded: () => boolean
  /** Whether something is under this key, in work or booked a short while ago: then it must not be refused. */
  readonly mayBeBooked: (key: Key) => boolean
  /** Finishes what was taken, refuses the rest, closes the connections. */
  readonly stop: () => Promise<void>
  readonly depth: () => number
  /** Whether the database answers over the engine's own connections. */
  readonly answers: () => Promise<boolean>
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
  guesses: Guesses = createGuesses(),
): Engine {
  const cardLocator = createCardLocator()
  const knownKeys = createKnownKeys()
  const lanes = createLanes(settings.queueMax)
  const queueWait = createQueueWait(settings.queueWait, settings.workers * settings.batchMax)
  /** Keys in work, and keys that were answered. */
  const working = new Set<string>()
  const answered = recentKeys(ANSWERED)
  const stopping = new AbortController()
  const limits = { answerWithin: settings.answerWithin ?? ORDINARY.answerWithin, lockWait: LOCK_WAIT_SECONDS }
  const workers = Array.from({ length: settings.workers }, () => ({
    connection: workerConnection(access, limits),
    /** `performance.now()` when its batch began; null: idle. */
    since: null as number | null,
  }))
  const health = createHealth(workers)
  const watched: EngineWatch = {
    ...watch,
    batch(size, ms) {
      health.succeeded()
      watch.batch(size, ms)
    },
  }
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
      queueWait.took(batch.length, lanes.length(), now)
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
      const fresh = waiting.lane === 'owed' || performance.now() - waiting.since <= settings.timeoutMs
      if (!fresh) {
        lanes.release([waiting])
        refuse(waiting, 'overloaded')
      }
      return fresh
    })

  const mayBeBooked = (key: string): boolean => working.has(key) || answered.has(key)
  /** Keeps book of keys: what is in work, and what has left a row. */
  const noted = (waiting: Waiting, key: string): Waiting => {
    working.add(key)
    return {
      ...waiting,
      resolve(answer) {
        working.delete(key)
        if (answer.row !== null) answered.add(key)
        waiting.resolve(answer)
      },
      reject(reason) {
        working.delete(key)
        waiting.reject(reason)
      },
    }
  }
  const isOverloaded = (): boolean => lanes.isFull('new') || queueWait.isTooLong(lanes.length(), performance.now())

  const attemptOn = (connection: WorkerConnection): Attempt => ({
    connection,
    cardLocator,
    guesses,
    knownKeys,
    issues,
    stopping: stopping.signal,
    watch: watched,
    timeoutMs: settings.timeoutMs,
  })
  const released = (done: readonly Waiting[]): void => {
    lanes.release(done)
    // Not at once: what waits may be only what is locked out, and the callers that have just been answered come again.
    if (lanes.length() > 0) schedule()
  }

  const start = (worker: (typeof workers)[number], batch: readonly Waiting[]): void => {
    if (batch.length === 0) return schedule()
    worker.since = performance.now()
    const run = attemptBatch(attemptOn(worker.connection), batch).then((lockedOut) => {
      const waiting = new Set(lockedOut.map((one) => one.waiting))
      worker.since = null
      runs.delete(run)
      room.add(lockedOut)
      released(batch.filter((one) => !waiting.has(one)))
    })
    runs.add(run)
  }

  const apart = workerConnection(access, limits)
  const room = createWaitingRoom({
    attempt: ({ waiting, isUnknown }) => attemptBatch(attemptOn(apart), [waiting], isUnknown),
    left: (waiting) => released([waiting]),
    timeoutMs: settings.timeoutMs,
    most: settings.queueMax,
  })

  /** Where nobody takes from the queue (the database hangs), what waits is told in time to reach its terminal. */
  const expiry = setInterval(() => {
    const now = performance.now()
    for (const waiting of lanes.expire('new', now - settings.timeoutMs / 2)) refuse(waiting, 'overloaded')
    for (const waiting of lanes.expire('again', now - settings.timeoutMs)) refuse(waiting, 'overloaded')
  }, EXPIRY_LOOK_MS).unref()

  const submit = (request: Request, isRepeat: boolean): Promise<Answer> => {
    const key = keyText(request.key)
    const lane = laneOf(request, isRepeat || mayBeBooked(key))
    return new Promise<Answer>((resolve, reject) => {
      const claims = claimsOf(request, key)
      const waiting: Waiting = { request, lane, claims, since: performance.now(), resolve, reject }
      if (stopping.signal.aborted || lanes.isFull(lane) || (lane === 'new' && isOverloaded()))
        return refuse(waiting, 'overloaded')
      lanes.add(noted(waiting, key))
      queueWait.grew(lanes.length(), waiting.since)
      schedule()
    })
  }

  return {
    submit: (request) => submit(request, false),
    submitRepeat: (request) => submit(request, true),
    isOverloaded,
    mayBeBooked: (key) => mayBeBooked(keyText(key)),
    async stop() {
      for (const waiting of lanes.drain()) refuse(waiting, 'overloaded')
      stopping.abort()
      if (looking !== null) clearTimeout(looking)
      clearInterval(expiry)
      await Promise.all(runs)
      await room.stop()
      await apart.close()
      await Promise.all(workers.map(({ connection }) => connection.close()))
    },
    depth: lanes.length,
    answers: health.answers,
  }
}

/** As short as the server knows: for the keys of rows that are being inserted. Rows that are there are locked without waiting. */
const LOCK_WAIT_SECONDS = 1
// Requests for which a further worker starts beside a working one. Tried: 1, 4, 8, 16, 32; at 256 callers all are alike.
const WORTHWHILE = 32
// ms after which a batch counts as held up; most take 1 to 15 ms, and 10 ms more harm no terminal.
const HELD_UP_MS = 10

const EXPIRY_LOOK_MS = 100

// Keys of the latest answers: 2 MB, at 1,000 a second two minutes.
const ANSWERED = 100_000

/** Confirmations, reversals and what other hosts answered settle what is owed: they have a lane of their own. */
const OWED: ReadonlySet<Role> = new Set(['confirms', 'reverses'])

const laneOf = ({ ask }: Request, mayBeBooked: boolean): Lane =>
  ask.act === 'answer' || (ask.act !== 'resolution' && OWED.has(roleOf(ask))) ? 'owed' : mayBeBooked ? 'again' : 'new'

/** What no two workers may hold at once: the request's own key, the key and the card that it is about, its terminal. */
function claimsOf(request: Request, key: string): readonly string[] {
  const original = originalOf(request)
  return [
    key,
    ...(original === null ? [] : [originalText(original)]),
    ...presentedNumbers(request).map(({ numberHash }) => numberHash),
    ...(request.confirmation === 'next' ? [`${request.key.store} ${request.key.terminal}`] : []),
  ]
}
