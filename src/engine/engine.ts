import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import { type Key, keyText, originalText } from '../core/key.ts'
import type { Role } from '../core/role.ts'
import { roleOf } from '../core/role-of-ask.ts'
import type { Access } from '../db/access.ts'
import { ORDINARY, workerConnection } from '../db/connection.ts'
import { attemptBatch } from './attempt.ts'
import { createBookedKeys } from './booked-keys.ts'
import type { Answer } from './executor.ts'
import type { EngineWatch } from './engine-watch.ts'
import { createGuesses, type Guesses } from './guesses.ts'
import { createKnownKeys } from './known-keys.ts'
import { createLanes, type Lane, type Lanes, type Waiting } from './lanes.ts'
import { createHealth, type Health } from './health.ts'
import { createWaitingRoom } from './locked-out.ts'
import { createQueueWait } from './queue-wait.ts'
import { refuse } from './refusal.ts'
import { createCardLocator, originalOf, presentedNumbers } from './card-locator.ts'
import { createWorkers, type Worker } from './workers.ts'

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
  const lanes = createLanes(settings.queueMax)
  const queueWait = createQueueWait(settings.queueWait, settings.workers * settings.batchMax)
  const booked = createBookedKeys()
  const stopping = new AbortController()
  const limits = { answerWithin: settings.answerWithin ?? ORDINARY.answerWithin, lockWait: LOCK_WAIT_SECONDS }
  const connections = Array.from({ length: settings.workers }, () => workerConnection(access, limits))
  const workers: readonly Worker[] = connections.map((connection) => ({ connection, since: null }))
  const health = createHealth(workers)
  const attempts = {
    cardLocator: createCardLocator(),
    guesses,
    knownKeys: createKnownKeys(),
    issues,
    stopping: stopping.signal,
    watch: watchedBy(health, watch),
    timeoutMs: settings.timeoutMs,
  }
  const done = (ones: readonly Waiting[]): void => {
    lanes.release(ones)
    // Not at once: what waits may be only what is locked out, and the callers that have just been answered come again.
    if (lanes.length() > 0) pool.wake()
  }
  const apart = workerConnection(access, limits)
  const room = createWaitingRoom({
    attempt: ({ waiting, isUnknown }) => attemptBatch({ ...attempts, connection: apart }, [waiting], isUnknown),
    left: (waiting) => done([waiting]),
    timeoutMs: settings.timeoutMs,
    most: settings.queueMax,
  })
  const pool = createWorkers({
    workers,
    lanes,
    queueWait,
    batchMax: settings.batchMax,
    timeoutMs: settings.timeoutMs,
    attempt: (connection, batch) => attemptBatch({ ...attempts, connection }, batch),
    lockedOut: room.add,
    done,
  })
  const expiry = expireInTime(lanes, settings.timeoutMs)
  const isOverloaded = (): boolean => lanes.isFull('new') || queueWait.isTooLong(lanes.length(), performance.now())

  const submit = (request: Request, isRepeat: boolean): Promise<Answer> => {
    const key = keyText(request.key)
    const lane = laneOf(request, isRepeat || booked.has(key))
    return new Promise<Answer>((resolve, reject) => {
      const claims = claimsOf(request, key)
      const waiting: Waiting = { request, lane, claims, since: performance.now(), resolve, reject }
      if (stopping.signal.aborted || lanes.isFull(lane) || (lane === 'new' && isOverloaded()))
        return refuse(waiting, 'overloaded')
      lanes.add(booked.followed(waiting, key))
      queueWait.grew(lanes.length(), waiting.since)
      pool.wake()
    })
  }

  return {
    submit: (request) => submit(request, false),
    submitRepeat: (request) => submit(request, true),
    isOverloaded,
    mayBeBooked: (key) => booked.has(keyText(key)),
    async stop() {
      for (const waiting of lanes.drain()) refuse(waiting, 'overloaded')
      stopping.abort()
      clearInterval(expiry)
      await pool.stop()
      await room.stop()
      await Promise.all([apart, ...connections].map((connection) => connection.close()))
    },
    depth: lanes.length,
    answers: health.answers,
  }
}

/** A batch that is durable also says that the database answers. */
const watchedBy = (health: Health, watch: EngineWatch): EngineWatch => ({
  ...watch,
  batch(size, ms) {
    health.succeeded()
    watch.batch(size, ms)
  },
})

/** Where nobody takes from the queue (the database hangs), what waits is told in time to reach its terminal. */
const expireInTime = (lanes: Lanes, timeoutMs: number): NodeJS.Timeout =>
  setInterval(() => {
    const now = performance.now()
    for (const waiting of lanes.expire('new', now - timeoutMs / 2)) refuse(waiting, 'overloaded')
    for (const waiting of lanes.expire('again', now - timeoutMs)) refuse(waiting, 'overloaded')
  }, EXPIRY_INTERVAL_MS).unref()

/** As short as the server knows: for the keys of rows that are being inserted. Rows that are there are locked without waiting. */
const LOCK_WAIT_SECONDS = 1
const EXPIRY_INTERVAL_MS = 100

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
