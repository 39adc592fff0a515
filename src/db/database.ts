import { createPool } from 'generic-pool'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import { LONG, workerConnection, type WorkerConnection } from './connection.ts'
import { isPassing, TRANSACTION_TRIES } from './unit-of-work.ts'

/** A pool of connections to one database, for everything but the engine, which has connections of its own. */
export type Database = {
  readonly access: Access
  /** Lends a connection for as long as `work` takes; after an error its transaction is rolled back. */
  readonly use: <T>(work: (connection: WorkerConnection) => Promise<T>) => Promise<T>
  /**
   * One database transaction: all of `work` or nothing of it. `work` may run several times, because a transaction that
   * lost a race is started again. It is rolled back if `mayCommit` rejects its result.
   */
  readonly transaction: <T>(
    work: (connection: WorkerConnection) => Promise<T>,
    mayCommit?: (result: T) => boolean,
  ) => Promise<T>
  readonly stop: () => Promise<void>
}

export type DatabaseSettings = {
  /** Connections at most. */
  readonly most: number
  /** How long a caller waits for one. */
  readonly acquireTimeoutMs: number
}

export const DATABASE_SETTINGS: DatabaseSettings = { most: 8, acquireTimeoutMs: 10_000 }

/** How many callers may wait for a connection; more are refused at once. */
const MOST_WAITING = 1_000

/** Nothing is wrong: the process is about to end. */
export class DatabaseStopped extends Error {
  constructor() {
    super('the connections to the database are closed')
  }
}

export function openDatabase(access: Access, settings: DatabaseSettings = DATABASE_SETTINGS): Database {
  const pool = createPool<WorkerConnection>(
    {
      create: () => Promise.resolve(workerConnection(access, LONG)), // connects when it is first used, and again after any doubt
      destroy: (connection) => connection.close(),
    },
    { max: settings.most, acquireTimeoutMillis: settings.acquireTimeoutMs, maxWaitingClients: MOST_WAITING },
  )

  let isStopped = false
  const use: Database['use'] = async (work) => {
    if (isStopped) throw new DatabaseStopped()
    const connection = await pool.acquire()
    try {
      return await work(connection)
    } catch (error) {
      await connection.rollback()
      throw error
    } finally {
      await pool.release(connection)
    }
  }

  return {
    access,
    use,
    transaction: (work, mayCommit = () => true) =>
      use(async (connection) => {
        for (let tries = 1; ; tries++) {
          try {
            await connection.send('BEGIN')
            const result = await work(connection)
            if (mayCommit(result)) await connection.send('COMMIT')
            else await connection.rollback()
            return result
          } catch (error) {
            await connection.rollback()
            if (tries >= TRANSACTION_TRIES || !isPassing(error)) throw error
            await sleep(50 * tries)
          }
        }
      }),
    async stop() {
      isStopped = true
      await pool.drain()
      await pool.clear()
    },
  }
}
