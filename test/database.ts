import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createDatabase } from '../src/home/database-server.ts'
import { openConnection, parseDatabaseUrl, type Access } from '../src/db/access.ts'
import { migrate } from '../src/db/migrations.ts'
import { startTestServer, TEST_DATABASE_URL, TEST_SCHEMA_FILE } from './server.ts'

/** The part of a test that these helpers need: cleaning up. */
type Teardown = { readonly teardown: (handler: () => Promise<void>) => void }

/**
 * A migrated database of the caller's own, dropped in the teardown of `t`: on the server of the test run, or on a
 * private one when the test file is run alone.
 */
export async function testDatabase(t: Teardown): Promise<Access> {
  const access = await emptyDatabase(t)
  const copy = process.env[TEST_SCHEMA_FILE]
  if (copy === undefined || copy === '') await migrate(access)
  else await fill(access, await readFile(copy, 'utf8'))
  return access
}

async function fill(access: Access, sql: string): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  await connection.query(sql)
  await connection.end()
}

/** A database without any table. */
export async function emptyDatabase(t: Teardown): Promise<Access> {
  const server = await testServer()
  const access = { ...server, database: `test_${randomBytes(6).toString('hex')}` }
  await createDatabase(access)
  t.teardown(() => dropDatabase(access))
  return access
}

/**
 * Lets a session be silent in a transaction: the client of a test that stands still is not taken for a frozen one. MySQL skips
 * what only MariaDB has.
 */
export const MAY_BE_SILENT = 'SET SESSION /*M!100300 idle_transaction_timeout = 0, */ foreign_key_checks = 1'

/** A server on which databases can be created. */
export function testServer(): Promise<Access> {
  const url = process.env[TEST_DATABASE_URL]
  if (url !== undefined && url !== '') return Promise.resolve(parseDatabaseUrl(url))
  own ??= ownServer()
  return own
}

/** One server for the whole file, however many databases it needs. */
let own: Promise<Access> | null = null

async function ownServer(): Promise<Access> {
  const server = await startTestServer()
  // Imported only here, because it takes 0.4 s to load, and processes that a test starts do not need it.
  const { default: tap } = await import('tap')
  tap.teardown(server.stop)
  return server.access
}

export async function dropDatabase(access: Access): Promise<void> {
  const connection = await openConnection({ ...access, database: '' }, { multipleStatements: false })
  await connection.query('DROP DATABASE IF EXISTS ??', [access.database])
  await connection.end()
}
