import type { Argv, CommandModule } from 'yargs'
import { type CaseView, decideCase, findCase, listCases } from '../office/cases.ts'
import { amountText } from './amount-text.ts'
import { UsageError } from './usage-error.ts'
import { mustBeReason } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type Home = { home: string }
type Resolve = Home & { id: number; confirm: boolean; reverse: boolean; reason: string; who: string }

const home = (yargs: Argv): Argv<Home> =>
  yargs.option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' })

// All that a terminal screen, or a program's memory, can be asked to take at once.
const MOST = 100_000

/** @throws UsageError for what is not a whole number from 1 to `highest`; yargs makes NaN of what is no number */
function isWhole(value: number, highest: number, otherwise: string): true {
  if (Number.isInteger(value) && value >= 1 && value <= highest) return true
  throw new UsageError(otherwise)
}

const isCaseNumber = (id: number): true => isWhole(id, Number.MAX_SAFE_INTEGER, 'a case is named by its number')

/** `akart cases`: what a person has to look at, until the back office shows it. */
export const casesCommand: CommandModule = {
  command: 'cases',
  describe: 'Clarification cases: list them, look at one, decide',
  builder: (yargs) =>
    yargs
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(resolveCommand as CommandModule)
      .demandCommand(1, 'Say what to do: list, show or resolve'),
  handler: () => {},
}

const listCommand: CommandModule<object, Home & { all: boolean; most: number; json: boolean }> = {
  command: 'list',
  describe: 'the open cases, the oldest first',
  builder: (yargs) =>
    home(yargs)
      .option('all', { type: 'boolean', default: false, describe: 'closed ones too' })
      .option('most', { type: 'number', default: 100, describe: 'how many at the most' })
      .option('json', { type: 'boolean', default: false, describe: 'one JSON object a line' })
      .check(({ most }) => isWhole(most, MOST, `--most takes a whole number from 1 to ${MOST}`)),
  async handler({ home, all, most, json }) {
    const cases = await withOffice(home, READER, (office, actor) => listCases(office, actor, { open: !all, most }))
    if (json) for (const found of cases) console.log(JSON.stringify(found))
    else if (cases.length === 0) console.log(all ? 'no cases' : 'no open cases')
    else for (const found of cases) console.log(line(found))
  },
}

const showCommand: CommandModule<object, Home & { id: number }> = {
  command: 'show <id>',
  describe: 'all that is known about a case',
  builder: (yargs) =>
    home(yargs)
      .positional('id', { type: 'number', demandOption: true })
      .check(({ id }) => isCaseNumber(id)),
  async handler({ home, id }) {
    const found = await withOffice(home, READER, (office, actor) => findCase(office, actor, { case: id }))
    for (const [name, value] of Object.entries(told(found))) console.log(`${name.padEnd(14)}${value}`)
  },
}

const resolveCommand: CommandModule<object, Resolve> = {
  command: 'resolve <id>',
  describe: 'decide that the transaction happened (--confirm) or did not (--reverse)',
  builder: (yargs) =>
    home(yargs)
      .positional('id', { type: 'number', demandOption: true })
      .option('confirm', { type: 'boolean', default: false, describe: 'it happened: its money is booked' })
      .option('reverse', { type: 'boolean', default: false, describe: 'it did not: its money goes back' })
      .option('reason', { type: 'string', demandOption: true, describe: 'why, for the record (up to 200 characters)' })
      .option('who', { type: 'string', default: process.env['USER'] ?? 'operator', describe: 'who decides' })
      .check(({ id, confirm, reverse, reason, who }) => {
        isCaseNumber(id)
        if (confirm === reverse) throw new UsageError('say either --confirm or --reverse')
        mustBeReason(reason)
        if (!/^[\x21-\x7e]{1,40}$/.test(who)) throw new UsageError('--who takes a name of 1 to 40 ASCII characters')
        return true
      }),
  async handler({ home, id, confirm, reason, who }) {
    const decision = confirm ? ('confirm' as const) : ('reverse' as const)
    await withOffice(home, who, (office, actor) => decideCase(office, actor, { case: id, decision, reason }))
    console.log(`case ${id}: ${decision === 'confirm' ? 'confirmed' : 'reversed'}`)
  },
}

function line(found: CaseView): string {
  const { transaction: t } = found
  const amount = amountText(t.amount === 0 ? t.amountAsked : t.amount, t.currency)
  const open = found.closedAt === null ? '' : `  ${found.resolution}`
  return `${found.id}  ${found.openedAt.slice(0, 19)}  ${found.reason.padEnd(27)}  ${t.key.terminal.padEnd(8)}  ${(t.operation ?? '–').padEnd(9)}  ${amount.padStart(10)}  ${found.card ?? 'no card'}${open}`
}

const told = (found: CaseView): Record<string, string> => ({
  case: String(found.id),
  reason: found.reason,
  opened: found.openedAt,
  'store claims': found.claim ?? 'nothing since',
  ...(found.came === null ? {} : { 'it sent': found.came }),
  closed: found.closedAt === null ? 'no' : `${found.closedAt}, ${found.resolution}`,
  'decided by': found.closedBy ?? '–',
  note: found.note ?? '–',
  store: found.transaction.key.store,
  terminal: found.transaction.key.terminal,
  message: `0${found.transaction.key.kind}, trace number ${String(found.transaction.key.stan).padStart(6, '0')}, sent ${found.transaction.key.transmitted} UTC`,
  received: found.transaction.receivedAt,
  operation: found.transaction.operation ?? 'not known',
  amount: amountText(found.transaction.amount, found.transaction.currency),
  asked: amountText(found.transaction.amountAsked, found.transaction.currency),
  state: found.transaction.state + (found.transaction.undoneBy === null ? '' : ` (${found.transaction.undoneBy})`),
  reference: found.transaction.rrn,
  'approval code': found.transaction.approvalCode,
  card: found.card ?? 'not known',
  balances:
    found.balances === null
      ? 'not known'
      : `ledger ${amountText(found.balances.ledger, found.transaction.currency)}, available ${amountText(found.balances.available, found.transaction.currency)}`,
})
