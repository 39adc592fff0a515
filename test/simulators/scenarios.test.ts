import { fileURLToPath } from 'node:url'
import t from 'tap'
import { loadCommand } from '../../simulators/commands/load.ts'
import { runCommand } from '../../simulators/commands/run.ts'
import { onDatabase } from '../../src/app/on-database.ts'
import { openConnection } from '../../src/db/access.ts'
import { type RunningSwitch, startSwitch, verifyLedger } from './akart-up.ts'

/** Seconds; what the timer's scenarios are written for. */
const SHORT = 2
const CONFIGURED = 120

/** Scenarios that need rare cards, lock them out or move a terminal's day: if these can be played again, all can. */
const again = ['declines', 'blocks', 'locked-out', 'day-end'].map((name) =>
  fileURLToPath(new URL(`../../../simulators/scenarios/${name}.yaml`, import.meta.url)),
)

/** Plays what fits; the last line where all passed, else each failed step with its talk. */
async function play({ home, target }: RunningSwitch, confirmTimeout: number, files: string[] = []): Promise<string> {
  const said: string[] = []
  const options = {
    home,
    target,
    cards: undefined,
    terminals: undefined,
    json: false,
    keepGoing: true,
    seed: undefined,
    tap: false,
  }
  const code = await runCommand({ ...options, files, confirmTimeout, jobs: 8 }, (line) => void said.push(line))
  return code === 0 ? (said.at(-1) ?? '') : said.filter((line) => !/^\s*✓/.test(line)).join('\n')
}

// Half of the time is waiting: for the confirm timer, for two switches to start.
t.jobs = 2

t.test('every scenario against the switch, and again on the same home; then a load; the books agree', async (t) => {
  const running = await startSwitch(t.testdir(), null)
  t.teardown(running.stop)
  const { home, target } = running
  t.match(await play(running, CONFIGURED), /^\S*\d\d scenarios passed\S*$/)
  t.match(await play(running, CONFIGURED, again), /^\S*4 scenarios passed\S*$/, 'a second time, with other cards')

  const results: string[] = []
  const load = { home, target, tills: 32, rate: 'max', ramp: 0, seconds: undefined, count: 1_000, think: undefined }
  const files = { csv: undefined, out: undefined, report: undefined }
  const how = { mix: 'payment=8,confirm,balance=1,topup=1', connections: 4, outstanding: undefined, amount: '0.01' }
  const code = await loadCommand(
    { ...load, ...files, ...how, use: undefined, allowRemote: false, json: true },
    (line) => results.push(line),
  )
  const result = JSON.parse(results.join('')) as { answered: number; codes: Record<string, number> }
  t.equal(code, 0)
  t.equal(result.answered, 1_000)

  await spoilCards(home)
  t.match(await play(running, CONFIGURED, again), /^\S*4 scenarios passed\S*$/, 'with every card used up')
  t.match(await verifyLedger(running), { code: 0, said: /the books agree/ })
})

/** As many runs that were broken off leave the demo set: blocked, suspected, locked, put out of use. */
async function spoilCards(home: string): Promise<void> {
  const marks = ["block = 'lost'", 'suspected_at = UTC_TIMESTAMP(3)', 'tried = 1', "block = 'suspicion'"]
  await onDatabase(home, async (access) => {
    const database = await openConnection(access, { multipleStatements: false })
    for (const [i, mark] of marks.entries()) await database.query(`UPDATE cards SET ${mark} WHERE serial MOD 4 = ${i}`)
    await database.end()
  })
}

t.test(`the timer's scenarios against a switch that waits ${SHORT} s; the books agree`, async (t) => {
  const running = await startSwitch(t.testdir(), SHORT)
  t.teardown(running.stop)
  t.match(await play(running, SHORT), /^\S*3 scenarios passed\S*$/)
  t.match(await verifyLedger(running), { code: 0, said: /the books agree/ })
})
