import { Worker } from 'node:worker_threads'
import t from 'tap'
import { counted, giveWay, openTraffic, quietOf } from '../../src/engine/traffic.ts'

/** ms: longer than any test runs. */
const FOREVER = 600_000

function later() {
  let resolve: () => void = () => {}
  const promise = new Promise<void>((done) => (resolve = done))
  return { promise, resolve: () => resolve() }
}

void t.test('long work goes on when the last answer is given, not when the first one is', async (t) => {
  const traffic = openTraffic()
  const submit = counted(traffic, (until: Promise<void>) => until)
  await giveWay(traffic, FOREVER)
  const [first, second] = [later(), later()]
  const answers = [submit(first.promise), submit(second.promise)]
  let went = false
  const waiting = giveWay(traffic, FOREVER).then(() => (went = true))
  first.resolve()
  await answers[0]
  await new Promise(setImmediate)
  t.equal(went, false)
  second.resolve()
  await waiting
  t.equal(went, true)
})

void t.test('a request that fails is not in hand any more', async (t) => {
  const traffic = openTraffic()
  await t.rejects(counted(traffic, () => Promise.reject(new Error('away')))(null), /away/)
  await giveWay(traffic, FOREVER)
  await giveWay(null, FOREVER)
})

void t.test('while something is always in hand it goes on after a while', async (t) => {
  const traffic = openTraffic()
  const { promise, resolve } = later()
  const answer = counted(traffic, () => promise)(null)
  const began = performance.now()
  await giveWay(traffic, 5)
  t.ok(performance.now() - began >= 4)
  resolve()
  await answer
})

void t.test('another thread is woken too', async () => {
  const traffic = openTraffic()
  const { promise, resolve } = later()
  const answer = counted(traffic, () => promise)(null)
  const file = new URL('../../src/engine/traffic.js', import.meta.url).href
  const thread = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     import('${file}').then(({ giveWay }) => {
       const went = giveWay(workerData, ${FOREVER}).then(() => parentPort.postMessage('went'))
       parentPort.postMessage('waits')
       return went
     })`,
    { eval: true, workerData: traffic, execArgv: [] },
  )
  const told: unknown[] = []
  await new Promise<void>((done, failed) => {
    thread.on('error', failed)
    thread.on('message', (message) => {
      told.push(message)
      if (message === 'waits') resolve()
      else done()
    })
  })
  await answer
  await thread.terminate()
})

void t.test('nobody pays once there was no request for a quarter of a second', async (t) => {
  const traffic = openTraffic()
  let now = 0
  const isQuiet = quietOf(traffic, () => now)
  const at = (ms: number): boolean => {
    now = ms
    return isQuiet()
  }
  t.same([at(0), at(249), at(250)], [false, false, true])
  await counted(traffic, () => Promise.resolve())(null)
  t.same([at(251), at(500), at(501)], [false, false, true], 'one that has its answer counts too')
  const { promise, resolve } = later()
  const answer = counted(traffic, () => promise)(null)
  t.same([at(600), at(2_000)], [false, false], 'and one that waits for it')
  resolve()
  await answer
  t.equal(at(2_249), false)
  t.equal(at(2_250), true)
  t.equal(quietOf(null, () => 9_999)(), false, 'a command cannot know')
})
