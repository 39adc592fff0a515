import { moneyText } from './amount-text.ts'
import type { Argv, CommandModule } from 'yargs'
import { isDay } from '../office/day-words.ts'
import { isRefused } from '../office/refusal.ts'
import { decideRecall, listRecalls, proposeRecall } from '../office/welfare/recall.ts'
import { completeRecall } from '../office/welfare/recall-booking.ts'
import { statementFile, welfareReport } from '../office/welfare/report.ts'
import { type Output, withOutput, writeNew } from './upload.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { recallText } from './welfare-text.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type Recall = Home &
  Who & { employer: string; batch: number | undefined; employee: (string | number)[] | undefined; reason: string }

const recallCommand: CommandModule<object, Recall> = {
  command: 'recall <employer>',
  describe: 'Propose a recall of the unspent money of a batch or of employees',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('employer', { type: 'string', demandOption: true, describe: 'code' })
      .option('batch', { type: 'number', describe: 'of this batch alone' })
      .option('employee', { type: 'string', array: true, describe: 'number of an employee; several may be named' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))) as Argv<Recall>,
  async handler({ home, who, employer, batch = null, employee, reason }) {
    const employees = employee === undefined ? null : employee.map(String)
    const input = { employer, batch, employees, reason }
    const recall = await withOffice(home, who, (office, actor) => proposeRecall(office, actor, input))
    console.log(recallText(recall))
    console.log(`next, by another person: akart welfare recall-approve ${recall.id} --reason TEXT`)
  },
}

type Decide = Home & Who & { id: number; reason: string }

const decideCommand = (approve: boolean): CommandModule<object, Decide> => ({
  command: `recall-${approve ? 'approve' : 'refuse'} <id>`,
  describe: approve
    ? 'Approve a recall that another person proposed and book it; continues after an interruption'
    : 'Refuse a recall',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true, describe: 'id of the recall' })
      .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
      .check(({ reason }) => mustBeReason(String(reason))) as Argv<Decide>,
  async handler({ home, who, id, reason }) {
    const recall = await withOffice(home, who, async (office, actor) => {
      const decided = await decideRecall(office, actor, { id, approve, reason })
      return isRefused(decided) || !approve ? decided : completeRecall(office, id)
    })
    console.log(recallText(recall))
  },
})

const recallsCommand: CommandModule<object, Home & Json & { employer: string | undefined }> = {
  command: 'recalls',
  describe: 'List recalls, newest first',
  builder: (yargs) =>
    withJson(withHome(yargs)).option('employer', { type: 'string', describe: 'only of this employer' }),
  async handler({ home, json, employer = null }) {
    printList(await withOffice(home, READER, (office, actor) => listRecalls(office, actor, { employer })), json, {
      columns: [
        ['RECALL', ({ id }) => String(id), 'right'],
        ['EMPLOYER', (recall) => recall.employer],
        ['STATE', ({ state }) => state],
        ['CARDS', ({ cards }) => String(cards), 'right'],
        ['UNSPENT', ({ unspent, currency }) => moneyText(unspent, currency), 'right'],
        ['TAKEN', ({ taken, currency }) => moneyText(taken, currency), 'right'],
      ],
      none: 'no recalls',
    })
  },
}

type OfPeriod = { from: string; to: string }

const withPeriod = <T>(yargs: Argv<T>): Argv<T & OfPeriod> =>
  yargs
    .option('from', { type: 'string', demandOption: true, describe: 'first day, YYYY-MM-DD' })
    .option('to', { type: 'string', demandOption: true, describe: 'last day, YYYY-MM-DD' })
    .check(({ from, to }) => {
      for (const day of [from, to]) {
        if (!isDay(String(day))) throw new UsageError('--from and --to take days such as 2026-11-30')
      }
      return true
    }) as Argv<T & OfPeriod>

type Statement = Home & Who & Output & OfPeriod & { employer: string }

const statementCommand: CommandModule<object, Statement> = {
  command: 'statement <employer>',
  describe: 'Write loads, recalls and balance of each employee',
  builder: (yargs) =>
    withPeriod(withOutput(withWho(withHome(yargs)))).positional('employer', {
      type: 'string',
      demandOption: true,
      describe: 'code',
    }) as Argv<Statement>,
  async handler({ home, who, employer, from, to, format, output }) {
    const input = { employer, from, to, format }
    const file = await withOffice(home, who, (office, actor) => statementFile(office, actor, input))
    await writeNew(output ?? file.fileName, file)
    console.log(output ?? file.fileName)
  },
}

const reportCommand: CommandModule<object, Home & OfPeriod & { employer: string | undefined }> = {
  command: 'report',
  describe: 'Print loads and recalls by employer, batch and fund as JSON',
  builder: (yargs) =>
    withPeriod(withHome(yargs)).option('employer', { type: 'string', describe: 'only of this employer' }),
  async handler({ home, employer = null, from, to }) {
    const report = await withOffice(home, READER, (office, actor) =>
      welfareReport(office, actor, { employer, from, to }),
    )
    console.log(JSON.stringify(report, null, 2))
  },
}

export const recallCommands = [
  recallCommand,
  decideCommand(true),
  decideCommand(false),
  recallsCommand,
  statementCommand,
  reportCommand,
]
