import { stat } from 'node:fs/promises'
import type { Argv, CommandModule } from 'yargs'
import { mapUser } from '../office/command-persons.ts'
import { startPasswordHasher } from '../office/password-hasher.ts'
import { emergencyInvite, emergencyReset, listUsersOf } from '../office/user-emergencies.ts'
import { type Json, printList, withJson } from './listing.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { readProof } from './read-proof.ts'
import { operatingSystemUser, READER, withOffice } from './with-office.ts'

/** `akart user`: the first administrator, and emergencies. Everybody else is invited in AkartMenu. */
export const userCommand: CommandModule = {
  command: 'user',
  describe: 'Users of AkartMenu: the first administrator, and emergencies',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(resetCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(mapCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, reset, list or map'),
  handler: () => {},
}

type Of = Home & Who & { login: string; url: string }

const withLogin = <T>(yargs: Argv<T>): Argv<T & Of> =>
  withWho(withHome(yargs))
    .positional('login', { type: 'string', demandOption: true, describe: 'small letters, digits, dots, hyphens' })
    .option('url', {
      type: 'string',
      default: 'http://127.0.0.1:8080',
      describe: 'URL of AkartMenu',
    }) as Argv<T & Of>

const addCommand: CommandModule<object, Of & { role: string; name: string | undefined; store: string[] }> = {
  command: 'add <login>',
  describe: 'Invite a user with a one-time link, valid for 24 h',
  builder: (yargs) =>
    withLogin(yargs)
      .option('role', { type: 'string', demandOption: true, describe: 'administrator, or another role' })
      .option('name', { type: 'string', describe: 'full name; default: the login' })
      .option('store', { type: 'string', array: true, default: [], describe: 'own stores, of a storeManager' }),
  async handler({ home, who, login, role, name, store, url }) {
    const person = { login, name: name ?? login, email: null, roles: [role], stores: store }
    const { token } = await withOffice(home, who, (office, actor) => emergencyInvite(office, actor, person))
    console.log(`user ${login}: invited. Open within 24 h: ${linkOf(url, token)}`)
  },
}

const resetCommand: CommandModule<object, Of> = {
  command: 'reset <login>',
  describe: 'Reset a user: new password by a one-time link, new enrolment of codes; open sessions end',
  builder: withLogin,
  async handler({ home, who, login, url }) {
    const { token } = await withOffice(home, who, (office, actor) => emergencyReset(office, actor, login))
    console.log(`user ${login}: reset. Open within 24 h: ${linkOf(url, token)}`)
  },
}

/** The token stands behind `#`: it reaches no server's log. */
const linkOf = (url: string, token: string): string => `${url.replace(/\/$/u, '')}/invitation#${token}`

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List users with their roles, by login',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listUsersOf), json, {
      columns: [
        ['LOGIN', ({ login }) => login],
        ['STATE', ({ state }) => state],
        ['ROLES', ({ roles }) => roles.join(' ')],
        ['STORES', ({ stores }) => stores.join(' ')],
      ],
      none: 'no users',
    })
  },
}

const mapCommand: CommandModule<object, Home & { login: string }> = {
  command: 'map <login>',
  describe:
    "Map this operating-system user to a login: its commands get that person's rights. Asks for password and code",
  builder: (yargs) =>
    withHome(yargs).positional('login', { type: 'string', demandOption: true, describe: 'your login in AkartMenu' }),
  async handler({ home, login }) {
    const { password, code } = await readProof()
    const { uid: serviceUid } = await stat(home)
    const who = operatingSystemUser()
    const passwords = startPasswordHasher()
    try {
      const input = { login, password, code, who, serviceUid }
      const { effectiveAt } = await withOffice(home, READER, (office) =>
        mapUser(office, { passwords, exposed: true }, input),
      )
      console.log(`${who.name} (uid ${who.uid}): ${login} from ${new Date(effectiveAt).toISOString()} on`)
    } finally {
      await passwords.stop()
    }
  },
}
