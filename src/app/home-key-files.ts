import { join, resolve } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'
import { MASTERS_FILE, SECRETS_FILE } from '../home/home-directory.ts'
import { addNumberKey, findSecrets, readSecrets, removeNumberKeys, type Secrets } from '../home/secrets.ts'
import { readTerminalMasters, writeTerminalMasters } from '../home/terminal-masters.ts'
import type { CardKeyFile } from '../office/card-key-rotation.ts'
import type { MasterFile } from '../office/master-keys.ts'
import { cardKeysOf } from './card-keys.ts'
import { MASTER_VARIABLE } from './open-master-keyring.ts'

/** The master keys of a home directory, as use cases change them. */
export function masterFileOf(home: string): MasterFile {
  const file = join(resolve(home), MASTERS_FILE)
  return {
    read: () => readTerminalMasters(file),
    write: (keys) => writeTerminalMasters(file, keys),
    variable: MASTER_VARIABLE,
  }
}

/** The keys of card numbers of a home directory. @throws a set-up error where the secrets are not there */
export function cardKeyFileOf(home: string): CardKeyFile {
  const file = join(resolve(home), SECRETS_FILE)
  const secrets = async (): Promise<Secrets> => {
    const found = await findSecrets(file)
    if (found === null) throw setUpError(`${file} with the keys of this database is not there`)
    return found
  }
  return {
    ids: async () => [...(await secrets()).numberKeys.keys()],
    async add(id) {
      await secrets()
      const added = (await addNumberKey(file, id)).numberKeys.get(id)
      if (added === undefined) throw new Error('the key that was just made is not there')
      return added
    },
    remove: async (ids) => void (await removeNumberKeys(file, ids)),
    keysOf: async (rows) => cardKeysOf(file, await readSecrets(file), rows),
  }
}
