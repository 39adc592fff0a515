import { setUpError } from '../config/set-up-error.ts'
import { MASTERS_FILE } from '../home/home-directory.ts'
import { masterKeysIn, readTerminalMasters } from '../home/terminal-masters.ts'
import { type MasterKey, masterKey } from '../keys/master-key.ts'
import type { Access } from '../store/access.ts'
import { readMasters } from '../store/terminal-keys.ts'

/** The master keys of terminal keys that this process knows. */
export type MasterRing = {
  /** What new keys are wrapped by. */
  readonly newest: () => MasterKey
  /** By check value. */
  readonly find: (id: string) => MasterKey | null
  /** The newest first, and where each is from. */
  readonly all: () => readonly { readonly key: MasterKey; readonly from: string }[]
  /** Looks into the file again: a key may have been added beside running processes. */
  readonly reread: () => Promise<void>
}

export const MASTER_VARIABLE = 'AKART_TERMINAL_MASTER'

/**
 * From the environment, then from the file, each with the newest first; last the one that comes with the card key.
 * @throws a set-up error naming what is wrong
 */
async function openMasterRing(file: string, first: Buffer): Promise<MasterRing> {
  const read = async () => {
    const environment = masterKeysIn(MASTER_VARIABLE, process.env[MASTER_VARIABLE])
    const own = await readTerminalMasters(file)
    return [
      ...environment.map((secret) => ({ key: masterKey(secret), from: MASTER_VARIABLE })),
      ...own.map((secret) => ({ key: masterKey(secret), from: MASTERS_FILE })),
      { key: masterKey(first), from: 'the card master key' },
    ]
  }
  let ring = await read()
  return {
    newest() {
      const [newest] = ring
      if (newest === undefined) throw new Error('a ring of master keys is never empty')
      return newest.key
    },
    find: (id) => ring.find(({ key }) => key.id === id)?.key ?? null,
    all: () => ring,
    async reread() {
      ring = await read()
    },
  }
}

/** The same for a database. @throws a set-up error also where keys in it are wrapped by none of these */
export async function openInstalledRing(access: Access, file: string, first: Buffer): Promise<MasterRing> {
  const ring = await openMasterRing(file, first)
  const missing = [...(await readMasters(access)).keys()].filter((id) => ring.find(id) === null)
  if (missing.length === 0) return ring
  throw setUpError(
    `terminal keys are wrapped by master key ${missing.join(', ')}, which is neither in ${file} nor in ${MASTER_VARIABLE}`,
  )
}
