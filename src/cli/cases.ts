import type { Argv, CommandModule } from 'yargs'
import { BEARERS, type Bearer } from '../core/shortfall.ts'
import { decideOrPropose } from '../office/case-deciding.ts'
import { type CaseView, findCase, listCases } from '../office/cases.ts'
import { moneyText } from './amount-text.ts'
import { type Column, isWhole, type Json, printList, utc, withJson, withMost } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { mustBeReason } from './who.ts'
import { READER, withOffice } from './with-office.ts'

type Home = { home: string }
type Resolve = Home & {
  id: number
  confirm: boolean
  reverse: boolean
  reason: string
  who: string
  bearer: Bearer | undefined
}

const home = (yargs: Argv): Argv<Home> =>
  yargs.option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' })

const isCaseNumber = (id: number): true =>
  isWhole(id, Number.MAX_SAFE_INTEGER, 'give the number of the case, as akart cases list shows it')

/** `akart cases`: what a person has to look at, until the back office shows it. */
export const casesCommand: CommandModule = {
  command: 'cases',
  describe: 'Clarification cases: list them, look at one, decide',
  builder: (yargs) =>
    yargs
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(resolveCommand as CommandModule)
      .demandCommand(1, 'a command is missing: list, show or resolve'),
  handler: () => {},
}

const listCommand: CommandModule<object, Home & { all: boolean; most: number; json: boolean }> = {
  command: 'list',
  describe: 'List open cases, newest first',
  builder: (yargs) =>
    withMost(withJson(home(yargs))).option('all', {
      type: 'boolean',
      default: false,
      describe: 'include closed cases',
    }),
  async handler({ home, all, most, json }) {
    const cases = await withOffice(home, READER, (office, actor) => listCases(office, actor, { open: !all, most }))
    const columns = all ? [...COLUMNS, DECIDED] : COLUMNS
    printList(cases, json, { columns, none: all ? 'no cases' : 'no open cases' })
  },
}

const showCommand: CommandModule<object, Home & Json & { id: number }> = {
  command: 'show <id>',
  describe: 'Show everything about a case',
  builder: (yargs) =>
    withJson(home(yargs))
      .positional('id', { type: 'number', demandOption: true })
      .check(({ id }) => isCaseNumber(id)),
  async handler({ home, id, json }) {
    const found = await withOffice(home, READER, (office, actor) => findCase(office, actor, { case: id }))
    if (json) return console.log(JSON.stringify(found))
    for (const [name, value] of Object.entries(fieldsOf(found))) console.log(`${name.padEnd(14)}${value}`)
  },
}

const resolveCommand: CommandModule<object, Resolve> = {
  command: 'resolve <id>',
  describe: 'Decide that the transaction happened (--confirm) or did not (--reverse)',
  builder: (yargs) =>
    home(yargs)
      .positional('id', { type: 'number', demandOption: true })
      .option('confirm', { type: 'boolean', default: false, describe: 'it happened: book its money' })
      .option('reverse', { type: 'boolean', default: false, describe: 'it did not happen: give its money back' })
      .option('reason', {
        type: 'string',
        demandOption: true,
        describe: 'reason, for the record (up to 200 characters)',
      })
      .option('who', { type: 'string', default: process.env['USER'] ?? 'operator', describe: 'who decides' })
      .option('bearer', {
        choices: BEARERS,
        describe: 'who pays what is no longer on the card: the store (is paid less) or the issuer (adjustment)',
      })
      .check(({ id, confirm, reverse, reason, who, bearer }) => {
        isCaseNumber(id)
        if (confirm === reverse) throw new UsageError('give either --confirm or --reverse')
        if (reverse && bearer !== undefined) throw new UsageError('--bearer goes with --confirm')
        mustBeReason(reason)
        if (!/^[\x21-\x7e]{1,40}$/.test(who)) throw new UsageError('--who takes a name of 1 to 40 ASCII characters')
        return true
      }),
  async handler({ home, id, confirm, reason, who, bearer = null }) {
    const { waits } = await withOffice(home, who, (office, actor) =>
      decideOrPropose(office, actor, { id, happened: confirm, reason, bearer }),
    )
    if (waits === null) console.log(`case ${id}: ${confirm ? 'confirmed' : 'reversed'}`)
    else console.log(`case ${id}: waits for a second person, in AkartMenu under Approvals (case-${waits})`)
  },
}

const COLUMNS: readonly Column<CaseView>[] = [
  ['CASE', ({ id }) => String(id), 'right'],
  ['OPENED (UTC)', ({ openedAt }) => utc(openedAt)],
  ['REASON', ({ reason }) => reason],
  ['TERMINAL', ({ transaction }) => transaction.key.terminal],
  ['OPERATION', ({ transaction }) => transaction.operation ?? '–'],
  ['AMOUNT', ({ transaction: t }) => moneyText(t.amount === 0 ? t.amountAsked : t.amount, t.currency), 'right'],
  ['CARD', ({ card }) => card ?? 'no card'],
]
const DECIDED: Column<CaseView> = ['DECIDED', ({ resolution }) => resolution ?? '–']

const fieldsOf = (found: CaseView): Record<string, string> => ({
  case: String(found.id),
  reason: found.reason,
  opened: `${found.openedAt} UTC`,
  'store claims': found.claim ?? 'nothing since',
  ...(found.came === null ? {} : { 'it sent': found.came }),
  closed: found.closedAt === null ? 'no' : `${found.closedAt} UTC, ${found.resolution}`,
  'decided by': found.closedBy ?? '–',
  note: found.note ?? '–',
  store: found.transaction.key.store,
  terminal: found.transaction.key.terminal,
  message: `0${found.transaction.key.kind}, trace number ${String(found.transaction.key.stan).padStart(6, '0')}, sent ${found.transaction.key.transmitted} UTC`,
  received: `${found.transaction.receivedAt} UTC`,
  operation: found.transaction.operation ?? 'not known',
  amount: moneyText(found.transaction.amount, found.transaction.currency),
  asked: moneyText(found.transaction.amountAsked, found.transaction.currency),
  state: found.transaction.state + (found.transaction.undoneBy === null ? '' : ` (${found.transaction.undoneBy})`),
  reference: found.transaction.rrn,
  'approval code': found.transaction.approvalCode,
  card: found.card ?? 'not known',
  balances:
    found.balances === null
      ? 'not known'
      : `ledger ${moneyText(found.balances.ledger, found.transaction.currency)}, available ${moneyText(found.balances.available, found.transaction.currency)}`,
})
