import type { Connection, RowDataPacket } from 'mysql2/promise'
import { setUpError } from '../config/set-up-error.ts'
import { checksum, type MigrationFile } from './migration-files.ts'
import { ALREADY_DONE } from './sql/servers.ts'
import { statementOf } from './sql-script.ts'

/**
 * The progress of a migration in this database: `done` pieces of the file with checksum `sha256`. `inDoubt`: the next
 * piece was begun, and its outcome was not recorded.
 */
export type Progress = {
  readonly name: string
  readonly done: number
  readonly of: number
  readonly inDoubt: boolean
  readonly sha256: string
  /** The version before works with this migration applied. */
  readonly isAdditive: boolean
}

const PROGRESS_TABLE = `CREATE TABLE IF NOT EXISTS migration_progress (
  name VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  done INT NOT NULL,
  pieces INT NOT NULL,
  in_doubt TINYINT NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE = InnoDB`

const ER_NO_SUCH_TABLE = 1146
/** Before migration 0156. */
const ER_NO_SUCH_COLUMN = 1054

export async function makeProgressTable(connection: Connection): Promise<void> {
  await connection.query(PROGRESS_TABLE)
}

/** Nothing in a database that was never migrated. */
export async function readProgress(connection: Connection): Promise<Progress[]> {
  const rows = await readRows(connection, 'additive').catch((error: unknown) => {
    if (errnoOf(error) === ER_NO_SUCH_TABLE) return []
    if (errnoOf(error) === ER_NO_SUCH_COLUMN) return readRows(connection, '0 AS additive')
    throw error
  })
  return rows.map((row) => ({
    name: String(row['name']),
    done: Number(row['done']),
    of: Number(row['pieces']),
    inDoubt: Number(row['in_doubt']) === 1,
    sha256: String(row['sha256']),
    isAdditive: Number(row['additive']) === 1,
  }))
}

async function readRows(connection: Connection, additive: string): Promise<RowDataPacket[]> {
  const sql = `SELECT name, done, pieces, in_doubt, sha256, ${additive} FROM migration_progress ORDER BY name`
  const [rows] = await connection.query<RowDataPacket[]>(sql)
  return rows
}

/** Contradictions between database and files, one line each. */
export function contradictions(files: readonly MigrationFile[], progress: readonly Progress[]): string[] {
  return progress.flatMap((row) => {
    const file = files.find(({ name }) => name === row.name)
    // A newer version ran it and was taken back.
    if (file === undefined && row.isAdditive && row.done === row.of) return []
    if (file === undefined) return [`migration ${row.name} is in the database, but not in sql/: a newer akart made it`]
    const isFinished = row.done === row.of
    if (checksum(file, isFinished ? file.pieces.length : row.done) === row.sha256) return []
    return [
      isFinished
        ? `sql/${row.name}.up.sql was changed after it was applied: put the change into a new migration`
        : `sql/${row.name}.up.sql stopped after ${row.done} of ${row.of} statements, and one of those was changed since`,
    ]
  })
}

/**
 * Runs the rest of a migration. MySQL commits each CREATE or ALTER by itself, so a migration cannot be rolled back as a
 * whole. Instead its progress is recorded statement by statement, and the next run continues:
 *
 * - INSERT, UPDATE and DELETE commit together with their progress: exactly once.
 * - CREATE, ALTER and DROP commit before their progress can be recorded. Each of them is atomic, and before each the
 *   doubt is recorded. If the process dies there, the next run repeats the statement; an error that it was already done
 *   (`ALREADY_DONE`) resolves the doubt. A statement that failed while the process lived is not in doubt.
 */
export async function runMigration(
  connection: Connection,
  file: MigrationFile,
  reached: Pick<Progress, 'done' | 'inDoubt'>,
): Promise<void> {
  for (const [i, piece] of file.pieces.entries()) {
    if (i < reached.done) continue
    await saveProgress(connection, file, i, true)
    await connection.beginTransaction()
    try {
      const statement = statementOf(piece)
      if (statement !== '') await runStatement(connection, statement, reached.inDoubt && i === reached.done)
      await saveProgress(connection, file, i + 1, false)
      if (file.isAdditive && i + 1 === file.pieces.length) await markAdditive(connection, file)
      await connection.commit()
    } catch (error) {
      throw await failure(connection, file, i, error)
    }
  }
}

async function runStatement(connection: Connection, statement: string, mayBeDone: boolean): Promise<void> {
  try {
    await connection.query(statement)
  } catch (error) {
    if (mayBeDone && ALREADY_DONE.has(errnoOf(error) ?? 0)) return
    throw error
  }
}

async function failure(connection: Connection, file: MigrationFile, i: number, error: unknown): Promise<Error> {
  try {
    await connection.rollback()
    await saveProgress(connection, file, i, false)
  } catch {
    connection.destroy() // the connection is what failed: the statement stays in doubt
  }
  const firstLine = statementOf(file.pieces[i] ?? '').split('\n', 1)[0] ?? ''
  const reason = error instanceof Error ? error.message : String(error)
  return setUpError(
    `sql/${file.name}.up.sql, statement ${i + 1} of ${file.pieces.length} (${firstLine}): ${reason}; ` +
      'the statements before it stay, the next run goes on with this one',
  )
}

async function saveProgress(
  connection: Connection,
  file: MigrationFile,
  done: number,
  inDoubt: boolean,
): Promise<void> {
  await connection.query(
    'REPLACE INTO migration_progress (name, done, pieces, in_doubt, sha256) VALUES (?, ?, ?, ?, ?)',
    [file.name, done, file.pieces.length, inDoubt ? 1 : 0, checksum(file, done)],
  )
}

/** An older database has no column for it. */
async function markAdditive(connection: Connection, { name }: MigrationFile): Promise<void> {
  await connection
    .query('UPDATE migration_progress SET additive = 1 WHERE name = ?', [name])
    .catch((error: unknown) => {
      if (errnoOf(error) !== ER_NO_SUCH_COLUMN) throw error
    })
}

function errnoOf(error: unknown): number | undefined {
  return error instanceof Error && 'errno' in error && typeof error.errno === 'number' ? error.errno : undefined
}
