/** Polls the lengths of the upstream queues for the metrics. */

import type { Access } from './access.ts'
import { workerConnection } from './connection.ts'
import { selectDepths, toDepth } from './sql/saf.ts'

export type SafDepth = ReturnType<typeof toDepth>

/** How many messages each host is owed; hosts that are owed nothing are missing. */
export function watchSafDepths(access: Access): {
  readonly read: () => Promise<readonly SafDepth[]>
  readonly stop: () => Promise<void>
} {
  const connection = workerConnection(access)
  return {
    async read() {
      const [rows = []] = await connection.send(selectDepths)
      return rows.map(toDepth)
    },
    stop: connection.close,
  }
}
