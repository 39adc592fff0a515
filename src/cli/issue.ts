import type { Argv, CommandModule } from 'yargs'
import { currencyOf } from '../core/currency.ts'
import { generateIssue } from '../app/generation.ts'
import { authoriseIssue } from '../office/issue-authorisation.ts'
import { activateIssue, closeIssue, findIssue, listIssues, planIssue, replanIssue } from '../office/issues.ts'
import { limitsCommand } from './issue-limits.ts'
import { settingLines } from './issue-text.ts'
import { UsageError } from './usage-error.ts'
import { withGivenSettings, withSettings } from './issue-settings.ts'
import { type Json, printList, utc, withJson } from './listing.ts'
import { productionFile } from './production-file.ts'
import { progressOf } from './progress.ts'
import { type Home, mustBeReason, type OfIssue, type Who, withHome, withIssue, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type File = { file: string | undefined }

/** `akart issue`: from a plan to cards in the shops. */
export const issueCommand: CommandModule = {
  command: 'issue',
  describe: 'Issues of cards: create, generate, export, activate, close',
  builder: (yargs) =>
    yargs
      .command(createCommand as CommandModule)
      .command(changeCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(generateCommand as CommandModule)
      .command(exportCommand as CommandModule)
      .command(proofsCommand as CommandModule)
      .command(activateCommand as CommandModule)
      .command(authoriseCommand as CommandModule)
      .command(closeCommand as CommandModule)
      .command(limitsCommand)
      .demandCommand(1, 'a command is missing, for example: akart issue list'),
  handler: () => {},
}

const createCommand: CommandModule<object, Home & Who & File> = {
  command: 'create [file]',
  describe: 'Create a draft issue with settings from a YAML file, from options, or both',
  builder: (yargs) => withFile(withSettings(withWho(withHome(yargs)), 'all')),
  async handler({ home, who, file, ...options }) {
    const { code, count } = await withGivenSettings(file, options, { home, who }, (office, actor, given) =>
      planIssue(office, actor, { given }),
    )
    console.log(`issue ${code}: draft, ${count} cards. Next: akart issue generate ${code}`)
  },
}

const changeCommand: CommandModule<object, Home & Who & OfIssue & File> = {
  command: 'change <issue> [file]',
  describe: 'Change settings of a draft; those that are not given stay',
  builder: (yargs) => withFile(withIssue(withSettings(withWho(withHome(yargs)), 'all'))),
  async handler({ home, who, issue, file, ...options }) {
    await withGivenSettings(file, options, { home, who }, (office, actor, given) =>
      replanIssue(office, actor, { issue, given }),
    )
    console.log(`issue ${issue}: changed`)
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List issues, newest first',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const issues = await withOffice(home, READER, listIssues)
    printList(issues.toReversed(), json, {
      columns: [
        ['ISSUE', ({ settings }) => settings.code],
        ['STATE', ({ state }) => state],
        ['CARDS', ({ settings }) => String(settings.count), 'right'],
        ['PREFIX', ({ settings }) => settings.prefix],
        ['CURRENCY', ({ settings }) => currencyOf(settings.currency).letters],
        ['NAME', ({ settings }) => settings.name],
      ],
      none: 'no issues',
      toJson: ({ state, settings }) => ({ state, ...settings }),
    })
  },
}

const showCommand: CommandModule<object, Home & OfIssue & Json> = {
  command: 'show <issue>',
  describe: 'Show settings, cards by state, and history',
  builder: (yargs) => withIssue(withJson(withHome(yargs))),
  async handler({ home, issue: code, json }) {
    const { issue, cards, events, exports } = await withOffice(home, READER, (office, actor) =>
      findIssue(office, actor, { issue: code }),
    )
    const { state, settings } = issue
    if (json)
      return console.log(JSON.stringify({ state, ...settings, cards: Object.fromEntries(cards), events, exports }))
    console.log(`${'state'.padEnd(26)}${state}`)
    for (const line of settingLines(settings)) console.log(line)
    for (const [state, count] of cards) console.log(`${`cards ${state}`.padEnd(26)}${count}`)
    // Completed exports are listed among the events already.
    for (const { id, maker, who, startedAt } of exports.filter(({ sha256 }) => sha256 === null)) {
      console.log(`${utc(startedAt)} UTC  export ${id} for ${maker} by ${who} was interrupted`)
    }
    for (const { at, who, event, note } of events) {
      console.log(`${utc(at)} UTC  ${event.padEnd(15)}  ${who}${note === null ? '' : `  ${note}`}`)
    }
  },
}

const generateCommand: CommandModule<object, Home & Who & OfIssue & { wait: boolean }> = {
  command: 'generate <issue>',
  describe: 'Generate the cards of a draft; continues after an interruption',
  builder: (yargs) =>
    withIssue(withWho(withHome(yargs))).option('wait', {
      type: 'boolean',
      default: true,
      describe: 'wait until the cards are made; --no-wait leaves the work to a running akart',
    }),
  async handler({ home, who, issue, wait }) {
    const say = progressOf('cards made')
    const progress = ({ done, total }: { done: number; total: number }): void => say(done, total)
    const { job, cards, seconds } = await withOffice(home, who, (office, actor) =>
      generateIssue(office, actor, { issue, wait, progress }),
    )
    if (wait) console.log(`issue ${issue}: ${cards} cards made in ${seconds.toFixed(1)} s (job ${job})`)
    else console.log(`issue ${issue}: ordered (job ${job})`)
  },
}

type Export = Home &
  Who &
  OfIssue & { maker: string; to: string | undefined; reason: string | undefined; 'new-ecodes': boolean }

const exportCommand: CommandModule<object, Export> = {
  command: 'export <issue>',
  describe: 'Write the file for the card maker; only this file has whole numbers, tracks and eCodes',
  builder: (yargs) =>
    withIssue(withWho(withHome(yargs)))
      .option('maker', { type: 'string', demandOption: true, describe: 'a layout of HOME/makers or config/makers' })
      .option('to', { type: 'string', describe: 'file to write; by default a new file under ~/.local/share/akart' })
      .option('reason', { type: 'string', describe: 'reason; mandatory for a second export' })
      .option('new-ecodes', {
        type: 'boolean',
        default: false,
        describe: 'make new eCodes instead of those exported before',
      })
      .check(({ reason }) => reason === undefined || mustBeReason(reason)),
  async handler({ home, who, issue, maker, to: named, reason = null, 'new-ecodes': newEcodes }) {
    const to = await productionFile(named, `${issue}-${maker}`, 'cards')
    const { exportIssue } = await import('../office/export-issue.ts')
    const progress = progressOf('cards written')
    const { cards, bytes, sha256 } = await withOffice(home, who, (office, actor) =>
      exportIssue(office, actor, { issue, maker, file: to, reason, newEcodes, progress }),
    )
    console.log(`issue ${issue}: ${cards} cards in ${to}, ${bytes} bytes, sha256 ${sha256}`)
  },
}

type Proofs = Home & Who & OfIssue & { to: string | undefined; serials: string }

const proofsCommand: CommandModule<object, Proofs> = {
  command: 'proofs <issue>',
  describe: 'Write a PDF with the barcodes of some cards, to check and scan',
  builder: (yargs) =>
    withIssue(withWho(withHome(yargs)))
      .option('to', { type: 'string', describe: 'PDF to write; by default a new file under ~/.local/share/akart' })
      .option('serials', { type: 'string', default: '1-10', describe: 'which cards, up to 500: 1-10' })
      .check(({ serials }) => serialsOf(String(serials)) !== null),
  async handler({ home, who, issue, to: named, serials }) {
    const to = await productionFile(named, `${issue}-proofs`, 'pdf')
    const { proofIssue } = await import('../office/proofs.ts')
    const { cards, sha256 } = await withOffice(home, who, (office, actor) =>
      proofIssue(office, actor, { issue, file: to, serials: serialsOf(serials) }),
    )
    console.log(`issue ${issue}: barcodes of ${cards} cards in ${to}, sha256 ${sha256}`)
  },
}

const MOST_PROOFS = 500

/** @throws UsageError */
function serialsOf(text: string): { readonly first: number; readonly last: number } {
  const [, first, last] = /^(\d{1,8})-(\d{1,8})$/u.exec(text)?.map(Number) ?? []
  if (first !== undefined && last !== undefined && first >= 1 && last >= first && last - first < MOST_PROOFS) {
    return { first, last }
  }
  throw new UsageError(`--serials takes two serials such as 1-10, at most ${MOST_PROOFS} cards; it is ${text}`)
}

const activateCommand: CommandModule<object, Home & Who & OfIssue> = {
  command: 'activate <issue>',
  describe: 'Activate an exported issue: its cards may be sold, all of them or pack by pack',
  builder: (yargs) => withIssue(withWho(withHome(yargs))),
  async handler({ home, who, issue }) {
    await withOffice(home, who, (office, actor) => activateIssue(office, actor, { issue }))
    console.log(`issue ${issue}: activated`)
  },
}

const authoriseCommand: CommandModule<object, Home & Who & OfIssue> = {
  command: 'authorise <issue>',
  describe: 'Authorise, as a second person, the sale of cards of an issue without packs, if the issue requires it',
  builder: (yargs) => withIssue(withWho(withHome(yargs))),
  async handler({ home, who, issue }) {
    await withOffice(home, who, (office, actor) => authoriseIssue(office, actor, { issue }))
    console.log(`issue ${issue}: authorised for sale`)
  },
}

const closeCommand: CommandModule<object, Home & Who & OfIssue & { reason: string }> = {
  command: 'close <issue>',
  describe: 'Close an issue: no more cards are sold; sold cards stay valid',
  builder: (yargs) =>
    withIssue(withWho(withHome(yargs)))
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))),
  async handler({ home, who, issue, reason }) {
    await withOffice(home, who, (office, actor) => closeIssue(office, actor, { issue, reason }))
    console.log(`issue ${issue}: closed`)
  },
}

const withFile = <T>(yargs: Argv<T>): Argv<T & File> =>
  yargs.positional('file', { type: 'string', describe: 'YAML file of settings' }) as Argv<T & File>
