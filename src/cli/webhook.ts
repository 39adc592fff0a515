import type { CommandModule } from 'yargs'
import {
  dropEndpoint,
  sendAgain,
  setEndpoint,
  showDeliveries,
  showEndpoints,
} from '../office/webhook-administration.ts'
import { type Json, printList, withJson } from './listing.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/**
 * `akart webhook`: the webhook endpoints of web shops. Shops create their endpoints by the API, which shows them the
 * secret.
 */
export const webhookCommand: CommandModule = {
  command: 'webhook',
  describe: 'Webhooks of web shops: list, deliveries, resend, set, remove',
  builder: (yargs) =>
    yargs
      .command(listCommand as CommandModule)
      .command(deliveriesCommand as CommandModule)
      .command(resendCommand as CommandModule)
      .command(setCommand as CommandModule)
      .command(removeCommand as CommandModule)
      .demandCommand(1, 'a command is missing: list, deliveries, resend, set or remove'),
  handler: () => {},
}

const SHOP = { type: 'string', demandOption: true, describe: 'code of the shop' } as const
const ENDPOINT = { type: 'string', demandOption: true, describe: 'whe_…, from akart webhook list' } as const

const listCommand: CommandModule<object, Home & Json & { shop: string }> = {
  command: 'list <shop>',
  describe: 'List the endpoints of a shop',
  builder: (yargs) => withJson(withHome(yargs)).positional('shop', SHOP),
  async handler({ home, shop, json }) {
    printList(await withOffice(home, READER, (office, actor) => showEndpoints(office, actor, shop)), json, {
      columns: [
        ['ENDPOINT', ({ id }) => id],
        ['STATE', ({ state }) => state],
        ['ADDRESS', ({ url }) => url],
        ['EVENTS', ({ events }) => (events.length === 0 ? 'all events' : events.join(' '))],
      ],
      none: 'no endpoints',
    })
  },
}

const deliveriesCommand: CommandModule<object, Home & Json & { shop: string; endpoint: string; limit: number }> = {
  command: 'deliveries <shop> <endpoint>',
  describe: 'List the deliveries to an endpoint, newest first',
  builder: (yargs) =>
    withJson(withHome(yargs))
      .positional('shop', SHOP)
      .positional('endpoint', ENDPOINT)
      .option('limit', { type: 'number', default: 20, describe: 'number of deliveries, at most 100' }),
  async handler({ home, shop, endpoint, limit, json }) {
    const input = { shop, id: endpoint, limit: Math.min(100, Math.max(1, Math.trunc(limit))) }
    printList(await withOffice(home, READER, (office, actor) => showDeliveries(office, actor, input)), json, {
      columns: [
        ['EVENT', ({ event }) => event],
        ['TYPE', ({ type }) => type],
        ['STATE', ({ state }) => state],
        ['TRIES', ({ tries }) => String(tries), 'right'],
        ['ANSWER', ({ status, fault }) => (status === null ? (fault ?? '–') : String(status))],
        ['NEXT TRY (UTC)', ({ nextTryAt }) => nextTryAt ?? '–'],
      ],
      none: 'no deliveries',
    })
  },
}

const resendCommand: CommandModule<object, Home & Who & { shop: string; event: string }> = {
  command: 'resend <shop> <event>',
  describe: 'Send an event again to every endpoint that subscribes to it',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('shop', SHOP)
      .positional('event', { type: 'string', demandOption: true, describe: 'evt_…, from akart webhook deliveries' }),
  async handler({ home, who, shop, event }) {
    const { id, type } = await withOffice(home, who, (office, actor) => sendAgain(office, actor, { shop, id: event }))
    console.log(`${id} (${type}): will be sent again`)
  },
}

const setCommand: CommandModule<object, Home & Who & { shop: string; endpoint: string; state: 'active' | 'disabled' }> =
  {
    command: 'set <shop> <endpoint>',
    describe: 'Disable or enable an endpoint',
    builder: (yargs) =>
      withWho(withHome(yargs))
        .positional('shop', SHOP)
        .positional('endpoint', ENDPOINT)
        .option('state', {
          choices: ['active', 'disabled'] as const,
          demandOption: true,
          describe: 'events that wait for a disabled endpoint are dropped',
        }),
    async handler({ home, who, shop, endpoint, state }) {
      const { id, url } = await withOffice(home, who, (office, actor) =>
        setEndpoint(office, actor, { shop, id: endpoint, change: { state } }),
      )
      console.log(`${id} (${url}): ${state}`)
    },
  }

const removeCommand: CommandModule<object, Home & Who & { shop: string; endpoint: string }> = {
  command: 'remove <shop> <endpoint>',
  describe: 'Remove an endpoint and the events that wait for it',
  builder: (yargs) => withWho(withHome(yargs)).positional('shop', SHOP).positional('endpoint', ENDPOINT),
  async handler({ home, who, shop, endpoint }) {
    await withOffice(home, who, (office, actor) => dropEndpoint(office, actor, { shop, id: endpoint }))
    console.log(`${endpoint}: removed`)
  },
}
