import { randomBytes } from 'node:crypto'
import { unlink } from 'node:fs/promises'
import { combineComponents, type ComponentsRefusal, type KeyComponent } from '../keys/components.ts'
import { freshKey } from '../keys/fresh-key.ts'
import type { KeyAlgorithm } from '../keys/secret-key.ts'
import { splitKey } from '../keys/split-key.ts'
import { keyLengths } from '../keys/terminal-key.ts'
import type { Actor } from './actor.ts'
import { type ComponentEnvelope, type Custodian, envelopesFor, writeForCustodian } from './custodians.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { againstLoading, cipherOf, type KeyTask, loadKey, type Standing, standingOf } from './terminal-key-changes.ts'

export type NewKey = {
  /** Null: that of the terminal's MAC. */
  readonly algorithm: KeyAlgorithm | null
  /** Null: 16. */
  readonly bytes: number | null
  /** The keepers of the components, 2 or 3. */
  readonly custodians: readonly Custodian[]
  /** All components go into the one given directory; the command warns about it. */
  readonly isOneDirectory: boolean
  readonly replaces: boolean
}

/**
 * Creates a random key and a file of mode 0600 for each component, readable only by its custodian (dual control, split
 * knowledge). Nobody ever sees the key itself.
 */
export async function createKey(
  office: Office,
  actor: Actor,
  { algorithm, bytes, custodians, isOneDirectory, replaces, ...task }: KeyTask & NewKey,
): Promise<{ readonly checkValue: string; readonly files: readonly string[] } | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const envelopes = await envelopesFor(custodians, isOneDirectory)
  if (isRefused(envelopes)) return envelopes
  const standing = await standingOf(office, task.terminal)
  if (isRefused(standing)) return standing
  const against = againstLoading(standing, task, replaces)
  if (against !== null) return against
  const cipher = cipherFor(standing, task, algorithm)
  if (isRefused(cipher)) return cipher
  const length = bytes ?? 16
  const lengths = keyLengths(task.purpose, cipher)
  if (!lengths.includes(length)) {
    return refused('key_length', { purpose: task.purpose, algorithm: cipher, lengths: lengths.join(' or '), length })
  }
  const key = freshKey(cipher, length, randomBytes)
  const files: string[] = []
  // Components are written first: a key in use that nobody can load into the terminal would be useless.
  const refusal = await writeComponents(task, splitKey(key, custodians.length, randomBytes), envelopes, files)
  const checkValue =
    refusal ?? (await loadKey(office, actor, task, key, { action: 'created', replaces }).catch(withoutFiles(files)))
  if (!isRefused(checkValue)) return { checkValue, files }
  await removeAll(files)
  return checkValue
}

const withoutFiles =
  (files: readonly string[]) =>
  async (error: unknown): Promise<never> => {
    await removeAll(files)
    throw error
  }

const removeAll = (files: readonly string[]): Promise<unknown> => Promise.all(files.map((file) => unlink(file)))

/** Null: all are written; `files` has those that are. */
async function writeComponents(
  { terminal, purpose }: KeyTask,
  parts: readonly KeyComponent[],
  envelopes: readonly ComponentEnvelope[],
  files: string[],
): Promise<Refused | null> {
  for (const [i, { bytes, checkValue }] of parts.entries()) {
    const envelope = envelopes[i]
    if (envelope === undefined) throw new RangeError('a custodian for each component')
    // A code may have any character of DE41.
    const name = `${terminal.replaceAll('/', '_')}-${purpose}-component-${i + 1}-of-${parts.length}.txt`
    const content = `${Buffer.from(bytes).toString('hex').toUpperCase()} ${checkValue}\n`
    const file = await writeForCustodian(envelope, name, content)
    if (isRefused(file)) return file
    files.push(file)
  }
  return null
}

export type TypedComponents = {
  readonly components: readonly { readonly hex: string; readonly checkValue: string }[]
  readonly checkValue: string
}

/** Imports a key from components in hexadecimal; a refusal names the wrong component. Returns the key check value. */
export async function importKey(
  office: Office,
  actor: Actor,
  {
    given,
    algorithm,
    replaces,
    ...task
  }: KeyTask & Pick<NewKey, 'algorithm' | 'replaces'> & { readonly given: TypedComponents },
): Promise<string | Refused> {
  const no = mayDo(actor, 'terminals.keys')
  if (no !== null) return no
  const standing = await standingOf(office, task.terminal)
  if (isRefused(standing)) return standing
  const cipher = cipherFor(standing, task, algorithm)
  if (isRefused(cipher)) return cipher
  const parts = given.components.map(({ hex, checkValue }) => ({ bytes: Buffer.from(hex, 'hex'), checkValue }))
  if (parts.length > 3) return refused('wrong_components', { fault: WRONG_COMPONENTS.count() })
  const combined = combineComponents(cipher, parts, given.checkValue)
  if (combined.kind === 'refused')
    return refused('wrong_components', { fault: WRONG_COMPONENTS[combined.reason](combined.component) })
  return loadKey(office, actor, task, combined.key, { action: 'imported', replaces })
}

/** Why components make no key, in words. */
export const WRONG_COMPONENTS = {
  count: () => 'a key has 2 or 3 components',
  length: (component) => `component ${component ?? 1} has not the length of such a key, or not that of the others`,
  'check value': (component) =>
    component === null
      ? 'the check value of the whole key is another one'
      : `the check value of component ${component} is another one`,
  weak: () => 'these components make a weak key; was one of them given twice?',
} as const satisfies Record<ComponentsRefusal['reason'], (component: number | null) => string>

/** The given cipher, else that of the terminal's MAC. */
export const cipherFor = (
  { mac }: Standing,
  { terminal }: KeyTask,
  said: KeyAlgorithm | null,
): KeyAlgorithm | Refused => said ?? cipherOf(mac) ?? refused('algorithm_unknown', { terminal })
