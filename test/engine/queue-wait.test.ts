import t from 'tap'
import { createQueueWait } from '../../src/engine/queue-wait.ts'

/* The workers hold 10 together, a request may wait 100 ms. Times in ms. */

const MOST = 100
const ALWAYS = 10

t.test('a queue that fits into the workers is never too long', async (t) => {
  const wait = createQueueWait(MOST, ALWAYS)
  t.equal(wait.isTooLong(9, 1e9), false, 'whatever the time')
})

t.test('a burst into an idle engine is taken in', async (t) => {
  const wait = createQueueWait(MOST, ALWAYS)
  wait.took(1, 0, 1_000)
  for (let length = 1; length <= 500; length++) wait.grew(length, 60_000)
  t.equal(wait.isTooLong(500, 60_000), false, 'though the last batch was a minute ago')
})

t.test('the pace of busy workers says how many may wait', async (t) => {
  const wait = createQueueWait(MOST, ALWAYS)
  // 5 requests every 10 ms while more wait than the workers hold: 2 ms each.
  for (let now = 0; now <= 1_000; now += 10) wait.took(5, 40, now)
  t.equal(wait.isTooLong(50, 1_000), false, '50 in 100 ms')
  t.equal(wait.isTooLong(51, 1_000), true)
  // Four times as fast.
  for (let now = 1_000; now <= 2_000; now += 10) wait.took(20, 40, now)
  t.equal(wait.isTooLong(199, 2_000), false, '200 in 100 ms')
  t.equal(wait.isTooLong(202, 2_000), true)
})

t.test('the pace of the callers is not taken for that of the engine', async (t) => {
  const wait = createQueueWait(MOST, ALWAYS)
  // One request a second, each taken at once.
  for (let now = 0; now < 100_000; now += 1_000) wait.took(1, 0, now)
  for (let length = 1; length <= 300; length++) wait.grew(length, 100_000)
  t.equal(wait.isTooLong(300, 100_000), false)
})

t.test('a queue that no worker takes from is too long until one does', async (t) => {
  const wait = createQueueWait(MOST, ALWAYS)
  wait.took(5, 0, 0)
  for (let length = 1; length <= 20; length++) wait.grew(length, 1_000)
  t.equal(wait.isTooLong(20, 1_100), false)
  wait.took(0, 20, 1_100)
  t.equal(wait.isTooLong(20, 1_101), true, 'the database hangs, whoever looks')
  t.equal(wait.isTooLong(9, 1_101), false, 'what fits into the workers waits all the same')
  wait.took(5, 15, 1_200)
  t.equal(wait.isTooLong(15, 1_201), false)
})
