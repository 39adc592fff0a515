import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setUpError } from '../config/set-up-error.ts'
import { splitScript, statementOf } from './sql-script.ts'

/**
 * One file of `sql/`; `pieces` are its statements as `splitScript` cuts them. `isAdditive`: the version before works on what
 * it makes, so that a release can be taken back without the database.
 */
export type MigrationFile = { readonly name: string; readonly pieces: readonly string[]; readonly isAdditive: boolean }

/** `sql/` of this package, seen from build/src/store/. */
export const SQL_DIRECTORY = fileURLToPath(new URL('../../../sql/', import.meta.url))

const UP_FILE = /^(\d{4}_[a-z0-9_]+)\.up\.sql$/

/** The migrations `NNNN_name.up.sql` in the order of their numbers. */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).flatMap((file) => UP_FILE.exec(file)?.[1] ?? []).sort()
  const twice = names.find((name, i) => i > 0 && names[i - 1]?.slice(0, 4) === name.slice(0, 4))
  if (twice !== undefined) throw setUpError(`${directory}: two migrations have the number ${twice.slice(0, 4)}`)
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(`${directory}/${name}.up.sql`, 'utf8')
      const pieces = splitScript(text)
      return { name, pieces, isAdditive: isAdditive(name, text, pieces) }
    }),
  )
}

const MARK = /^-- Additive:/u
/** Changes that do not affect an older version: new tables and rows, optional columns, indexes. */
const ADDS = /^(?:CREATE TABLE|INSERT INTO|CREATE INDEX|ALTER TABLE \w+\s+ADD (?:COLUMN|KEY|INDEX))\b/iu
const TAKES = /\b(?:DROP|MODIFY|CHANGE|RENAME|UNIQUE|CONSTRAINT|PRIMARY)\b/iu

/** A file that begins with `-- Additive:` is read whether it is. @throws a set-up error that names the statement */
function isAdditive(name: string, text: string, pieces: readonly string[]): boolean {
  if (!MARK.test(text)) return false
  const other = pieces.map(statementOf).find((statement) => statement !== '' && !adds(statement))
  if (other === undefined) return true
  throw setUpError(`sql/${name}.up.sql says that it is additive, and has ${other.split('\n', 1)[0] ?? ''}`)
}

function adds(statement: string): boolean {
  if (!ADDS.test(statement)) return false
  if (!/^ALTER/iu.test(statement)) return true
  const needed = /NOT NULL/iu.test(statement) && !/DEFAULT/iu.test(statement)
  return !TAKES.test(statement) && !needed
}

/** SHA-256 of the first `count` pieces; of all of them: of the file. */
export function checksum(file: MigrationFile, count = file.pieces.length): string {
  return createHash('sha256').update(file.pieces.slice(0, count).join('')).digest('hex')
}
