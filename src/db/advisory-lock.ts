import type { RowDataPacket } from 'mysql2/promise'
import { setUpError } from '../config/set-up-error.ts'
import { type Access, openConnection } from './access.ts'

const TIMEOUT_SECONDS = 10

/** Lets one process at a time do this work on a database. @throws a set-up error naming the work, where it takes too long */
export async function withAdvisoryLock<T>(
  access: Access,
  what: string,
  work: () => Promise<T>,
  timeoutSeconds = TIMEOUT_SECONDS,
): Promise<T> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const name = `akart/${access.database}/${what}`.slice(0, 64)
    const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [name, timeoutSeconds])
    if (Number(rows[0]?.['taken']) !== 1) throw setUpError(`${what}: another process is at it`)
    return await work()
  } finally {
    connection.destroy() // frees the lock, as would our death
  }
}
