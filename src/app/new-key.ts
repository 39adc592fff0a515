import { randomBytes } from 'node:crypto'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'
import { combineComponents, type ComponentsRefusal, type KeyComponent } from '../keys/components.ts'
import { freshKey } from '../keys/fresh-key.ts'
import type { KeyAlgorithm } from '../keys/secret-key.ts'
import { splitKey } from '../keys/split-key.ts'
import { keyLengths } from '../keys/terminal-key.ts'
import type { KeyRoom } from './key-commands.ts'
import { cipherOf, type KeyTask, loadKey, mayLoad, type Standing, standingOf } from './load-key.ts'

export type NewKey = {
  /** Null: that of the terminal's MAC. */
  readonly algorithm: KeyAlgorithm | null
  /** Null: 16. */
  readonly bytes: number | null
  readonly components: number
  /** The directory for the files of the components. */
  readonly into: string
  readonly replaces: boolean
}

/** Makes a random key and a file for each of its components, of mode 0600: nobody ever sees the key itself. */
export async function createKey(
  room: KeyRoom,
  task: KeyTask,
  { algorithm, bytes, components, into, replaces }: NewKey,
): Promise<{ readonly checkValue: string; readonly files: readonly string[] }> {
  const standing = await standingOf(room, task.terminal)
  mayLoad(standing, task, replaces)
  const cipher = cipherFor(standing, task, algorithm)
  const length = bytes ?? 16
  const lengths = keyLengths(task.purpose, cipher)
  if (!lengths.includes(length)) {
    throw setUpError(`a ${task.purpose} key of ${cipher} has ${lengths.join(' or ')} bytes, not ${length}`)
  }
  const key = freshKey(cipher, length, randomBytes)
  const parts = splitKey(key, components, randomBytes)
  const files: string[] = []
  try {
    for (const [i, part] of parts.entries()) {
      // A code may have any character of DE41.
      const name = `${task.terminal.replaceAll('/', '_')}-${task.purpose}-component-${i + 1}-of-${parts.length}.txt`
      files.push(await writeComponent(join(into, name), part))
    }
    // The components first: a key that is in use and that nobody can load into the terminal would be of no use.
    return { checkValue: await loadKey(room, task, key, { action: 'created', replaces }), files }
  } catch (error) {
    for (const file of files) await unlink(file)
    throw error
  }
}

async function writeComponent(file: string, { bytes, checkValue }: KeyComponent): Promise<string> {
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
    throw setUpError(`${file}: can't be made (${(error as { code?: string }).code ?? 'unknown'})`)
  })
  await handle.write(`${Buffer.from(bytes).toString('hex').toUpperCase()} ${checkValue}\n`)
  await handle.sync()
  await handle.close()
  return file
}

export type TypedComponents = {
  readonly components: readonly { readonly hex: string; readonly checkValue: string }[]
  readonly checkValue: string
}

/** Loads a key from components of hexadecimal digits; `refusal` says which of them is wrong. */
export async function importKey(
  room: KeyRoom,
  task: KeyTask,
  { components, checkValue }: TypedComponents,
  { algorithm, replaces }: Pick<NewKey, 'algorithm' | 'replaces'>,
): Promise<string | { readonly refusal: string }> {
  const cipher = cipherFor(await standingOf(room, task.terminal), task, algorithm)
  const parts = components.map(({ hex, checkValue }) => ({ bytes: Buffer.from(hex, 'hex'), checkValue }))
  if (parts.length > 3) return { refusal: 'a key has 2 or 3 components' }
  const combined = combineComponents(cipher, parts, checkValue)
  if (combined.kind === 'refused') return { refusal: SAID[combined.reason](combined.component) }
  return loadKey(room, task, combined.key, { action: 'imported', replaces })
}

const SAID = {
  count: () => 'a key has 2 or 3 components',
  length: (component) => `component ${component ?? 1} has not the length of such a key, or not that of the others`,
  'check value': (component) =>
    component === null
      ? 'the check value of the whole key is another one'
      : `the check value of component ${component} is another one`,
  weak: () => 'these components make a weak key; was one of them given twice?',
} as const satisfies Record<ComponentsRefusal['reason'], (component: number | null) => string>

/** What was said, else the cipher of the terminal's MAC. */
function cipherFor({ mac }: Standing, { terminal }: KeyTask, said: KeyAlgorithm | null): KeyAlgorithm {
  const cipher = said ?? cipherOf(mac)
  if (cipher === null) throw setUpError(`terminal ${terminal} has no MAC yet: say --algorithm tdes or aes`)
  return cipher
}
