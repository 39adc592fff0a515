import t from 'tap'
import { differing, type TillLine, type TillMove } from '../../../src/core/reports/till-differences.ts'

const move = (id: number, stan: number, amount: number, more: Partial<TillMove> = {}): TillMove => ({
  id,
  undoes: null,
  stan,
  amount,
  role: 'books',
  state: 'confirmed',
  hasCase: false,
  ...more,
})
const line = (stan: number, amount: number | null, happened = true): TillLine => ({ stan, amount, happened })

const CANCELLED = move(7, 1, 100, { state: 'cancelled' })
const CANCELLATION = move(8, 2, 100, { role: 'cancels', undoes: 7 })

t.test('which transactions a difference at the end of a day may come from', (t) => {
  const rows: [string, readonly TillMove[], readonly TillLine[], readonly number[], string][] = [
    ['nothing', [], [], [], ''],
    ['both have it', [move(7, 1, 100)], [line(1, 100)], [], ''],
    ['only here', [move(7, 1, 100), move(8, 2, 200)], [line(1, 100)], [-200], '8 only here'],
    ['only in the till', [move(7, 1, 100)], [line(1, 100), line(2, 50)], [50], 'STAN 2 only in the till'],
    ['another amount', [move(7, 1, 100)], [line(1, 90)], [-10], '7 only here; STAN 1 only in the till'],
    ['a journal without amounts', [move(7, 1, 100)], [line(1, null)], [], ''],
    ['it did not happen at the till', [move(7, 1, 100)], [line(1, 100, false)], [-100], '7 only here'],
    ['reversed here, done at the till', [move(7, 1, 100, { state: 'reversed' })], [line(1, 100)], [100], 'STAN 1 only in the till'],
    ['cancelled at both, a line of its own', [CANCELLED, CANCELLATION], [line(1, 100), line(2, 100)], [], ''],
    ['cancelled at both, marked', [CANCELLED, CANCELLATION], [line(1, 100, false)], [], ''],
    ['cancelled here alone', [CANCELLED, CANCELLATION], [line(1, 100)], [100], '8 only here'],
    ['cancelled at the till alone', [move(7, 1, 100)], [line(1, 100), line(2, 100)], [100], 'STAN 2 only in the till'],
    ['cancelled at both, of another day', [CANCELLATION], [line(2, 100)], [], ''],
    ['no journal: reversed', [move(7, 1, 100, { state: 'reversed' }), move(8, 2, 30)], [], [100], '7 reversed, of the differing amount'],
    ['no journal: late, with a case', [move(7, 1, 100, { role: 'rebooks', hasCase: true })], [], [5], '7 late, has a case'],
    ['no journal, nothing likely', [move(7, 1, 100)], [], [5], ''],
  ] // prettier-ignore
  for (const [title, moves, lines, amounts, wanted] of rows) t.equal(differing(moves, lines, amounts), wanted, title)
  const many = Array.from({ length: 25 }, (_, i) => move(i, i, 1, { hasCase: true }))
  t.match(differing(many, [], []), /; and 5 more$/u)
  t.end()
})
