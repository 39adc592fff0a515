import type { CommandModule } from 'yargs'
import { addShop, changeShop, listShops } from '../office/shops.ts'
import { hasControls } from '../text/controls.ts'
import { amountText, readAmount } from './amount-text.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart shop`: web shops, which speak to AkartWeb. */
export const shopCommand: CommandModule = {
  command: 'shop',
  describe: 'Web shops: add, list, set limits and times, close',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(setCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, list or set'),
  handler: () => {},
}

type Limits = {
  loadsHour?: string | undefined
  loadsDay?: string | undefined
  returnsHour?: string | undefined
  returnsDay?: string | undefined
}

const LIMIT_OPTIONS = {
  'loads-hour': { type: 'string', requiresArg: true, describe: 'maximum loaded on cards in an hour' },
  'loads-day': { type: 'string', requiresArg: true, describe: 'maximum loaded on cards in a day' },
  'returns-hour': { type: 'string', requiresArg: true, describe: 'maximum given back to cards in an hour' },
  'returns-day': { type: 'string', requiresArg: true, describe: 'maximum given back to cards in a day' },
} as const

/** All four or none: a half-limited shop is not limited. */
function limitsOf({ loadsHour, loadsDay, returnsHour, returnsDay }: Limits) {
  const given = [loadsHour, loadsDay, returnsHour, returnsDay]
  if (given.every((one) => one === undefined)) return null
  if (loadsHour === undefined || loadsDay === undefined || returnsHour === undefined || returnsDay === undefined) {
    throw new UsageError('--loads-hour, --loads-day, --returns-hour and --returns-day go together')
  }
  return {
    loadsAnHour: readAmount(loadsHour, '--loads-hour'),
    loadsADay: readAmount(loadsDay, '--loads-day'),
    returnsAnHour: readAmount(returnsHour, '--returns-hour'),
    returnsADay: readAmount(returnsDay, '--returns-day'),
  }
}

const addCommand: CommandModule<
  object,
  Home & Who & Limits & { code: string; store: string; name?: string | undefined }
> = {
  command: 'add <code>',
  describe: 'Add a web shop; its code is also the terminal of its requests',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('code', { type: 'string', demandOption: true, describe: '1 to 8 capitals, digits and hyphens' })
      .option('store', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'store that the shop belongs to',
      })
      .option('name', { type: 'string', requiresArg: true, describe: 'name; default: the code' })
      .options(LIMIT_OPTIONS),
  async handler({ home, who, code, store, name = code, ...given }) {
    if (name.trim() === '' || name.length > 100 || hasControls(name)) {
      throw new UsageError('--name takes 1 to 100 characters, no control characters')
    }
    const limits = limitsOf(given)
    const input = { code, store, name, ...(limits === null ? {} : { limits }) }
    const { waits } = await withOffice(home, who, (office, actor) => addShop(office, actor, input))
    console.log(`shop ${code}: open, in store ${store}`)
    if (waits !== null) sayWaits('its limits', waits)
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List web shops',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    const shops = await withOffice(home, READER, listShops)
    printList(shops, json, {
      columns: [
        ['SHOP', ({ code }) => code],
        ['STORE', ({ store }) => store],
        ['STATE', ({ state }) => state],
        ['LOADS HOUR/DAY', ({ limits }) => `${amountText(limits.loadsAnHour)}/${amountText(limits.loadsADay)}`],
        ['RETURNS HOUR/DAY', ({ limits }) => `${amountText(limits.returnsAnHour)}/${amountText(limits.returnsADay)}`],
        ['NAME', ({ name }) => name],
      ],
      none: 'no shops',
    })
  },
}

const sayWaits = (what: string, id: number): void =>
  console.error(`approval ${id}: ${what} waits for an accountant, in AkartMenu under Approvals`)

type Set = Home &
  Who &
  Limits & {
    code: string
    state?: 'open' | 'closed' | undefined
    confirmWithin?: number | undefined
    cancelDays?: number | undefined
  }

const setCommand: CommandModule<object, Set> = {
  command: 'set <code>',
  describe: 'Change limits, times or state; what is not given stays',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('code', { type: 'string', demandOption: true })
      .option('state', { choices: ['open', 'closed'] as const, describe: 'requests of a closed shop are answered 401' })
      .option('confirm-within', { type: 'number', describe: 'seconds in which requests must be confirmed' })
      .option('cancel-days', { type: 'number', describe: 'days in which a payment may be cancelled' })
      .options(LIMIT_OPTIONS),
  async handler({ home, who, code, state, confirmWithin, cancelDays, ...given }) {
    const limits = limitsOf(given)
    const change = {
      ...(state === undefined ? {} : { state }),
      ...(confirmWithin === undefined
        ? {}
        : { confirmWithinSeconds: inRange(confirmWithin, 60, 604_800, '--confirm-within') }),
      ...(cancelDays === undefined ? {} : { cancelDays: inRange(cancelDays, 0, 366, '--cancel-days') }),
      ...(limits === null ? {} : { limits }),
    }
    const shop = await withOffice(home, who, (office, actor) => changeShop(office, actor, { code, change }))
    console.log(`shop ${shop.code}: ${shop.state}`)
    if (shop.waits !== null) sayWaits('what relaxes its limits', shop.waits)
  },
}

function inRange(value: number, minimum: number, maximum: number, option: string): number {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value
  throw new UsageError(`${option} takes a whole number from ${minimum} to ${maximum}`)
}
