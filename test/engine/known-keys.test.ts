import t from 'tap'
import type { Request } from '../../src/core/request.ts'
import { KIND } from '../../src/core/key.ts'
import { createKnownKeys } from '../../src/engine/known-keys.ts'
import type { Lane, Waiting } from '../../src/engine/lanes.ts'

const waiting = (lane: Lane, act: Request['ask']['act']): Waiting => ({
  request: { ask: { act }, key: { kind: KIND.financial } } as Request,
  lane,
  claims: [],
  since: 0,
  resolve: () => undefined,
  reject: () => undefined,
})

const NEW = waiting('new', 'operation')

t.test('which keys are assumed to be free', async (t) => {
  const rows: readonly [string, Waiting, number, boolean][] = [
    ['a new operation', NEW, 1, true],
    ['one with a card of another host', waiting('new', 'forward'), 1, true],
    ['one that came before, or says so', waiting('repeat', 'operation'), 1, false],
    ['a confirmation', waiting('settlement', 'confirmation'), 1, false],
    ['what another host has answered', waiting('settlement', 'answer'), 1, false],
    ['a cancellation, whose original is read anyway', waiting('new', 'cancellation'), 1, false],
    ['a load that is staged, which leaves no row under its key', waiting('new', 'stage'), 1, true],
    ['a card whose loads are applied, the same', waiting('new', 'apply_staged'), 1, true],
    ['nothing once a try has failed', NEW, 2, false],
  ]
  for (const [title, one, tries, free] of rows) {
    t.equal(createKnownKeys().takenAsFree([one], tries, 0).has(one.request), free, title)
  }
})

t.test('after a key that existed, all keys are looked up for a second', async (t) => {
  const knownKeys = createKnownKeys()
  knownKeys.wasThere(5_000)
  t.equal(knownKeys.takenAsFree([NEW], 1, 5_999).size, 0)
  t.equal(knownKeys.takenAsFree([NEW], 1, 6_000).size, 1)
})
