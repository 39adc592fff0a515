import type { Argv, CommandModule } from 'yargs'
import type { Actor } from '../office/actor.ts'
import { isDay } from '../office/day-words.ts'
import type { Office } from '../office/office.ts'
import { isRefused, refused, type Refused } from '../office/refusal.ts'
import { CSV_PRESETS, type CsvPreset } from '../office/reports/csv.ts'
import { fileOf, FORMATS, type Format } from '../office/reports/files.ts'
import type { Report } from '../office/reports/report.ts'
import { decideSettlement, proposeSettlement } from '../office/settlement/closing.ts'
import { pagesApart } from '../office/reports/files-apart.ts'
import { notePages, settlementReport, settlementTitle } from '../office/settlement/documents.ts'
import type { Settlement } from '../office/settlement/figures.ts'
import { monthLedger, settlementLedger } from '../office/settlement/general-ledger.ts'
import { listSettlements, showSettlement } from '../office/settlement/reading.ts'
import { codesOf } from './codes.ts'
import { moneyText } from './amount-text.ts'
import { type Json, printList, utc, withJson } from './listing.ts'
import { writeNewFile } from './new-file.ts'
import { openProposals } from '../office/proposals.ts'
import { UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { madeBy, READER, withOffice } from './with-office.ts'

/** `akart settlement`: what stores settle with the issuer, closed by two accountants. */
export const settlementCommand: CommandModule = {
  command: 'settlement',
  describe: 'Settlement of stores: propose and close, notes for stores, bookings for the general ledger',
  builder: (yargs) =>
    yargs
      .command([
        proposeCommand,
        decideCommand(true),
        decideCommand(false),
        listCommand,
        showCommand,
        notesCommand,
        ledgerCommand,
      ] as CommandModule[])
      .demandCommand(1, 'a command is missing: propose, approve, refuse, list, show, notes or ledger'),
  handler: () => {},
}

type Propose = Home & Who & { from: string; to: string; store: string[] | undefined; reason: string }

const proposeCommand: CommandModule<object, Propose> = {
  command: 'propose',
  describe: 'Propose the settlement of a period; another accountant closes it',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .option('from', { type: 'string', demandOption: true, describe: 'first booking day, YYYY-MM-DD' })
      .option('to', { type: 'string', demandOption: true, describe: 'last booking day' })
      .option('store', { type: 'string', array: true, describe: 'only these stores; default: all' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason, from, to }) => {
        for (const day of [from, to]) mustBeDay(day)
        return mustBeReason(String(reason))
      }) as Argv<Propose>,
  async handler({ home, who, from, to, store, reason }) {
    const made = await withOffice(home, who, (office, actor) =>
      proposeSettlement(office, actor, { from, to, stores: codesOf(store), reason }),
    )
    printLines(made)
    console.log(`next, by another accountant: akart settlement approve ${made.id}`)
  },
}

function mustBeDay(day: unknown): void {
  if (!isDay(String(day))) throw new UsageError(`${String(day)} is not a day: YYYY-MM-DD`)
}

function printLines({ lines }: Settlement): void {
  printList(lines, false, {
    columns: [
      ['STORE', ({ store }) => store],
      ['LINE', ({ kind, corrects }) => (corrects === 0 ? kind : `${kind} of ${corrects}`)],
      ['RECEIVABLE', ({ receivable, currency }) => moneyText(receivable, currency), 'right'],
      ['PAYABLE', ({ payable, currency }) => moneyText(payable, currency), 'right'],
      ['NET', ({ receivable, payable, currency }) => moneyText(receivable - payable, currency), 'right'],
    ],
    none: 'nothing was taken in or given out',
  })
}

const decideCommand = (approve: boolean): CommandModule<object, Home & Who & { id: number; reason: string }> => ({
  command: `${approve ? 'approve' : 'refuse'} <id>`,
  describe: approve
    ? 'Close a settlement that another accountant proposed: it gets a number and never changes'
    : "Refuse a proposed settlement, or withdraw one's own",
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true, describe: 'id that was printed when it was proposed' })
      .option('reason', { type: 'string', default: '', describe: 'reason, for the record' }),
  async handler({ home, who, id, reason }) {
    const decided = await withOffice(home, who, async (office, actor) => {
      const waiting = (await openProposals(office, 'settlement')).find(({ subject }) => subject === id)
      if (waiting === undefined) return refused('no_such_approval', { id })
      return decideSettlement(office, actor, { id: waiting.id, approve, reason })
    })
    console.log(decided.number === null ? `settlement ${id}: refused` : `settlement ${decided.number}: closed`)
  },
})

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List settlements, newest first',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const list = (office: Office, actor: Actor) => listSettlements(office, actor, { withMatrix: json })
    printList(await withOffice(home, READER, list), json, {
      columns: [
        ['NUMBER', ({ number }) => (number === null ? '–' : String(number)), 'right'],
        ['ID', ({ id }) => String(id), 'right'],
        ['STATE', ({ state }) => state],
        ['FROM', ({ from }) => from],
        ['TO', ({ to }) => to],
        ['STORES', ({ stores }) => String(stores.length), 'right'],
        ['PROPOSED BY', ({ proposedBy }) => proposedBy],
        ['CLOSED BY', ({ closedBy }) => closedBy ?? '–'],
        ['CLOSED (UTC)', ({ closedAt }) => utc(closedAt)],
      ],
      none: 'no settlements',
      toJson: ({ seen: _seen, ...settlement }) => settlement,
    })
  },
}

