import type { MasterKey } from '../keys/master-key.ts'

/** A master key of terminal keys, and where it is from. */
export type KnownMaster = { readonly key: MasterKey; readonly from: string }

/** The master keys of terminal keys that this process knows. */
export type MasterKeyring = {
  /** The master key that wraps new keys. */
  readonly newest: () => MasterKey
  /** By check value. */
  readonly find: (id: string) => MasterKey | null
  /** The newest first. */
  readonly all: () => readonly KnownMaster[]
  /** Reads the list again: a key may have been added beside running processes. */
  readonly reread: () => Promise<void>
}

/** `read` gives the list, the newest first, never empty. */
export async function masterKeyring(read: () => Promise<readonly KnownMaster[]>): Promise<MasterKeyring> {
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
