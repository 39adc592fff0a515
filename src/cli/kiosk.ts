import type { CommandModule } from 'yargs'
import { addKiosk, listKiosks, removeKiosk } from '../office/kiosks.ts'
import { type Json, printList, withJson } from './listing.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart kiosk`: price checkers, which are terminals of their stores in a browser. */
export const kioskCommand: CommandModule = {
  command: 'kiosk',
  describe: 'Price checkers: add (prints the code that enrols a browser), list, remove',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(removeCommand as CommandModule)
      .demandCommand(1, 'a command is missing: add, list or remove'),
  handler: () => {},
}

const addCommand: CommandModule<object, Home & Who & { code: string; store: string; from: readonly string[] }> = {
  command: 'add <code>',
  describe: 'Add a price checker, or print a new code for an existing one',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('code', { type: 'string', demandOption: true, describe: '1 to 8 capitals, digits and hyphens' })
      .option('store', {
        type: 'string',
        demandOption: true,
        requiresArg: true,
        describe: 'store that the price checker belongs to',
      })
      .option('from', {
        type: 'string',
        array: true,
        default: [],
        describe: 'networks that it connects from, for example 10.1.2.0/24; optional in a demo',
      }) as never,
  async handler({ home, who, code, store, from }) {
    const input = { code, store, networks: from }
    const { enrolment } = await withOffice(home, who, (office, actor) => addKiosk(office, actor, input))
    console.log(enrolment)
    console.error('type it into /check of AkartWeb within 10 minutes; it works once')
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List price checkers, by code',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listKiosks), json, {
      columns: [
        ['CODE', ({ code }) => code],
        ['STORE', ({ store }) => store],
        ['STATE', ({ state }) => state],
        ['BROWSER', ({ enrolled }) => (enrolled ? 'enrolled' : 'not enrolled')],
        ['NETWORKS', ({ networks }) => networks.join(' ')],
      ],
      none: 'no price checkers',
    })
  },
}

const removeCommand: CommandModule<object, Home & Who & { code: string }> = {
  command: 'remove <code>',
  describe: 'Remove a price checker: its browser is refused and its terminal becomes inactive',
  builder: (yargs) => withWho(withHome(yargs)).positional('code', { type: 'string', demandOption: true }),
  async handler({ home, who, code }) {
    await withOffice(home, who, (office, actor) => removeKiosk(office, actor, { code }))
    console.log(`price checker ${code}: removed`)
  },
}
