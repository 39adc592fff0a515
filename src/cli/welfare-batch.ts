import { moneyText } from './amount-text.ts'
import type { Argv, CommandModule } from 'yargs'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import { isRefused, type Refused } from '../office/refusal.ts'
import { resultFile, rowsFile, templateFile, wrongRowsFile } from '../office/welfare/batch-files.ts'
import { type Batch, type BatchPage, listBatches, listFindings, showBatch } from '../office/welfare/batches.ts'
import { completeBatch } from '../office/welfare/booking.ts'
import { correctRows } from '../office/welfare/correct.ts'
import { decideBatch } from '../office/welfare/decide-batch.ts'
import { loadList } from '../office/welfare/load-list.ts'
import type { WrittenFile } from '../office/welfare/list-writer.ts'
import { proposeBatch, withdrawBatch } from '../office/welfare/propose.ts'
import { type Output, type Reading, readingOf, uploadOf, withOutput, withReading, writeNew } from './upload.ts'
import { CommandError, UsageError } from './usage-error.ts'
import { batchText, findingJson, findingLine, foundText, readAsText } from './welfare-text.ts'
import { type Json, printList, withJson } from './listing.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type OfBatch = { id: number }

const withBatch = <T>(yargs: Argv<T>): Argv<T & OfBatch> =>
  yargs.positional('id', { type: 'number', demandOption: true, describe: 'id of the batch' }).check(({ id }) => {
    if (!Number.isSafeInteger(id)) throw new UsageError('the id of a batch is a number, from akart welfare list')
    return true
  }) as Argv<T & OfBatch>

const withReason = <T>(yargs: Argv<T>): Argv<T & { reason: string }> =>
  yargs
    .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
    .check(({ reason }) => mustBeReason(String(reason))) as Argv<T & { reason: string }>

type Template = Home & Output & { language: 'en' | 'pl' }

const templateCommand: CommandModule<object, Template> = {
  command: 'template',
  describe: 'Write an empty list with its headings',
  builder: (yargs) =>
    withOutput(withHome(yargs)).option('language', {
      choices: ['en', 'pl'] as const,
      default: 'pl' as const,
      describe: 'language of the headings',
    }),
  async handler({ format, language, output }) {
    await write(templateFile({ format, language }), output)
  },
}

async function write(file: WrittenFile, output: string | undefined): Promise<void> {
  const path = output ?? file.fileName
  await writeNew(path, file)
  console.log(path)
}

/** Prints the findings of a batch and the next step. */
async function tell(home: string, id: number): Promise<void> {
  const page = await withOffice(home, READER, (office, actor) => showBatch(office, actor, id))
  console.log(batchText(page.batch))
  console.log(`read as ${readAsText(page.batch.readAs)}`)
  for (const found of page.found) console.log(foundText(found))
  console.log(nextOf(page))
}

function nextOf({ batch: { id, state, stops }, found }: BatchPage): string {
  const accept = found.map(({ code }) => code).join(',')
  if (state === 'checked' && stops > 0) return `next: akart welfare findings ${id}, akart welfare wrong-rows ${id}, akart welfare correct ${id} FILE` // prettier-ignore
  if (state === 'checked')
    return `next: akart welfare propose ${id} --reason TEXT${accept === '' ? '' : ` --accept ${accept}`}`
  if (state === 'proposed') return `next, by another person: akart welfare approve ${id} --reason TEXT`
  if (state === 'approved') return `next: akart welfare approve ${id} --reason TEXT goes on with it`
  return state === 'booked' ? `next: akart welfare result ${id}` : 'nothing of it is booked'
}

type Check = Home & Who & Reading & { employer: string; file: string }

const checkCommand: CommandModule<object, Check> = {
  command: 'check <employer> <file>',
  describe: "Check an employer's list and keep it as a batch; books nothing",
  builder: (yargs) =>
    withReading(withWho(withHome(yargs)))
      .positional('employer', { type: 'string', demandOption: true, describe: 'code' })
      .positional('file', { type: 'string', demandOption: true, describe: 'CSV or XLSX' }) as Argv<Check>,
  async handler({ home, who, employer, file: path, ...reading }) {
    const file = await uploadOf(path)
    const input = { employer, file, ...readingOf(reading) }
    const { id } = await withOffice(home, who, (office, actor) => loadList(office, actor, input))
    await tell(home, id)
  },
}

const PAGE = 1_000

const listCommand: CommandModule<object, Home & Json & { employer: string | undefined }> = {
  command: 'list',
  describe: 'List batches, newest first',
  builder: (yargs) =>
    withJson(withHome(yargs)).option('employer', { type: 'string', describe: 'only of this employer' }),
  async handler({ home, json, employer = null }) {
    const all: Batch[] = []
    for (let before: number | undefined; ;) {
      const input = { employer, most: PAGE, ...(before !== undefined && { before }) }
      const found = await withOffice(home, READER, (office, actor) => listBatches(office, actor, input))
      all.push(...found)
      if (found.length < PAGE) break
      before = found.at(-1)?.id
    }
    printList(all, json, {
      columns: [
        ['BATCH', ({ id }) => String(id), 'right'],
        ['EMPLOYER', (batch) => batch.employer],
        ['STATE', ({ state }) => state],
        ['ROWS', ({ rows }) => String(rows), 'right'],
        ['AMOUNT', ({ amount, currency }) => moneyText(amount, currency), 'right'],
        ['FILE', ({ fileName }) => fileName],
      ],
      none: 'no batches',
    })
  },
}

