import type { Argv, CommandModule } from 'yargs'
import {
  CHARACTER_SETS,
  LANGUAGES,
  listTerminals,
  setTerminalTexts,
  showTerminal,
  type TerminalRecord,
  type TextChange,
} from '../app/terminals.ts'
import { UsageError } from './usage-error.ts'
import { type Home, withHome } from './who.ts'

/** `akart terminal`: terminals as they are on record, and how they get their texts. */
export const terminalCommand: CommandModule = {
  command: 'terminal',
  describe: 'Terminals: list, show, set the character set and language of their texts',
  builder: (yargs) =>
    yargs
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(setCommand as CommandModule)
      .demandCommand(1, 'Say what to do: list, show or set'),
  handler: () => {},
}

type Of = Home & { terminal: string }
type Json = { json: boolean }
type Set = Of & { 'character-set': TextChange['characterSet']; language: TextChange['language'] }

const withTerminal = (yargs: Argv): Argv<Of> =>
  withHome(yargs).positional('terminal', { type: 'string', demandOption: true, describe: 'its code, DE41' })

const listCommand: CommandModule<object, Home & Json & { store: string | undefined }> = {
  command: 'list',
  describe: 'all of them, by store',
  builder: (yargs) =>
    withHome(yargs)
      .option('store', { type: 'string', describe: 'those of this store only' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' }),
  async handler({ home, store, json }) {
    const terminals = await listTerminals(home, store ?? null)
    for (const terminal of terminals) {
      const { code, store, state, confirmation, mac, characterSet, language } = told(terminal)
      if (json) console.log(JSON.stringify(told(terminal)))
      else
        console.log(
          [
            code.padEnd(8),
            store.padEnd(15),
            state.padEnd(8),
            confirmation.padEnd(8),
            mac.padEnd(8),
            characterSet.padEnd(12),
            language,
          ].join('  '),
        )
    }
    if (terminals.length === 0 && !json) console.log('no terminals')
  },
}

const showCommand: CommandModule<object, Of & Json> = {
  command: 'show <terminal>',
  describe: 'one of them',
  builder: (yargs) =>
    withTerminal(yargs).option('json', { type: 'boolean', default: false, describe: 'as one JSON object' }),
  async handler({ home, terminal, json }) {
    const record = await showTerminal(home, terminal)
    if (json) return console.log(JSON.stringify(told(record)))
    const { code, store, state, confirmation } = record
    const lines = {
      terminal: `${code}, store ${store}, ${state}`,
      confirmation,
      MAC: record.mac === 'none' ? 'none' : `${record.mac}, ${record.macRequired ? 'required' : 'optional'}`,
      'sign-on': record.signOn ? 'required' : 'not required',
      texts: textWords(record),
    }
    for (const [name, value] of Object.entries(lines)) console.log(`${name.padEnd(14)}${value}`)
  },
}

const setCommand: CommandModule<object, Set> = {
  command: 'set <terminal>',
  describe: 'how it gets its texts, DE63; what is not named stays',
  builder: (yargs) =>
    withTerminal(yargs)
      .option('character-set', { choices: CHARACTER_SETS, describe: 'ascii: without diacritics' })
      .option('language', { choices: [...LANGUAGES, 'store'] as const, describe: 'store: that of its store' })
      .check(({ 'character-set': characterSet, language }) => {
        if (characterSet !== undefined || language !== undefined) return true
        throw new UsageError('say --character-set, --language or both')
      }),
  async handler({ home, terminal, 'character-set': characterSet, language }) {
    const record = await setTerminalTexts(home, terminal, { characterSet, language })
    console.log(`${terminal}: texts ${textWords(record)}`)
  },
}

const textWords = ({ textForm, storeLanguage }: TerminalRecord): string =>
  `${textForm.characterSet}, ${textForm.language}${storeLanguage ? ' as its store' : ''}`

/** As it is said in one line. */
const told = ({ textForm, ...rest }: TerminalRecord) => ({ ...rest, ...textForm })
