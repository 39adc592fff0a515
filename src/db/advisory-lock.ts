import type { RowDataPacket } from 'mysql2/promise'
import { setUpError } from '../config/set-up-error.ts'
import { type Access, openConnection } from './access.ts'

const TIMEOUT_SECONDS = 10
/** Shorter than any `wait_timeout` of a server and any idle limit of a firewall in between: either would free the lock. */
const KEEP_ALIVE_MS = 5_000

/** Called where work that takes long must stop if the lock is gone. @throws a set-up error naming the work */
export type MustHold = () => void

type Patience = {
  /** Seconds to wait for another process; default 10. */
  readonly timeoutSeconds?: number
  readonly keepAliveMs?: number
}

/**
 * Lets one process at a time do this work on a database. Its connection is kept busy, however long the work takes; work of
 * several steps asks before each of them whether the lock is still there.
 *
 * @throws a set-up error naming the work, where it takes too long
 */
export async function withAdvisoryLock<T>(
  access: Access,
  what: string,
  work: (mustHold: MustHold) => Promise<T>,
  { timeoutSeconds = TIMEOUT_SECONDS, keepAliveMs = KEEP_ALIVE_MS }: Patience = {},
): Promise<T> {
  const connection = await openConnection(access, { multipleStatements: false })
  let isLost = false
  const lose = (): void => {
    isLost = true
  }
  // The server ended it, or the network did.
  connection.on('error', lose)
  connection.on('end', lose)
  let keepAlive: NodeJS.Timeout | undefined
  try {
    const name = `akart/${access.database}/${what}`.slice(0, 64)
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [name, timeoutSeconds])
    if (Number(rows[0]?.['taken']) !== 1) throw setUpError(`${what}: another process is at it`)
    keepAlive = setInterval(() => void connection.ping().catch(lose), keepAliveMs)
    return await work(() => {
      if (isLost) throw setUpError(`${what}: the connection that holds the lock was lost; run it again`)
    })
  } finally {
    clearInterval(keepAlive)
    connection.destroy() // frees the lock, as would our death
  }
}
