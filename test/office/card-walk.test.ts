import t from 'tap'
import { LONG, workerConnection } from '../../src/db/connection.ts'
import { openDatabase } from '../../src/db/database.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { cardOrder, selectFoundCards, type CardCriteria } from '../../src/db/sql/card-search.ts'
import { walkOf } from '../../src/db/sql/card-walk.ts'
import type { Place } from '../../src/db/sql/keyset.ts'
import { fromInstant, instant } from '../../src/db/sql/literal.ts'
import type { Actor } from '../../src/office/actor.ts'
import { countCards, listCards } from '../../src/office/card-lists.ts'
import { walkCards, type Walked } from '../../src/office/card-walk.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { testDatabase } from '../database.ts'

/* Searches without an index read card by card: in pieces of any size they find the same as a single statement. */

const access = await testDatabase(t)
await seedDemo(access, Date.UTC(2026, 10, 29))
// Its cards are made in one statement, which takes long where the disk is busy.
const connection = workerConnection(access, LONG)
t.teardown(() => connection.close())
const db = openDatabase(access)
t.teardown(db.stop)

const CARDS = 1_500
/** Copies of a demo card: many were sold at the same instant, some never; balances go round. */
async function seed(): Promise<void> {
  const [columns = []] = await connection.send(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'cards' AND extra NOT LIKE '%GENERATED%' ORDER BY ordinal_position`,
  )
  const values: Readonly<Record<string, string>> = {
    id: '900000000 + n.seq',
    serial: '900000 + n.seq',
    number_hash: "UNHEX(LEFT(SHA2(CONCAT('walk', n.seq), 256), 32))",
    barcode_hash: 'NULL',
    ecode_hash: 'NULL',
    state: "IF(n.seq MOD 5 = 0, 'sellable', 'sold')",
    was_sold: 'n.seq MOD 5 <> 0',
    sold_at: "IF(n.seq MOD 5 = 0, NULL, '2026-01-01' + INTERVAL (n.seq * 7919 MOD 400) HOUR)",
    block: "IF(n.seq MOD 97 = 0, 'lost', NULL)",
    ledger: 'IF(n.seq MOD 5 = 0, 0, n.seq MOD 101)',
    available: 'IF(n.seq MOD 5 = 0, 0, n.seq MOD 101)',
  }
  const names = columns.map(([name]) => String(name))
  await connection.send(
    `INSERT INTO cards (${names.join(',')}) SELECT ${names.map((name) => values[name] ?? `m.${name}`).join(',')}
     FROM (SELECT t.n * 1000 + h.n * 100 + d.n * 10 + u.n + 1 AS seq FROM ${digits('t')}, ${digits('h')}, ${digits('d')}, ${digits('u')}) n,
     (SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'OPEN' AND c.state = 'sold' LIMIT 1) m
     WHERE n.seq <= ${CARDS}`,
  )
}
const digits = (name: string): string =>
  `(${Array.from({ length: 10 }, (_, n) => `SELECT ${n} AS n`).join(' UNION ALL ')}) ${name}`
await seed()

const ALL: Actor = { login: 'ola', name: 'Ola', rights: ALL_RIGHTS, stores: 'all', channel: 'menu' }
const NEVER = new AbortController().signal
const ROWS: readonly [name: string, criteria: CardCriteria, index: string | null][] = [
  ['issue, state, balance', { issues: ['OPEN'], states: ['sold'], balanceTo: 3 }, 'cards_issue_state_sold'],
  ['not sold', { issues: ['OPEN'], states: ['sellable'], blocks: ['lost'] }, 'cards_issue_state_sold'],
  ['none has it', { issues: ['OPEN'], states: ['sold'], balanceFrom: 10_000_000 }, 'cards_issue_state_sold'],
  ['issue, block', { issues: ['OPEN'], blocks: ['lost'] }, 'cards_issue_sold'],
  ['state, balance', { states: ['sold'], balanceTo: 3 }, 'cards_state_sold'],
  ['two states', { states: ['sold', 'sellable'], balanceTo: 3 }, 'cards_sold'],
  [
    'a month',
    { issues: ['OPEN'], balanceTo: 50, soldFrom: Date.UTC(2026, 0, 5), soldUntil: Date.UTC(2026, 0, 9) },
    'cards_issue_sold',
  ],
  ['many serials', { issues: ['OPEN'], serialFrom: 1, serialTo: 900_100 }, 'cards_issue_sold'],
  ['few serials', { issues: ['OPEN'], serialFrom: 900_001, serialTo: 900_100, balanceTo: 3 }, null],
  ['issue and state alone', { issues: ['OPEN'], states: ['sold'] }, null],
  ['issue and when it was sold', { issues: ['OPEN'], soldFrom: 0 }, null],
  ['last four', { lastFour: '0001', balanceTo: 3 }, null],
]

t.test('which searches go card by card, and along which index', async (t) => {
  for (const [name, criteria, index] of ROWS) t.equal(walkOf(criteria)?.index ?? null, index, name)
})

/** A clock that advances by this time with each reading. */
const clock = (each: number) => {
  let at = 0
  return () => (at += each)
}

/** All of a walk, a piece after another, each as long as its clock lets it be. */
async function inPieces(criteria: CardCriteria, descending: boolean, each: number, found: number): Promise<number[]> {
  const walk = walkOf(criteria)
  if (walk === null) throw new Error('it goes by no walk')
  const order = cardOrder('sold', descending)
  const all: number[] = []
  let after: Place | null = null
  for (;;) {
    const bounds = { found, forMs: 100, signal: NEVER, now: clock(each) }
    const piece: Walked = await walkCards(connection, { criteria, walk, order, after }, bounds)
    all.push(...piece.ids)
    if (piece.ended || piece.last === null) return all
    const { id, soldAt } = piece.last
    after = { id, value: soldAt === null ? null : instant(fromInstant(soldAt)) }
  }
}

t.test('in pieces of whatever size, what one statement finds at once, in its order', async (t) => {
  for (const [name, criteria, index] of ROWS) {
    if (index === null) continue
    for (const descending of [true, false]) {
      const [rows = []] = await connection.send(
        selectFoundCards(criteria, cardOrder('sold', descending), null, 100_000),
      )
      const wanted = rows.map(([id]) => Number(id))
      for (const [each, found] of [
        [0, 100_000],
        [0, 7],
        [40, 100_000],
        [200, 11],
      ] as const) {
        const got = await inPieces(criteria, descending, each, found)
        t.same(
          got,
          wanted,
          `${name}, ${descending ? 'latest' : 'first'} first, a look at the clock ${each} ms, ${found} at once`,
        )
      }
      if (name !== 'none has it') t.ok(wanted.length > 2, `${name}: some are there`)
    }
  }
})

t.test('a piece ends when its time is over or nobody waits, and says where', async (t) => {
  const [, criteria] = ROWS[2] ?? ['', {}]
  const walk = walkOf(criteria)
  if (walk === null) throw new Error('it goes by no walk')
  const how = { criteria, walk, order: cardOrder('sold', true), after: null }
  const late = await walkCards(connection, how, { found: 51, forMs: 100, signal: NEVER, now: clock(200) })
  t.match(late, { ids: [], ended: false, last: { fits: false } })
  const left = await walkCards(connection, how, { found: 51, forMs: 1e9, signal: AbortSignal.abort(), now: clock(0) })
  t.match(left, { ids: [], ended: false }, 'after the first look')
})

t.test('the list as it is asked for: pages with a way on, and a count', async (t) => {
  const criteria: CardCriteria = { issues: ['OPEN'], states: ['sold'], balanceTo: 3 }
  const [rows = []] = await connection.send(selectFoundCards(criteria, cardOrder('sold', true), null, 100_000))
  const got: number[] = []
  let cursor: string | null = null
  do {
    const page = await listCards({ db }, ALL, criteria, { order: 'sold', descending: true, limit: 20, cursor })
    if (isRefused(page)) throw new Error(page.refused)
    got.push(...page.items.map(({ id }) => id))
    cursor = page.next
    t.ok(page.lookedTo === null || page.next !== null, 'where it stopped before the page was full, it goes on')
  } while (cursor !== null)
  t.same(
    got,
    rows.map(([id]) => Number(id)),
  )
  const counted = await countCards({ db }, ALL, criteria)
  t.match(counted, { capped: false, slow: false })
  if (!isRefused(counted) && counted.count !== null) t.equal(counted.count, rows.length)
})