type Written = { format: Format | undefined; preset: CsvPreset; output: string | undefined }
const withWritten = <T>(yargs: Argv<T>): Argv<T & Written> =>
  yargs
    .option('format', { choices: FORMATS, describe: 'format of the file; default: text on the screen' })
    .option('preset', {
      choices: CSV_PRESETS,
      default: 'en' as const,
      describe: 'format of numbers and encoding of CSV',
    })
    .option('output', { type: 'string', describe: 'new file to write' }) as Argv<T & Written>

async function write(
  home: string,
  { format, preset, output }: Written,
  make: (office: Office, actor: Actor) => Promise<Report | Refused>,
): Promise<void> {
  const file = await withOffice(home, READER, async (office, actor) => {
    const report = await make(office, actor)
    if (isRefused(report)) return report
    return fileOf(report, { format: format ?? 'text', preset, language: 'en', by: madeBy(actor) })
  })
  if (output === undefined) return void process.stdout.write(file.content)
  await writeNewFile(output, file.content)
  console.log(`${output}: ${file.content.length} bytes`)
}

const showCommand: CommandModule<object, Home & Json & Written & { number: number }> = {
  command: 'show <number>',
  describe: 'Show a closed settlement: its lines and the matrix of issuing and spending stores',
  builder: (yargs) =>
    withWritten(withJson(withHome(yargs))).positional('number', {
      type: 'number',
      demandOption: true,
      describe: 'number',
    }),
  async handler({ home, number, json, ...written }) {
    if (json) {
      const page = await withOffice(home, READER, (office, actor) => showSettlement(office, actor, { number }))
      return console.log(JSON.stringify(page))
    }
    await write(home, written, async (office, actor) => {
      const page = await showSettlement(office, actor, { number })
      return isRefused(page) ? page : settlementReport(page, 'en')
    })
  },
}

type Notes = Home & { number: number; store: string | undefined; language: 'en' | 'pl'; output: string }

const notesCommand: CommandModule<object, Notes> = {
  command: 'notes <number>',
  describe: 'Write the notes of a closed settlement as one PDF with a page for each store',
  builder: (yargs) =>
    withHome(yargs)
      .positional('number', { type: 'number', demandOption: true, describe: 'number' })
      .option('store', { type: 'string', describe: 'only of this store' })
      .option('language', { choices: ['en', 'pl'] as const, default: 'pl' as const, describe: 'language of the notes' })
      .option('output', { type: 'string', demandOption: true, describe: 'new file to write' }) as Argv<Notes>,
  async handler({ home, number, store = null, language, output }) {
    const file = await withOffice(home, READER, async (office, actor) => {
      const page = await showSettlement(office, actor, { number })
      if (isRefused(page)) return page
      const pages = notePages(office, page, { store, language, by: madeBy(actor) })
      const content = isRefused(pages) ? pages : await pagesApart(pages)
      return isRefused(content) ? content : { content, title: settlementTitle(page.settlement) }
    })
    await writeNewFile(output, file.content)
    console.log(`${file.title.en}: ${output}`)
  },
}

const ledgerCommand: CommandModule<object, Home & Written & { number: number | undefined; month: string | undefined }> =
  {
    command: 'ledger [number]',
    describe: 'Write bookings for the general ledger of a closed settlement or of a month',
    builder: (yargs) =>
      withWritten(withHome(yargs))
        .positional('number', { type: 'number', describe: 'number of the settlement' })
        .option('month', { type: 'string', describe: 'for example 2026-11' })
        .check(({ number, month }) => {
          if ((number === undefined) === (month === undefined)) throw new UsageError('give a settlement, or --month')
          return true
        }),
    handler: ({ home, number, month, ...written }) =>
      write(home, written, (office, actor) =>
        number === undefined
          ? monthLedger(office, actor, { month: month ?? '' })
          : settlementLedger(office, actor, { number }),
      ),
  }
