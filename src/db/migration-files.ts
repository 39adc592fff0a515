import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { setUpError } from '../config/set-up-error.ts'
import { splitScript } from './sql-script.ts'

/** One file of `sql/`; `pieces` are its statements as `splitScript` cuts them. */
export type MigrationFile = { readonly name: string; readonly pieces: readonly string[] }

/** `sql/` of this package, seen from build/src/store/. */
export const SQL_DIRECTORY = fileURLToPath(new URL('../../../sql/', import.meta.url))

const UP_FILE = /^(\d{4}_[a-z0-9_]+)\.up\.sql$/

/** The migrations `NNNN_name.up.sql` in the order of their numbers. */
export async function readMigrationFiles(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).flatMap((file) => UP_FILE.exec(file)?.[1] ?? []).sort()
  const twice = names.find((name, i) => i > 0 && names[i - 1]?.slice(0, 4) === name.slice(0, 4))
  if (twice !== undefined) throw setUpError(`${directory}: two migrations have the number ${twice.slice(0, 4)}`)
  return Promise.all(
    names.map(async (name) => ({ name, pieces: splitScript(await readFile(`${directory}/${name}.up.sql`, 'utf8')) })),
  )
}

/** SHA-256 of the first `count` pieces; of all of them: of the file. */
export function checksum(file: MigrationFile, count = file.pieces.length): string {
  return createHash('sha256').update(file.pieces.slice(0, count).join('')).digest('hex')
}
