import fc from 'fast-check'
import t from 'tap'
import { followDatabaseClock } from '../../src/db/clock.ts'
import { createClockHistory } from '../../src/db/clock-history.ts'
import { knownOffsets } from '../../src/db/known-offsets.ts'
import type { SeenOffset } from '../../src/db/sql/clock-offsets.ts'
import { testDatabase } from '../database.ts'
import { steppedClock } from '../engine/stepped-clock.ts'

/** A process that starts just after the clock of the database was set, while no process or another machine's ran. */

const S = 1_000
const WINDOW = 155 * S
const stepped = await steppedClock(t, await testDatabase(t))

async function process(boot: string) {
  const steps: number[] = []
  const clock = await followDatabaseClock(
    stepped.access,
    (ms) => steps.push(ms),
    (error) => console.error(error),
    20,
    boot,
  )
  return { ...clock, steps }
}

const boots = { one: '11111111-1111-4111-8111-111111111111', two: '22222222-2222-4222-8222-222222222222' }

const STEPS = [5 * S, 150 * S, 25 * 3_600 * S, 30 * 86_400 * S].flatMap((ms) => [ms, -ms])

for (const by of STEPS) {
  void t.test(`set by ${by / S} s while no process runs`, async (t) => {
    const began = performance.now()
    const first = await process(boots.one)
    const given = first.now()
    await first.stop()
    stepped.step(by)
    const second = await process(boots.one)
    // A clock is read as exactly as the database answers quickly.
    const took = performance.now() - began
    t.ok(Math.abs((second.steps[0] ?? 0) - by) < took + 500, `told: ${second.steps.join()}`)
    t.ok(Math.abs(second.now() - given - by) < took + 30 * S, 'times go by the new one')
    const most = given + (performance.now() - began) + 500
    t.ok(second.surely(WINDOW) <= most, 'and what was given before has not passed by that')
    const sure = second.surely(0)
    t.ok(second.now() - sure < took + S, 'what is given from now on goes by the new one alone')
    await second.stop()
  })
}

void t.test('a machine that was booted since, beside one that saw the step', async (t) => {
  const began = performance.now()
  const other = await process(boots.one)
  const before = other.now()
  stepped.step(150 * S)
  while (other.steps.length === 0) await new Promise(setImmediate)
  const fresh = await process(boots.two)
  t.ok(fresh.surely(WINDOW) <= before + (performance.now() - began) + 500, 'it knows of it')
  await fresh.stop()
  await other.stop()
})

void t.test('a second start without a step knows of none', async (t) => {
  const first = await process(boots.two)
  await first.stop()
  const second = await process(boots.two)
  t.same(second.steps, [])
  t.ok(second.now() - second.surely(WINDOW) >= 0)
  await second.stop()
})

void t.test(
  'whatever was set and whenever processes ran: a later process knows as much as one that ran all the time',
  async (t) => {
    const seed = Number(globalThis.process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
    const step = fc.record({ after: fc.integer({ min: 1, max: 300 * S }), by: fc.constantFrom(...STEPS) })
    const checked = fc.check(
      fc.property(
        fc.array(step, { maxLength: 8 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (steps, runs) => {
          let at = 10 * S
          let ahead = 1_700_000_000_000
          const rows: SeenOffset[] = [{ boot: 'own', seen: at, ahead }]
          const always = createClockHistory({ before: at, time: at + ahead, after: at })
          for (const [i, { after, by }] of steps.entries()) {
            at += after
            ahead += by
            always.read({ before: at, time: at + ahead, after: at })
            // If no process ran, the next process sees only the last of several steps.
            if (runs[i] === true) rows.push({ boot: 'own', seen: at, ahead })
          }
          const [oldest, ...known] = knownOffsets('own', rows, { seen: at, ahead })
          if (oldest === undefined) throw new Error('nothing is known')
          const exact = (row: { seen: number; ahead: number }) => ({
            before: row.seen,
            time: row.seen + row.ahead,
            after: row.seen,
          })
          const later = createClockHistory(exact(oldest))
          for (const row of known) later.read(exact(row))
          later.read({ before: at, time: at + ahead, after: at })
          if (later.offset() !== ahead) throw new Error('another time')
          const allSeen = steps.every((_, i) => runs[i] === true)
          for (const since of [at, at - WINDOW, at - 1_000 * S]) {
            if (allSeen && later.smallest(since) !== always.smallest(since)) throw new Error(`since ${since}`)
            if (later.smallest(since) > ahead) throw new Error('later than the clock says')
          }
        },
      ),
      { seed, numRuns: 300 },
    )
    t.notOk(
      checked.failed,
      `AKART_MODEL_SEED=${seed}: ${JSON.stringify(checked.counterexample)} ${String(checked.errorInstance)}`,
    )
  },
)
