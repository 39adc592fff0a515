import { type Access, openConnection } from './access.ts'
import type { WorkerConnection } from './connection.ts'
import {
  selectAllKeys,
  selectChangesSince,
  selectKeysOf,
  selectMasters,
  selectNewestChange,
  type StoredKey,
  toStoredKey,
} from './sql/terminal-keys.ts'

/** All keys, the newest first, and the newest change that they are the outcome of (at least). */
export async function readAllKeys(
  connection: WorkerConnection,
): Promise<{ readonly newest: number; readonly keys: readonly StoredKey[] }> {
  const [newest = [], keys = []] = await connection.send(`${selectNewestChange};${selectAllKeys}`)
  return { newest: newest[0]?.[0] as number, keys: keys.map(toStoredKey) }
}

export async function readKeysOf(
  connection: WorkerConnection,
  terminals: readonly string[],
): Promise<readonly StoredKey[]> {
  if (terminals.length === 0) return []
  const [keys = []] = await connection.send(selectKeysOf(terminals))
  return keys.map(toStoredKey)
}

/** The key changes after a change, and the newest change of all. */
export type ChangesSince = {
  readonly newest: number
  readonly terminals: readonly string[]
  /** Keys were wrapped again. */
  readonly masters: boolean
}

export async function readChangesSince(connection: WorkerConnection, id: number): Promise<ChangesSince> {
  const [changes = []] = await connection.send(selectChangesSince(id))
  const rows = changes as readonly [number, string | null][]
  return {
    newest: Math.max(id, ...rows.map(([newest]) => newest)),
    terminals: rows.flatMap(([, terminal]) => (terminal === null ? [] : [terminal])),
    masters: rows.some(([, terminal]) => terminal === null),
  }
}

/** How many keys each master key wraps, by its check value. */
export async function readMasters(access: Access): Promise<ReadonlyMap<string, number>> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query({ sql: selectMasters, rowsAsArray: true })
    return new Map(rows as unknown as [string, number][])
  } finally {
    await connection.end()
  }
}
