import type { Access } from '../db/access.ts'
import { chainOnce, chainHolds, type Head } from '../db/audit-chain.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import { startPoller, type Poller } from './poller.ts'

export type AuditChainParts = {
  readonly access: Access
  readonly key: () => Buffer
  /** The head that this home saw last; null: none yet. */
  readonly seen: () => Promise<Head | null>
  /** Called when the chain has grown: stores its head outside the database. */
  readonly grown: (head: Head) => Promise<void> | void
  /**
   * The chain no longer holds the head that this home has seen: it was cut, or a backup from before was restored. That head
   * stays where it is kept, as the proof; else the next row would hide the cut.
   */
  readonly cut: (seen: Head, connection: WorkerConnection) => Promise<void>
  readonly trouble: (error: unknown) => void
}

/** A row is in the chain 5 s after its commit at the latest. */
const POLL_INTERVAL_MS = 2_000
const MOST = 500

/** Appends audit rows to the chain. Any number of processes may run it: one at a time works. */
export function startAuditChain({ access, key, seen, grown, cut, trouble }: AuditChainParts): Poller {
  const connection = workerConnection(access)
  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 0,
    async look(isStopping) {
      for (;;) {
        const chained = await chainOnce(connection, key(), MOST)
        if (chained === null || chained.appended === 0) return
        const anchor = await seen()
        if (anchor === null || (await chainHolds(connection, anchor))) await grown(chained.head)
        else await cut(anchor, connection)
        if (chained.appended < MOST || isStopping()) return
      }
    },
    async failed(error) {
      await connection.rollback()
      trouble(error)
    },
    close: connection.close,
  })
}
