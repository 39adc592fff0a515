import t from 'tap'
import { laterProgressOf, progressOf } from '../../src/cli/progress.ts'

t.test('how far long work is: percent, rate and time left', async (t) => {
  const calls: [ms: number, done: number, of: number, line: string | null][] = [
    [0, 100, 100_000, '100 of 100000 cards made, 0 %'],
    [400, 900, 100_000, null],
    [2_000, 1_100, 100_000, '1100 of 100000 cards made, 1 %, 500/s, 4 min left'],
    [2_999, 1_900, 100_000, null],
    [10_000, 90_100, 100_000, '90100 of 100000 cards made, 90 %, 9000/s, 2 s left'],
    [10_100, 100_000, 100_000, '100000 of 100000 cards made, 100 %, 9891/s'],
    [10_100, 100_000, 100_000, null],
  ]
  let ms = 0
  const said: string[] = []
  const progress = progressOf('cards made', { now: () => ms, say: (line) => said.push(line) })
  for (const [at, done, of, line] of calls) {
    ms = at
    progress(done, of)
    t.same(said.splice(0), line === null ? [] : [line], `${done} after ${at} ms`)
  }
})

t.test('work that is slow, and work that is nothing', async (t) => {
  const rows: [ms: number, done: number, of: number, line: string][] = [
    [60_000, 6, 3_006, '6 of 3006 keys wrapped, 0 %, 0.1/s, 9 h left'],
    [10_000, 100, 1_000, '100 of 1000 keys wrapped, 10 %, 10/s, 90 s left'],
    [10, 12, 12, '12 of 12 keys wrapped, 100 %'],
    [10, 0, 0, '0 of 0 keys wrapped, 100 %'],
  ]
  for (const [after, done, of, line] of rows) {
    let ms = 0
    const said: string[] = []
    const progress = progressOf('keys wrapped', { now: () => ms, say: (one) => said.push(one) })
    if (of > 12) progress(0, of)
    ms = after
    progress(done, of)
    t.equal(said.at(-1), line)
  }
})

t.test('work that is done at once says nothing on the way', async (t) => {
  let ms = 0
  const said: string[] = []
  const progress = laterProgressOf('checks', { now: () => ms, say: (line) => said.push(line) })
  progress(0, 9)
  ms = 900
  progress(9, 9)
  t.same(said, [])
  const long = laterProgressOf('checks', { now: () => ms, say: (line) => said.push(line) })
  long(0, 9)
  ms += 3_000
  long(4, 9)
  t.same(said, ['4 of 9 checks, 44 %'])
})
