import { DEMO_MASTER, deriveCardKeys, keyCheckValue, type CardKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Home } from '../home/home-directory.ts'
import { findSecrets, readSecrets, type Secrets } from '../home/secrets.ts'
import type { Access } from '../store/access.ts'
import { seedDemo } from '../store/demo.ts'
import { markProduction, readInstallation } from '../store/installation.ts'
import { readNumberKeys, type NumberKeyRow } from '../store/number-keys.ts'
import { cardKeysOf } from './card-keys.ts'

export type Installed = {
  readonly keys: CardKeys
  readonly demo: boolean
  /** The keys when the database's list of keys of numbers is this one by now. */
  readonly reload: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>
}

/**
 * Which keys belong to this database. An empty one becomes a demo, unless this home has secrets of its own (`akart
 * init`): then it becomes a production database of theirs. A demo takes no other key than the public one, a production
 * database none but its own.
 */
export async function prepareInstallation(access: Access, home: Home, now: number): Promise<Installed> {
  const own = await findSecrets(home.secretsFile)
  const installation = await readInstallation(access)
  const isDemo = installation === null ? own === null : installation.mark === 'demo'
  if (isDemo) {
    if (own !== null) {
      throw setUpError(
        `the database is marked as demo and takes no production keys; remove ${home.secretsFile} or name another database`,
      )
    }
    if (installation === null) await seedDemo(access, now)
    const keys = deriveCardKeys(DEMO_MASTER)
    return { keys, demo: true, reload: async () => keys }
  }

  if (own === null) {
    throw setUpError(`the database is marked as production, and ${home.secretsFile} with its card key is not there`)
  }
  const found = keyCheckValue(own.cardMaster)
  if (own.cardMaster.equals(DEMO_MASTER)) throw setUpError(`${home.secretsFile}: cardMaster is the public key of demos`)
  if (installation === null) await markProduction(access, found, newestNumberKey(own))
  else if (found !== installation.cardKey) {
    throw setUpError(
      `${home.secretsFile}: cardMaster has check value ${found}, the database belongs to ${installation.cardKey}`,
    )
  }
  const reload: Installed['reload'] = async (rows) =>
    cardKeysOf(home.secretsFile, await readSecrets(home.secretsFile), rows)
  return { keys: await reload(await readNumberKeys(access)), demo: false, reload }
}

function newestNumberKey({ numberKeys }: Secrets): NumberKeyRow {
  const id = Math.max(...numberKeys.keys())
  const secret = numberKeys.get(id)
  if (secret === undefined) throw new Error('secrets without a key of numbers')
  return { id, checkValue: keyCheckValue(secret), state: 'current' }
}
