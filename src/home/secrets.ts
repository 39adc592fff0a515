import { randomBytes } from 'node:crypto'
import { link, open, readFile, stat, unlink } from 'node:fs/promises'
import { setUpError } from '../config/set-up-error.ts'

/** Keys of 32 bytes; `cardMaster` is what `src/cards/keys.ts` derives one key for each purpose from. */
const SECRET_NAMES = ['cardMaster'] as const
type SecretName = (typeof SECRET_NAMES)[number]
export type Secrets = Readonly<Record<SecretName, Buffer>>

const KEY_BYTES = 32

/**
 * The keys of this installation from its secrets file (JSON, hexadecimal, mode 0600). A file that is missing is made
 * with random keys, whole or not at all; one that is there is never changed: with other keys no card would be found.
 *
 * @throws a set-up error naming the file and the key; never the key itself
 */
export async function readSecrets(file: string): Promise<Secrets> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return null
    throw setUpError(`${file}: can't be read`)
  })
  if (text !== null) return parsed(file, text)
  await makeFile(file)
  return parsed(file, await readFile(file, 'utf8'))
}

async function parsed(file: string, text: string): Promise<Secrets> {
  if (((await stat(file)).mode & 0o077) !== 0) throw setUpError(`${file}: others can read it; run chmod 600 on it`)
  const values = mappingOf(text)
  if (values === null) throw setUpError(`${file}: not a JSON object`)
  return Object.fromEntries(SECRET_NAMES.map((name) => [name, keyOf(file, name, values[name])])) as Secrets
}

function keyOf(file: string, name: string, value: unknown): Buffer {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/i.test(value)) {
    throw setUpError(`${file}: ${name} must be ${KEY_BYTES} bytes in hexadecimal`)
  }
  return Buffer.from(value, 'hex')
}

function mappingOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null // JSON.parse would quote the text
  }
}

/** Written and flushed under another name, then linked: a reader sees the whole file, and the first maker wins. */
async function makeFile(file: string): Promise<void> {
  const making = `${file}.${randomBytes(8).toString('hex')}`
  const values = Object.fromEntries(SECRET_NAMES.map((name) => [name, randomBytes(KEY_BYTES).toString('hex')]))
  const handle = await open(making, 'wx', 0o600)
  await handle.write(`${JSON.stringify(values, null, 2)}\n`)
  await handle.sync()
  await handle.close()
  try {
    await link(making, file)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(making)
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
