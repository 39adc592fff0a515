import type { Access } from './access.ts'
import { workerConnection } from './connection.ts'
import { selectDepths, toDepth } from './sql/owed.ts'

export type OwedDepth = ReturnType<typeof toDepth>

/** How many messages each host is owed; hosts that are owed nothing are missing. */
export function watchOwedDepths(access: Access): {
  readonly read: () => Promise<readonly OwedDepth[]>
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
