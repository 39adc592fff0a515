/**
 * Executes a batch, and decides after a failure which part is tried again: the whole batch, halves, or single requests.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { isConnectionLost } from '../db/connection-lost.ts'
import { LOCKED } from '../db/sql/servers.ts'
import { isWithoutTransaction } from '../db/sql/unfolded.ts'
import type { EngineWatch } from './engine-watch.ts'
import { executeBatch } from './executor.ts'
import type { Guesses } from './guesses.ts'
import type { KnownKeys } from './known-keys.ts'
import type { Waiting } from './lanes.ts'
import { type LockedOut, overtakes } from './locked-out.ts'
import { Moved } from './load.ts'
import { refuse, Unanswered } from './refusal.ts'
import type { CardLocator } from './card-locator.ts'

export type Attempt = {
  readonly connection: WorkerConnection
  readonly cardLocator: CardLocator
  readonly knownKeys: KnownKeys
  readonly guesses: Guesses
  readonly issues: () => ReadonlyMap<number, Issue>
  readonly stopping: AbortSignal
  readonly watch: EngineWatch
  /** ms for which a terminal waits for its answer. */
  readonly timeoutMs: number
}

/** The number of tries of a batch. Only the whole unit of work is ever tried again. */
const TRIES = 8

/**
 * Brings a batch to an answer for each of its requests. After a lost race or a broken connection, the whole batch is
 * tried again. A lock of another process is not awaited: the batch is split in halves, so that the others proceed, and
 * the locked-out requests are returned. After an error in the data of one request, they are tried one by one, so that
 * only the faulty one gets 96. After a connection lost at COMMIT the outcome is unknown: the batch is tried until its
 * rows can be read or written under their card locks, and no request is answered before.
 *
 * @param isUnknown whether an earlier try may have booked it
 * @returns the requests without an answer, because their cards are locked
 */
export async function attemptBatch(
  attempt: Attempt,
  batch: readonly Waiting[],
  isUnknown = false,
): Promise<readonly LockedOut[]> {
  const { watch, stopping } = attempt
  const requests = batch.map(({ request }) => request)
  let unknown = isUnknown

  for (let tries = 1; ; tries++) {
    const started = performance.now()
    let committing = false
    let committingAt = started
    try {
      const takenAsFree = isUnknown ? NONE : attempt.knownKeys.takenAsFree(batch, tries, started)
      const sent = (): void => {
        committing = true
        committingAt = performance.now()
      }
      const answers = await executeBatch({ ...attempt, takenAsFree, committing: sent }, requests)
      const ended = performance.now()
      watch.batch(batch.length, ended - started)
      const since = watch.traced && batch.map((one) => one.since)
      if (since) watch.traced?.({ requests, since, began: started, committing: committingAt, ended })
      answers.forEach((answer, i) => batch[i]?.resolve(answer))
      return []
    } catch (error) {
      await attempt.connection.rollback()
      if (errnoOf(error) === DUPLICATE) attempt.knownKeys.wasThere(performance.now())
      unknown ||= committing && isConnectionLost(error)
      if (isLocked(error)) return inHalves(attempt, batch, unknown)
      if (unknown) watch.trouble('outcome not known, settling', error, requests)
      else if (!mayPass(error)) return oneByOne(attempt, batch, error)
      else if (tries >= TRIES || batch.some((one) => isLate(attempt, one))) return giveUp(attempt, batch, error)
    }
    if (unknown && stopping.aborted && tries >= TRIES) {
      for (const { reject } of batch) reject(new Unanswered('stopped while the outcome is not known'))
      return []
    }
    await sleep(pause(tries))
  }
}

const NONE: ReadonlySet<Request> = new Set()

/**
 * After a lock: in halves, so that few transactions meet the locked card. Requests that are not locked out are done in
 * order; those that are, and later ones under the same claim, are returned.
 */
async function inHalves(
  attempt: Attempt,
  batch: readonly Waiting[],
  isUnknown: boolean,
): Promise<readonly LockedOut[]> {
  const [only] = batch
  if (batch.length === 1 && only !== undefined) return [{ waiting: only, isUnknown }]
  const middle = batch.length >> 1
  const lockedOut = [...(await attemptBatch(attempt, batch.slice(0, middle), isUnknown))]
  const behind = batch.slice(middle).map((waiting) => ({ waiting, isUnknown }))
  const free: Waiting[] = []
  for (const one of behind) {
    if (overtakes(one, lockedOut)) lockedOut.push(one)
    else free.push(one.waiting)
  }
  if (free.length > 0) lockedOut.push(...(await attemptBatch(attempt, free, isUnknown)))
  return lockedOut
}

async function oneByOne(attempt: Attempt, batch: readonly Waiting[], error: unknown): Promise<readonly LockedOut[]> {
  if (batch.length === 1) return giveUp(attempt, batch, error)
  const lockedOut: LockedOut[] = []
  for (const waiting of batch) {
    if (overtakes({ waiting }, lockedOut)) lockedOut.push({ waiting, isUnknown: false })
    else lockedOut.push(...(await attemptBatch(attempt, [waiting])))
  }
  return lockedOut
}

/** Answers that nothing is booked. That is certain: each try was rolled back, or lost its connection before COMMIT was sent. */
function giveUp({ watch }: Attempt, batch: readonly Waiting[], error: unknown): readonly LockedOut[] {
  watch.trouble('not booked', error, requestsOf(batch))
  for (const waiting of batch) refuse(waiting, 'malfunction')
  return []
}

/** Another try may take as long as this one, and a new request must be answered before its terminal gives up. */
const isLate = ({ timeoutMs }: Attempt, { lane, since }: Waiting): boolean =>
  lane === 'new' && performance.now() - since > timeoutMs / 2

const requestsOf = (batch: readonly Waiting[]): readonly Request[] => batch.map(({ request }) => request)

/** 2, 4, 8 … ms up to half a second, with jitter so that two losers do not meet again. */
const pause = (tries: number): number => Math.min(500, 2 ** tries) * (0.5 + Math.random() / 2)

/**
 * Errors after which the same work may succeed: 1062 another was first under a key, 1213 deadlock, 1020
 * the row changed, 1040/1203 too many connections, 1047 the node is not ready, 1290, 1792, 1836 read only for now, 1180 the commit
 * was refused by certification.
 */
const DUPLICATE = 1062
const PASSING: ReadonlySet<number> = new Set([1020, 1040, 1047, DUPLICATE, 1180, 1203, 1213, 1290, 1792, 1836])

function mayPass(error: unknown): boolean {
  if (error instanceof Moved || isWithoutTransaction(error)) return true
  const errno = errnoOf(error)
  return (errno !== null && PASSING.has(errno)) || isDriverError(error)
}

function errnoOf(error: unknown): number | null {
  const { errno } = error as { errno?: unknown }
  return typeof errno === 'number' ? errno : null
}

/** The driver's error for a broken connection: it has a `code`; our own errors do not. */
const isDriverError = (error: unknown): boolean =>
  typeof (error as { code?: unknown }).code === 'string' && isConnectionLost(error)

const isLocked = (error: unknown): boolean => LOCKED.has(errnoOf(error))
