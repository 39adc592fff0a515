import { access as exists } from 'node:fs/promises'
import { DEMO_MASTER, deriveCardKeys, keyCheckValue, type CardKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Home } from '../home/home-directory.ts'
import { readSecrets } from '../home/secrets.ts'
import type { Access } from '../store/access.ts'
import { seedDemo } from '../store/demo.ts'
import { markProduction, readInstallation } from '../store/installation.ts'

export type Installed = { readonly keys: CardKeys; readonly demo: boolean }

/**
 * Which keys belong to this database. An empty one becomes a demo, unless this home has secrets of its own (`akart
 * init`): then it becomes a production database of theirs. A demo takes no other key than the public one, a production
 * database none but its own.
 */
export async function prepareInstallation(access: Access, home: Home, now: number): Promise<Installed> {
  const own = (await isThere(home.secretsFile)) ? (await readSecrets(home.secretsFile)).cardMaster : null
  const installation = await readInstallation(access)
  if (installation === null) {
    if (own === null) await seedDemo(access, now)
    else await markProduction(access, keyCheckValue(own))
    return { keys: deriveCardKeys(own ?? DEMO_MASTER), demo: own === null }
  }

  if (installation.mark === 'demo') {
    if (own !== null) {
      throw setUpError(
        `the database is marked as demo and takes no production keys; remove ${home.secretsFile} or name another database`,
      )
    }
    return { keys: deriveCardKeys(DEMO_MASTER), demo: true }
  }
  if (own === null) {
    throw setUpError(`the database is marked as production, and ${home.secretsFile} with its card key is not there`)
  }
  const found = keyCheckValue(own)
  if (found !== installation.cardKey) {
    throw setUpError(
      `${home.secretsFile}: cardMaster has check value ${found}, the database belongs to ${installation.cardKey}`,
    )
  }
  return { keys: deriveCardKeys(own), demo: false }
}

const isThere = (file: string): Promise<boolean> =>
  exists(file).then(
    () => true,
    () => false,
  )
