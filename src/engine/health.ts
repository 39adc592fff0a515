import type { WorkerConnection } from '../db/connection.ts'
import type { Worker } from './workers.ts'

/** Whether the database answers on the connections that requests use. */
export type Health = {
  /** A batch is durable. */
  readonly succeeded: () => void
  readonly answers: () => Promise<boolean>
}

/** ms for which a finished batch proves that the database answers, and which a running batch may take. */
const FRESH_MS = 2_000
/** ms in which an idle connection has to answer; it may have to be opened first. */
const PROBE_MS = 1_500

/**
 * Under load the batches show whether the database answers; otherwise every idle connection is checked, so that a dead
 * one is found and replaced before a payment uses it. Callers during a check share its result.
 */
export function createHealth(workers: readonly Worker[]): Health {
  let last = -Infinity
  let asking: Promise<boolean> | null = null

  const ask = async (): Promise<boolean> => {
    const idle = workers.filter(({ since }) => since === null)
    if (idle.length > 0) return (await Promise.all(idle.map(({ connection }) => isAlive(connection)))).every(Boolean)
    const oldest = Math.min(...workers.map(({ since }) => since ?? Infinity))
    return performance.now() - Math.max(last, oldest) < FRESH_MS
  }

  return {
    succeeded() {
      last = performance.now()
    },
    answers() {
      if (performance.now() - last < FRESH_MS) return Promise.resolve(true)
      asking ??= ask().finally(() => {
        asking = null
      })
      return asking
    },
  }
}

function isAlive(connection: WorkerConnection): Promise<boolean> {
  return new Promise((tell) => {
    const timer = setTimeout(() => tell(false), PROBE_MS)
    connection
      .send('SELECT 1')
      .then(
        () => tell(true),
        () => tell(false),
      )
      .finally(() => clearTimeout(timer))
  })
}
