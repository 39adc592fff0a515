import t from 'tap'
import type { WorkerConnection } from '../../src/db/connection.ts'
import type { Request } from '../../src/core/request.ts'
import { createLanes, type Waiting } from '../../src/engine/lanes.ts'
import { createQueueWait } from '../../src/engine/queue-wait.ts'
import { createWorkers } from '../../src/engine/workers.ts'

/* Which requests go in one batch, by the turns of the event loop in which they come. */

const NO_CONNECTION = {} as WorkerConnection

function pool(until: () => Promise<void> = () => Promise.resolve()) {
  const lanes = createLanes(1_000)
  const batches: number[] = []
  let made = 0
  const workers = createWorkers({
    workers: [{ connection: NO_CONNECTION, since: null }],
    lanes,
    queueWait: createQueueWait(1_000, 64),
    batchMax: 64,
    timeoutMs: 1_000,
    async attempt(_connection, batch) {
      batches.push(batch.length)
      await until()
      return []
    },
    lockedOut: () => {},
    done(done) {
      lanes.release(done)
      if (lanes.length() > 0) workers.wake()
    },
  })
  const come = (): void => {
    const waiting: Waiting = {
      request: {} as Request,
      lane: 'new',
      claims: [`key ${made++}`],
      since: performance.now(),
      resolve: () => {},
      reject: () => {},
    }
    lanes.add(waiting)
    workers.wake()
  }
  return { come, batches }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

void t.test('a lone request begins in the turn in which it came', async (t) => {
  const { come, batches } = pool()
  come()
  await turn()
  t.same(batches, [1])
})

void t.test('what comes in the turns after it goes along, until one brings nothing', async (t) => {
  const { come, batches } = pool()
  come()
  come()
  await turn()
  t.same(batches, [], 'the turn brought more than the first')
  come()
  await turn()
  t.same(batches, [])
  await turn()
  t.same(batches, [3])
})

void t.test('no batch waits for more than a few turns, however many keep coming', async (t) => {
  const { come, batches } = pool()
  come()
  come()
  for (let turns = 0; batches.length === 0; turns++) {
    t.ok(turns < 8, `turn ${turns}`)
    await turn()
    come()
  }
  t.ok((batches[0] ?? 0) <= 10)
})

void t.test('after a batch the next one waits a turn, for the callers that were answered', async (t) => {
  let end: () => void = () => {}
  const { come, batches } = pool(() => new Promise((resolve) => (end = resolve)))
  come()
  await turn()
  come()
  await turn()
  t.same(batches, [1], 'the second waits for the end of the first')
  end()
  await turn()
  t.same(batches, [1], 'its caller is answered in this turn')
  come()
  for (let turns = 0; turns < 3 && batches.length === 1; turns++) await turn()
  t.same(batches, [1, 2])
})

void t.test('a caller that is alone never waits', async (t) => {
  const { come, batches } = pool()
  for (let i = 1; i <= 3; i++) {
    come()
    await turn()
    t.same(batches.length, i)
  }
})
