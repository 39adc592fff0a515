import { randomBytes } from 'node:crypto'
import { open, rename } from 'node:fs/promises'
import { setUpError } from '../config/set-up-error.ts'

/*
 * The master keys that wrap the keys of terminals: `terminal-masters.json` in the home directory, the newest first. It is
 * apart from `secrets.json`, which is never changed once it is there.
 */

const KEY_BYTES = 32

/** The largest number of keys in the list; a key is retired once no key is wrapped by it. */
const MOST = 8

/** The keys of the file, the newest first; none where it is missing. @throws a set-up error naming file and place, never a key */
export async function readTerminalMasters(file: string): Promise<Buffer[]> {
  const handle = await open(file).catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw setUpError(`${file}: can't be read`)
  })
  if (handle === null) return []
  const { mode } = await handle.stat()
  const text = await handle.readFile('utf8')
  await handle.close()
  if ((mode & 0o077) !== 0) throw setUpError(`${file}: others can read it; run chmod 600 on it`)
  const list = listOf(text)
  if (list === null) throw setUpError(`${file}: not a JSON object with a list masters`)
  return keysOf(list, (place) => `${file}: masters, entry ${place},`)
}

/** The same of an environment variable: keys in hexadecimal, separated by commas. */
export function masterKeysIn(variable: string, value: string | undefined): Buffer[] {
  if (value === undefined || value.trim() === '') return []
  return keysOf(value.split(','), (place) => `${variable}: key ${place}`)
}

function keysOf(list: readonly unknown[], placeOf: (place: number) => string): Buffer[] {
  if (list.length > MOST) throw setUpError(`${placeOf(MOST + 1)} is one too many; retire what is no longer used`)
  return list.map((value, i) => {
    const text = typeof value === 'string' ? value.trim() : ''
    if (!/^[0-9a-f]{64}$/i.test(text)) throw setUpError(`${placeOf(i + 1)} must be ${KEY_BYTES} bytes in hexadecimal`)
    return Buffer.from(text, 'hex')
  })
}

function listOf(text: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text)
    const masters = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['masters'] : null
    return Array.isArray(masters) ? masters : null
  } catch {
    return null // JSON.parse would quote the text
  }
}

/** Replaces the file, whole or not at all: a reader sees either list. */
export async function writeTerminalMasters(file: string, masters: readonly Buffer[]): Promise<void> {
  if (masters.length > MOST)
    throw setUpError(`${file} holds ${MOST} master keys already; retire what is no longer used`)
  const making = `${file}.${randomBytes(8).toString('hex')}`
  const handle = await open(making, 'wx', 0o600)
  await handle.write(`${JSON.stringify({ masters: masters.map((key) => key.toString('hex')) }, null, 2)}\n`)
  await handle.sync()
  await handle.close()
  await rename(making, file)
}
