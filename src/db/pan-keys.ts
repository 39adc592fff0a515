import type { Connection } from 'mysql2/promise'
import { openConnection, type Access } from './access.ts'
import { workerConnection } from './connection.ts'
import {
  countUnder,
  moveNumbers,
  type MovedNumber,
  type NumberKeyRow,
  type SealedNumber,
  selectNumberKeys,
  selectSealed,
  toNumberKey,
  toSealedNumber,
} from './sql/number-keys.ts'
import type { Row } from './sql/row.ts'

export type { MovedNumber, NumberKeyRow, SealedNumber }

/** The keys that card numbers of a database are kept under, and the numbers themselves, for one process at a time. */
export type NumberVault = {
  readonly keys: () => Promise<readonly NumberKeyRow[]>
  readonly sealedUnder: (key: number, most: number) => Promise<readonly SealedNumber[]>
  readonly countUnder: (key: number) => Promise<number>
  /** Each call is a database transaction of its own, as short as one statement. */
  readonly move: (from: number, numbers: readonly MovedNumber[]) => Promise<void>
  readonly close: () => Promise<void>
}

const LOCK_TIMEOUT_SECONDS = 2

/** Null: another process has it. It is given up with the connection, however that ends. */
export async function openNumberVault(access: Access): Promise<NumberVault | null> {
  const connection = await openConnection(access, { multipleStatements: false })
  const rows = (sql: string): Promise<readonly Row[]> => rowsOf(connection, sql)
  const name = `akart numbers/${access.database}`.slice(0, 64)
  const [[taken] = []] = await rows(`SELECT GET_LOCK(${connection.escape(name)}, ${LOCK_TIMEOUT_SECONDS})`)
  if (taken !== 1) {
    await connection.end()
    return null
  }
  return {
    keys: async () => (await rows(selectNumberKeys)).map(toNumberKey),
    sealedUnder: async (key, most) => (await rows(selectSealed(key, most))).map(toSealedNumber),
    countUnder: async (key) => Number((await rows(countUnder(key)))[0]?.[0] ?? 0),
    move: async (from, numbers) => {
      await connection.query(moveNumbers(from, numbers))
    },
    close: () => connection.end(),
  }
}

/** The keys under which the numbers of this database are sealed. */
export async function readNumberKeys(access: Access): Promise<readonly NumberKeyRow[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    return (await rowsOf(connection, selectNumberKeys)).map(toNumberKey)
  } finally {
    await connection.end()
  }
}

async function rowsOf(connection: Connection, sql: string): Promise<readonly Row[]> {
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  return rows as unknown as readonly Row[]
}

const POLL_INTERVAL_MS = 1_000

/**
 * Polls the list of keys once a second and calls `changed` after a change; if `changed` fails, it is called again at
 * the next poll. `trouble`: that failed, or the database did not answer. Returns a function that stops it.
 */
export function watchNumberKeys(
  access: Access,
  changed: (rows: readonly NumberKeyRow[]) => Promise<void>,
  trouble: (error: unknown) => void,
): () => Promise<void> {
  const connection = workerConnection(access)
  let seen: string | null = null
  let isTroubled = false
  const look = async (): Promise<void> => {
    try {
      const [rows = []] = await connection.send(selectNumberKeys)
      const list = JSON.stringify(rows)
      if (list !== seen) await changed(rows.map(toNumberKey))
      seen = list
      isTroubled = false
    } catch (error) {
      // Reported once per outage, not every second.
      if (!isTroubled) trouble(error)
      isTroubled = true
    }
  }
  let looking = look()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, POLL_INTERVAL_MS)
  return async () => {
    clearInterval(timer)
    await looking
    await connection.close()
  }
}
