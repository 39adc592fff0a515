import type { CommandModule } from 'yargs'
import { addCounterparty, closeCounterparty, listCounterparties } from '../office/counterparties.ts'
import { counterpartyMoneyCommands } from './counterparty-money.ts'
import { hasControls } from '../text/controls.ts'
import { type Json, printList, withJson } from './listing.ts'
import { UsageError } from './usage-error.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { READER, withOffice } from './with-office.ts'

/** `akart counterparty`: companies that buy cards, and employers. */
export const counterpartyCommand: CommandModule = {
  command: 'counterparty',
  describe: 'Companies that buy cards: records, balances, payments, credit limits',
  builder: (yargs) =>
    yargs
      .command([addCommand, listCommand, closeCommand, ...counterpartyMoneyCommands] as CommandModule[])
      .demandCommand(1, 'a command is missing: add, list, show, pay, statement …'),
  handler: () => {},
}

const addCommand: CommandModule<object, Home & Who & { code: string; name: string }> = {
  command: 'add <code>',
  describe: 'Add a counterparty',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('code', { type: 'string', demandOption: true, describe: '1 to 15 capital letters and digits' })
      .option('name', { type: 'string', demandOption: true, describe: 'name' })
      .check(({ code, name }) => {
        if (!/^[A-Z0-9]{1,15}$/u.test(code)) throw new UsageError('a code has 1 to 15 capital letters and digits')
        if (name.trim() === '' || name.length > 100 || hasControls(name)) {
          throw new UsageError('--name takes 1 to 100 characters, no control characters')
        }
        return true
      }),
  async handler({ home, who, code, name }) {
    await withOffice(home, who, (office, actor) => addCounterparty(office, actor, { code, name }))
    console.log(`counterparty ${code}: open`)
  },
}

const listCommand: CommandModule<object, Home & Json> = {
  command: 'list',
  describe: 'List counterparties, by code',
  builder: (yargs) => withJson(withHome(yargs)),
  async handler({ home, json }) {
    printList(await withOffice(home, READER, listCounterparties), json, {
      columns: [
        ['COUNTERPARTY', ({ code }) => code],
        ['STATE', ({ state }) => state],
        ['NAME', ({ name }) => name],
      ],
      none: 'no counterparties',
    })
  },
}

const closeCommand: CommandModule<object, Home & Who & { code: string }> = {
  command: 'close <code>',
  describe: 'Close a counterparty: it gets no more packs',
  builder: (yargs) => withWho(withHome(yargs)).positional('code', { type: 'string', demandOption: true }),
  async handler({ home, who, code }) {
    await withOffice(home, who, (office, actor) => closeCounterparty(office, actor, { code }))
    console.log(`counterparty ${code}: closed`)
  },
}
