import type { Connection } from 'mysql2/promise'
import type { DemoTerminal } from './setting.ts'
import { type Access, openConnection } from '../db/access.ts'
import { insertChange, insertKey, takeChangeId, type WrappedKey } from '../db/sql/terminal-keys.ts'

export const insertTerminal = (connection: Connection, terminal: DemoTerminal): Promise<unknown> =>
  connection.query('INSERT INTO terminals (code, store_code, confirmation, mac, state, unauthenticated) VALUES (?)', [
    [terminal.id, terminal.store, terminal.confirmation, terminal.mac, 'active', terminal.mac === 'none'],
  ])

/**
 * Adds missing demo terminals and the keys of those that never had any, also in a database of an older Akart. Later
 * changes are kept.
 */
export async function equipDemo(
  access: Access,
  terminals: readonly DemoTerminal[],
  keysOf: (terminal: DemoTerminal) => readonly WrappedKey[],
  now: number,
): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  try {
    await connection.beginTransaction()
    // Held until the end of this transaction, so that two processes do not add them at the same time.
    await connection.query("SELECT next_id FROM id_blocks WHERE name = 'key_change' FOR UPDATE")
    const known = await column(connection, 'SELECT code FROM terminals')
    const equipped = await column(connection, 'SELECT DISTINCT terminal_code FROM key_changes')
    for (const terminal of terminals) {
      if (!known.has(terminal.id)) await insertTerminal(connection, terminal)
      if (!equipped.has(terminal.id)) for (const key of keysOf(terminal)) await putIn(connection, key, now)
    }
    await connection.query('UPDATE registry_version SET version = version + 1 WHERE id = 1')
    await connection.commit()
  } finally {
    await connection.end()
  }
}

async function putIn(connection: Connection, key: WrappedKey, now: number): Promise<void> {
  const [results] = await connection.query({ sql: takeChangeId, rowsAsArray: true })
  const [, rows] = results as [unknown, [[number]]]
  const id = rows[0][0]
  const { terminal, purpose, checkValue } = key
  const change = { who: 'akart', action: 'created', terminal, purpose, checkValue, note: 'demo' } as const
  await connection.query(`${insertKey(id, key)};${insertChange(id, now, change)}`)
}

async function column(connection: Connection, sql: string): Promise<ReadonlySet<string>> {
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  return new Set((rows as (string | null)[][]).map(([value]) => value ?? ''))
}
