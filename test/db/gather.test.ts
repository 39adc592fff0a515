import { setImmediate as endOfTurn } from 'node:timers/promises'
import t from 'tap'
import { gather } from '../../src/db/gather.ts'

/** A store whose statements end on command. */
function setting() {
  const asked: string[][] = []
  const ends: ((found: Map<string, string> | Error) => void)[] = []
  const read = gather(
    (keys) =>
      new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
        asked.push([...keys])
        ends.push((found) => (found instanceof Error ? reject(found) : resolve(found)))
      }),
  )
  return { asked, ends, read }
}
const same = (keys: readonly string[], value = (key: string) => key.toUpperCase()) =>
  new Map(keys.map((key) => [key, value(key)]))

t.test('questions during a statement are answered by the next one, never by the running one', async (t) => {
  const { asked, ends, read } = setting()
  const first = read('a')
  await endOfTurn()
  const others = [read('a'), read('b'), read('b')]
  t.same(asked, [['a']])
  ends[0]?.(same(['a'], () => 'old'))
  t.equal(await first, 'old')
  t.same(asked, [['a'], ['a', 'b']])
  ends[1]?.(same(['a']))
  t.same(
    await Promise.all(others),
    ['A', null, null],
    'who asked later is told what holds later; what is not there is null',
  )
})

t.test('those who ask in one turn of the event loop share a statement', async (t) => {
  const { asked, ends, read } = setting()
  const all = [read('a'), read('b'), read('a')]
  await endOfTurn()
  t.same(asked, [['a', 'b']])
  ends[0]?.(same(['a', 'b']))
  t.same(await Promise.all(all), ['A', 'B', 'A'])
})

t.test('a statement that fails fails those that it was for, and no others', async (t) => {
  const { ends, read } = setting()
  const first = read('a')
  await endOfTurn()
  const second = read('b')
  ends[0]?.(new Error('away'))
  await t.rejects(first, /away/)
  ends[1]?.(same(['b']))
  t.equal(await second, 'B')
})