const showCommand: CommandModule<object, Home & Json & OfBatch> = {
  command: 'show <id>',
  describe: 'Show a batch, its findings, and the next step',
  builder: (yargs) => withBatch(withJson(withHome(yargs))),
  async handler({ home, id, json }) {
    if (!json) return tell(home, id)
    console.log(JSON.stringify(await withOffice(home, READER, (office, actor) => showBatch(office, actor, id))))
  },
}

const findingsCommand: CommandModule<object, Home & Json & OfBatch> = {
  command: 'findings <id>',
  describe: 'List the findings: row, column, value and what to do',
  builder: (yargs) => withBatch(withJson(withHome(yargs))),
  async handler({ home, id, json }) {
    for (let from = 0; ;) {
      const after = from
      const page = await withOffice(home, READER, (office, actor) =>
        listFindings(office, actor, { id, after, most: PAGE }),
      )
      const last = page.length < PAGE ? Infinity : (page.at(-1)?.line ?? Infinity)
      // The last row of a full page may have more: the next page begins with it.
      const whole = page.filter(({ line }) => line < last)
      for (const finding of whole) console.log(json ? JSON.stringify(findingJson(finding)) : findingLine(finding))
      if (last === Infinity) break
      from = last
    }
  },
}

const fileCommand = (
  command: string,
  describe: string,
  file: typeof resultFile,
): CommandModule<object, Home & Who & OfBatch & Output> => ({
  command: `${command} <id>`,
  describe,
  builder: (yargs) => withOutput(withBatch(withWho(withHome(yargs)))),
  async handler({ home, who, id, format, output }) {
    await write(await withOffice(home, who, (office, actor) => file(office, actor, { id, format })), output)
  },
})

type Correct = Home & Who & OfBatch & Reading & { file: string }

const correctCommand: CommandModule<object, Correct> = {
  command: 'correct <id> <file>',
  describe: 'Replace wrong rows with corrected ones',
  builder: (yargs) =>
    withReading(withBatch(withWho(withHome(yargs)))).positional('file', {
      type: 'string',
      demandOption: true,
      describe: 'CSV or XLSX, as wrong-rows wrote it',
    }) as Argv<Correct>,
  async handler({ home, who, id, file: path, ...reading }) {
    const file = await uploadOf(path)
    await withOffice(home, who, (office, actor) => correctRows(office, actor, { id, file, ...readingOf(reading) }))
    await tell(home, id)
  },
}

type Propose = Home & Who & OfBatch & { reason: string; accept: string | undefined }

const proposeCommand: CommandModule<object, Propose> = {
  command: 'propose <id>',
  describe: 'Propose a batch for booking',
  builder: (yargs) =>
    withReason(withBatch(withWho(withHome(yargs)))).option('accept', {
      type: 'string',
      describe: 'names of accepted warnings, separated by commas',
    }) as Argv<Propose>,
  async handler({ home, who, id, reason, accept = '' }) {
    const codes = accept.split(',').filter((code) => code !== '')
    await withOffice(home, who, (office, actor) => proposeBatch(office, actor, { id, reason, accept: codes }))
    await tell(home, id)
  },
}

const approveCommand: CommandModule<object, Home & Who & OfBatch & { reason: string }> = {
  command: 'approve <id>',
  describe: 'Approve a batch that another person proposed and book it; continues after an interruption',
  builder: (yargs) => withReason(withBatch(withWho(withHome(yargs)))),
  async handler({ home, who, id, reason }) {
    const batch = await withOffice(home, who, async (office, actor) => {
      const approved = await decideBatch(office, actor, { id, approve: true, reason })
      return isRefused(approved) ? approved : completeBatch(office, id)
    })
    if (batch.state !== 'booked')
      throw new CommandError(`batch ${id}: ${batch.state}, nothing of it is booked: akart welfare findings ${id}`)
    await tell(home, id)
  },
}

const stepCommand = (
  command: string,
  describe: string,
  work: (office: Office, actor: Actor, input: { id: number; reason: string }) => Promise<object | Refused>,
): CommandModule<object, Home & Who & OfBatch & { reason: string }> => ({
  command: `${command} <id>`,
  describe,
  builder: (yargs) => withReason(withBatch(withWho(withHome(yargs)))),
  async handler({ home, who, id, reason }) {
    await withOffice(home, who, (office, actor) => work(office, actor, { id, reason }))
    await tell(home, id)
  },
})

export const batchCommands = [
  templateCommand,
  checkCommand,
  listCommand,
  showCommand,
  findingsCommand,
  fileCommand('rows', 'Write all rows of a batch: who gets how much, on which card', rowsFile),
  fileCommand('wrong-rows', 'Write the rows that stop a batch, to be corrected', wrongRowsFile),
  correctCommand,
  proposeCommand,
  approveCommand,
  stepCommand('refuse', 'Refuse a batch that another person proposed', (office, actor, input) =>
    decideBatch(office, actor, { ...input, approve: false }),
  ),
  stepCommand('withdraw', 'Withdraw a batch that is not approved', withdrawBatch),
  fileCommand('result', 'Write the balance and reference of each row of a booked batch', resultFile),
]
