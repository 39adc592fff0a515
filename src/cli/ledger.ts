import type { CommandModule } from 'yargs'
import { verifyBooks } from '../office/ledger.ts'
import { progressOf } from './progress.ts'
import { READER, withOffice } from './with-office.ts'

/** Books that are proven at once say nothing on the way. */
const QUIET_MS = 1_000

export const ledgerCommand: CommandModule<object, { home: string; action: string }> = {
  command: 'ledger <action>',
  describe: 'verify: prove every balance from the transfers, beside running traffic',
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['verify'] as const, demandOption: true })
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' }),
  async handler({ home }) {
    const progress = progressOf('checks of the books')
    const begun = performance.now()
    const told = (done: number, of: number): void => {
      if (performance.now() - begun >= QUIET_MS) progress(done, of)
    }
    const report = await withOffice(home, READER, (office, actor) => verifyBooks(office, actor, told))
    console.log(`${report.cards} cards, ${report.transfers} transfers`)
    for (const { currency, cards, others, sum } of report.currencies) {
      console.log(`currency ${currency}: on cards ${cards}, all other accounts ${others}, together ${sum}`)
    }
    for (const fault of report.faults) console.error(fault)
    console.log(report.faults.length === 0 ? 'the books agree' : `${report.faults.length} faults`)
    process.exitCode = report.faults.length === 0 ? 0 : 1
  },
}
