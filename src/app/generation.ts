import { setTimeout as sleep } from 'node:timers/promises'
import { setUpError } from '../config/set-up-error.ts'
import { generation } from '../jobs/generation.ts'
import { takeOne } from '../jobs/runner.ts'
import type { Access } from '../db/access.ts'
import { GENERATION, orderGeneration } from '../office/generation-order.ts'
import { onConnection } from '../office/issue-reading.ts'
import { type JobView, selectJob, toJobView } from '../db/sql/jobs.ts'
import { keysOfHome } from './home-keys.ts'
import { onDatabase } from './on-database.ts'

export type Generated = { readonly job: number; readonly cards: number; readonly seconds: number }

const LOOK_EVERY_MS = 500

/**
 * Orders the cards of an issue and waits until they are made: by a running akart, or else by this process, which goes on
 * with whatever a killed one left. `wait` false: only orders them, for a running akart.
 *
 * @throws a set-up error where it cannot be done
 */
export const generateIssue = (
  home: string,
  code: string,
  { who, wait, progress }: { readonly who: string; readonly wait: boolean; readonly progress: (job: JobView) => void },
): Promise<Generated> =>
  onDatabase(home, async (access, log) => {
    const keys = await keysOfHome(access, home)
    const from = performance.now()
    const id = await orderGeneration(access, code, who)
    const kinds = { [GENERATION]: generation(() => keys) }
    const trouble = (what: string, error: unknown): void => void log.error(what, { error })
    const stopping = new AbortController()
    const looking = watch(access, id, progress, stopping.signal)
    try {
      for (;;) {
        const job = await jobOf(access, id)
        if (!wait || job.state === 'done') {
          return { job: id, cards: job.done, seconds: (performance.now() - from) / 1000 }
        }
        if (job.state === 'failed') throw setUpError(`issue ${code}: ${job.trouble ?? 'its cards cannot be made'}`)
        const outcome = await takeOne({ access, kinds, trouble }, id, stopping.signal)
        if (outcome !== 'done') await sleep(LOOK_EVERY_MS)
      }
    } finally {
      stopping.abort()
      await looking
    }
  })

async function watch(
  access: Access,
  id: number,
  progress: (job: JobView) => void,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    progress(await jobOf(access, id))
    await sleep(LOOK_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined) // it is over
  }
}

const jobOf = (access: Access, id: number): Promise<JobView> =>
  onConnection(access, async (connection) => {
    const [[row] = []] = await connection.send(selectJob(id))
    if (row === undefined) throw new Error(`there is no job ${id}`)
    return toJobView(row)
  })
