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
  /** How old the oldest one is, seconds; 0: none waits. */
  readonly seen: (waiting: Waiting, seconds: number) => void
  /** It is older than its alert value, and was not at the last look. */
  readonly alert: (waiting: Waiting, seconds: number) => void
  readonly trouble: (error: unknown) => void
}

const POLL_INTERVAL_MS = 5_000

/** Watches how long the oldest waits of what others work on: a process that hangs tells nothing of itself. */
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
