import type { Argv, CommandModule } from 'yargs'
import { changeRole, makeRole, removeRole, type RoleChanged, type RoleWish } from '../office/own-roles.ts'
import { type RoleView, showRole, showRoles } from '../office/roles.ts'
import { hasControls } from '../text/controls.ts'
import { type Json, printList, utc, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart role`: roles of the installation's own, beside the standard ones. */
export const roleCommand: CommandModule = {
  command: 'role',
  describe: "Roles of AkartMenu: list, show, add, set and remove the installation's own",
  builder: (yargs) =>
    yargs
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(addCommand as CommandModule)
      .command(setCommand as CommandModule)
      .command(removeCommand as CommandModule)
      .demandCommand(1, 'a command is missing: list, show, add, set or remove'),
  handler: () => {},
}

type OfRole = { role: string }
const withRole = <T>(yargs: Argv<T>): Argv<T & OfRole> =>
  yargs.positional('role', { type: 'string', demandOption: true, describe: 'code of the role' }) as Argv<T & OfRole>

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: "List roles, the standard ones first, then the installation's own",
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, showRoles), json, {
      columns: [
        ['ROLE', ({ code }) => code],
        ['KIND', ({ standard }) => (standard ? 'standard' : 'own')],
        ['RIGHTS', ({ rights }) => String(rights.length), 'right'],
        ['PEOPLE', ({ people }) => String(people), 'right'],
        ['NAME', ({ name }) => name],
      ],
      none: 'no roles',
    })
  },
}

const showCommand: CommandModule<object, Home & Json & OfRole> = {
  command: 'show <role>',
  describe: 'Show the rights of a role, as they are written for `akart role add`',
  builder: (yargs) => withJson(withHome(withRole(yargs))),
  async handler({ home, role, json }) {
    const { rights }: RoleView = await withOffice(home, READER, (office, actor) => showRole(office, actor, role))
    printList(rights, json, {
      columns: [
        ['RIGHT', ({ right, reach }) => (reach === 'own' ? `${right}${OWN}` : right)],
        ['REACH', ({ reach }) => (reach === 'own' ? 'own stores' : 'everywhere')],
        ['CARE', ({ care }) => care],
      ],
      none: 'no rights',
    })
  },
}

/** A right in own stores only, as it is stored. */
const OWN = '@own'

type Said = Home & Who & OfRole & { name?: string | undefined; right: readonly string[] }

const withRights = <T>(yargs: Argv<T>, demand: boolean): Argv<T & { right: readonly string[] }> =>
  yargs.option('right', {
    type: 'string',
    array: true,
    requiresArg: true,
    ...(demand ? { demandOption: true } : { default: [] }),
    describe: `rights, all that it is to have; ${OWN} behind one: in own stores alone`,
  }) as never

const rightsOf = (said: readonly string[]): RoleWish['rights'] =>
  said
    .flatMap((one) => one.split(','))
    .map((one) =>
      one.endsWith(OWN) ? { right: one.slice(0, -OWN.length), reach: 'own' } : { right: one, reach: 'all' },
    )

/** @throws UsageError */
function mustBeName(name: string): string {
  if (name.trim() === '' || name.length > 100 || hasControls(name)) {
    throw new UsageError('--name takes 1 to 100 characters, no control characters')
  }
  return name
}

const addCommand: CommandModule<object, Said> = {
  command: 'add <role>',
  describe: 'Make a role of rights; one with a right over money waits for a second administrator',
  builder: (yargs) =>
    withRights(withRole(withWho(withHome(yargs))), true).option('name', {
      type: 'string',
      requiresArg: true,
      describe: 'name; default: the code',
    }),
  async handler({ home, who, role, name = role, right }) {
    const wish = { code: role, name: mustBeName(name), rights: rightsOf(right) }
    sayChanged(role, 'made', await withOffice(home, who, (office, actor) => makeRole(office, actor, wish)))
  },
}

const setCommand: CommandModule<object, Said> = {
  command: 'set <role>',
  describe: 'Change the name of a role, or all of its rights; what is not given stays',
  builder: (yargs) =>
    withRights(withRole(withWho(withHome(yargs))), false).option('name', {
      type: 'string',
      requiresArg: true,
      describe: 'another name',
    }),
  async handler({ home, who, role, name, right }) {
    if (name === undefined && right.length === 0) throw new UsageError('give --name, --right or both')
    const wish = {
      code: role,
      ...(name === undefined ? {} : { name: mustBeName(name) }),
      ...(right.length === 0 ? {} : { rights: rightsOf(right) }),
    }
    sayChanged(role, 'changed', await withOffice(home, who, (office, actor) => changeRole(office, actor, wish)))
  },
}

function sayChanged(role: string, what: string, { waits, effectiveAt }: RoleChanged): void {
  if (waits === null) return console.log(`role ${role}: ${what}`)
  const until = effectiveAt === null ? 'for a second administrator' : `until ${utc(effectiveAt)} UTC`
  console.log(`role ${role}: waits ${until}, in AkartMenu under Approvals, number ${waits}`)
}

const removeCommand: CommandModule<object, Home & Who & OfRole> = {
  command: 'remove <role>',
  describe: 'Remove a role that nobody has',
  builder: (yargs) => withRole(withWho(withHome(yargs))),
  async handler({ home, who, role }) {
    await withOffice(home, who, (office, actor) => removeRole(office, actor, { code: role }))
    console.log(`role ${role}: removed`)
  },
}
