import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { LONG, type Limits, workerConnection, type WorkerConnection } from './connection.ts'

/** 1205 lock wait, 1213 deadlock, 1020 the row changed, 1180 refused by certification: nothing happened, and it may succeed again. */
const PASSING: ReadonlySet<number> = new Set([1020, 1180, 1205, 1213])
export const TRANSACTION_TRIES = 5

/** Whether a transaction that failed with this error may succeed on retry. */
export function isPassing(error: unknown): boolean {
  const { errno } = error as { errno?: unknown }
  return typeof errno === 'number' && PASSING.has(errno)
}

/** Lends a connection for as long as `work` takes. */
export async function onConnection<T>(
  access: Access,
  work: (connection: WorkerConnection) => Promise<T>,
  limits?: Limits,
): Promise<T> {
  const connection = workerConnection(access, limits)
  try {
    return await work(connection)
  } finally {
    await connection.close()
  }
}

/** One database transaction: all of `work` or nothing of it. It is retried if it lost a race. */
export const unitOfWork = <T>(access: Access, work: (connection: WorkerConnection) => Promise<T>): Promise<T> =>
  onConnection(
    access,
    async (connection) => {
      for (let tries = 1; ; tries++) {
        try {
          await connection.send('BEGIN')
          const result = await work(connection)
          await connection.send('COMMIT')
          return result
        } catch (error) {
          await connection.rollback()
          if (tries >= TRANSACTION_TRIES || !isPassing(error)) throw error
          await sleep(50 * tries)
        }
      }
    },
    LONG,
  )
