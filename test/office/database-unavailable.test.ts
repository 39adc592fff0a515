import t from 'tap'
import { Unanswered } from '../../src/engine/refusal.ts'
import { isDatabaseUnavailable } from '../../src/office/database-unavailable.ts'

const sqlError = (errno: number, code: string): Error => Object.assign(new Error(code), { errno, code })

t.test('what is nobody’s fault in the code: the database is away or too busy', async (t) => {
  const rows: readonly (readonly [string, unknown, boolean])[] = [
    ['the engine gave no answer', new Unanswered('closed'), true],
    ['too many connections', sqlError(1040, 'ER_CON_COUNT_ERROR'), true],
    ['a lock was held for too long', sqlError(1205, 'ER_LOCK_WAIT_TIMEOUT'), true],
    ['a deadlock', sqlError(1213, 'ER_LOCK_DEADLOCK'), true],
    ['the server is gone', sqlError(2006, 'CR_SERVER_GONE_ERROR'), true],
    ['behind another error', new Error('sold', { cause: sqlError(1205, 'ER_LOCK_WAIT_TIMEOUT') }), true],
    ['no ids', new Error('the database gives no new ids'), true],
    ['a statement that is wrong', sqlError(1064, 'ER_PARSE_ERROR'), false],
    ['a column that is not there', sqlError(1054, 'ER_BAD_FIELD_ERROR'), false],
    ['a fault of ours', new TypeError('undefined is not a function'), false],
    ['no error at all', 'text', false],
  ]
  for (const [what, error, expected] of rows) t.equal(isDatabaseUnavailable(error), expected, what)
})
