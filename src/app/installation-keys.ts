/**
 * The keys of an installation: chooses between demo and production when the database is empty, and checks that keys and
 * database belong together.
 */

import { demoKeyTerminals, demoTerminals } from '../demo/setting.ts'
import { DEMO_MASTER, deriveCardKeys, firstTerminalMaster, keyCheckValue, type CardKeys } from '../cards/keys.ts'
import { setUpError } from '../config/set-up-error.ts'
import type { Home } from '../home/home-directory.ts'
import { findSecrets, readSecrets, type Secrets } from '../home/secrets.ts'
import type { Access } from '../db/access.ts'
import { withAdvisoryLock } from '../db/advisory-lock.ts'
import { seedDemo } from '../demo/seed.ts'
import { equipDemoPeople } from '../demo/seed-people.ts'
import { equipDemoECards } from '../demo/seed-ecards.ts'
import { equipDemoStaff } from '../demo/seed-staff.ts'
import { equipDemoShops } from '../demo/seed-shops.ts'
import { equipDemo } from '../demo/seed-terminals.ts'
import { markProduction, readInstallation } from '../db/installation.ts'
import { readNumberKeys, type NumberKeyRow } from '../db/pan-keys.ts'
import { cardKeysOf } from './card-keys.ts'
import { demoKeysOf } from '../demo/terminal-keys.ts'
import type { MasterKeyring } from '../custody/master-keyring.ts'
import { openInstalledKeyring } from './open-master-keyring.ts'

export type Installed = {
  readonly keys: CardKeys
  /** The master keys of terminal keys. */
  readonly masters: MasterKeyring
  readonly demo: boolean
  /** The keys for this list of PAN keys in the database. */
  readonly reload: (rows: readonly NumberKeyRow[]) => Promise<CardKeys>
}

type HomeFiles = Pick<Home, 'secretsFile' | 'mastersFile'>

/**
 * Determines the keys of this database. An empty database becomes a demo, unless this home has its own secrets (`akart
 * init`): then it becomes a production database with these. A demo accepts only the public key, a production database
 * only its own.
 */
export const prepareInstallation = (access: Access, home: HomeFiles, now: number): Promise<Installed> =>
  // Of two processes that are started at once on an empty database, one fills it and the other waits.
  withAdvisoryLock(access, 'installation', () => prepare(access, home, now), { timeoutSeconds: TIMEOUT_SECONDS })

/** Demo data take a second, on a busy machine ten. */
const TIMEOUT_SECONDS = 120

async function prepare(access: Access, home: HomeFiles, now: number): Promise<Installed> {
  const own = await findSecrets(home.secretsFile)
  if ((await readInstallation(access)) === null) {
    if (own === null) await seedDemo(access, now)
    else await markProduction(access, keyCheckValue(ownMaster(home, own)), newestNumberKey(own))
  }
  const { master, demo } = await cardMasterOf(access, home, own)
  const masters = await openInstalledKeyring(access, home.mastersFile, firstTerminalMaster(master))
  if (demo) {
    const terminals = [...demoTerminals, ...demoKeyTerminals]
    await equipDemo(access, terminals, (terminal) => demoKeysOf(masters.newest(), terminal), now)
    await equipDemoPeople(access, now)
    await equipDemoShops(access, now)
    const keys = deriveCardKeys(DEMO_MASTER)
    await equipDemoECards(access, keys)
    await equipDemoStaff(access, keys, now)
    return { keys, masters, demo, reload: async () => keys }
  }
  const reload: Installed['reload'] = async (rows) =>
    cardKeysOf(home.secretsFile, await readSecrets(home.secretsFile), rows)
  return { keys: await reload(await readNumberKeys(access)), masters, demo, reload }
}

/** The master keys of terminal keys of a database that is in use already. @throws a set-up error where they are missing */
export async function installedMasters(access: Access, home: HomeFiles): Promise<MasterKeyring> {
  const { master } = await cardMasterOf(access, home, await findSecrets(home.secretsFile))
  return openInstalledKeyring(access, home.mastersFile, firstTerminalMaster(master))
}

/** The card key that belongs to the database. @throws a set-up error where it is not there, or is another one */
export async function cardMasterOf(access: Access, home: Pick<HomeFiles, 'secretsFile'>, own: Secrets | null) {
  const installation = await readInstallation(access)
  if (installation === null) throw setUpError('the database is empty; akart up makes it a demo or a production one')
  if (installation.mark === 'demo') {
    if (own === null) return { master: DEMO_MASTER, demo: true }
    throw setUpError(
      `the database is marked as demo and takes no production keys; remove ${home.secretsFile} or name another database`,
    )
  }
  if (own === null) {
    throw setUpError(`the database is marked as production, and ${home.secretsFile} with its card key is not there`)
  }
  const master = ownMaster(home, own)
  const found = keyCheckValue(master)
  if (found !== installation.cardKey) {
    throw setUpError(
      `${home.secretsFile}: cardMaster has check value ${found}, the database belongs to ${installation.cardKey}`,
    )
  }
  return { master, demo: false }
}

function ownMaster({ secretsFile }: Pick<HomeFiles, 'secretsFile'>, { cardMaster }: Secrets): Buffer {
  if (cardMaster.equals(DEMO_MASTER)) throw setUpError(`${secretsFile}: cardMaster is the public key of demos`)
  return cardMaster
}

function newestNumberKey({ numberKeys }: Secrets): NumberKeyRow {
  const id = Math.max(...numberKeys.keys())
  const secret = numberKeys.get(id)
  if (secret === undefined) throw new Error('secrets without a PAN key')
  return { id, checkValue: keyCheckValue(secret), state: 'current' }
}
