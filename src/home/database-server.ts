import { access, statfs } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Log } from '../log.ts'
import { setUpError } from '../config/set-up-error.ts'
import { fileErrorText } from '../text/file-error.ts'
import { openConnection, parseDatabaseUrl, placeOf, type Access } from '../db/access.ts'
import { keepPlace, mustBePrivate } from './database-place.ts'
import { openHome, type Home } from './home-directory.ts'
import { endLeftovers } from './leftovers.ts'
import { bootstrapDataDirectory } from './mariadb-bootstrap.ts'
import { keepRunning } from './keep-running.ts'
import { findMariadb } from './mariadb-program.ts'
import { privateAccess, startMariadb, type Exit, type MariadbSizes, type RunningMariadb } from './mariadb-server.ts'

/** A database that is there, empty or not, and what to do with its server. */
export type DatabaseServer = {
  readonly access: Access
  /** Ends the server if it is ours. */
  readonly stop: () => Promise<void>
  /** Resolves when our server has ended for good; never for a server that is not ours. */
  readonly exited: Promise<Exit>
}

const DATABASE = 'akart'

/**
 * Sizes for one small machine. Batches of 64 rows by 4 writers for 8 s on 2 busy cores made 25,000 to 50,000 rows/s with
 * any of 128M/96M, 256M/96M, 256M/256M and 512M/512M: the noise was larger than the difference. A log of 256M leaves
 * room between checkpoints in longer runs than those.
 */
const SIZES: MariadbSizes = { bufferPool: '256M', logFile: '256M', maxConnections: 128 }

/**
 * Opens the database of this home: the server that `url` (AKART_DATABASE_URL) names, else a private MariaDB whose data
 * are in the home directory and which only this user can reach. The database is created if it is missing.
 *
 * @throws a set-up error: no server program, or a server that does not start or cannot be reached
 */
export async function openDatabaseServer(home: Home, log: Log, url: string | undefined): Promise<DatabaseServer> {
  if (url === undefined || url === '') {
    await mustBePrivate(home.directory)
    return openPrivate(home, log)
  }
  const access = parseDatabaseUrl(url)
  const server = await openNamed(access, log)
  if (!(await isThere(dataDirectoryOf(home.directory)))) await keepPlace(home.directory, placeOf(access))
  return server
}

/**
 * Lets `work` use the database of a home beside a running akart; where none runs, the server is started for it and
 * stopped afterwards.
 */
export async function withDatabase<T>(
  path: string,
  url: string | undefined,
  log: Log,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  if (url !== undefined && url !== '') {
    const named = parseDatabaseUrl(url)
    await mustAnswer(named)
    return work(named)
  }
  await mustBePrivate(resolve(path))
  const running = { ...privateAccess(dataDirectoryOf(resolve(path))), database: DATABASE }
  if (await answers(running)) return work(running)
  if (!(await isThere(dataDirectoryOf(resolve(path))))) {
    throw setUpError(`${resolve(path)} holds no database; akart up --home makes one`)
  }

  const home = await openHome(
    path,
    (directory, owner) =>
      `${directory} is in use by akart, process ${owner}, whose database does not answer: ${directory}/log/akart.log says why`,
  )
  try {
    const server = await openDatabaseServer(home, log, url)
    try {
      return await work(server.access)
    } finally {
      await server.stop()
    }
  } finally {
    await home.release()
  }
}

/** A command makes no database. @throws a set-up error where it is not there, or its server is not */
async function mustAnswer(access: Access): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false }).catch((error: unknown) => {
    if (isUnknownDatabase(error)) throw setUpError(`there is no database ${placeOf(access)}; akart up makes it`)
    throw unreachable(access, error)
  })
  await connection.end()
}

const answers = (access: Access): Promise<boolean> =>
  openConnection(access, { multipleStatements: false }).then(
    (connection) => connection.end().then(() => true),
    () => false,
  )

/** @throws a set-up error if this user may not look */
const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
        throw setUpError(`${path} can't be read: ${fileErrorText(error)}`)
      }
      return false
    },
  )

const dataDirectoryOf = (home: string): string => join(home, 'mariadb', 'data')

async function openPrivate(home: Home, log: Log): Promise<DatabaseServer> {
  const program = await findMariadb()
  const dataDirectory = dataDirectoryOf(home.directory)
  await endLeftovers(home.directory, log)
  await bootstrapDataDirectory(program, dataDirectory, { logFileSize: SIZES.logFile })
  const start = (): Promise<RunningMariadb> => startMariadb(program, dataDirectory, SIZES)
  const server = await start()
  const access = { ...server.access, database: DATABASE }
  await createDatabase(access)
  log.info('private database server started', { pid: server.pid, place: placeOf(access) })
  const { stop, exited } = keepRunning(server, start, () => hasRoom(home.directory), {
    ended: (exit) => log.error('the private database server ended by itself and is started again', exit),
    restarted: (pid, ms) => log.warn('private database server started again', { pid, ms }),
    full: () => log.error('the disk is full: the private database server is started again when there is room', {}),
    notStarted: (error) => log.error('the private database server could not be started again', { error }),
  })
  return { access, stop, exited }
}

/** A server that starts makes a temporary tablespace of 12 MB, and needs some more to work. */
const ROOM_BYTES = 32 * 2 ** 20

async function hasRoom(directory: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize >= ROOM_BYTES
}

async function openNamed(access: Access, log: Log): Promise<DatabaseServer> {
  const place = placeOf(access)
  const connection = await openConnection(access, { multipleStatements: false }).catch(async (error: unknown) => {
    if (!isUnknownDatabase(error)) throw unreachable(access, error)
    await createDatabase(access).catch((reason: unknown) => {
      throw setUpError(`database ${place} is not there and can't be made: ${messageOf(reason)}`)
    })
    log.info('database made', { place })
    return null
  })
  await connection?.end()
  return { access, stop: async () => {}, exited: new Promise(() => {}) }
}

const ACCESS_DENIED = 1045

/** A server that answers with a refusal is not down, so its own error is passed on. */
const unreachable = (access: Access, error: unknown): unknown =>
  (error as { errno?: unknown }).errno === ACCESS_DENIED
    ? error
    : setUpError(`database ${placeOf(access)} can't be reached: ${messageOf(error)}`)

/** Makes the database that `access` names where it is missing. */
export async function createDatabase(access: Access): Promise<void> {
  const connection = await openConnection({ ...access, database: '' }, { multipleStatements: false })
  try {
    await connection.query(`CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4`, [access.database])
  } finally {
    await connection.end()
  }
}

const ER_BAD_DB = 1049

function isUnknownDatabase(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && error.errno === ER_BAD_DB
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
