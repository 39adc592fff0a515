import t from 'tap'
import fc from 'fast-check'
import { recentKeys } from '../../src/engine/recent-keys.ts'

t.test('the last keys are always recognised', async (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 4 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 16 }),
      (keys, size) => {
        const recent = recentKeys(size)
        for (const key of keys) recent.add(key)
        return keys.slice(-size).every((key) => recent.has(key))
      },
    ),
  )
  const recent = recentKeys(1_000)
  for (let i = 0; i < 5_000; i++) recent.add(`20261125110000 ${i} DEMO0001 000000000000001 200`)
  t.notOk(recent.has('20261125110000 2999 DEMO0001 000000000000001 200'), 'older than twice the size')
  t.ok(recent.has('20261125110000 4000 DEMO0001 000000000000001 200'))
})

t.test('other keys are hardly ever taken for known ones', async (t) => {
  const recent = recentKeys(100_000)
  for (let i = 0; i < 150_000; i++) recent.add(`20261125110000 ${i} DEMO0001 000000000000001 200`)
  let taken = 0
  for (let i = 0; i < 100_000; i++) if (recent.has(`20261125120000 ${i} DEMO0002 000000000000001 200`)) taken++
  t.ok(taken < 50, `${taken} of 100,000`)
})
