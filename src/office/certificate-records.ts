import type { Connection, ResultSetHeader } from 'mysql2/promise'
import { openConnection, type Access } from '../db/access.ts'

/** A client certificate, and the terminal or store whose messages may come on a line that shows it. */
export type Binding = {
  readonly what: 'terminal' | 'store'
  readonly code: string
  readonly by: 'fingerprint' | 'subject'
  /** 64 hex digits, or a subject of up to 255 characters. */
  readonly name: string
}

/** Binds, beside what was bound before. `unknown`: there is no such terminal or store. */
export const bindCertificate = (access: Access, binding: Binding): Promise<'bound' | 'unknown'> =>
  changeRegistry(access, async (connection) => {
    const known = binding.what === 'terminal' ? TERMINAL_THERE : STORE_THERE
    const [rows] = await connection.query(known, [binding.code])
    if ((rows as unknown[]).length === 0) return 'unknown'
    const insert = binding.what === 'terminal' ? BIND_TERMINAL : BIND_STORE
    await connection.query(insert, [[binding.code, binding.by, binding.name]])
    return 'bound'
  })

/** Whether there was such a binding. */
export const unbindCertificate = (access: Access, { what, code, by, name }: Binding): Promise<boolean> =>
  changeRegistry(access, async (connection) => {
    const remove = what === 'terminal' ? UNBIND_TERMINAL : UNBIND_STORE
    const [{ affectedRows }] = await connection.query<ResultSetHeader>(remove, [code, by, name])
    return affectedRows > 0
  })

export async function readBindings(access: Access): Promise<Binding[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query(SELECT_BINDINGS)
    return rows as Binding[]
  } finally {
    await connection.end()
  }
}

/** Whether there is such a terminal. */
export const demandSignOn = (access: Access, terminal: string, required: boolean): Promise<boolean> =>
  changeRegistry(access, async (connection) => {
    const [rows] = await connection.query(TERMINAL_THERE, [terminal])
    await connection.query('UPDATE terminals SET sign_on = ? WHERE code = ?', [Number(required), terminal])
    return (rows as unknown[]).length > 0
  })

const TERMINAL_THERE = 'SELECT code FROM terminals WHERE code = ? FOR UPDATE'
const STORE_THERE = 'SELECT code FROM stores WHERE code = ? FOR UPDATE'
const BIND_TERMINAL =
  'INSERT INTO terminal_certificates (terminal_code, named_by, name) VALUES (?) ON DUPLICATE KEY UPDATE name = name'
const BIND_STORE =
  'INSERT INTO store_certificates (store_code, named_by, name) VALUES (?) ON DUPLICATE KEY UPDATE name = name'
const UNBIND_TERMINAL = 'DELETE FROM terminal_certificates WHERE terminal_code = ? AND named_by = ? AND name = ?'
const UNBIND_STORE = 'DELETE FROM store_certificates WHERE store_code = ? AND named_by = ? AND name = ?'
const SELECT_BINDINGS = `SELECT 'terminal' AS what, terminal_code AS code, named_by AS 'by', name FROM terminal_certificates
  UNION ALL SELECT 'store', store_code, named_by, name FROM store_certificates ORDER BY 1 DESC, 2, 3, 4`

/** One change of the registry, which every process sees within a second. */
async function changeRegistry<T>(access: Access, change: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.beginTransaction()
    const done = await change(connection)
    await connection.query('UPDATE registry_version SET version = version + 1 WHERE id = 1')
    await connection.commit()
    return done
  } finally {
    await connection.end()
  }
}
