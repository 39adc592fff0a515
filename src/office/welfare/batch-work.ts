import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseStopped } from '../../db/database.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'

/*
 * Checks of long lists run in the background, so that no browser waits with an open request. Their progress is kept in
 * this process. If it ends, their transactions are rolled back and the batch is as before.
 */

/** The progress of a long check. */
export type Progress = {
  /** Called with the number of finished rows. */
  readonly rows: (count: number) => void
  /** Called with the number of the batch that the check creates. */
  readonly batch: (id: number) => void
}

export const NO_PROGRESS: Progress = { rows: () => {}, batch: () => {} }

type Work = { rows: number; ended: Refused | null }

/** The work in progress, by database of this process. */
const works = new WeakMap<object, Map<number, Work>>()

/** ms for which a request waits for the result; most lists are finished by then. */
const WITHIN_MS = 5_000
/** ms for which an unreported refusal is kept. */
const KEPT_MS = 600_000
const MOST = 100

const worksOf = ({ db }: Pick<Office, 'db'>): Map<number, Work> => {
  const known = works.get(db) ?? new Map<number, Work>()
  works.set(db, known)
  return known
}

/** The work in progress on a batch, or its result if nobody has seen it yet; null: none. */
export const workOn = (office: Pick<Office, 'db'>, id: number): Readonly<Work> | null => worksOf(office).get(id) ?? null

/**
 * Runs long work on a batch. Returns its result, or after `within` ms the number of the batch, while the work continues.
 * `id`: of an existing batch, on which only one work runs at a time.
 */
export async function inBackground<T>(
  office: Pick<Office, 'db' | 'log'>,
  id: number | null,
  act: (progress: Progress) => Promise<T | Refused>,
  within = WITHIN_MS,
): Promise<T | Refused | { readonly working: number }> {
  const all = worksOf(office)
  const there = id === null ? undefined : all.get(id)
  if (id !== null && there !== undefined && there.ended === null) return refused('batch_working', { batch: id })
  if (all.size >= MOST) return refused('batch_working', { batch: id ?? 0 })
  const work: Work = { rows: 0, ended: null }
  let batch = id
  if (batch !== null) all.set(batch, work)
  const progress: Progress = {
    rows: (count) => void (work.rows = count),
    batch(made) {
      batch = made
      all.set(made, work)
    },
  }
  let isAnswered = true
  const forget = (): void => void (batch !== null && all.get(batch) === work && all.delete(batch))
  const working = act(progress).then(
    (result) => {
      if (isAnswered || !isRefused(result)) forget()
      else keep(work, result, forget)
      return result
    },
    (error: unknown) => {
      if (isAnswered) forget()
      else keep(work, refused('batch_work_failed', { batch: batch ?? 0 }), forget)
      // The process is about to end: the transaction is rolled back, and the person has to start the work again.
      const isStopped = error instanceof DatabaseStopped
      if (!isAnswered && !isStopped) office.log.error('a welfare batch could not be checked', { batch, error })
      throw error
    },
  )
  const timer = new AbortController()
  const late = sleep(within, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const)
  const first = await Promise.race([working, late])
  timer.abort()
  if (first !== 'late' || batch === null) return working
  isAnswered = false
  working.catch(() => undefined) // it is told above
  return { working: batch }
}

function keep(work: Work, ended: Refused, forget: () => void): void {
  work.ended = ended
  setTimeout(forget, KEPT_MS).unref()
}
