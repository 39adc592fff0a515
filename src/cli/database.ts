import type { CommandModule } from 'yargs'
import { readAnchor, putAnchorAside } from '../home/audit-anchor.ts'
import { recordRestore } from '../office/database-restore.ts'
import { migrateDatabase } from '../app/migrate-database.ts'
import { serveDatabase } from '../app/serve-database.ts'
import { grantStatements } from '../office/database-grants.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, withHome, type Who, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

const migrate: CommandModule<object, Home> = {
  command: 'migrate',
  describe: 'Migrate the tables to this version as a user who may change tables; the service keeps running',
  builder: withHome,
  async handler({ home }) {
    const { place, applied } = await migrateDatabase(home, (name) => console.log(`${name}: to be applied`))
    const done = applied.length === 0 ? 'was already of this version' : `${applied.length} migrations applied`
    console.log(`database ${place}: ${done}`)
  },
}

type Names = { database: string; service: string; migrations: string; from: string }

const grants: CommandModule<object, Names> = {
  command: 'grants',
  describe: 'Print the SQL that creates two users: one for the service, without DDL rights, and one for migrations',
  builder: (yargs) =>
    yargs
      .option('database', { type: 'string', default: 'akart', describe: 'name of the database' })
      .option('service', { type: 'string', default: 'akart', describe: 'user of akart up and all other commands' })
      .option('migrations', { type: 'string', default: 'akart_migrations', describe: 'user of akart database migrate' })
      .option('from', {
        type: 'string',
        default: '%',
        describe: 'host that both connect from, as after the @ of a user',
      }),
  handler(names) {
    for (const [option, pattern, wanted] of [
      ['database', /^\w{1,64}$/u, '1 to 64 letters, digits or underscores'],
      ['service', /^[\w.-]{1,32}$/u, '1 to 32 letters, digits, dots, hyphens or underscores'],
      ['migrations', /^[\w.-]{1,32}$/u, '1 to 32 letters, digits, dots, hyphens or underscores'],
      ['from', /^[\w.:%/-]{1,60}$/u, 'a host name, an address or a pattern as %'],
    ] as const) {
      if (!pattern.test(names[option])) throw new UsageError(`--${option} must be ${wanted}`)
    }
    if (names.service === names.migrations) throw new UsageError('--service and --migrations must be two users')
    for (const statement of grantStatements(names)) console.log(statement)
  },
}

const serve: CommandModule<object, Home> = {
  command: 'serve',
  describe: 'Run only the private database of a home until Ctrl-C: for a dump while nothing is booked',
  builder: withHome,
  handler: ({ home }) =>
    serveDatabase(home, (socket, database) => console.log(`ready socket=${socket} database=${database}`)),
}

const restored: CommandModule<object, Home & Who & { reason: string }> = {
  command: 'restored',
  describe:
    'Run after a restore and before the first akart up: skips the ids of the lost time and records the restore in the audit',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .option('reason', { type: 'string', demandOption: true, describe: 'what happened, for the record' })
      .check(({ reason }) => mustBeReason(reason)),
  async handler({ home, who, reason }) {
    const seen = await readAnchor(home)
    const { seq, lost } = await withOffice(home, who, (office, actor) => recordRestore(office, actor, { reason, seen }))
    const kept = lost === null || lost === 0 ? null : await putAnchorAside(home)
    console.log(`the chain of the audit ends at ${seq}; ${lossOf(lost)}`)
    if (kept !== null) console.log(`the head of the lost rows is kept in ${kept}`)
    console.log('ids of the lost time are skipped; everybody has to sign in again')
    console.log('now: akart ledger verify, akart audit verify, then akart up')
  },
}

const lossOf = (lost: number | null): string => {
  if (lost === null) return 'no head was kept in this home, so nobody knows how much is lost'
  return lost === 0 ? 'no row of it is lost' : `${lost} rows of it are lost`
}

export const databaseCommand: CommandModule = {
  command: 'database',
  describe: 'Database: migrate, grants, serve, restored',
  builder: (yargs) =>
    yargs
      .command(migrate)
      .command(grants)
      .command(serve)
      .command(restored)
      .demandCommand(1, 'a command is missing: migrate, grants, serve or restored'),
  handler: () => {},
}
