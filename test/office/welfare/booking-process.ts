import { parseDatabaseUrl } from '../../../src/db/access.ts'
import { bookBatch } from '../../../src/office/welfare/booking.ts'
import { testOffice } from '../test-office.ts'

/**
 * Books a batch in a process of its own, which kills itself at a named step, or right after a number of loads were
 * submitted, whatever the state of the others. `never`: it finishes the batch.
 */
const [url = '', batch = '0', when = 'never'] = process.argv.slice(2)
const ended: (() => Promise<void>)[] = []
const office = await testOffice({ teardown: (end) => void ended.push(end) }, parseDatabaseUrl(url))
const die = (): void => void process.kill(process.pid, 'SIGKILL')

const most = Number(when)
let asked = 0
const submit: typeof office.submit = (request) => {
  asked += 1
  if (asked === most) setImmediate(die)
  return office.submit(request)
}
const step = when.split(' ')
let seen = 0
await bookBatch({ ...office, submit }, Number(batch), (progress) => {
  if (progress.step !== step[0]) return
  seen += 1
  if (seen === Number(step[1] ?? 1)) die()
})
for (const end of ended) await end()
process.exit(0)
