import type { Argv, CommandModule } from 'yargs'
import type { Custodian } from '../office/custodians.ts'
import { createKey } from '../office/new-terminal-key.ts'
import { removeKey, setMacPolicy } from '../office/terminal-key-changes.ts'
import { listKeyChanges, listKeys } from '../office/terminal-keys.ts'
import { keyMasterCommand } from './key-master.ts'
import { printList, utc, withJson, withMost } from './listing.ts'
import { keyImportCommand } from './key-import.ts'
import { UsageError } from './usage-error.ts'
import { ALGORITHM, withKey, type Which } from './which-key.ts'
import { type Home, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type Make = Which & {
  algorithm: 'tdes' | 'aes' | undefined
  bytes: number | undefined
  components: number | undefined
  into: readonly string[]
  for: readonly string[]
}

const making = (yargs: Argv): Argv<Make> =>
  withKey(yargs)
    .option('algorithm', ALGORITHM)
    .option('bytes', { type: 'number', describe: 'length in bytes; default: that of the key before, else 16' })
    .option('components', { type: 'number', describe: 'number of components; default: one for each custodian named' })
    .option('into', {
      ...SEVERAL,
      demandOption: true,
      describe: 'directory for the component of a custodian, once for each; once alone if custodians have keys',
    })
    .option('for', {
      ...SEVERAL,
      default: [],
      describe: 'file with the age or OpenPGP public key of a custodian, once for each',
    })
    .check(({ components, into, for: keys, bytes }) => {
      if (bytes !== undefined && ![16, 24, 32].includes(bytes)) throw new UsageError('--bytes takes 16, 24 or 32')
      const count = keys.length === 0 ? into.length : keys.length
      if (isOneDirectory({ into, for: keys })) return countIsRight(components ?? 2)
      if (keys.length > 0 && into.length !== 1) throw new UsageError('with --for, --into is named once')
      if (components !== undefined && components !== count) {
        throw new UsageError(
          `--components ${components} wants as many custodians, each with --into or --for; there are ${count}`,
        )
      }
      return true
    })

/** An option that may be given several times, with one value each. */
const SEVERAL = { type: 'string', array: true, nargs: 1 } as const

/** Whether all components go into one directory: it still works, with a warning; the next release will refuse it. */
const isOneDirectory = ({ into, for: keys }: Pick<Make, 'into' | 'for'>): boolean =>
  keys.length === 0 && into.length === 1

/** @throws UsageError */
function countIsRight(count: number): true {
  if (count !== 2 && count !== 3) throw new UsageError('--components takes 2 or 3')
  return true
}

function custodiansOf({ into, for: keys, components = 2 }: Pick<Make, 'into' | 'for' | 'components'>): Custodian[] {
  const [first = '.'] = into
  if (keys.length > 0) return keys.map((publicKeyFile) => ({ into: first, publicKeyFile }))
  const directories = into.length === 1 ? Array.from({ length: components }, () => first) : into
  return directories.map((own) => ({ into: own, publicKeyFile: null }))
}

async function make({ home, who, terminal, purpose, ...made }: Make, replaces: boolean): Promise<void> {
  const { algorithm = null, bytes = null } = made
  const input = {
    terminal,
    purpose,
    algorithm,
    bytes,
    custodians: custodiansOf(made),
    isOneDirectory: isOneDirectory(made),
    replaces,
  }
  if (input.isOneDirectory) {
    console.error(
      'this directory contains the whole key: name one directory for each custodian (--into DIR --into DIR);',
    )
    console.error('from the next release on, one directory for all is refused')
  }
  const { checkValue, files } = await withOffice(home, who, (office, actor) => createKey(office, actor, input))
  console.log(`${terminal} ${purpose}: check value ${checkValue}`)
  for (const file of files) console.log(`  ${file}`)
}

const list: CommandModule<object, Home & { terminal: string | undefined; json: boolean }> = {
  command: 'list',
  describe: 'List the keys of terminals by check value; keys are never shown',
  builder: (yargs) =>
    withJson(withHome(yargs)).option('terminal', { type: 'string', describe: 'only of this terminal' }),
  async handler({ home, terminal, json }) {
    const input = { terminal: terminal ?? null }
    const keys = await withOffice(home, READER, (office, actor) => listKeys(office, actor, input))
    printList(keys, json, {
      columns: [
        ['TERMINAL', (key) => key.terminal],
        ['PURPOSE', ({ purpose }) => purpose],
        ['CIPHER', ({ algorithm }) => algorithm],
        ['CHECK', ({ checkValue }) => checkValue],
        ['MASTER', ({ master }) => master],
        ['STATE', ({ state }) => state],
      ],
      none: 'no keys',
    })
  },
}

const changes: CommandModule<object, Home & { terminal: string | undefined; most: number; json: boolean }> = {
  command: 'changes',
  describe: 'List who changed which key and when, newest first',
  builder: (yargs) =>
    withMost(withJson(withHome(yargs))).option('terminal', {
      type: 'string',
      describe: 'only of this terminal',
    }),
  async handler({ home, terminal, most, json }) {
    const input = { terminal: terminal ?? null, most }
    printList(await withOffice(home, READER, (office, actor) => listKeyChanges(office, actor, input)), json, {
      columns: [
        ['AT (UTC)', ({ at }) => utc(at)],
        ['WHO', ({ who }) => who],
        ['CHANGE', ({ action }) => action],
        ['TERMINAL', (change) => change.terminal ?? '–'],
        ['PURPOSE', ({ purpose }) => purpose ?? '–'],
        ['CHECK', ({ checkValue }) => checkValue ?? '–'],
        ['NOTE', ({ note }) => note],
      ],
      none: 'no changes',
    })
  },
}

const create: CommandModule<object, Make> = {
  command: 'create <terminal> <purpose>',
  describe: 'Make a random key and split it into components',
  builder: making,
  handler: (made) => make(made, false),
}

const rotate: CommandModule<object, Make> = {
  command: 'rotate <terminal> <purpose>',
  describe: 'Replace a key with a random one, split into components',
  builder: making,
  handler: (made) => make(made, true),
}

/** Dual control: an act that weakens a terminal's security takes effect when another person confirms it. */
const secondPerson = (command: string): string =>
  `nothing is changed yet: it weakens the terminal, so a second person says within 24 hours: ${command} --who THEM`

const remove: CommandModule<object, Which> = {
  command: 'remove <terminal> <purpose>',
  describe: 'Remove a key; takes effect when a second person confirms. Without the mac key a terminal has no MAC',
  builder: withKey,
  async handler({ home, who, terminal, purpose }) {
    const removed = await withOffice(home, who, (office, actor) => removeKey(office, actor, { terminal, purpose }))
    if (removed.waits) return console.log(secondPerson(`akart keys remove ${terminal} ${purpose}`))
    console.log(`${terminal} ${purpose}: removed, check value ${removed.result}`)
  },
}

const policy: CommandModule<object, Home & { terminal: string; mac: 'required' | 'optional'; who: string }> = {
  command: 'policy <terminal> <mac>',
  describe:
    'Set whether messages of a terminal without a MAC are refused; optional takes effect when a second person confirms',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('terminal', { type: 'string', demandOption: true, describe: 'terminal code, DE41' })
      .positional('mac', { choices: ['required', 'optional'] as const, demandOption: true }),
  async handler({ home, terminal, mac, who }) {
    const input = { terminal, required: mac === 'required' }
    const set = await withOffice(home, who, (office, actor) => setMacPolicy(office, actor, input))
    console.log(set.waits ? secondPerson(`akart keys policy ${terminal} ${mac}`) : `${terminal}: MAC ${mac}`)
  },
}

/** `akart keys`: the secret keys that terminals share with the switch. */
export const keysCommand: CommandModule = {
  command: 'keys',
  describe: 'Keys of terminals: list, changes, create, import, rotate, remove, policy, master',
  builder: (yargs) => {
    for (const command of [list, changes, create, keyImportCommand, rotate, remove, policy, keyMasterCommand]) {
      yargs.command(command as CommandModule)
    }
    return yargs.demandCommand(
      1,
      'a command is missing: list, changes, create, import, rotate, remove, policy or master',
    )
  },
  handler: () => {},
}
