import { withDatabase } from '../home/database-server.ts'
import { placeOf } from '../db/access.ts'
import { migrate, migrationState } from '../db/migrations.ts'
import { setUpError } from '../config/set-up-error.ts'
import { openLog } from '../log.ts'

/**
 * Migrates the tables to this version while processes of this version or the previous one may be running.
 *
 * @param announce called with each migration to be applied, before the first of them begins
 * @throws a set-up error: the database was made by a newer version, or a statement failed
 */
export function migrateDatabase(
  home: string,
  announce: (name: string) => void,
): Promise<{ readonly place: string; readonly applied: readonly string[] }> {
  const log = openLog({ level: 'warn', file: null })
  return withDatabase(home, process.env['AKART_DATABASE_URL'], log, async (access) => {
    const { pending, wrong } = await migrationState(access)
    if (wrong.length > 0) throw setUpError(wrong.join('\n'))
    for (const name of pending) announce(name)
    const { applied } = await migrate(access)
    return { place: placeOf(access), applied }
  })
}
