import { join, resolve } from 'node:path'
import { deriveCardKeys, type CardKeys } from '../cards/keys.ts'
import { SECRETS_FILE } from '../home/home-directory.ts'
import { findSecrets } from '../home/secrets.ts'
import type { Access } from '../db/access.ts'
import { readNumberKeys } from '../db/pan-keys.ts'
import { cardKeysOf } from './card-keys.ts'
import { cardMasterOf } from './installation-keys.ts'

/** The keys of cards of a home, for a command beside a running akart or without one. @throws a set-up error where they are not there */
export async function keysOfHome(access: Access, home: string): Promise<CardKeys> {
  const secretsFile = join(resolve(home), SECRETS_FILE)
  const own = await findSecrets(secretsFile)
  const { master, demo } = await cardMasterOf(access, { secretsFile }, own)
  return demo || own === null ? deriveCardKeys(master) : cardKeysOf(secretsFile, own, await readNumberKeys(access))
}
