import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A database server that `make test-servers` runs the suite on, beside the MariaDB 10.11 of `make test`. */
export type OtherServer = {
  readonly name: string
  /** The release of Debian that has it, and its package. */
  readonly release: string
  readonly package: string
  /** Seen from the root of the unpacked package. */
  readonly program: string
  readonly options: (root: string, directory: string) => readonly string[]
  /** The options that create a data directory, and the standard input of that command. */
  readonly bootstrap: (
    root: string,
    read: (file: string) => Promise<string>,
  ) => Promise<{ readonly input: string; readonly extra: readonly string[] }>
  /** Options that the others do not have. */
  readonly running: readonly string[]
}

const AS_ROOT = process.getuid?.() === 0 ? ['--user=root'] : []

const common = (share: string) => (root: string, directory: string) => [
  // The settings that docs/database.md tells the reader to copy: each server must accept them.
  `--defaults-file=${fileURLToPath(new URL('../../../config/my.cnf', import.meta.url))}`,
  '--skip-log-bin',
  ...AS_ROOT,
  `--datadir=${join(directory, 'data')}`,
  `--lc-messages-dir=${join(root, share)}`,
  `--character-sets-dir=${join(root, share, 'charsets')}`,
]

const SYSTEM_TABLES = [
  'mariadb_system_tables.sql',
  'mariadb_performance_tables.sql',
  'mariadb_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mariadb_sys_schema.sql',
]

export const SERVERS: readonly OtherServer[] = [
  {
    name: 'mariadb-11.8',
    release: 'trixie',
    package: 'mariadb-server-core',
    program: 'usr/sbin/mariadbd',
    options: common('usr/share/mariadb'),
    async bootstrap(root, read) {
      const texts = await Promise.all(SYSTEM_TABLES.map((file) => read(join(root, 'usr/share/mariadb', file))))
      const begin = ['CREATE DATABASE IF NOT EXISTS mysql;', 'USE mysql;', 'SET @auth_root_socket = NULL;']
      return {
        input: [...begin, ...texts].join('\n'),
        extra: ['--bootstrap', '--silent-startup', '--log-warnings=0', '--enforce-storage-engine='],
      }
    },
    running: [],
  },
  {
    // 8.4 is in no release of Debian; what its documents say differs from 9 is in docs/database.md.
    name: 'mysql-9.7',
    release: 'sid',
    package: 'mysql-server-core',
    program: 'usr/sbin/mysqld',
    options: common('usr/share/mysql'),
    bootstrap: () => Promise.resolve({ input: '', extra: ['--initialize-insecure'] }),
    running: ['--mysqlx=OFF', '--secure-file-priv='],
  },
]
