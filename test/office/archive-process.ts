// A run of the archive that dies by SIGKILL at a step.
import process from 'node:process'
import { parseDatabaseUrl } from '../../src/db/access.ts'
import { archiveTransactions } from '../../src/office/archive/archiving.ts'
import { ok, person, testOffice } from './test-office.ts'

const [url = '', directory = '', at = ''] = process.argv.slice(2)
const office = await testOffice({ teardown: () => undefined }, parseDatabaseUrl(url))
await ok(
  archiveTransactions(office, person('ola'), {
    directory,
    months: 13,
    lot: 7,
    reached: (step) => {
      if (step === at) process.kill(process.pid, 'SIGKILL')
    },
  }),
)
process.exit(0)
