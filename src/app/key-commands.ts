import { join, resolve } from 'node:path'
import { MASTERS_FILE, SECRETS_FILE } from '../home/home-directory.ts'
import type { Access } from '../db/access.ts'
import { workerConnection, type WorkerConnection } from '../db/connection.ts'
import { installedMasters } from './installation-keys.ts'
import type { MasterRing } from '../custody/master-keyring.ts'
import { onDatabase } from './on-database.ts'

/** What the commands of `akart keys` work with. */
export type KeyRoom = {
  readonly access: Access
  readonly connection: WorkerConnection
  readonly masters: MasterRing
  readonly mastersFile: string
}

/** Lets a command change the keys of a home, beside a running akart or without one. */
export const inKeyRoom = <T>(home: string, work: (room: KeyRoom) => Promise<T>): Promise<T> =>
  onDatabase(home, async (access) => {
    const [secretsFile, mastersFile] = [join(resolve(home), SECRETS_FILE), join(resolve(home), MASTERS_FILE)]
    const masters = await installedMasters(access, { secretsFile, mastersFile })
    const connection = workerConnection(access)
    try {
      return await work({ access, connection, masters, mastersFile })
    } finally {
      await connection.close()
    }
  })
