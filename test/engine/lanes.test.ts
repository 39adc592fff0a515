import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { createLanes, type Lane, type Lanes, type Waiting } from '../../src/engine/lanes.ts'

/** `a:1,2` is new and claims 1 and 2; `A:1` is owed, `z:1` comes again. The engine's own fields are not looked at. */
const waiting = (text: string): Waiting & { readonly name: string } => {
  const [name = '', claims = ''] = text.split(':')
  const nothing = (): void => undefined
  return {
    name,
    request: {} as Request,
    lane: name === name.toUpperCase() ? 'settlement' : name < 'n' ? 'new' : 'repeat',
    claims: claims.split(',').filter((claim) => claim !== ''),
    since: 0,
    resolve: nothing,
    reject: nothing,
  }
}

const lanesWith = (all: string, queueMax = 100): Lanes => {
  const lanes = createLanes(queueMax)
  for (const one of all.split(' ').filter((word) => word !== '')) lanes.add(waiting(one))
  return lanes
}

const names = (taken: readonly Waiting[]): string => taken.map((one) => (one as { name?: string }).name).join('')

t.test('which requests a worker takes', async (t) => {
  const rows: [string, string, number, string, string][] = [
    ['in order', 'a:1 b:2 c:3', 2, 'ab', 'c'],
    ['what is owed first', 'a:1 b:2 C:3 D:4', 3, 'CDa', 'b'],
    ['then what comes again', 'a:1 z:2 C:3', 2, 'Cz', 'a'],
    ['the same claim twice is one batch, in order', 'a:1 b:1 c:1', 3, 'abc', ''],
    ['no more than asked for', 'A:1 B:2 C:3', 2, 'AB', 'C'],
    ['what settles a waiting request takes it along, and comes after it', 'a:1 b:2,x C:3,2 d:4', 2, 'bC', 'ad'],
    ['a repeat too', 'a:1 z:2 C:3,2', 2, 'zC', 'a'],
    ['what shares only a card does not', 'a:1,x B:2,x', 2, 'Ba', ''],
    ['nothing from nothing', '', 5, '', ''],
  ]
  for (const [title, all, most, first, second] of rows) {
    const lanes = lanesWith(all)
    t.equal(names(lanes.take(most)), first, title)
    t.equal(names(lanes.take(100).filter(({ claims }) => claims.length > 0)), second, `${title}: the rest`)
  }
})

t.test('requests that share a claim with a running one wait and keep their place', async (t) => {
  const lanes = lanesWith('a:1')
  const first = lanes.take(10)
  for (const one of ['b:1,2', 'c:2', 'd:3', 'E:1', 'F:9']) lanes.add(waiting(one))
  t.equal(names(lanes.take(10)), 'Fd', 'c waits behind b, which waits for a')
  t.equal(names(lanes.take(10)), '')
  t.equal(lanes.length(), 3)
  lanes.release(first)
  t.equal(names(lanes.take(10)), 'Ebc')
  t.equal(lanes.length(), 0)
})

t.test('a hot card does not delay the other requests that are searched', async (t) => {
  const lanes = lanesWith('a:hot')
  lanes.take(1)
  const queue = [...Array.from({ length: 7 }, () => 'b:hot'), 'c:1', 'd:2']
  for (const one of queue) lanes.add(waiting(one))
  t.equal(names(lanes.take(2)), 'c', 'four times as far as a batch is long, and no further')
  t.equal(names(lanes.take(3)), 'd')
})

t.test('each lane is bounded', async (t) => {
  const lanes = createLanes(2)
  const room = (lane: Lane, name: string): number => {
    let count = 0
    for (; !lanes.isFull(lane); count++) lanes.add(waiting(name))
    return count
  }
  t.equal(room('new', 'a'), 2)
  t.equal(room('repeat', 'z'), 2)
  t.equal(room('settlement', 'A'), 16, 'eight times as much for what settles')
  t.equal(names(lanes.drain()), `${'A'.repeat(16)}zzaa`)
  t.equal(lanes.length(), 0)
})

t.test('a claim is free when all of a batch that share it have given it back', async (t) => {
  const lanes = lanesWith('a:1 b:1 c:1')
  const [a, b] = lanes.take(2)
  if (a === undefined || b === undefined) throw new Error('two wait')
  lanes.release([a])
  t.same(lanes.take(5), [], 'the second one still holds it')
  lanes.release([b])
  const rest = lanes.take(5)
  t.equal(names(rest), 'c')
  lanes.release(rest)
  t.throws(() => lanes.release([a]), /broken invariant: a claim is given back that nobody holds/)
})
