import type { Access } from '../db/access.ts'
import { chainOnce, type Head } from '../db/audit-chain.ts'
import { workerConnection } from '../db/connection.ts'
import { startPoller, type Poller } from './poller.ts'

export type AuditChainParts = {
  readonly access: Access
  readonly key: () => Buffer
  /** The chain has grown: its head is kept where the database cannot reach it. */
  readonly grown: (head: Head) => Promise<void> | void
  readonly trouble: (error: unknown) => void
}

/** A row is in the chain 5 s after its commit at the latest. */
const POLL_INTERVAL_MS = 2_000
const MOST = 500

/** Appends audit rows to the chain. Any number of processes may run it: one at a time works. */
export function startAuditChain({ access, key, grown, trouble }: AuditChainParts): Poller {
  const connection = workerConnection(access)
  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 0,
    async look(isStopping) {
      for (;;) {
        const chained = await chainOnce(connection, key(), MOST)
        if (chained === null || chained.appended === 0) return
        await grown(chained.head)
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
