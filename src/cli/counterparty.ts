import type { CommandModule } from 'yargs'
import { listCounterparties, newCounterparty, shutCounterparty } from '../app/counterparties.ts'
import { hasControls } from '../text/controls.ts'
import { UsageError } from './usage-error.ts'
import { type Home, withHome } from './who.ts'

/** `akart counterparty`: companies that buy cards, and employers. */
export const counterpartyCommand: CommandModule = {
  command: 'counterparty',
  describe: 'Companies that buy cards: add, list, close',
  builder: (yargs) =>
    yargs
      .command(addCommand as CommandModule)
      .command(listCommand as CommandModule)
      .command(closeCommand as CommandModule)
      .demandCommand(1, 'Say what to do: add, list or close'),
  handler: () => {},
}

const addCommand: CommandModule<object, Home & { code: string; name: string }> = {
  command: 'add <code>',
  describe: 'a new one',
  builder: (yargs) =>
    withHome(yargs)
      .positional('code', { type: 'string', demandOption: true, describe: '1 to 15 capital letters and digits' })
      .option('name', { type: 'string', demandOption: true, describe: 'its name' })
      .check(({ code, name }) => {
        if (!/^[A-Z0-9]{1,15}$/u.test(code)) throw new UsageError('a code has 1 to 15 capital letters and digits')
        if (name.trim() === '' || name.length > 100 || hasControls(name)) {
          throw new UsageError('--name takes 1 to 100 characters, no control characters')
        }
        return true
      }),
  async handler({ home, code, name }) {
    await newCounterparty(home, code, name)
    console.log(`counterparty ${code}: open`)
  },
}

const listCommand: CommandModule<object, Home> = {
  command: 'list',
  describe: 'all of them',
  builder: (yargs) => withHome(yargs),
  async handler({ home }) {
    for (const { code, name, state } of await listCounterparties(home)) {
      console.log(`${code.padEnd(15)}  ${state.padEnd(6)}  ${name}`)
    }
  },
}

const closeCommand: CommandModule<object, Home & { code: string }> = {
  command: 'close <code>',
  describe: 'it gets no more packs',
  builder: (yargs) => withHome(yargs).positional('code', { type: 'string', demandOption: true }),
  async handler({ home, code }) {
    await shutCounterparty(home, code)
    console.log(`counterparty ${code}: closed`)
  },
}
