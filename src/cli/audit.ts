import type { CommandModule } from 'yargs'
import { readAnchor } from '../home/audit-anchor.ts'
import { verifyAudit } from '../office/audit-verification.ts'
import { READER, withOffice } from './with-office.ts'

export const auditCommand: CommandModule<object, { home: string; action: string }> = {
  command: 'audit <action>',
  describe: 'verify: check that no audit row was changed, removed or left out',
  builder: (yargs) =>
    yargs
      .positional('action', { choices: ['verify'] as const, demandOption: true })
      .option('home', { type: 'string', default: '.akart', describe: 'directory of the installation' }),
  async handler({ home }) {
    const anchor = await readAnchor(home)
    const report = await withOffice(home, READER, (office, actor) => verifyAudit(office, actor, anchor))
    const { head, waiting, faults } = report
    console.log(`chain of ${head.seq} rows, head ${head.hash.slice(0, 16)}; ${waiting} waiting`)
    console.log(anchor === null ? 'no head was kept in this home' : `this home has seen it at ${anchor.seq}`)
    for (const fault of faults) console.error(fault)
    console.log(faults.length === 0 ? 'the audit is whole' : `${faults.length} faults`)
    process.exitCode = faults.length === 0 ? 0 : 1
  },
}
