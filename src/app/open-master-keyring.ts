import { setUpError } from '../config/set-up-error.ts'
import { type KnownMaster, masterKeyring, type MasterKeyring } from '../custody/master-keyring.ts'
import type { Access } from '../db/access.ts'
import { readMasters } from '../db/terminal-keys.ts'
import { MASTERS_FILE } from '../home/home-directory.ts'
import { masterKeysIn, readTerminalMasters } from '../home/terminal-masters.ts'
import { masterKey } from '../keys/master-key.ts'

export const MASTER_VARIABLE = 'AKART_TERMINAL_MASTER'

/**
 * The master keys of an installation: from the environment, then from the file, each with the newest first; last the
 * one that is supplied with the card key.
 *
 * @throws a set-up error that names the fault, also if none of these wraps the keys in the database
 */
export async function openInstalledKeyring(access: Access, file: string, first: Buffer): Promise<MasterKeyring> {
  const ring = await masterKeyring(() => knownMasters(file, first))
  const missing = [...(await readMasters(access)).keys()].filter((id) => ring.find(id) === null)
  if (missing.length === 0) return ring
  throw setUpError(
    `terminal keys are wrapped by master key ${missing.join(', ')}, which is neither in ${file} nor in ${MASTER_VARIABLE}`,
  )
}

async function knownMasters(file: string, first: Buffer): Promise<KnownMaster[]> {
  const environment = masterKeysIn(MASTER_VARIABLE, process.env[MASTER_VARIABLE])
  const own = await readTerminalMasters(file)
  return [
    ...environment.map((secret) => ({ key: masterKey(secret), from: MASTER_VARIABLE })),
    ...own.map((secret) => ({ key: masterKey(secret), from: MASTERS_FILE })),
    { key: masterKey(first), from: 'the card master key' },
  ]
}
