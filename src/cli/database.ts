import type { CommandModule } from 'yargs'
import { migrateDatabase } from '../app/migrate-database.ts'
import { grantStatements } from '../office/database-grants.ts'
import { UsageError } from './usage-error.ts'
import { type Home, withHome } from './who.ts'

const migrate: CommandModule<object, Home> = {
  command: 'migrate',
  describe: 'Bring the tables to this version, by a user who may change tables; the service runs on meanwhile',
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
  describe: 'The SQL that makes two users: one for the service, without rights on tables, one for migrations',
  builder: (yargs) =>
    yargs
      .option('database', { type: 'string', default: 'akart', describe: 'name of the database' })
      .option('service', { type: 'string', default: 'akart', describe: 'user of akart up and all other commands' })
      .option('migrations', { type: 'string', default: 'akart_migrations', describe: 'user of akart database migrate' })
      .option('from', { type: 'string', default: '%', describe: 'where both connect from, as after the @ of a user' }),
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

export const databaseCommand: CommandModule = {
  command: 'database <command>',
  describe: 'The database on a server of your own: migrate, grants',
  builder: (yargs) => yargs.command(migrate).command(grants).demandCommand(1, 'Say what to do: migrate'),
  handler: () => {},
}
