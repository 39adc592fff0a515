/** The engine: a queue of requests and the workers that execute them in batches. */

import type { Issue } from '../core/issue.ts'
import type { Key } from '../core/key.ts'
import type { Request } from '../core/request.ts'
import type { Access } from '../db/access.ts'
import { ORDINARY, workerConnection, type WorkerConnection } from '../db/connection.ts'
import { attemptBatch } from './attempt.ts'
import type { Answer } from './executor.ts'
import type { EngineWatch } from './engine-watch.ts'
import { createGuesses, type Guesses } from './guesses.ts'
import { createKnownKeys } from './known-keys.ts'
import { createLanes, type Waiting } from './lanes.ts'
import { createHealth, type Health } from './health.ts'
import { createLockedOutQueue } from './locked-out.ts'
import { createQueueWait } from './queue-wait.ts'
import { createCardLocator, type KnownCard } from './card-locator.ts'
import { createIntake } from './intake.ts'
import { givingWay, type Traffic } from './traffic.ts'
import { createWorkers, type Worker } from './workers.ts'

export type EngineSettings = {
  readonly workers: number
  readonly batchMax: number
  readonly queueMax: number
  /** ms; a request that waited longer than this is not started: its terminal has given up. */
  readonly timeoutMs: number
  /** ms; a new request that would have to wait longer is refused at once. */
  readonly queueWaitMs: number
  /** ms within which the database must answer a packet; after that the connection is closed. */
  readonly answerWithin?: number
  /** The load of another engine: each packet is sent while that engine has no requests. */
  readonly givesWayTo?: Traffic | null
}

export type Engine = {
  /**
   * Decides one request; resolves once the decision is durable. For a new request, overload and malfunction are answers
   * too. Rejects if no answer may be given: the outcome is unknown when the engine is stopped, or a repeat, a
   * confirmation or a reversal is not carried out (`refuse`).
   */
  readonly submit: (request: Request) => Promise<Answer>
  /** The same for a request that is marked as a repeat: it may be booked already, so it is not refused. */
  readonly submitRepeat: (request: Request) => Promise<Answer>
  /** Whether a new request would be refused now. */
  readonly isOverloaded: () => boolean
  /** Whether a request under this key is in work or was booked recently; then it must not be refused. */
  readonly mayBeBooked: (key: Key) => boolean
  /** Tells the engine the ids of the cards of the next requests, so that it need not look them up. */
  readonly know: (cards: readonly KnownCard[]) => void
  /** Finishes the accepted requests, refuses the rest, closes the connections. */
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
  const queueWait = createQueueWait(settings.queueWaitMs, settings.workers * settings.batchMax)
  const stopping = new AbortController()
  const limits = { answerWithin: settings.answerWithin ?? ORDINARY.answerWithin, lockWait: LOCK_WAIT_SECONDS }
  const connect = (): WorkerConnection => givingWay(workerConnection(access, limits), settings.givesWayTo ?? null)
  const connections = Array.from({ length: settings.workers }, connect)
  const workers: readonly Worker[] = connections.map((connection) => ({ connection, since: null }))
  const health = createHealth(workers)
  const attempts = {
    cardLocator: createCardLocator(),
    knownKeys: createKnownKeys(),
    guesses,
    issues,
    stopping: stopping.signal,
    watch: watchedBy(health, watch),
    timeoutMs: settings.timeoutMs,
  }
  const done = (ones: readonly Waiting[]): void => {
    lanes.release(ones)
    // Not at once, because the waiting requests may all be locked out, and the callers just answered may send again.
    if (lanes.length() > 0) pool.wake()
  }
  const apart = connect()
  const room = createLockedOutQueue({
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
  const intake = createIntake(lanes, queueWait, attempts.cardLocator, settings.timeoutMs, pool.wake)

  return {
    submit: (request) => intake.submit(request, false),
    submitRepeat: (request) => intake.submit(request, true),
    isOverloaded: intake.isOverloaded,
    mayBeBooked: intake.mayBeBooked,
    know: attempts.cardLocator.know,
    async stop() {
      intake.stop()
      stopping.abort()
      await pool.stop()
      await room.stop()
      await Promise.all([apart, ...connections].map((connection) => connection.close()))
    },
    depth: lanes.length,
    answers: health.answers,
  }
}

/** A durable batch also proves that the database answers. */
const watchedBy = (health: Health, watch: EngineWatch): EngineWatch => ({
  ...watch,
  batch(size, ms) {
    health.succeeded()
    watch.batch(size, ms)
  },
})

/** The shortest lock wait that the server allows; it applies to keys of rows that are being inserted. Existing rows are locked without waiting. */
const LOCK_WAIT_SECONDS = 1
