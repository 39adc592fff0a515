import type { Knex } from 'knex'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { setUpError } from '../config/set-up-error.ts'
import { atWriter, openConnection, type Access } from './access.ts'
import { tlsOptions } from './database-tls.ts'
import { readMigrationFiles, SQL_DIRECTORY, type MigrationFile } from './migration-files.ts'
import { contradictions, makeProgressTable, readProgress, runMigration } from './migration-progress.ts'

/** How long one process waits for another that migrates the same database. */
const LOCK_TIMEOUT_SECONDS = 60

const KNEX_TABLE = 'knex_migrations'

/**
 * Brings the database to the version of the files in `directory`. Any number of processes may call it at once: one
 * works, the others find it done. One that is interrupted is continued by the next call (see `runMigration`). Where all
 * is done it only reads, so that the user of the service needs no right to change tables.
 *
 * @returns the names of the migrations that this call finished
 * @throws a set-up error naming the file: changed after it was applied, unknown here, or a statement that fails
 */
export async function migrate(access: Access, directory = SQL_DIRECTORY): Promise<{ applied: string[] }> {
  const state = await migrationState(access, directory)
  if (state.pending.length === 0 && state.wrong.length === 0) return { applied: [] }
  const files = await readMigrationFiles(directory)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await takeLock(connection, access)
    await makeProgressTable(connection)
    const progress = await readProgress(connection)
    const wrong = contradictions(files, progress)
    if (wrong.length > 0) throw setUpError(wrong.join('; '))
    const finished = finishedOf(progress)
    if (files.every(({ name }) => finished.has(name))) return { applied: [] }
    return { applied: await runWithKnex(access, connection, files) }
  } finally {
    connection.destroy() // frees the lock, as would our death
  }
}

/** The names of the migrations that `migrate` would run or finish. */
export async function pendingMigrations(access: Access, directory = SQL_DIRECTORY): Promise<string[]> {
  const { pending } = await migrationState(access, directory)
  return pending
}

/** The migrations that are missing here, and contradictions between database and files, one line each. */
export async function migrationState(
  access: Access,
  directory = SQL_DIRECTORY,
): Promise<{ pending: string[]; wrong: string[]; finished: number }> {
  const files = await readMigrationFiles(directory)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const progress = await readProgress(connection)
    const finished = finishedOf(progress)
    return {
      pending: files.map(({ name }) => name).filter((name) => !finished.has(name)),
      wrong: contradictions(files, progress),
      finished: finished.size,
    }
  } finally {
    await connection.end()
  }
}

const finishedOf = (progress: Awaited<ReturnType<typeof readProgress>>): ReadonlySet<string> =>
  new Set(progress.filter((row) => row.done === row.of).map((row) => row.name))

/** The server frees this lock when the connection ends, so that a killed process leaves none. */
async function takeLock(connection: Connection, access: Access): Promise<void> {
  const name = `akart/${access.database}`.slice(0, 64)
  const [rows] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS taken', [name, LOCK_TIMEOUT_SECONDS])
  if (Number(rows[0]?.['taken']) === 1) return
  throw setUpError(`another process has been migrating this database for more than ${LOCK_TIMEOUT_SECONDS} s`)
}

async function runWithKnex(access: Access, connection: Connection, files: readonly MigrationFile[]): Promise<string[]> {
  const { default: knex } = await import('knex') // only here: it takes 80 ms to load, which every command would wait for
  const { socketPath, host, port } = await atWriter(access)
  const db = knex({
    client: 'mysql2',
    connection: {
      ...(socketPath === null ? { host, port } : { socketPath }),
      ...(access.tls === null ? {} : { ssl: await tlsOptions(access.tls) }),
      user: access.user,
      password: access.password,
      database: access.database,
    },
    pool: { min: 0, max: 2 },
    log: { warn: () => {}, error: () => {} }, // what goes wrong is thrown, and said once
    migrations: { tableName: KNEX_TABLE, disableTransactions: true, migrationSource: sourceOf(files, connection) },
  })
  try {
    // Our advisory lock is the one that counts. knex's own lock is a row that survives a killed process; while we hold
    // ours, it is stale.
    await db.migrate.forceFreeMigrationsLock()
    const [, applied] = (await db.migrate.latest()) as [number, string[]]
    return applied
  } finally {
    await db.destroy()
  }
}

function sourceOf(files: readonly MigrationFile[], connection: Connection): Knex.MigrationSource<MigrationFile> {
  return {
    getMigrations: async () => [...files],
    getMigrationName: (file) => file.name,
    getMigration: async (file) => ({
      up: async () => {
        const reached = (await readProgress(connection)).find(({ name }) => name === file.name)
        await runMigration(connection, file, reached ?? { done: 0, inDoubt: false })
      },
      down: async () => {
        throw new Error(`${file.name}: migrations only go forward`)
      },
    }),
  }
}
