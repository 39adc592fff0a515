import t from 'tap'
import { KIND } from '../../src/core/key.ts'
import type { Request } from '../../src/core/request.ts'
import { createBookedKeys } from '../../src/engine/booked-keys.ts'
import type { Answer } from '../../src/engine/executor.ts'
import type { Waiting } from '../../src/engine/lanes.ts'

const WAITING: Waiting = {
  request: { key: { kind: KIND.financial } } as Request,
  lane: 'new',
  claims: [],
  since: 0,
  resolve: () => undefined,
  reject: () => undefined,
}
const NOT_BOOKED = { row: null } as Answer

t.test('a key is known as long as one of the requests under it is in work', async (t) => {
  const ends: readonly [string, (waiting: Waiting) => void][] = [
    ['refused', ({ resolve }) => resolve(NOT_BOOKED)],
    ['failed', ({ reject }) => reject(new Error('failed'))],
  ]
  for (const [title, end] of ends) {
    const booked = createBookedKeys()
    const first = booked.followed(WAITING, 'key')
    const again = booked.followed(WAITING, 'key')
    end(first)
    t.ok(booked.has('key'), `the first one was ${title}, its repeat waits`)
    end(again)
    t.notOk(booked.has('key'), `both were ${title}`)
  }
})
