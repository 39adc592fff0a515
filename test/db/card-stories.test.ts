import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { mostPairs, storiesEndedIn, type Story, type StoryBounds } from '../../src/db/card-stories.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { testDatabase } from '../database.ts'

/* Which transactions are archived together, and that a chain of refunds, however long, is never gathered in memory. */

const access = await testDatabase(t)
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())
const worker = workerConnection(access)
t.teardown(worker.close)

/** Each is reached by a few hundred rows. */
const BOUNDS: StoryBounds = {
  scannedAtOnce: 16,
  page: 4,
  mostCards: 10,
  mostLines: 200,
  askedAtOnce: 20,
  linesAtOnce: 50,
}
const { mostCards, mostLines } = BOUNDS
const SPAN = { from: Date.UTC(2024, 2, 1), until: Date.UTC(2024, 3, 1) }
const rows: unknown[][] = []
const cardless = { day: '2024-03-05', with: null as number | null }
/** A transaction of a card, and of another one that it was moved with. */
function move(card: number, { day, with: other } = cardless): void {
  rows.push([`${day} 12:00:00`, rows.length + 1, 'S', 'T', day, card, other, 1, 1, '1', 'books', 'terminal', 'payment', '022', 'approved', 'confirmed', 100]) // prettier-ignore
}
const COLUMNS = `at, id, store_code, terminal_code, business_date, card_id, other_card_id, issue_id, stan, rrn, role, channel,
  operation, entry_mode, result, state, amount`
const times = (count: number, make: (i: number) => void): void =>
  Array.from({ length: count }, (_, i) => i).forEach(make)

const CHAIN = 1
for (const [card, other] of [[CHAIN, null], [CHAIN + 1, CHAIN], [CHAIN + 2, CHAIN + 1]] as const) move(card, { ...cardless, with: other }) // prettier-ignore
const LATE = 5
move(LATE)
move(LATE + 1, { day: '2024-04-02', with: LATE })
const BUSY = 8
times(mostLines + 1, () => move(BUSY))
// Two that are handed on one after the other, since they are many lines together.
const MANY = 9
times(30, () => move(MANY))
times(30, () => move(MANY + 1))
// As many cards as a story may have, on one of them; one more; and a chain of many.
const STAR = 1_000
times(mostCards, (i) => move(STAR + i, { ...cardless, with: i === 0 ? null : STAR }))
const LARGE_STAR = 3_000
times(3 * mostCards, (i) => move(LARGE_STAR + i, { ...cardless, with: i === 0 ? null : LARGE_STAR }))
const LONG_CHAIN = 6_000
times(mostCards + 1, (i) => move(LONG_CHAIN + i, { ...cardless, with: i === 0 ? null : LONG_CHAIN + i - 1 }))

void t.test('stories that ended in a month', async (t) => {
  await connection.query(`INSERT INTO search_transactions (${COLUMNS}) VALUES ?`, [rows])
  const handed: (readonly Story[])[] = []
  for await (const stories of storiesEndedIn(worker, SPAN, BOUNDS)) handed.push(stories)
  const stories = handed.flat()
  const of = (card: number): readonly number[] => stories.find(({ cards }) => cards.includes(card))?.cards ?? []
  t.same(of(CHAIN), [CHAIN, CHAIN + 1, CHAIN + 2], 'cards that gave one another money, from first to last')
  t.same(of(LATE), [], 'one of whose cards moved later')
  t.same(of(BUSY), [], 'of more transactions than are moved at once')
  t.same([of(MANY), of(MANY + 1)], [[MANY], [MANY + 1]])
  t.not(handed.findIndex((some) => some.some(({ id }) => id === MANY)), handed.findIndex((some) => some.some(({ id }) => id === MANY + 1)), 'not both in memory') // prettier-ignore
  t.equal(of(STAR).length, mostCards, 'as many cards as a story may have')
  t.same([of(LARGE_STAR), of(LARGE_STAR + 7)], [[], []], 'more of them, on one')
  t.same([of(LONG_CHAIN), of(LONG_CHAIN + mostCards)], [[], []], 'more of them, in a chain')
  t.equal(new Set(stories.map(({ id }) => id)).size, stories.length, 'each once')
  t.equal(stories.length, 4)
})

void t.test('no answer about links is longer than a bound, whatever the cards are linked to', async (t) => {
  let longest = 0
  const watched = {
    ...worker,
    send: async (sql: string) => {
      const answer = await worker.send(sql)
      if (sql.includes('other_card_id')) longest = Math.max(longest, ...answer.map(({ length }) => length))
      return answer
    },
  }
  for await (const _ of storiesEndedIn(watched, SPAN, BOUNDS));
  t.ok(longest > mostCards && longest <= mostPairs(BOUNDS), `${longest} rows`)
})
