/**
 * Runs `akart issue generate`: orders the cards of an issue and waits until a running akart or this process has made
 * them.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { generation } from '../jobs/generation.ts'
import { takeOne } from '../jobs/runner.ts'
import type { Actor } from '../office/actor.ts'
import { GENERATION, orderGeneration } from '../office/generation-order.ts'
import { findJob, type JobView } from '../office/jobs.ts'
import type { Office } from '../office/office.ts'
import { isRefused, refused, type Refused } from '../office/refusal.ts'

export type Generated = { readonly job: number; readonly cards: number; readonly seconds: number }

const POLL_INTERVAL_MS = 500

export type GenerateInput = {
  readonly issue: string
  /** False: only create the job; a running akart does it. */
  readonly wait: boolean
  readonly progress: (job: JobView) => void
}

/**
 * Orders the cards of an issue and waits until they are made: by a running akart, or else by this process, which
 * continues an interrupted generation.
 */
export async function generateIssue(
  office: Office,
  actor: Actor,
  { issue, wait, progress }: GenerateInput,
): Promise<Generated | Refused> {
  const from = performance.now()
  const id = await orderGeneration(office, actor, { issue })
  if (isRefused(id)) return id
  const { access } = office.db
  const kinds = { [GENERATION]: generation(office.keys) }
  const trouble = (what: string, error: unknown): void => void office.log.error(what, { error })
  const stopping = new AbortController()
  const watching = watch(() => findJob(office, actor, { job: id }), progress, stopping.signal)
  try {
    for (;;) {
      const job = await findJob(office, actor, { job: id })
      if (isRefused(job)) return job
      if (!wait || job.state === 'done') {
        return { job: id, cards: job.done, seconds: (performance.now() - from) / 1000 }
      }
      if (job.state === 'failed') {
        return refused('generation_failed', { issue, why: job.trouble ?? 'its cards cannot be made' })
      }
      const outcome = await takeOne({ access, kinds, trouble }, id, stopping.signal)
      if (outcome !== 'done') await sleep(POLL_INTERVAL_MS)
    }
  } finally {
    stopping.abort()
    await watching
  }
}

async function watch(
  find: () => Promise<JobView | Refused>,
  progress: (job: JobView) => void,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const job = await find()
    if (!isRefused(job)) progress(job)
    await sleep(POLL_INTERVAL_MS, undefined, { signal: stopping }).catch(() => undefined) // it is over
  }
}
