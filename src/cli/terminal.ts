import type { Argv, CommandModule } from 'yargs'
import { changeTerminalAsked } from '../office/terminal-proposals.ts'
import { importTerminals } from '../office/registry-import.ts'
import { readNewTerminal, readTerminalChange } from '../office/registry-settings.ts'
import { addTerminal, canProve, findTerminal, listTerminals, type TerminalRecord } from '../office/terminals.ts'
import { importCommand } from './registry-import.ts'
import { codeOf, mustSaySomething, givenOf, withRegistrySettings } from './registry-options.ts'
import { changedLines, changeLines, changesAsJson } from './registry-text.ts'
import { type Json, printList, withJson } from './listing.ts'
import { waitsForSecond } from './waiting.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart terminal`: tills. Their keys are `akart keys`' business, their certificates `akart certificates`'. */
export const terminalCommand: CommandModule = {
  command: 'terminal',
  describe: 'Terminals: add, import, list, show, set',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(
        importCommand(
          'terminal',
          'terminal, store, confirmation, character-set, language',
          importTerminals,
        ) as CommandModule,
      )
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(setCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, import, list, show or set'),
  handler: () => {},
}

type Of = Home & { terminal: string }

const withTerminal = <T>(yargs: Argv<T>): Argv<T & Of> =>
  withHome(yargs).positional('terminal', {
    type: 'string',
    demandOption: true,
    describe: 'terminal code, DE41',
  }) as Argv<T & Of>

const addCommand: CommandModule<object, Of & Who> = {
  command: 'add <terminal>',
  describe: 'Add a terminal without keys: it is served when it has one, or with --unauthenticated',
  builder: (yargs) => withRegistrySettings(withWho(withTerminal(yargs)), 'new', 'terminal'),
  async handler({ home, who, ...options }) {
    const terminal = givenOf('terminal', options, readNewTerminal)
    const { active } = await withOffice(home, who, (office, actor) => addTerminal(office, actor, terminal))
    const { code, store, unauthenticated } = terminal
    if (!active) {
      return console.log(
        `terminal ${code}: inactive in store ${store}, where it would be served at once: akart terminal set ${code} --state active asks for a second person`,
      )
    }
    console.log(
      unauthenticated
        ? `terminal ${code}: active in store ${store}, and served without proving that it is ${code}`
        : `terminal ${code}: in store ${store}, not served before it has a MAC key (akart keys create ${code} mac), a certificate (akart certificates) or --unauthenticated`,
    )
  },
}

const listCommand: CommandModule<object, Home & Json & { store: string | undefined }> = {
  command: 'list',
  describe: 'List terminals, by store',
  builder: (yargs) => withJson(withHome(yargs)).option('store', { type: 'string', describe: 'only of this store' }),
  async handler({ home, store, json }) {
    const input = { store: store === undefined ? null : codeOf('store', store) }
    const terminals = await withOffice(home, READER, (office, actor) => listTerminals(office, actor, input))
    printList(terminals, json, {
      columns: [
        ['TERMINAL', ({ code }) => code],
        ['STORE', (terminal) => terminal.store],
        ['STATE', ({ state }) => state],
        ['CONFIRMS', ({ confirmation }) => confirmation],
        ['PROOF', provesBy],
        ['CHARACTERS', ({ textForm }) => textForm.characterSet],
        ['LANGUAGE', ({ textForm }) => textForm.language],
      ],
      none: 'no terminals',
      toJson,
    })
  },
}

const showCommand: CommandModule<object, Of & Json> = {
  command: 'show <terminal>',
  describe: 'Show a terminal and its changes',
  builder: (yargs) => withJson(withTerminal(yargs)),
  async handler({ home, terminal, json }) {
    const input = { terminal: codeOf('terminal', terminal) }
    const { terminal: record, changes } = await withOffice(home, READER, (office, actor) =>
      findTerminal(office, actor, input),
    )
    if (json) return console.log(JSON.stringify({ ...toJson(record), changes: changesAsJson(changes) }))
    const { code, store, state, confirmation } = record
    const lines = {
      terminal: `${code}, store ${store}, ${state}`,
      confirmation,
      proof: canProve(record) ? provesBy(record) : 'none: it is not served',
      MAC: record.mac === 'none' ? 'none' : `${record.mac}, ${record.macRequired ? 'required' : 'optional'}`,
      'sign-on': record.signOn ? 'required' : 'not required',
      texts: textWords(record),
    }
    for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(14)}${value}`)
    for (const line of changeLines(changes)) console.log(line)
  },
}

const setCommand: CommandModule<object, Of & Who> = {
  command: 'set <terminal>',
  describe: 'Change a terminal; what is not given stays. Requests of an inactive terminal are answered 58 TERMINAL',
  builder: (yargs) =>
    withRegistrySettings(withWho(withTerminal(yargs)), 'change', 'terminal').check((options) =>
      mustSaySomething('terminal', options),
    ),
  async handler({ home, who, terminal: code, ...options }) {
    const input = { terminal: codeOf('terminal', code), change: givenOf('terminal', options, readTerminalChange) }
    const { done, proposal } = await withOffice(home, who, (office, actor) =>
      changeTerminalAsked(office, actor, { ...input, reason: 'akart terminal set' }),
    )
    if (done === null) return console.log(`terminal ${code}: ${waitsForSecond(`terminal-${proposal}`)}`)
    for (const line of changedLines(code, done, done.terminal.state === 'active')) console.log(line)
  },
}

/** How the terminal is authenticated. */
const provesBy = (record: TerminalRecord): string =>
  record.mac !== 'none'
    ? record.mac
    : record.bound
      ? 'certificate'
      : record.unauthenticated
        ? 'unauthenticated'
        : record.kiosk
          ? 'price checker'
          : 'not served'

const textWords = ({ textForm, storeLanguage }: TerminalRecord): string =>
  `${textForm.characterSet}, ${textForm.language}${storeLanguage ? ' as its store' : ''}`

/** The terminal as one JSON line. */
const toJson = ({ textForm, ...rest }: TerminalRecord) => ({ ...rest, ...textForm })
