import t from 'tap'
import { type Job, runLanes } from './lanes.ts'

/** Jobs that note when they begin and end, and end when they are let. */
function watched() {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const job =
    (name: string): Job =>
    () => {
      began.push(name)
      return new Promise((resolve) => ends.set(name, resolve))
    }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  return {
    began,
    jobs: (...names: readonly string[]) => names.map(job),
    end: async (name: string): Promise<void> => {
      ends.get(name)?.()
      await turn()
    },
  }
}

t.test(
  'each lane has its own workers; the first helps the second when it has no more, and not the other way',
  async (t) => {
    const { began, jobs, end } = watched()
    const all = runLanes(
      [
        { workers: 2, jobs: jobs('a', 'b', 'c') },
        { workers: 1, jobs: jobs('w', 'x', 'y') },
      ],
      () => false,
    )
    t.same(began, ['a', 'b', 'w'])
    await end('a')
    t.same(began.slice(3), ['c'])
    await end('b')
    t.same(began.slice(4), ['x'], 'a worker of the first lane')
    await end('w')
    t.same(began.slice(5), ['y'])
    for (const name of ['x', 'y', 'c']) await end(name)
    await all
  },
)

t.test('a worker of the second lane does not take from the first', async (t) => {
  const { began, jobs, end } = watched()
  const all = runLanes(
    [
      { workers: 1, jobs: jobs('a', 'b') },
      { workers: 1, jobs: jobs('w') },
    ],
    () => false,
  )
  await end('w')
  t.same(began, ['a', 'w'])
  await end('a')
  await end('b')
  await all
})

t.test('stopped: what has begun ends, nothing else begins', async (t) => {
  const { began, jobs, end } = watched()
  let isStopped = false
  const all = runLanes([{ workers: 1, jobs: jobs('a', 'b') }], () => isStopped)
  isStopped = true
  await end('a')
  await all
  t.same(began, ['a'])
})
