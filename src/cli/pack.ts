import type { Argv, CommandModule } from 'yargs'
import type { Actor } from '../office/actor.ts'
import type { Office } from '../office/office.ts'
import { makePack, type NewPack, planPack } from '../office/pack-making.ts'
import type { Finding } from '../office/pack-plan.ts'
import type { PackInput } from '../office/pack-step.ts'
import {
  activatePack,
  authorisePack,
  dispatchPack,
  findPack,
  killPack,
  listPacks,
  type PackRow,
  returnPack,
} from '../office/packs.ts'
import type { Refused } from '../office/refusal.ts'
import { moneyText } from './amount-text.ts'
import { isWhole, type Json, printList, utc, withJson, withMost } from './listing.ts'
import { approveCommand, sellCommand } from './pack-sale.ts'
import { receiveCommand, SKIP } from './pack-receipt.ts'
import { PACK_COLUMNS, packLine, planLines } from './pack-text.ts'
import { textFilesOf } from './text-file.ts'
import { CommandError, UsageError } from './usage-error.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart pack`: parts of an issue in one recipient's hands. */
export const packCommand: CommandModule = {
  command: 'pack',
  describe: 'Packs of cards: make, dispatch, receive, activate, authorise, sell, return, kill',
  builder: (yargs) =>
    yargs
      .command(createCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(showCommand as CommandModule)
      .command(step('dispatch', dispatchPack, 'Dispatch a pack to its recipient', 'dispatched') as CommandModule)
      .command(receiveCommand as CommandModule)
      .command(step('activate', activatePack, 'Activate a pack: its cards may be sold', 'active') as CommandModule)
      .command(
        step(
          'authorise',
          authorisePack,
          'Authorise, as a second person, the sale of the cards of a pack',
          'authorised for sale',
        ) as CommandModule,
      )
      .command(sellCommand as CommandModule)
      .command(approveCommand as CommandModule)
      .command(step('return', returnPack, 'Return an unsold pack from its recipient', 'returned') as CommandModule)
      .command(
        step(
          'kill',
          killPack,
          'Kill a stolen pack: all its cards are answered 43, for good',
          'killed',
        ) as CommandModule,
      )
      .demandCommand(1, 'a command is missing, for example: akart pack list'),
  handler: () => {},
}

type Create = Home &
  Who & {
    issue: string
    store: string | undefined
    counterparty: string | undefined
    serials: string[]
    numbers: string[]
    card: string[]
    file: string[]
    'dry-run': boolean
    'allow-gaps': boolean
    'allow-overlaps': boolean
  }

const list = { type: 'string', array: true, default: [] as string[] } as const

const createCommand: CommandModule<object, Create> = {
  command: 'create <issue>',
  describe: 'Make a pack of cards; errors are reported before anything is saved',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('issue', { type: 'string', demandOption: true, describe: 'code of the issue' })
      .option('store', { type: 'string', describe: 'store that receives the pack' })
      .option('counterparty', { type: 'string', describe: 'or counterparty that receives it' })
      .option('serials', { ...list, describe: 'serials: FIRST-LAST or a single one; separate several with commas' })
      .option('numbers', { ...list, describe: 'FIRST..LAST: all cards between two numbers' })
      .option('card', { ...list, describe: 'a card number or barcode' })
      .option('file', { ...list, describe: 'CSV with a column number, barcode or serial; or a plain list' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'show the result and save nothing' })
      .option('allow-gaps', { type: 'boolean', default: false, describe: 'allow gaps between serials' })
      .option('allow-overlaps', {
        type: 'boolean',
        default: false,
        describe: 'allow a card to be named more than once',
      })
      .check(({ store, counterparty }) => {
        if ((store === undefined) === (counterparty === undefined)) {
          throw new UsageError('give the recipient: either --store or --counterparty')
        }
        return true
      }) as Argv<Create>,
  async handler(given) {
    const { home, who, issue, serials, numbers, card, file } = given
    const selection = { serials, numbers, cards: card, files: await textFilesOf(file) }
    const recipient = recipientOf(given)
    const allowed: readonly Finding[] = [
      ...(given['allow-gaps'] ? (['gap'] as const) : []),
      ...(given['allow-overlaps'] ? (['overlap'] as const) : []),
    ]
    if (given['dry-run']) {
      const plan = await withOffice(home, who, (office, actor) => planPack(office, actor, { issue, selection }))
      for (const line of planLines(plan)) console.log(line)
      const against = [...plan.findings.keys()].filter((finding) => !allowed.includes(finding))
      process.exitCode = against.length === 0 ? 0 : 1
      return console.log('nothing was saved')
    }
    const { plan, pack } = await withOffice(home, who, (office, actor) =>
      makePack(office, actor, { issue, selection, recipient, allowed }),
    )
    for (const line of planLines(plan)) console.log(line)
    if (pack === null) throw new CommandError('nothing was saved: put right what is named above, or allow it')
    console.log(`pack ${pack}: ${plan.cards} cards of ${issue} for ${recipient.kind} ${recipient.code}`)
  },
}

const recipientOf = ({ store, counterparty }: Create): NewPack['recipient'] =>
  store === undefined ? { kind: 'counterparty', code: counterparty ?? '' } : { kind: 'store', code: store }

type List = Home &
  Json & {
    issue: string | undefined
    recipient: string | undefined
    state: string | undefined
    most: number
  }

const STATES = ['made', 'dispatched', 'received', 'active', 'selling', 'sold', 'returned', 'killed'] as const

const listCommand: CommandModule<object, List> = {
  command: 'list',
  describe: 'List packs, newest first',
  builder: (yargs) =>
    withMost(withJson(withHome(yargs)))
      .option('issue', { type: 'string', describe: 'only of this issue' })
      .option('recipient', { type: 'string', describe: 'only for this store or counterparty' })
      .option('state', { choices: STATES, describe: 'only in this state' }) as Argv<List>,
  async handler({ home, issue = null, recipient = null, state, most, json }) {
    const wanted = STATES.find((one) => one === state) ?? null
    const filter = { issue, recipient, state: wanted, most }
    printList(await withOffice(home, READER, (office, actor) => listPacks(office, actor, filter)), json, {
      columns: PACK_COLUMNS,
      none: 'no packs',
    })
  },
}

const isPackNumber = (id: number): true =>
  isWhole(id, Number.MAX_SAFE_INTEGER, 'give the number of the pack, as akart pack list shows it')

const showCommand: CommandModule<object, Home & Json & { id: number }> = {
  command: 'show <id>',
  describe: 'Show everything about a pack',
  builder: (yargs) =>
    withJson(withHome(yargs))
      .positional('id', { type: 'number', demandOption: true })
      .check(({ id }) => isPackNumber(id)),
  async handler({ home, id, json }) {
    const { pack, states, events } = await withOffice(home, READER, (office, actor) =>
      findPack(office, actor, { pack: id }),
    )
    if (json) return console.log(JSON.stringify({ ...pack, states: Object.fromEntries(states), events }))
    console.log(packLine(pack))
    for (const [state, count] of states) console.log(`  ${state.padEnd(10)}${String(count).padStart(7)}`)
    if (pack.saleAmount !== null)
      console.log(`  sale of ${moneyText(pack.saleAmount, pack.currency)} each, asked by ${pack.saleAskedBy}`)
    for (const { at, event, who, reason, detail } of events) {
      console.log([`${utc(at)} UTC`, event.padEnd(13), who, detail ?? '', reason ?? ''].join('  ').trimEnd())
    }
  },
}

type Step = Home & Who & { id: number; reason: string | undefined; skip?: boolean }

/** A step that takes only the pack; `kill` needs a reason. */
function step(
  name: string,
  work: (office: Office, actor: Actor, input: PackInput) => Promise<PackRow | Refused>,
  describe: string,
  becomes: string,
): CommandModule<object, Step> {
  return {
    command: `${name} <id>`,
    describe,
    builder: (yargs) =>
      withWho(withHome(yargs))
        .positional('id', { type: 'number', demandOption: true })
        .option('reason', { type: 'string', demandOption: name === 'kill', describe: 'reason, for the record' })
        .options(name === 'activate' ? SKIP : {})
        .check(
          ({ id, reason }) => isPackNumber(Number(id)) && (reason === undefined || mustBeReason(String(reason))),
        ) as Argv<Step>,
    async handler({ home, id, who, reason = null, skip = false }) {
      const pack = await withOffice(home, who, (office, actor) => work(office, actor, { pack: id, reason, skip }))
      console.log(`pack ${id}: ${becomes}, ${pack.cards} cards`)
    },
  }
}
