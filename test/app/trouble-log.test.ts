import t from 'tap'
import { createTroubleLog } from '../../src/app/trouble-log.ts'
import { Unanswered } from '../../src/engine/refusal.ts'
import type { Log } from '../../src/log.ts'

type Line = { readonly message: string; readonly details: Record<string, unknown> }

/** A log of troubles with a clock of its own. */
function logged() {
  const lines: Line[] = []
  let due: (() => void)[] = []
  const log = { error: (message: string, details: Line['details']) => void lines.push({ message, details }) }
  const troubles = createTroubleLog(log as unknown as Log, (run) => void due.push(run))
  const second = (): void => {
    const now = due
    due = []
    for (const run of now) run()
  }
  return { ...troubles, lines, second }
}

const gone = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', errno: -111, fatal: true })
const sql = () => Object.assign(new Error('Data too long for column'), { code: 'ER_DATA_TOO_LONG', errno: 1406 })

void t.test(
  'while the database is unavailable: one line a second without a stack, whichever part reports it',
  async (t) => {
    const troubles = logged()
    for (let second = 0; second < 5; second++) {
      for (let i = 0; i < 1_000; i++) {
        troubles.note('not booked', gone(), { requests: ['iso-1-1'] })
        troubles.note('the confirm timer failed', new Error('a look failed', { cause: gone() }))
        troubles.note('a request got no answer', new Unanswered('malfunction'))
      }
      troubles.second()
    }
    t.equal(troubles.lines.length, 6)
    t.match(troubles.lines[0], { message: 'the database does not answer', details: { what: 'not booked' } })
    t.match(troubles.lines[1], {
      message: 'the database does not answer',
      details: { more: 2_999, what: { 'not booked': 999, 'the confirm timer failed': 1_000 } },
    })
    t.notMatch(JSON.stringify(troubles.lines), /stack|trouble-log\.test/)

    troubles.second()
    t.equal(troubles.lines.length, 6, 'and nothing when it is back')
    troubles.note('not booked', gone())
    t.equal(troubles.lines.length, 7, 'the next outage is told at once')
  },
)

void t.test('other errors are logged as well, each kind once a second', async (t) => {
  const troubles = logged()
  for (let i = 0; i < 100; i++) {
    troubles.note('not booked', sql())
    troubles.note('a request got no answer', new TypeError('undefined is not a card'))
  }
  troubles.second()
  t.match(troubles.lines, [
    { message: 'not booked', details: { why: 'Data too long for column' } },
    { message: 'a request got no answer', details: { error: TypeError } },
    { message: 'not booked', details: { more: 99 } },
    { message: 'a request got no answer', details: { more: 99 } },
  ])
  t.notOk('error' in (troubles.lines[0]?.details ?? {}), 'no stack of what the database refuses')
})
