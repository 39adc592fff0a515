import type { CommandModule } from 'yargs'
import { setInput } from '../office/reports/inputs.ts'
import { type Home, type Who, withHome, withWho } from './who.ts'
import { withOffice } from './with-office.ts'

type Arguments = Home & Who & { name: string; value: string }

/** `akart report-input`: figures that reports need and that the transactions do not contain. */
export const reportInputCommand: CommandModule<object, Arguments> = {
  command: 'report-input <name> <value>',
  describe:
    'Set a figure for reports: breakage.ISSUE (factor), rate.PLN (euros for one), network.threshold, account.KIND',
  builder: (yargs) =>
    withWho(withHome(yargs))
      .positional('name', { type: 'string', demandOption: true, describe: 'for example breakage.OPEN' })
      .positional('value', { type: 'string', demandOption: true, describe: 'for example 0.04' }),
  async handler({ home, who, name, value }) {
    await withOffice(home, who, (office, actor) => setInput(office, actor, { name, value }))
    console.log(`${name}: ${value}`)
  },
}
