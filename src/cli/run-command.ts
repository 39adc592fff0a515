import { readFileSync } from 'node:fs'
import yargs, { type Argv, type CommandModule } from 'yargs'
import { forbidDumps } from '../app/no-dumps.ts'
import { isSetUpError } from '../config/set-up-error.ts'
import { usageMessage } from '../text/usage-message.ts'
import { explainDatabaseError } from './database-errors.ts'
import { CommandError, UsageError } from './usage-error.ts'

/** In the order of `akart --help`. Only the module of the named command is loaded, which saves half a second. */
const COMMANDS: Readonly<Record<string, () => Promise<unknown>>> = {
  up: async () => (await import('./up.ts')).upCommand,
  init: async () => (await import('./init.ts')).initCommand,
  database: async () => (await import('./database.ts')).databaseCommand,
  config: async () => (await import('./config.ts')).configCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  ledger: async () => (await import('./ledger.ts')).ledgerCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  'report-schedule': async () => (await import('./report-schedule.ts')).reportScheduleCommand,
  'report-input': async () => (await import('./report-input.ts')).reportInputCommand,
  archive: async () => (await import('./archive.ts')).archiveCommand,
  audit: async () => (await import('./audit.ts')).auditCommand,
  card: async () => (await import('./card.ts')).cardCommand,
  cases: async () => (await import('./cases.ts')).casesCommand,
  counterparty: async () => (await import('./counterparty.ts')).counterpartyCommand,
  pack: async () => (await import('./pack.ts')).packCommand,
  welfare: async () => (await import('./welfare.ts')).welfareCommand,
  'card-key': async () => (await import('./card-key.ts')).cardKeyCommand,
  issue: async () => (await import('./issue.ts')).issueCommand,
  certificates: async () => (await import('./certificates.ts')).certificatesCommand,
  keys: async () => (await import('./keys.ts')).keysCommand,
  store: async () => (await import('./store.ts')).storeCommand,
  settlement: async () => (await import('./settlement.ts')).settlementCommand,
  shop: async () => (await import('./shop.ts')).shopCommand,
  'api-key': async () => (await import('./api-key.ts')).apiKeyCommand,
  kiosk: async () => (await import('./kiosk.ts')).kioskCommand,
  webhook: async () => (await import('./webhook.ts')).webhookCommand,
  terminal: async () => (await import('./terminal.ts')).terminalCommand,
  user: async () => (await import('./user.ts')).userCommand,
  person: async () => (await import('./person.ts')).personCommand,
  role: async () => (await import('./role.ts')).roleCommand,
  'sign-on': async () => (await import('./sign-on.ts')).signOnCommand,
  upstreams: async () => (await import('./upstreams.ts')).upstreamsCommand,
}

/** The command that is named first; all of them where none is, so that help and errors know them. */
export async function commandsFor([first = '']: readonly string[]): Promise<CommandModule[]> {
  // Own properties only: `akart constructor` names no command.
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  const loaded = await Promise.all((named === undefined ? Object.values(COMMANDS) : [named]).map((load) => load()))
  return loaded as CommandModule[]
}

/** How the messages of `demandCommand` begin, those of the commands of commands too. */
const NO_COMMAND = 'a command is missing'

const firstLineOf = (text: string): string => text.split('\n', 1)[0] ?? ''

/** An option that takes one value would reach its command as a list. @throws UsageError */
function onlyOnce(given: Readonly<Record<string, unknown>>, words: readonly string[], parser: Argv): true {
  const { array } = (parser as unknown as { getOptions: () => { array: readonly string[] } }).getOptions()
  const twice = Object.keys(given).find((name) => {
    const isTyped = words.some((word) => word.split('=', 1)[0] === `--${name}`)
    return isTyped && Array.isArray(given[name]) && !array.includes(name)
  })
  if (twice !== undefined) throw new UsageError(`--${twice} is given twice`)
  return true
}

/** Akart's own, from build/src/cli: whichever package it is installed in. */
const version = (): string =>
  (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version

/** `akart WORDS`: prints to the console; returns the exit code. */
export async function runCommand(words: readonly string[]): Promise<number> {
  try {
    forbidDumps()
    const parser = yargs([...words])
    await parser
      .scriptName('akart')
      .usage('$0 <command>\n\nGift cards for retail chains: an ISO 8583 switch and its ledger')
      .command(await commandsFor(words))
      .demandCommand(1, `${NO_COMMAND}, for example: akart up`)
      .recommendCommands()
      .completion('completion', 'A script that lets the shell complete commands: akart completion >> ~/.bashrc')
      .version(version())
      .strict()
      .check((given) => onlyOnce(given, words, parser), true)
      .fail((text: string | null, error: Error | undefined) => {
        if (error instanceof Error && error.name !== 'YError') throw error
        const message = text ?? error?.message ?? ''
        let help = ''
        parser.showHelp((text) => (help = text))
        // Where no command is named, the list of commands is the answer.
        if (message.startsWith(NO_COMMAND)) {
          console.error(help)
          throw new UsageError(message)
        }
        throw new UsageError(usageMessage({ message, usage: firstLineOf(help), words }))
      })
      .help()
      .parseAsync()
    return Number(process.exitCode ?? 0)
  } catch (thrown) {
    const error = explainDatabaseError(thrown, words)
    const message = error instanceof Error ? error.message : String(error)
    const isTold = error instanceof UsageError || error instanceof CommandError || isSetUpError(error)
    console.error(isTold ? `akart: ${message}` : error)
    return error instanceof UsageError || isSetUpError(error) ? 2 : 1
  }
}
