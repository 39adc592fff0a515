import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Access } from '../db/access.ts'
import { readInstallation } from '../db/installation.ts'
import { MASTERS_FILE, SECRETS_FILE } from '../home/home-directory.ts'
import type { Log } from '../log.ts'
import type { Office } from '../office/office.ts'
import { openOffice } from '../office/open-office.ts'
import { keysOfHome } from './home-keys.ts'
import { installedMasters } from './installation-keys.ts'
import { onDatabase } from './on-database.ts'

/** `config/makers` of this package, seen from build/src/app/. */
const MAKERS = fileURLToPath(new URL('../../../config/makers', import.meta.url))

/** Where the layouts of card makers are: those of a home come before those of this package. */
export const makersOf = (home: string): readonly string[] => [join(resolve(home), 'makers'), MAKERS]

/** Runs a command with an Office on the database of a home, with or without a running akart. */
export const inHomeOffice = <T>(home: string, work: (office: Office) => Promise<T>): Promise<T> =>
  onDatabase(home, async (access, log) => {
    const { office, close } = await openOffice(access, await partsOf(access, home, log))
    try {
      return await work(office)
    } finally {
      await close()
    }
  })

/** Missing keys stop only the commands that need them. */
async function partsOf(access: Access, home: string, log: Log) {
  const keys = await keysOfHome(access, home).then(
    (found) => () => found,
    (error: unknown) => () => {
      throw error
    },
  )
  const directory = resolve(home)
  const files = { secretsFile: join(directory, SECRETS_FILE), mastersFile: join(directory, MASTERS_FILE) }
  const installation = await readInstallation(access)
  return {
    keys,
    masters: () => installedMasters(access, files),
    timeZone: installation?.timeZone ?? 'Europe/Warsaw',
    demo: installation?.mark === 'demo',
    makers: makersOf(home),
    log,
    clock: Date.now,
  }
}
