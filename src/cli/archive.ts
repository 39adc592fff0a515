import { join, resolve } from 'node:path'
import type { Argv, CommandModule } from 'yargs'
import { archiveTransactions, LEAST_MONTHS } from '../office/archive/archiving.ts'
import { nameOf } from '../office/archive/files.ts'
import { type Archive, findArchived, type Found, listArchives, verifyArchive } from '../office/archive/reading.ts'
import { isDay } from '../office/day-words.ts'
import { moneyText } from './amount-text.ts'
import { type Column, isWhole, type Json, printList, utc, withJson, withMost } from './listing.ts'
import { progressOf } from './progress.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart archive`: old transactions in files of their own. */
export const archiveCommand: CommandModule = {
  command: 'archive',
  describe: 'Old transactions: move them into files, list and search these, prove that nothing is missing',
  builder: (yargs) =>
    yargs
      .command([runCommand, listCommand, findCommand, verifyCommand] as CommandModule[])
      .demandCommand(1, 'a command is missing: run, list, find or verify'),
  handler: () => {},
}

type In = Home & { directory: string | undefined }

const withDirectory = <T>(yargs: Argv<T>): Argv<T & In> =>
  withHome(yargs).option('directory', {
    type: 'string',
    describe: 'where the files are; default: archive in the home',
  }) as Argv<T & In>

const directoryOf = ({ home, directory }: In): string => resolve(directory ?? join(home, 'archive'))

const runCommand: CommandModule<object, In & Who & { months: number }> = {
  command: 'run',
  describe: 'Move what has been at rest for long into files, a file a month; the service keeps running',
  builder: (yargs) =>
    withWho(withDirectory(yargs))
      .option('months', {
        type: 'number',
        default: LEAST_MONTHS,
        describe: `months without use, at least ${LEAST_MONTHS}`,
      })
      .check(({ months }) => isWhole(months, 1_200, '--months takes a whole number')) as Argv<
      In & Who & { months: number }
    >,
  async handler(given) {
    const { archives } = await withOffice(given.home, given.who, (office, actor) =>
      archiveTransactions(office, actor, {
        directory: directoryOf(given),
        months: given.months,
        onProgress: progressOf('months looked at'),
      }),
    )
    for (const archive of archives) {
      console.log(`${nameOf(archive)}: ${archive.removed} of ${archive.transactions} transactions moved`)
    }
    if (archives.length === 0) console.log('nothing to archive')
  },
}

const COLUMNS: readonly Column<Archive>[] = [
  ['FILE', nameOf],
  ['TRANSACTIONS', ({ transactions }) => String(transactions), 'right'],
  ['REMOVED', ({ removed }) => String(removed), 'right'],
  ['FROM', ({ firstDay }) => firstDay],
  ['TO', ({ lastDay }) => lastDay],
  ['WRITTEN (UTC)', ({ writtenAt }) => utc(writtenAt)],
  ['BY', ({ writtenBy }) => writtenBy],
  ['STATE', ({ removedAt }) => (removedAt === null ? 'unfinished: akart archive run' : 'done')],
]

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List the files of the archive',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const archives = await withOffice(home, READER, listArchives)
    printList(archives, json, { columns: COLUMNS, none: 'nothing is archived' })
  },
}

type Find = In &
  Json & {
    most: number
    card: string | undefined
    id: number | undefined
    rrn: string | undefined
    approval: string | undefined
    store: string | undefined
    terminal: string | undefined
    from: string | undefined
    to: string | undefined
  }

const findCommand: CommandModule<object, Find> = {
  command: 'find',
  describe: 'Search the files of the archive',
  builder: (yargs) =>
    withMost(withJson(withDirectory(yargs)))
      .option('card', { type: 'string', describe: 'card number, barcode or ISSUE:SERIAL' })
      .option('id', { type: 'number', describe: 'number of the transaction' })
      .option('rrn', { type: 'string', describe: 'reference, DE37' })
      .option('approval', { type: 'string', describe: 'approval code, DE38' })
      .option('store', { type: 'string', describe: 'code of the store' })
      .option('terminal', { type: 'string', describe: 'code of the terminal' })
      .option('from', { type: 'string', describe: 'first booking day, YYYY-MM-DD' })
      .option('to', { type: 'string', describe: 'last booking day' })
      .check(({ from, to }) => {
        for (const day of [from, to]) mustBeDay(day as string | undefined)
        return true
      }) as Argv<Find>,
  async handler({ card, id, rrn, approval, store, terminal, from, to, most, json, ...given }) {
    const search = { most, card, id, rrn, approval, store, terminal, from, to }
    const found = await withOffice(given.home, READER, (office, actor) =>
      findArchived(office, actor, directoryOf(given), search),
    )
    printList(found, json, {
      columns: FOUND,
      none: 'nothing found',
      toJson: ({ archive, line }) => ({ file: nameOf(archive), ...line }),
    })
  },
}

function mustBeDay(day: string | undefined): void {
  if (day !== undefined && !isDay(day)) throw new UsageError(`${day} is not a day: YYYY-MM-DD`)
}

const columnOf = ({ line }: Found, name: string): string => String(line.transaction[name] ?? '–')
const amountOf = ({ line: { transaction: t } }: Found): string =>
  moneyText(Number(t['amount']), t['currency'] === undefined ? null : Number(t['currency']))

const FOUND: readonly Column<Found>[] = [
  ['TRANSACTION', (found) => columnOf(found, 'id'), 'right'],
  ['AT (UTC)', (found) => columnOf(found, 'received_at').slice(0, 19)],
  ['STORE', (found) => columnOf(found, 'store_code')],
  ['TERMINAL', (found) => columnOf(found, 'terminal_code')],
  ['OPERATION', (found) => columnOf(found, 'operation')],
  ['AMOUNT', amountOf, 'right'],
  ['RESULT', (found) => columnOf(found, 'result')],
  ['STATE', (found) => columnOf(found, 'state')],
  ['RRN', (found) => columnOf(found, 'rrn')],
  ['CARD', ({ line }) => line.card ?? 'no card'],
  ['FILE', ({ archive }) => nameOf(archive)],
]

const verifyCommand: CommandModule<object, In> = {
  command: 'verify',
  describe: 'Prove that the files of the archive are whole, and that the books agree with them',
  builder: withDirectory,
  async handler(given) {
    const { files, transactions, faults } = await withOffice(given.home, READER, (office, actor) =>
      verifyArchive(office, actor, directoryOf(given)),
    )
    console.log(`${files} files, ${transactions} archived transactions`)
    for (const fault of faults) console.error(fault)
    console.log(faults.length === 0 ? 'the archive is whole' : `${faults.length} faults`)
    process.exitCode = faults.length === 0 ? 0 : 1
  },
}
