import { spawnSync } from 'node:child_process'
import { mkdir, open, readFile, realpath, stat, type FileHandle } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { setUpError } from '../config/set-up-error.ts'

/** A directory that belongs to one running Akart: its database, its logs, its secrets. */
export type Home = {
  /** Absolute and free of symbolic links, so that one directory has one name. */
  readonly directory: string
  readonly logFile: string
  readonly secretsFile: string
  /** The file of the keys that wrap the keys of terminals; it may be missing. */
  readonly mastersFile: string
  /** Unlocks the directory. */
  readonly release: () => Promise<void>
}

/** The message that another process uses the directory. */
type InUse = (directory: string, owner: string) => string
const USED: InUse = (directory, owner) => `${directory} is in use by another akart, process ${owner}`

/** Names in the home directory. */
export const SECRETS_FILE = 'secrets.json'
export const MASTERS_FILE = 'terminal-masters.json'

/**
 * Makes the directory if need be and takes it for this process. The lock is the kernel's (flock): it ends with the
 * process however that ends, so that no lock file can be left behind, and it can't be taken twice in a race.
 *
 * @throws a set-up error naming the process that has it, or why it cannot be made or written
 */
export async function openHome(path: string, inUse: InUse = USED): Promise<Home> {
  const unusable = (error: unknown): never => {
    throw setUpError(`${path} can't be the home directory: ${error instanceof Error ? error.message : String(error)}`)
  }
  await makeDirectory(resolve(path)).catch(unusable)
  const directory = await realpath(resolve(path))
  const file = join(directory, 'akart.lock')
  const lock = await takeLock(directory, file, await open(file, 'a+', 0o600).catch(unusable), inUse)
  return {
    directory,
    logFile: join(directory, 'log', 'akart.log'),
    secretsFile: join(directory, SECRETS_FILE),
    mastersFile: join(directory, MASTERS_FILE),
    release: () => lock.close(),
  }
}

/** Node's own `recursive` loops forever below /proc, and reports ENOENT below a read-only file system. */
async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return
  if (dirname(path) !== path) await makeDirectory(dirname(path))
  await mkdir(path, { mode: 0o700 }).catch(async (error: unknown) => {
    if (!(await isDirectory(path))) throw error
  })
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function takeLock(directory: string, file: string, handle: FileHandle, inUse: InUse): Promise<FileHandle> {
  // The lock belongs to the open file, not to the process that asked: it stays ours after flock(1) ended. Node opens
  // files close-on-exec, so no child of ours inherits it.
  const asked = spawnSync('flock', ['--nonblock', '--exclusive', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', handle.fd],
  })
  if (asked.status === 0) {
    await handle.truncate(0)
    await handle.write(String(process.pid))
    return handle
  }
  await handle.close()
  if (asked.error !== undefined) throw setUpError('flock(1) is not installed: Debian package util-linux')
  const owner = (await readFile(file, 'utf8')).trim()
  throw setUpError(inUse(directory, owner === '' ? 'unknown' : owner))
}
