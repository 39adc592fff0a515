import { setUpError } from '../config/set-up-error.ts'
import { withDatabase } from '../home/database-server.ts'
import { migrationState } from '../db/migrations.ts'
import { openLog, type Log } from '../log.ts'
import type { Access } from '../db/access.ts'

const NO_SUCH_TABLE = 1146

/**
 * Runs a command on the database of a home (or the one of AKART_DATABASE_URL), with or without a running akart.
 * Warnings go to standard error.
 */
export function onDatabase<T>(home: string, work: (access: Access, log: Log) => Promise<T>): Promise<T> {
  const log = openLog({ level: 'warn', file: null })
  return withDatabase(home, process.env['AKART_DATABASE_URL'], log, async (access) => {
    await mustFit(access)
    return work(access, log)
  }).catch((error: unknown) => {
    throw (error as { errno?: unknown }).errno === NO_SUCH_TABLE
      ? setUpError('the database has not got its tables yet; akart up makes them')
      : error
  })
}

/**
 * Checks the version of the tables first: work on tables of another version would fail halfway, with an unhelpful
 * error.
 */
async function mustFit(access: Access): Promise<void> {
  const { pending, wrong, finished } = await migrationState(access)
  const [first] = wrong
  if (first === undefined && finished === 0) {
    throw setUpError('the database has not got its tables yet; akart up makes them')
  }
  if (first !== undefined) {
    throw setUpError(`the database is not this Akart's: ${first}. Use the version that made it, or a newer one`)
  }
  if (pending.length > 0) {
    throw setUpError(`the database lacks ${pending.length} migrations of this version: akart up makes them`)
  }
}
