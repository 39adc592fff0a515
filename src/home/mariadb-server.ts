import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { setUpError } from '../config/set-up-error.ts'
import { LOCK_WAIT_SECONDS, openConnection, SQL_MODE, type Access } from '../db/access.ts'
import { commonArguments, temporaryDirectory, type MariadbProgram } from './mariadb-program.ts'

/** Sizes as MariaDB writes them (`256M`); everything else about the server is fixed by what Akart promises. */
export type MariadbSizes = { readonly bufferPool: string; readonly logFile: string; readonly maxConnections: number }

export type RunningMariadb = {
  readonly pid: number
  readonly access: Access
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<Exit>
  /** Ends it cleanly; after 6 s by force, which it recovers from at its next start. */
  readonly stop: () => Promise<void>
}

export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

// sun_path has 108 bytes, one of them the final zero.
const LONGEST_SOCKET_PATH = 107

// Crash recovery of a large redo log takes long; a server that has died is detected at once.
const START_TIMEOUT_MS = 120_000
// Akart must exit within 20 s of SIGTERM, of which requests in flight get half. InnoDB recovers after a kill.
const STOP_TIMEOUT_MS = 6_000
const LOOK_AGAIN_MS = 20

/** Starts the server on an existing data directory and waits until it answers. 0.3 s, more after a crash. */
export async function startMariadb(
  program: MariadbProgram,
  dataDirectory: string,
  sizes: MariadbSizes,
): Promise<RunningMariadb> {
  const socketPath = socketPathFor(dataDirectory)
  await makePrivateDirectory(dirname(socketPath))
  await mkdir(temporaryDirectory(dataDirectory), { recursive: true, mode: 0o700 })
  const errorLog = `${dataDirectory}.err`
  const options = [
    ...commonArguments(program, dataDirectory),
    ...settings(sizes),
    `--socket=${socketPath}`,
    `--pid-file=${dataDirectory}.pid`,
    `--log-error=${errorLog}`,
  ]
  const [command, ...commandArguments] = await endingWithUs([program.mariadbd, ...options])
  // Detached: a session and a process group of its own, so that Ctrl-C reaches Akart alone, which then ends in order.
  const child = spawn(command, commandArguments, { stdio: 'ignore', detached: true })
  const exited = exitOf(child)
  const place = privateAccess(dataDirectory)

  await waitUntilItAnswers(place, exited, errorLog)
  return { pid: child.pid ?? 0, access: place, exited, stop: () => stop(child, exited, dirname(socketPath)) }
}

function settings(sizes: MariadbSizes): readonly string[] {
  return [
    '--skip-networking',
    `--max-connections=${sizes.maxConnections}`,
    '--max-allowed-packet=64M',
    // Akart is the only client and closes its connections itself; an idle night must not close them.
    '--wait-timeout=31536000',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_ci',
    '--default-time-zone=+00:00',
    `--sql-mode=${SQL_MODE}`,
    '--transaction-isolation=READ-COMMITTED',
    `--innodb-lock-wait-timeout=${LOCK_WAIT_SECONDS}`,
    '--innodb-rollback-on-timeout=ON',
    '--innodb-flush-log-at-trx-commit=1',
    '--skip-log-bin',
    '--sync-binlog=1', // no effect without a binlog; if somebody turns one on, the check at start requires it
    `--innodb-buffer-pool-size=${sizes.bufferPool}`,
    `--innodb-log-file-size=${sizes.logFile}`,
    '--performance-schema=OFF',
  ]
}

/**
 * Under setpriv(1) the server gets SIGTERM when the process that started it is gone, even by SIGKILL: nothing of ours
 * stays behind. Where that program is missing, `endLeftovers` does the same at the next start.
 */
async function endingWithUs(command: readonly [string, ...string[]]): Promise<readonly [string, ...string[]]> {
  const setpriv = '/usr/bin/setpriv'
  const isThere = await access(setpriv).then(
    () => true,
    () => false,
  )
  return isThere ? [setpriv, '--pdeathsig', 'TERM', ...command] : command
}

/** How the private server of a data directory is reached, running or not; no database is selected. */
export function privateAccess(dataDirectory: string): Access {
  const socketPath = socketPathFor(dataDirectory)
  return { socketPath, host: 'localhost', port: 3306, user: 'root', password: '', database: '', tls: null }
}

/** Beside the data if that path is short enough, otherwise in the temporary directory under a name made from the path. */
function socketPathFor(dataDirectory: string): string {
  const beside = join(dirname(dataDirectory), 'socket', 'mariadb.sock')
  if (Buffer.byteLength(beside) <= LONGEST_SOCKET_PATH) return beside
  const name = createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16)
  const short = join(tmpdir(), `akart-${name}`, 'mariadb.sock')
  if (Buffer.byteLength(short) <= LONGEST_SOCKET_PATH) return short
  throw setUpError(`${short}: a socket's path can have ${LONGEST_SOCKET_PATH} bytes; set TMPDIR to a shorter one`)
}

/**
 * A user who can open the socket is root of the database, so the directory must be owned by and open to this user
 * alone.
 */
async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const { uid, mode } = await stat(directory)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0) {
    throw setUpError(`${directory} must belong to the user who runs akart, with mode 0700`)
  }
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((done) => {
    child.once('exit', (code, signal) => done({ code, signal }))
    child.once('error', () => done({ code: null, signal: null }))
  })
}

async function waitUntilItAnswers(place: Access, exited: Promise<Exit>, errorLog: string): Promise<void> {
  let ended: Exit | null = null
  void exited.then((exit) => (ended = exit))
  const until = performance.now() + START_TIMEOUT_MS
  while (ended === null && performance.now() < until) {
    const connection = await openConnection(place, { multipleStatements: false }).catch(() => null)
    if (connection !== null) {
      await connection.end()
      return
    }
    await sleep(LOOK_AGAIN_MS)
  }
  const lastWords = (await readFile(errorLog, 'utf8').catch(() => '')).split('\n').filter((line) => /ERROR/.test(line))
  throw setUpError(`the database server did not start, see ${errorLog}: ${lastWords.at(-1) ?? 'no error there'}`)
}

async function stop(child: ChildProcess, exited: Promise<Exit>, socketDirectory: string): Promise<void> {
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await exited
  clearTimeout(force)
  await rmdir(socketDirectory).catch(() => {}) // not empty after a kill: the next start uses it again
}
