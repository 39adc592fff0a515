/** Ends database transactions whose client is idle. */

import { type Access, IDLE_TRANSACTION_SECONDS } from '../db/access.ts'
import { workerConnection } from '../db/connection.ts'
import { killConnection, selectIdleTransactions } from '../db/sql/idle-transactions.ts'
import { hasIdleTimeout } from '../db/sql/servers.ts'
import { startPoller, type Poller } from './poller.ts'

export type IdleTransactionsParts = {
  readonly access: Access
  /** Reports the connections that were ended because their transactions held locks while their clients were idle. */
  readonly ended: (connections: readonly number[]) => void
  readonly trouble: (error: unknown) => void
  /** Also where the server does it by itself. */
  readonly always?: boolean
}

const LOOK_EVERY_MS = 1_000

/**
 * Ends transactions of this database whose client is idle, so that a frozen process holds its row locks no longer than
 * that. MariaDB does it by itself (`idle_transaction_timeout`). On MySQL the database user needs the privileges PROCESS
 * and CONNECTION_ADMIN for connections of other users.
 */
export function endIdleTransactions({ access, ended, trouble, always = false }: IdleTransactionsParts): Poller {
  const connection = workerConnection(access)
  let isNeeded: boolean | null = always ? true : null
  return startPoller({
    every: LOOK_EVERY_MS,
    async look() {
      isNeeded ??= (await connection.send(hasIdleTimeout))[0]?.length === 0
      if (!isNeeded) return
      const [rows = []] = await connection.send(selectIdleTransactions(IDLE_TRANSACTION_SECONDS))
      const idle = rows.map(([id]) => Number(id))
      for (const id of idle) await connection.send(killConnection(id))
      if (idle.length > 0) ended(idle)
    },
    failed: trouble,
    close: connection.close,
  })
}
