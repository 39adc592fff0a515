import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'

/** Keys of 32 bytes; `cardMaster` is what `src/cards/keys.ts` derives one key for each purpose from. */
const SECRET_NAMES = ['cardMaster'] as const
type SecretName = (typeof SECRET_NAMES)[number]
export type Secrets = Readonly<Record<SecretName, Buffer>> & {
  /** Id → what card numbers are or were kept under: the one part that `akart card-key` changes. */
  readonly numberKeys: ReadonlyMap<number, Buffer>
}

const KEY_BYTES = 32

/**
 * The keys of this installation from its secrets file (JSON, hexadecimal, mode 0600). A file that is missing is made
 * with random keys, whole or not at all; those that are there are never changed: with others no card would be found.
 *
 * @throws a set-up error naming the file and the key; never the key itself
 */
export async function readSecrets(file: string): Promise<Secrets> {
  const there = await findSecrets(file)
  if (there !== null) return there
  await makeFile(file)
  return parsed(file, await readFile(file, 'utf8'))
}

/** The same where the file is there; null where it is not. */
export async function findSecrets(file: string): Promise<Secrets | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw setUpError(`${file}: can't be read`)
  })
  return text === null ? null : parsed(file, text)
}

async function parsed(file: string, text: string): Promise<Secrets> {
  if (((await stat(file)).mode & 0o077) !== 0) throw setUpError(`${file}: others can read it; run chmod 600 on it`)
  const values = mappingOf(text)
  if (values === null) throw setUpError(`${file}: not a JSON object`)
  const named = Object.fromEntries(SECRET_NAMES.map((name) => [name, keyOf(file, name, values[name])]))
  return { ...(named as Record<SecretName, Buffer>), numberKeys: numberKeysOf(file, values) }
}

function keyOf(file: string, name: string, value: unknown): Buffer {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/i.test(value)) {
    throw setUpError(`${file}: ${name} must be ${KEY_BYTES} bytes in hexadecimal`)
  }
  return Buffer.from(value, 'hex')
}

/** A file without them is from before numbers had keys of their own: their first key was the card master. */
function numberKeysOf(file: string, values: Record<string, unknown>): ReadonlyMap<number, Buffer> {
  const { numberKeys } = values
  if (numberKeys === undefined) return new Map([[1, keyOf(file, 'cardMaster', values['cardMaster'])]])
  if (!isMapping(numberKeys)) throw setUpError(`${file}: numberKeys must be an object of keys by their ids`)
  return new Map(
    Object.entries(numberKeys).map(([id, key]) => {
      if (!/^[1-9]\d{0,2}$/.test(id) || Number(id) > 255) throw setUpError(`${file}: numberKeys: an id is 1 to 255`)
      return [Number(id), keyOf(file, `numberKeys.${id}`, key)] as const
    }),
  )
}

/** Makes a key for numbers under this id where there is none yet. @returns the secrets as they are now */
export async function addNumberKey(file: string, id: number): Promise<Secrets> {
  return changeNumberKeys(file, (keys) => new Map([[id, randomBytes(KEY_BYTES)], ...keys]))
}

/** Removes keys from the file for good: backups sealed under them become unreadable. */
export async function removeNumberKeys(file: string, ids: readonly number[]): Promise<Secrets> {
  return changeNumberKeys(file, (keys) => new Map([...keys].filter(([id]) => !ids.includes(id))))
}

/**
 * Written and flushed under another name, then renamed, so that a reader sees the old file or the new one. Other
 * members are kept.
 */
async function changeNumberKeys(
  file: string,
  change: (keys: ReadonlyMap<number, Buffer>) => ReadonlyMap<number, Buffer>,
): Promise<Secrets> {
  const { numberKeys } = await readSecrets(file)
  const values = mappingOf(await readFile(file, 'utf8'))
  const changed = [...change(numberKeys)].map(([id, key]) => [String(id), key.toString('hex')])
  const making = await written(file, { ...values, numberKeys: Object.fromEntries(changed) })
  await rename(making, file)
  // Numbers are about to be kept under the new key: it must outlast a loss of power before they do.
  const directory = await open(dirname(file), 'r')
  await directory.sync()
  await directory.close()
  return readSecrets(file)
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function mappingOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isMapping(value) ? value : null
  } catch {
    return null // JSON.parse would quote the text
  }
}

/** Written and flushed under another name, then linked: a reader sees the whole file, and the first maker wins. */
async function makeFile(file: string): Promise<void> {
  const fresh = (): string => randomBytes(KEY_BYTES).toString('hex')
  const values = Object.fromEntries(SECRET_NAMES.map((name) => [name, fresh()]))
  const making = await written(file, { ...values, numberKeys: { 1: fresh() } })
  try {
    await link(making, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(making)
  }
}

/** @returns the name it was written under, beside the file */
async function written(file: string, values: Record<string, unknown>): Promise<string> {
  const making = `${file}.${randomBytes(8).toString('hex')}`
  const handle = await open(making, 'wx', 0o600)
  await handle.write(`${JSON.stringify(values, null, 2)}\n`)
  await handle.sync()
  await handle.close()
  return making
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
