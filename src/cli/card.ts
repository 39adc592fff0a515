import type { Argv, CommandModule } from 'yargs'
import { blockCard, type CardHistory, type CardView, clearCard, showCard } from '../office/cards.ts'
import { expireCards } from '../office/expiry.ts'
import { changeNamedCard, type Changed } from '../office/named-card-changes.ts'
import { newPlastic } from '../office/new-plastic.ts'
import { adjustCommand, adjustmentsCommand, decideCommand } from './card-adjustment.ts'
import { moneyText } from './amount-text.ts'
import { type Json, utc, withJson } from './listing.ts'
import { laterProgressOf } from './progress.ts'
import { productionFile } from './production-file.ts'
import { UsageError } from './usage-error.ts'
import { waitsForSecond } from './waiting.ts'
import { type Home, mustBeReason, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart card`: one card at a time. */
export const cardCommand: CommandModule = {
  command: 'card',
  describe: 'Cards: show, block, unblock, clear, duplicate, new plastic, extend, adjust, expire',
  builder: (yargs) =>
    yargs
      .command(showCommand as CommandModule)
      .command(blockCommand as CommandModule)
      .command(unblockCommand as CommandModule)
      .command(clearCommand as CommandModule)
      .command(duplicateCommand as CommandModule)
      .command(plasticCommand as CommandModule)
      .command(extendCommand as CommandModule)
      .command(expireCommand as CommandModule)
      .command(adjustCommand as CommandModule)
      .command(adjustmentsCommand as CommandModule)
      .command(decideCommand('approve') as CommandModule)
      .command(decideCommand('refuse') as CommandModule)
      .demandCommand(1, 'a command is missing, for example: akart card show OPEN:17'),
  handler: () => {},
}

type Of = Home & { card: string }
type Reasoned = Of & Who & { reason: string }

const CARD = { type: 'string', demandOption: true, describe: 'card number, barcode or ISSUE:SERIAL' } as const

const withCard = (yargs: Argv): Argv<Of> => withHome(yargs).positional('card', CARD)

const withReason = (yargs: Argv): Argv<Reasoned> =>
  withWho(withCard(yargs))
    .option('reason', { type: 'string', demandOption: true, describe: 'reason, for the record' })
    .check(({ reason }) => mustBeReason(String(reason))) as Argv<Reasoned>

const showCommand: CommandModule<object, Of & Json> = {
  command: 'show <card>',
  describe: 'Show everything about a card',
  builder: (yargs) => withJson(withCard(yargs)),
  async handler({ home, card: named, json }) {
    const { card, history } = await withOffice(home, READER, (office, actor) =>
      showCard(office, actor, { card: named }),
    )
    if (json) return console.log(JSON.stringify({ ...fieldsOf(card), ...history }))
    for (const [name, value] of Object.entries(fieldsOf(card))) console.log(`${name.padEnd(14)}${value}`)
    for (const line of historyLines(history, card.currency)) console.log(line)
  },
}

const fieldsOf = (card: CardView): Record<string, string> => ({
  card: `${card.shown}, ${card.issue}:${card.serial}`,
  state: card.state,
  block: card.block ?? 'none',
  pack: card.packId === null ? 'none' : `${card.packId}, ${card.packState}`,
  balances: `ledger ${moneyText(card.ledger, card.currency)}, available ${moneyText(card.available, card.currency)}`,
  version: String(card.version).padStart(2, '0'),
  'valid until': card.validUntil ?? 'no end',
  sold: card.soldAt === null ? 'no' : `${utc(card.soldAt)} UTC`,
  suspected:
    card.suspectedAt === null ? 'no' : `asked about before its sale, ${new Date(card.suspectedAt).toISOString()}`,
})

const historyLines = ({ events, transactions }: CardHistory, currency: number): string[] => [
  ...events.map(({ at, event, who, reason, detail }) =>
    [`${utc(at)} UTC`, event, detail ?? '', who, reason ?? ''].filter((word) => word !== '').join('  '),
  ),
  ...transactions.map(({ at, store, terminal, operation, amount, result, state }) =>
    [`${utc(at)} UTC`, operation ?? '–', moneyText(amount, currency), result, state, `${store}/${terminal}`].join('  '),
  ),
]

type Block = Reasoned & { as: string }
const BLOCKS = ['lost', 'stolen', 'customer', 'suspicion'] as const

const blockCommand: CommandModule<object, Block> = {
  command: 'block <card>',
  describe: 'Block a card: it is refused everywhere until it is unblocked',
  builder: (yargs) =>
    withReason(yargs).option('as', {
      choices: BLOCKS,
      demandOption: true,
      describe: 'reason that terminals are answered',
    }) as Argv<Block>,
  async handler({ home, card, as: block, who, reason }) {
    const kind = BLOCKS.find((one) => one === block)
    if (kind === undefined) throw new UsageError(`--as takes ${BLOCKS.join(', ')}`)
    const { shown } = await withOffice(home, who, (office, actor) =>
      blockCard(office, actor, { card, block: kind, reason }),
    )
    console.log(`card ${shown}: blocked as ${kind}`)
  },
}

/** The line that is printed when the change waits for the approval of another person in AkartMenu. */
const toldWaiting = ({ card, waits }: Changed, done: string): string =>
  waits === null ? done : `card ${card.shown}: ${waitsForSecond(`card-${waits}`)}`

const unblockCommand: CommandModule<object, Reasoned> = {
  command: 'unblock <card>',
  describe: 'Unblock a card',
  builder: (yargs) => withReason(yargs as Argv),
  async handler({ home, card, who, reason }) {
    const changed = await withOffice(home, who, (office, actor) =>
      changeNamedCard(office, actor, { act: 'unblock', card, reason }),
    )
    console.log(toldWaiting(changed, `card ${changed.card.shown}: unblocked`))
  },
}

const clearCommand: CommandModule<object, Reasoned> = {
  command: 'clear <card>',
  describe: 'Allow the sale of a card that was put under suspicion because somebody looked it up before its sale',
  builder: (yargs) => withReason(yargs as Argv),
  async handler({ home, card, who, reason }) {
    const { shown } = await withOffice(home, who, (office, actor) => clearCard(office, actor, { card, reason }))
    console.log(`card ${shown}: cleared`)
  },
}

const duplicateCommand: CommandModule<object, Reasoned & { onto: string }> = {
  command: 'duplicate <card>',
  describe: 'Replace a card: another number for the same account; the old number is closed for good',
  builder: (yargs) =>
    withReason(yargs as Argv).option('onto', {
      type: 'string',
      demandOption: true,
      describe: 'the new, unsold card: number, barcode or ISSUE:SERIAL',
    }),
  async handler({ home, card, onto, who, reason }) {
    const changed = await withOffice(home, who, (office, actor) =>
      changeNamedCard(office, actor, { act: 'duplicate', card, onto, reason }),
    )
    console.log(toldWaiting(changed, `card ${changed.card.shown} is in its place`))
  },
}

type Plastic = Reasoned & { out: string | undefined; maker: string }

const plasticCommand: CommandModule<object, Plastic> = {
  command: 'new-version <card>',
  describe: 'Make new plastic for the same number; the old stripe and eCode become invalid',
  builder: (yargs) =>
    withReason(yargs as Argv)
      .option('out', {
        type: 'string',
        describe: 'new file for the card encoder; by default a new file under ~/.local/share/akart',
      })
      .option('maker', {
        type: 'string',
        default: 'csv',
        describe: 'layout of the file, and the card maker whose key it is encrypted to',
      }),
  async handler({ home, card, out: named, maker, who, reason }) {
    const out = await productionFile(named, 'plastic', 'cards')
    const { shown, newVersion, block, waits } = await withOffice(home, who, (office, actor) =>
      newPlastic(office, actor, { card, file: out, maker, reason }),
    )
    if (waits !== null) {
      console.log(`card ${shown}: ${waitsForSecond(`card-${waits}`)}; then give this command again`)
      return
    }
    console.log(
      `card ${shown}: version ${String(newVersion).padStart(2, '0')}, tracks in ${out}; delete it when it is encoded`,
    )
    if (block !== null) console.log(`it is still blocked (${block}): akart card unblock`)
  },
}

const extendCommand: CommandModule<object, Reasoned & { until: string }> = {
  command: 'extend <card>',
  describe: 'Extend the validity of a card; an expired card gets its money back',
  builder: (yargs) =>
    withReason(yargs as Argv)
      .option('until', { type: 'string', demandOption: true, describe: 'last day of validity, YYYY-MM-DD' })
      .check(({ until }) => {
        if (isDate(String(until))) return true
        throw new UsageError('--until takes a date such as 2027-12-31')
      }),
  async handler({ home, card, until, who, reason }) {
    const changed = await withOffice(home, who, (office, actor) =>
      changeNamedCard(office, actor, { act: 'extend', card, until, reason }),
    )
    const { shown, available, currency } = changed.card
    console.log(
      toldWaiting(changed, `card ${shown}: valid until ${until}, available ${moneyText(available, currency)}`),
    )
  },
}

const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/u.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text

const expireCommand: CommandModule<object, Home> = {
  command: 'expire',
  describe: 'Expire cards past their last day now: the remaining money becomes breakage. akart up does it every night',
  builder: (yargs) => withHome(yargs),
  async handler({ home }) {
    const onProgress = laterProgressOf('cards past their last day')
    const { expired, left, busy } = await withOffice(home, READER, (office, actor) =>
      expireCards(office, actor, onProgress),
    )
    console.log(`${expired} cards expired, ${left} left to the next night, ${busy} to be tried again`)
  },
}
