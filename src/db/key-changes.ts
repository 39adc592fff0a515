import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerConnection } from './connection.ts'
import type { Row } from './sql/row.ts'
import { isPassing } from './unit-of-work.ts'
import {
  insertChange,
  type KeyChange,
  selectKeysOf,
  type StoredKey,
  takeChangeId,
  toStoredKey,
} from './sql/terminal-keys.ts'

/** The rows that a change writes, and the result that its caller gets. */
export type KeyPlan<T> = {
  readonly change: KeyChange
  /** Statements beside the row of the change. */
  readonly writes: readonly string[]
  readonly result: T
}

const TRIES = 5
const PAUSE_MS = 50

/**
 * Changes keys of one terminal in one database transaction. `plan` gets the id of the change and the terminal's locked
 * keys, newest first; it returns null for no change. Committed on return.
 */
export async function changeKeys<T>(
  connection: WorkerConnection,
  terminal: string,
  at: number,
  plan: (id: number, keys: readonly StoredKey[]) => KeyPlan<T> | null,
): Promise<T | null> {
  return changing(connection, selectKeysOf([terminal]), at, (id, [keys = []]) => plan(id, keys.map(toStoredKey)))
}

/** The same for what `select` reads, a result for each statement; FOR UPDATE where others might touch those rows. */
export async function changing<T>(
  connection: WorkerConnection,
  select: string,
  at: number,
  plan: (id: number, read: readonly (readonly Row[])[]) => KeyPlan<T> | null,
): Promise<T | null> {
  for (let tries = 1; ; tries++) {
    try {
      const [ids = [], ...read] = await connection.send(`BEGIN;${takeChangeId};${select}`)
      const id = ids[0]?.[0] as number
      const planned = plan(id, read)
      if (planned === null) {
        await connection.rollback()
        return null
      }
      await connection.send([...planned.writes, insertChange(id, at, planned.change)].join(';'))
      await connection.send('COMMIT')
      return planned.result
    } catch (error) {
      await connection.rollback()
      if (tries === TRIES || !isPassing(error)) throw error
      await sleep(PAUSE_MS * tries)
    }
  }
}
