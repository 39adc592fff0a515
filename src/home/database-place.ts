import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'

/**
 * Records which database a home uses, unless it is a private one. Without it, a start without AKART_DATABASE_URL would
 * create a second database with the same secrets.
 */

const FILE = 'database'

/** `place`: without user and password. */
export async function keepPlace(directory: string, place: string): Promise<void> {
  const file = join(directory, FILE)
  if ((await kept(file)) !== place) await writeFile(file, `${place}\n`, { mode: 0o600 })
}

/** @throws a set-up error where the home has its database elsewhere */
export async function mustBePrivate(directory: string): Promise<void> {
  const file = join(directory, FILE)
  const place = await kept(file)
  if (place === null) return
  throw setUpError(
    `${directory} has its database at ${place}: set AKART_DATABASE_URL (or remove ${file} for a private one)`,
  )
}

const kept = (file: string): Promise<string | null> =>
  readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => null,
  )
