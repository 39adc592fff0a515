/** Creates the data directory of the private MariaDB, from the server's own system table scripts. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { temporaryDirectory, commonArguments, type MariadbProgram } from './mariadb-program.ts'

const SYSTEM_TABLES = [
  'mysql_system_tables.sql',
  'mysql_performance_tables.sql',
  'mysql_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mysql_sys_schema.sql',
] as const

const HALF_MADE = '.half-made'

export type Bootstrap = {
  /** Bytes of the redo log; a restart may change it later. */
  readonly logFileSize: string
}

/**
 * Creates a data directory with the system tables; an existing one is left alone. It is created under another name and
 * renamed once it is complete and flushed, so that a kill leaves either a complete one or none. Takes about a second.
 * The caller must hold the lock of the home directory.
 */
export async function bootstrapDataDirectory(
  program: MariadbProgram,
  dataDirectory: string,
  settings: Bootstrap,
): Promise<void> {
  const parent = dirname(dataDirectory)
  const name = basename(dataDirectory)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  for (const left of await readdir(parent)) {
    if (left.startsWith(`${name}${HALF_MADE}`)) await rm(join(parent, left), { recursive: true, force: true })
  }
  const isMade = await access(dataDirectory).then(
    () => true,
    () => false,
  )
  if (isMade) return

  const making = `${dataDirectory}${HALF_MADE}`
  await mkdir(making, { mode: 0o700 })
  await mkdir(temporaryDirectory(making), { recursive: true, mode: 0o700 })
  await feed(program, making, settings)
  // MyISAM and Aria system tables are not flushed by the server as InnoDB's are.
  await run('sync', ['--file-system', making], '')
  await rename(making, dataDirectory)
  await rm(temporaryDirectory(making), { recursive: true, force: true })
}

async function feed(program: MariadbProgram, directory: string, settings: Bootstrap): Promise<void> {
  const texts = await Promise.all(SYSTEM_TABLES.map((file) => readFile(join(program.share, file), 'utf8')))
  // The system table scripts read this variable: NULL gives root@localhost no password and no plugin. Access to the
  // socket is controlled by the mode of its directory.
  const sql = ['CREATE DATABASE IF NOT EXISTS mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;', ...texts]
  const options = [
    ...commonArguments(program, directory),
    '--bootstrap',
    '--silent-startup',
    '--log-warnings=0',
    '--enforce-storage-engine=',
    '--max-allowed-packet=8M',
    '--net-buffer-length=16K',
    `--innodb-log-file-size=${settings.logFileSize}`,
  ]
  await run(program.mariadbd, options, sql.join('\n'))
}

async function run(command: string, options: readonly string[], input: string): Promise<void> {
  const child = spawn(command, options, { stdio: ['pipe', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.on('data', (bytes: Buffer) => {
    complaints = (complaints + bytes.toString()).slice(-2_000)
  })
  child.stdin.on('error', () => {}) // it ended before it read everything: its exit code and complaints say why
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command} ended with ${code ?? 'a signal'}: ${complaints}`)
}
