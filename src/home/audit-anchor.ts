import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'
import type { Head } from '../db/audit-chain.ts'

const FILE = 'audit-head.json'

/**
 * Writes the head of the audit chain to a file outside the database, so that truncating the chain in the database is
 * detected.
 */
export async function writeAnchor(home: string, { seq, hash }: Head): Promise<void> {
  const file = join(home, FILE)
  await writeFile(`${file}.new`, `${JSON.stringify({ seq, hash })}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}

/** Null: no anchor has been written in this home. @throws a set-up error if the file is not one that Akart wrote */
export async function readAnchor(home: string): Promise<Head | null> {
  const file = join(home, FILE)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const read: unknown = JSON.parse(text)
  const { seq, hash } = (read ?? {}) as { seq?: unknown; hash?: unknown }
  if (!Number.isSafeInteger(seq) || typeof hash !== 'string' || !/^[0-9a-f]{64}$/u.test(hash)) {
    throw setUpError(`${file} is not the head of a chain`)
  }
  return { seq: Number(seq), hash }
}

/**
 * Puts the head away that a restored database no longer holds, so that the restored chain is kept from here on.
 *
 * @returns the file that keeps it; null where there was none
 */
export async function putAnchorAside(home: string): Promise<string | null> {
  const anchor = await readAnchor(home)
  if (anchor === null) return null
  const kept = join(home, `audit-head.${anchor.seq}.json`)
  await rename(join(home, FILE), kept)
  return kept
}

/** The same with when it was written, ms. */
export async function readAnchorWithTime(home: string): Promise<{ readonly head: Head; readonly at: number } | null> {
  const head = await readAnchor(home)
  return head === null ? null : { head, at: (await stat(join(home, FILE))).mtimeMs }
}
