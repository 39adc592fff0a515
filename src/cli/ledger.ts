import type { CommandModule } from 'yargs'
import { verifyBooks } from '../office/ledger.ts'
import { laterProgressOf } from './progress.ts'
import { READER, withOffice } from './with-office.ts'

export const ledgerCommand: CommandModule<object, { home: string; action: string }> = {
  command: 'ledger <action>',
  describe: 'verify: prove every balance from the transfers while traffic runs',
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['verify'] as const, demandOption: true })
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' }),
  async handler({ home }) {
    const onProgress = laterProgressOf('checks of the books')
    const report = await withOffice(home, READER, (office, actor) => verifyBooks(office, actor, onProgress))
    const archived = report.archived === 0 ? '' : `, ${report.archived} more in the archive`
    console.log(`${report.cards} cards, ${report.transfers} transfers${archived}`)
    for (const { currency, cards, others, sum } of report.currencies) {
      console.log(`currency ${currency}: on cards ${cards}, all other accounts ${others}, together ${sum}`)
    }
    for (const fault of report.faults) console.error(fault)
    console.log(report.faults.length === 0 ? 'the books agree' : `${report.faults.length} faults`)
    process.exitCode = report.faults.length === 0 ? 0 : 1
  },
}
