import fc from 'fast-check'
import t from 'tap'
import { createClockHistory } from '../../src/db/clock-history.ts'

const S = 1_000

void t.test('a clock that goes on is followed, one that is set is told of', async (t) => {
  const history = createClockHistory({ before: 0, time: 5_000_000, after: 0 })
  t.equal(history.read({ before: 1 * S, time: 5_001_000, after: 1 * S + 20 }), 0)
  t.equal(history.offset(), 5_000_000)
  t.equal(history.read({ before: 2 * S, time: 5_002_300, after: 2 * S }), 0, 'slewed')
  t.equal(history.offset(), 5_000_300, 'and followed')
  t.equal(history.read({ before: 3 * S, time: 5_003_300 + 150 * S, after: 3 * S }), 150 * S, 'set forward')
  t.equal(history.offset(), 5_150_300)
  t.equal(history.smallest(2.5 * S), 5_000_300, 'what was set before the step went by the old time')
  t.equal(history.smallest(1.5 * S), 5_000_000)
  t.equal(history.smallest(3 * S + 1), 5_150_300, 'and not what comes after it')
  t.equal(history.read({ before: 4 * S, time: 5_004_300, after: 4 * S }), -150 * S, 'set back')
  t.equal(history.smallest(0), 5_000_000)
  t.equal(
    history.read({ before: 5 * S, time: 4_000_000, after: 14 * S }),
    -1_005_300,
    'by as little as a slow answer leaves open',
  )
})

/** Steps of the other clock, each so many ms after the one before, by so much. */
const STEPS = fc.array(
  fc.record({
    after: fc.integer({ min: 1, max: 200 * S }),
    by: fc.oneof(
      fc.integer({ min: -5 * S, max: 5 * S }),
      fc.constantFrom(-150 * S, 150 * S, 25 * 3_600 * S, -25 * 3_600 * S, 30 * 86_400 * S, -30 * 86_400 * S),
    ),
  }),
  { maxLength: 12 },
)
const TIMEOUT = 120 * S
const LOOK = 1 * S

void t.test(
  'whenever it is set: no deadline is taken for passed before its time, and none much later than the clock says',
  async (t) => {
    const seed = Number(process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
    const property = fc.property(
      STEPS,
      fc.array(fc.integer({ min: 0, max: 1_500 * S }), { minLength: 1, maxLength: 30 }),
      (steps, moments) => {
        let at = 0
        const stepped = steps.map(({ after, by }) => ({ at: (at += after), by }))
        const offsetAt = (time: number): number =>
          stepped.filter((step) => step.at <= time).reduce((sum, { by }) => sum + by, 1_700_000_000_000)

        const history = createClockHistory({ before: 0, time: offsetAt(0), after: 0 })
        const writes = [...moments].sort((a, b) => a - b)
        const waiting: { readonly since: number; readonly deadline: number }[] = []
        for (let now = 0; now <= 2_000 * S; now += LOOK) {
          history.read({ before: now, time: now + offsetAt(now), after: now })
          while (writes[0] !== undefined && writes[0] <= now) {
            writes.shift()
            waiting.push({ since: now, deadline: now + history.offset() + TIMEOUT })
          }
          const surely = now + history.smallest(now - TIMEOUT - 5 * S)
          for (const { since, deadline } of waiting) {
            if (deadline <= surely && now - since < TIMEOUT) throw new Error(`${now - since} ms after it was set`)
            // Long after the last step the two clocks are one again.
            const quiet = now - (stepped.findLast((step) => step.at <= now)?.at ?? -Infinity)
            if (quiet > TIMEOUT + 6 * S && deadline <= now + offsetAt(now) && deadline > surely)
              throw new Error('held for ever')
          }
        }
      },
    )
    const checked = fc.check(property, { numRuns: 150, seed })
    t.notOk(
      checked.failed,
      `AKART_MODEL_SEED=${seed}: ${JSON.stringify(checked.counterexample)} ${String(checked.errorInstance)}`,
    )
  },
)
