import { setTimeout as sleep } from 'node:timers/promises'
import type { Issue } from '../core/issue.ts'
import type { Request } from '../core/request.ts'
import { isConnectionLost, type WorkerConnection } from '../db/connection.ts'
import type { EngineWatch } from './engine.ts'
import { executeBatch } from './executor.ts'
import type { Guesses } from './guesses.ts'
import type { KnownKeys } from './known-keys.ts'
import type { Waiting } from './lanes.ts'
import { Moved } from './load.ts'
import { refuse, Unanswered } from './refusal.ts'
import type { Whereabouts } from './card-locator.ts'

export type Attempt = {
  readonly connection: WorkerConnection
  readonly whereabouts: Whereabouts
  readonly knownKeys: KnownKeys
  readonly guesses: Guesses
  readonly issues: () => ReadonlyMap<number, Issue>
  readonly stopping: AbortSignal
  readonly watch: EngineWatch
}

/** What a failed try means. Only the whole unit of work is ever tried again. */
const TRIES = 8

/**
 * Brings a batch to an answer for each of its requests. A lost race or a broken connection: the whole batch again. An
 * error in the data of one request: one by one, so that only the poisonous one gets 96. A connection lost at COMMIT:
 * the outcome is not known, and the batch is tried until its rows can be read or written under their card locks; until
 * then nobody is answered.
 */
export async function attemptBatch(attempt: Attempt, batch: readonly Waiting[]): Promise<void> {
  const { watch, stopping } = attempt
  const requests = batch.map(({ request }) => request)
  let unknown = false

  for (let tries = 1; ; tries++) {
    const started = performance.now()
    let committing = false
    try {
      const takenAsFree = attempt.knownKeys.takenAsFree(batch, tries, started)
      const ground = { ...attempt, takenAsFree, committing: () => (committing = true) }
      const answers = await executeBatch(ground, requests)
      watch.batch(batch.length, performance.now() - started)
      answers.forEach((answer, i) => batch[i]?.resolve(answer))
      return
    } catch (error) {
      await attempt.connection.rollback()
      if (errnoOf(error) === DUPLICATE) attempt.knownKeys.wasThere(performance.now())
      unknown ||= committing && isConnectionLost(error)
      if (unknown) watch.trouble('outcome not known, settling', error, requests)
      else if (!mayPass(error)) return oneByOne(attempt, batch, error)
      else if (tries >= TRIES) return giveUp(attempt, batch, error)
    }
    if (unknown && stopping.aborted && tries >= TRIES) {
      for (const { reject } of batch) reject(new Unanswered('stopped while the outcome is not known'))
      return
    }
    await sleep(pause(tries))
  }
}

async function oneByOne(attempt: Attempt, batch: readonly Waiting[], error: unknown): Promise<void> {
  if (batch.length === 1) return giveUp(attempt, batch, error)
  for (const waiting of batch) await attemptBatch(attempt, [waiting])
}

/** These tries booked nothing: the transaction was rolled back, or its connection was gone before COMMIT was sent. */
function giveUp({ watch }: Attempt, batch: readonly Waiting[], error: unknown): void {
  watch.trouble('not booked', error, requestsOf(batch))
  for (const waiting of batch) refuse(waiting, 'malfunction')
}

const requestsOf = (batch: readonly Waiting[]): readonly Request[] => batch.map(({ request }) => request)

/** 2, 4, 8 … ms up to half a second, with jitter so that two losers do not meet again. */
const pause = (tries: number): number => Math.min(500, 2 ** tries) * (0.5 + Math.random() / 2)

/**
 * Errors after which the same work may succeed: 1062 another was first under a key, 1213 deadlock, 1205 lock wait, 1020
 * the row changed, 1040/1203 too many connections, 1047 the node is not ready, 1290 read only for now, 1180 the commit
 * was refused by certification.
 */
const DUPLICATE = 1062
const PASSING: ReadonlySet<number> = new Set([1020, 1040, 1047, DUPLICATE, 1180, 1203, 1205, 1213, 1290])

function mayPass(error: unknown): boolean {
  if (error instanceof Moved) return true
  const errno = errnoOf(error)
  return (errno !== null && PASSING.has(errno)) || isDriverError(error)
}

function errnoOf(error: unknown): number | null {
  const { errno } = error as { errno?: unknown }
  return typeof errno === 'number' ? errno : null
}

/** A connection that is gone, in the driver's words: it carries a `code`; our own errors do not. */
const isDriverError = (error: unknown): boolean =>
  typeof (error as { code?: unknown }).code === 'string' && isConnectionLost(error)
