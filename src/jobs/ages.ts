/**
 * Measures the age of the oldest waiting row of each queue, for metrics and alerts. A process that hangs cannot report
 * itself.
 */

import type { Access } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { WAITING, type Waiting } from '../db/sql/ages.ts'
import { startPoller, type Poller } from './poller.ts'

export type AgesParts = {
  readonly access: Access
  /** The age of the oldest waiting row in seconds; 0: none waits. */
  readonly seen: (waiting: Waiting, seconds: number) => void
  /** Called when the age exceeds its alert value and did not at the poll before. */
  readonly alert: (waiting: Waiting, seconds: number) => void
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 5_000

/** Measures how long the oldest row of each queue waits. Every process measures, because one that hangs reports nothing. */
export function watchAges({ access, seen, alert, trouble }: AgesParts): Poller {
  const connection = workerConnection(access)
  const alerted = new Set<string>()
  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 0,
    async look() {
      for (const waiting of WAITING) {
        const [[oldest] = []] = await connection.send(waiting.select)
        const seconds = Math.max(0, Number(oldest?.[0] ?? 0))
        seen(waiting, seconds)
        if (seconds <= waiting.alertSeconds) alerted.delete(waiting.name)
        else if (!alerted.has(waiting.name)) {
          alerted.add(waiting.name)
          alert(waiting, seconds)
        }
      }
    },
    async failed(error) {
      await connection.rollback()
      trouble(error)
    },
    close: connection.close,
  })
}
