import { open, readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { isRefused, refused, type Refused } from './refusal.ts'
import { fileErrorText } from '../text/file-error.ts'

/**
 * The keeper of one key component: a directory that only they can read (their own medium), or a public key under which
 * the component leaves Akart encrypted.
 */
export type Custodian = {
  readonly into: string
  /** A file with a public key of age (age1…) or OpenPGP (armored); null: the component is written as it is. */
  readonly publicKeyFile: string | null
}

/** A custodian whose directory and key were checked. */
export type ComponentEnvelope = {
  readonly into: string
  readonly suffix: '' | '.age' | '.asc'
  readonly seal: (text: string) => Promise<Uint8Array | string>
}

/**
 * Dual control: one custodian per component, no two the same.
 *
 * @param isOneDirectory `--into` was given once for all, as in earlier versions: still accepted in this release
 */
export async function envelopesFor(
  custodians: readonly Custodian[],
  isOneDirectory: boolean,
): Promise<readonly ComponentEnvelope[] | Refused> {
  if (custodians.length !== 2 && custodians.length !== 3)
    return refused('custodians_count', { count: custodians.length })
  const envelopes: ComponentEnvelope[] = []
  const seen = new Set<string>()
  for (const { into, publicKeyFile } of custodians) {
    const made = publicKeyFile === null ? await plain(into) : await encrypting(into, publicKeyFile)
    if (isRefused(made)) return made
    if (seen.has(made.identity) && !isOneDirectory) {
      return refused('custodians_same', { what: publicKeyFile === null ? into : publicKeyFile })
    }
    seen.add(made.identity)
    envelopes.push(made.envelope)
  }
  return envelopes
}

type Made = { readonly identity: string; readonly envelope: ComponentEnvelope }

async function plain(into: string): Promise<Made | Refused> {
  const identity = await realpath(into).catch(() => null)
  if (identity === null) return refused('directory_missing', { directory: into })
  return { identity, envelope: { into, suffix: '', seal: (text) => Promise.resolve(text) } }
}

async function encrypting(into: string, file: string): Promise<Made | Refused> {
  try {
    const text = (await readFile(file, 'utf8')).trim()
    if (text.startsWith('age1')) {
      const { Encrypter } = await import('age-encryption')
      const encrypter = new Encrypter()
      encrypter.addRecipient(text)
      return { identity: text, envelope: { into, suffix: '.age', seal: (content) => encrypter.encrypt(content) } }
    }
    const { createMessage, encrypt, readKey } = await import('openpgp')
    const key = await readKey({ armoredKey: text })
    await key.getEncryptionKey() // expired, revoked, or for signing only
    const seal = async (content: string): Promise<string> =>
      encrypt({ message: await createMessage({ text: content }), encryptionKeys: key })
    return { identity: key.getFingerprint(), envelope: { into, suffix: '.asc', seal } }
  } catch (error) {
    return refused('wrong_custodian_key', { file, why: error instanceof Error ? error.message : String(error) })
  }
}

/** Writes a file of mode 0600 that was not there; returns its path. */
export async function writeForCustodian(
  { into, suffix, seal }: ComponentEnvelope,
  name: string,
  content: string,
): Promise<string | Refused> {
  const file = join(into, `${name}${suffix}`)
  const sealed = await seal(content)
  const handle = await open(file, 'wx', 0o600).catch((error: unknown) => fileErrorText(error))
  if (typeof handle === 'string') return refused('file_not_made', { file, why: handle })
  await handle.writeFile(sealed)
  await handle.sync()
  await handle.close()
  return file
}
