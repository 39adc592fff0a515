import t from 'tap'
import { workerConnection } from '../../src/db/connection.ts'
import { LEASE_SECONDS, sliceLease } from '../../src/db/slice-lease.ts'
import { testDatabase } from '../database.ts'
import { steppedClock } from '../engine/stepped-clock.ts'

const JOB = 'confirm_timer'
const ALL = [0, 1, 2, 3]

const clock = await steppedClock(t, await testDatabase(t))
const connection = workerConnection(clock.access)
t.teardown(connection.close)
const lease = () => sliceLease(connection, JOB)
const LONGER_MS = (LEASE_SECONDS + 1) * 1_000

void t.test('one process has a slice at a time, until it gives it back', async (t) => {
  const [one, other] = [lease(), lease()]
  t.same(await one.take(), ALL)
  t.same(await other.take(), [])
  t.same([one.holds(), other.holds()], [true, false])
  t.same(await one.take(), ALL, 'renewed')
  await one.giveBack()
  t.equal(one.holds(), false)
  t.same(await other.take(), ALL)
  await other.giveBack()
})

void t.test(
  'a process that was stopped for longer than its lease has lost it, and takes nothing from its successor',
  async (t) => {
    const [frozen, other] = [lease(), lease()]
    t.same(await frozen.take(), ALL)
    clock.step(LONGER_MS) // that much later
    t.same(await other.take(), ALL)
    await frozen.giveBack()
    t.same(await lease().take(), [], 'still the successor has it')
    t.same(await frozen.take(), [])
    await other.giveBack()
  },
)

void t.test('a clock that is set back leaves no lease for weeks', async (t) => {
  const [dead, other] = [lease(), lease()]
  t.same(await dead.take(), ALL)
  clock.step(-30 * 86_400_000)
  t.same(await other.take(), ALL)
  await other.giveBack()
})
