import { access } from 'node:fs/promises'
import { setUpError } from '../config/set-up-error.ts'

/** The server program and the folder with its messages, character sets and system tables. */
export type MariadbProgram = { readonly mariadbd: string; readonly share: string }

// /usr/sbin is not in everybody's PATH: full paths, Debian first.
const KNOWN_PLACES: readonly MariadbProgram[] = [
  { mariadbd: '/usr/sbin/mariadbd', share: '/usr/share/mysql' },
  { mariadbd: '/usr/libexec/mariadbd', share: '/usr/share/mariadb' },
  { mariadbd: '/usr/bin/mariadbd', share: '/usr/share/mariadb' },
  { mariadbd: '/usr/local/sbin/mariadbd', share: '/usr/local/share/mysql' },
]

/** @throws a set-up error naming the package that is missing */
export async function findMariadb(places: readonly MariadbProgram[] = KNOWN_PLACES): Promise<MariadbProgram> {
  for (const place of places) {
    if ((await isThere(place.mariadbd)) && (await isThere(`${place.share}/mysql_system_tables.sql`))) return place
  }
  throw setUpError(
    'no MariaDB server here: install the Debian package mariadb-server-core, or name a server in AKART_DATABASE_URL',
  )
}

/** The directory of temporary files, beside the data. */
export const temporaryDirectory = (dataDirectory: string): string => `${dataDirectory}.tmp`

/** The arguments of every run of the program: the places of its files, and no configuration file but ours. */
export function commonArguments(program: MariadbProgram, dataDirectory: string): readonly string[] {
  return [
    '--no-defaults',
    `--datadir=${dataDirectory}`,
    // Not the machine's directory: a starting server removes all temporary tables that it finds, also those of other servers.
    `--tmpdir=${temporaryDirectory(dataDirectory)}`,
    `--lc-messages-dir=${program.share}`,
    `--character-sets-dir=${program.share}/charsets`,
    // It refuses to run as root unless root asks for it by name.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
  ]
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
