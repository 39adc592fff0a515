import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Access, openConnection } from '../src/db/access.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb, type MariadbSizes, type RunningMariadb } from '../src/home/mariadb-server.ts'

/** The variable that tells a test file where the server of the whole run is. */
export const TEST_DATABASE_URL = 'AKART_TEST_DATABASE_URL'
/** The one that tells it of a file with the SQL of a migrated database, see `schema-copy.ts`. No setting of akart. */
export const TEST_SCHEMA_FILE = 'TEST_SCHEMA_FILE'

const SMALL: MariadbSizes = { bufferPool: '128M', logFile: '96M', maxConnections: 200 }

/** A private server in a directory of its own, in memory if there is room; `stop` ends the server and removes the directory. */
export async function startTestServer(): Promise<RunningMariadb> {
  const program = await findMariadb()
  const directory = await makeTestDirectory()
  const dataDirectory = join(directory, 'data')
  await bootstrapDataDirectory(program, dataDirectory, { logFileSize: SMALL.logFile })
  const server = await startMariadb(program, dataDirectory, SMALL)
  await makeDatabasesCheap(server.access)
  const stop = async (): Promise<void> => {
    await server.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return { ...server, stop }
}

/** With this a database of 116 tables takes half of the processor time, 0.05 s instead of 0.1; a run makes about 150 databases. */
async function makeDatabasesCheap(access: Access): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  await connection.query('SET GLOBAL innodb_file_per_table = OFF; SET GLOBAL innodb_stats_persistent = OFF')
  await connection.end()
}

const MEMORY = '/dev/shm'
const ROOM_NEEDED = 2 ** 30

/** An empty directory in memory, where a flush costs nothing, if there is room; else under the temporary directory. */
export async function makeTestDirectory(): Promise<string> {
  const memory = await statfs(MEMORY).catch(() => null)
  const hasRoom = memory !== null && memory.bavail * memory.bsize > ROOM_NEEDED
  return mkdtemp(join(hasRoom ? MEMORY : tmpdir(), 'akart-test-'))
}
