import type { Argv, CommandModule } from 'yargs'
import { createKey, importKey } from '../office/new-terminal-key.ts'
import { type KeyTask, removeKey, setMacPolicy } from '../office/terminal-key-changes.ts'
import { listKeyChanges, listKeys } from '../office/terminal-keys.ts'
import { keyMasterCommand } from './key-master.ts'
import { printList, utc, withJson, withMost } from './listing.ts'
import { productionDirectory } from './production-file.ts'
import { readComponents } from './read-components.ts'
import { UsageError } from './usage-error.ts'
import { commandActor } from '../office/command-persons.ts'
import { done, operatingSystemUser, READER, withOffice } from './with-office.ts'
import { inHomeOffice } from '../app/home-office.ts'
import { isRefused, refusalPhrase } from '../office/refusal.ts'

type Home = { home: string }
type Which = Home & { terminal: string; purpose: KeyTask['purpose']; who: string }
type Make = Which & {
  algorithm: 'tdes' | 'aes' | undefined
  bytes: number | undefined
  components: number
  into: string | undefined
}
type Import = Which & { algorithm: 'tdes' | 'aes' | undefined; file: string | undefined; replace: boolean }

const home = (yargs: Argv): Argv<Home> =>
  yargs.option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' })

/** Who changes keys is kept with every change. */
export const who = <T>(yargs: Argv<T>): Argv<T & { who: string }> =>
  yargs
    .option('who', {
      type: 'string',
      default: process.env['USER'] ?? 'operator',
      describe: 'who does it, for the record',
    })
    .check(({ who }) => {
      if (/^[\x21-\x7e]{1,40}$/.test(who)) return true
      throw new UsageError('--who takes a name of 1 to 40 ASCII characters')
    })

const which = (yargs: Argv): Argv<Which> =>
  who(home(yargs))
    .positional('terminal', { type: 'string', demandOption: true, describe: 'its code, DE41' })
    .positional('purpose', { choices: ['kbpk', 'mac', 'bdk'] as const, demandOption: true })

const ALGORITHM = {
  choices: ['tdes', 'aes'] as const,
  describe: "cipher; that of the terminal's MAC unless given. For mac: tdes is retail, aes is aes-cmac",
} as const

const making = (yargs: Argv): Argv<Make> =>
  which(yargs)
    .option('algorithm', ALGORITHM)
    .option('bytes', { type: 'number', describe: 'length; as the key before, else 16' })
    .option('components', { type: 'number', default: 2, describe: 'for how many people it is split, 2 or 3' })
    .option('into', {
      type: 'string',
      describe: 'directory for a file for each of them; ~/.local/share/akart unless given',
    })
    .check(({ components, bytes }) => {
      if (components !== 2 && components !== 3) throw new UsageError('--components takes 2 or 3')
      if (bytes !== undefined && ![16, 24, 32].includes(bytes)) throw new UsageError('--bytes takes 16, 24 or 32')
      return true
    })

async function make({ home, who, terminal, purpose, ...made }: Make, replaces: boolean): Promise<void> {
  const { algorithm = null, bytes = null, components, into = await productionDirectory() } = made
  const wish = { terminal, purpose, algorithm, bytes, components, into, replaces }
  const { checkValue, files } = await withOffice(home, who, (office, actor) => createKey(office, actor, wish))
  console.log(`${terminal} ${purpose}: check value ${checkValue}`)
  for (const file of files) console.log(`  ${file}`)
}

const list: CommandModule<object, Home & { terminal: string | undefined; json: boolean }> = {
  command: 'list',
  describe: 'the keys of terminals by their check values, never the keys',
  builder: (yargs) =>
    withJson(home(yargs)).option('terminal', { type: 'string', describe: 'those of this terminal only' }),
  async handler({ home, terminal, json }) {
    const wish = { terminal: terminal ?? null }
    const keys = await withOffice(home, READER, (office, actor) => listKeys(office, actor, wish))
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
  describe: 'who changed which key, and when; the newest first',
  builder: (yargs) =>
    withMost(withJson(home(yargs))).option('terminal', {
      type: 'string',
      describe: 'those of this terminal only',
    }),
  async handler({ home, terminal, most, json }) {
    const wish = { terminal: terminal ?? null, most }
    printList(await withOffice(home, READER, (office, actor) => listKeyChanges(office, actor, wish)), json, {
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
  describe: 'make a new random key, split into components',
  builder: making,
  handler: (made) => make(made, false),
}

const rotate: CommandModule<object, Make> = {
  command: 'rotate <terminal> <purpose>',
  describe: 'the same in the place of the key that is there',
  builder: making,
  handler: (made) => make(made, true),
}

const load: CommandModule<object, Import> = {
  command: 'import <terminal> <purpose>',
  describe: 'load a key from its components, each with its check value; asked for, or from a file',
  builder: (yargs) =>
    which(yargs)
      .option('algorithm', ALGORITHM)
      .option('file', {
        type: 'string',
        describe: 'components and the check value of the key, a line each; - is standard input',
      })
      .option('replace', { type: 'boolean', default: false, describe: 'in the place of the key that is there' }),
  async handler({ home, who, terminal, purpose, algorithm = null, file, replace: replaces }) {
    const given = await readComponents(file)
    const wish = { terminal, purpose, given, algorithm, replaces }
    const result = await inHomeOffice(home, async (office) =>
      importKey(office, await commandActor(office, who, operatingSystemUser()), wish),
    )
    // What was typed is wrong.
    if (isRefused(result) && result.refused === 'wrong_components') throw new UsageError(refusalPhrase(result, 'en'))
    console.log(`${terminal} ${purpose}: check value ${done(result)}`)
  },
}

const remove: CommandModule<object, Which> = {
  command: 'remove <terminal> <purpose>',
  describe: 'take a key away; without mac the terminal has no MAC any more',
  builder: which,
  async handler({ home, who, terminal, purpose }) {
    const checkValue = await withOffice(home, who, (office, actor) => removeKey(office, actor, { terminal, purpose }))
    console.log(`${terminal} ${purpose}: removed, check value ${checkValue}`)
  },
}

const policy: CommandModule<object, Home & { terminal: string; mac: 'required' | 'optional'; who: string }> = {
  command: 'policy <terminal> <mac>',
  describe: 'whether a message of the terminal without a MAC is refused',
  builder: (yargs) =>
    who(home(yargs))
      .positional('terminal', { type: 'string', demandOption: true, describe: 'its code, DE41' })
      .positional('mac', { choices: ['required', 'optional'] as const, demandOption: true }),
  async handler({ home, terminal, mac, who }) {
    const wish = { terminal, required: mac === 'required' }
    await withOffice(home, who, (office, actor) => setMacPolicy(office, actor, wish))
    console.log(`${terminal}: MAC ${mac}`)
  },
}

/** `akart keys`: what terminals and switch have in common and nobody else may know. */
export const keysCommand: CommandModule = {
  command: 'keys',
  describe: 'Keys of terminals: list, create, import, rotate, remove; and what wraps them',
  builder: (yargs) => {
    for (const command of [list, changes, create, load, rotate, remove, policy, keyMasterCommand]) {
      yargs.command(command as CommandModule)
    }
    return yargs.demandCommand(1, 'Say what to do: list, changes, create, import, rotate, remove, policy or master')
  },
  handler: () => {},
}
