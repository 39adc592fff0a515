import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { startPoller } from '../../src/jobs/poller.ts'

t.test('polls again and again, also after a poll that failed', async (t) => {
  const told: unknown[] = []
  let looks = 0
  const lookout = startPoller({
    every: 5,
    first: 0,
    async look() {
      if (++looks === 2) throw new Error('the database is away')
    },
    failed: (error) => void told.push(error),
    close: async () => {},
  })
  while (looks < 4) await sleep(5)
  await lookout.stop()
  const before = looks
  await sleep(30)
  t.equal(looks, before, 'not once it is stopped')
  t.match(told, [{ message: 'the database is away' }])
})

t.test('stopped during a poll: the poll is told to end, and resources are closed after it', async (t) => {
  const events: string[] = []
  const lookout = startPoller({
    every: 1,
    async look(isStopping) {
      events.push('begins')
      while (!isStopping()) await sleep(1)
      await sleep(10)
      events.push('ends')
    },
    failed: () => {},
    close: async () => void events.push('closed'),
  })
  while (events.length === 0) await sleep(1)
  await lookout.stop()
  t.same(events, ['begins', 'ends', 'closed'])
})

t.test('stopped before the first poll: none happens', async (t) => {
  let looks = 0
  const lookout = startPoller({ every: 10, look: async () => void looks++, failed: () => {}, close: async () => {} })
  await lookout.stop()
  await sleep(30)
  t.equal(looks, 0)
})
