import type { Connection, RowDataPacket } from 'mysql2/promise'
import { demoCards, type DemoCard, demoCount, type DemoRound, FIRST_ROUND } from './cards.ts'
import { DEMO_ISSUES, demoIssues, demoStores, type DemoIssueCode } from './setting.ts'
import type { CardKeys } from '../cards/keys.ts'
import { openConnection, type Access } from '../db/access.ts'
import { insertDemoCards, rowsOf } from './seed-cards.ts'
import { demoIssueOf } from './seed.ts'
import { takeIds } from '../db/ids.ts'

/** The existing sets of demo cards, oldest first. */
export async function readDemoRounds(access: Access): Promise<readonly DemoRound[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT i.code, r.first_serial FROM demo_rounds r JOIN issues i ON i.id = r.issue_id ORDER BY r.first_serial',
    )
    const firsts = (issue: DemoIssueCode): number[] =>
      rows.flatMap(({ code, first_serial: first }) => (code === issue ? [Number(first)] : []))
    const [open, gift] = [firsts('OPEN'), firsts('GIFT50')]
    return [FIRST_ROUND, ...open.map((first, i) => ({ OPEN: first, GIFT50: gift[i] ?? first }))]
  } finally {
    await connection.end()
  }
}

/** The cards of this list that are unused: not paid with, blocked, queried or sold. */
export async function unusedDemoCards(access: Access, cards: readonly DemoCard[]): Promise<readonly DemoCard[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query<RowDataPacket[]>(
      `SELECT i.code, c.serial, c.state, c.block, c.suspected_at, c.tried, c.version, c.ledger, c.available, c.was_sold
       FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code IN (?)`,
      [Object.keys(DEMO_ISSUES)],
    )
    const found = new Map(rows.map((row) => [`${row['code']}:${row['serial']}`, row]))
    return cards.filter((card) => isUnused(card, found.get(`${card.issue}:${card.serial}`)))
  } finally {
    await connection.end()
  }
}

/** State and block of an unused card of each kind. */
const MADE_AS = {
  sold: { state: 'sold', block: null },
  sellable: { state: 'sellable', block: null },
  blocked: { state: 'sold', block: 'customer' },
  expired: { state: 'sold', block: null },
  inactive: { state: 'inactive', block: null },
} as const satisfies Record<DemoCard['state'], { state: string; block: string | null }>

function isUnused(card: DemoCard, row: RowDataPacket | undefined): boolean {
  if (row === undefined) return false
  const { state, block } = MADE_AS[card.state]
  return (
    row['state'] === state &&
    row['block'] === block &&
    row['suspected_at'] === null &&
    Number(row['tried']) === 0 &&
    Number(row['version']) === 0 &&
    Number(row['ledger']) === card.balance &&
    Number(row['available']) === card.balance &&
    // Sold once, even if the sale was undone: inquiries about it do not mark it as suspected.
    (Number(row['was_sold']) === 0 || state === 'sold')
  )
}

/** Makes one more set of demo cards, in one database transaction. Not beside another one: the caller sees to it. */
export async function addDemoRound(access: Access, keys: CardKeys, now: number): Promise<void> {
  const cardCount = Object.keys(DEMO_ISSUES).reduce((sum, code) => sum + demoCount(code as DemoIssueCode), 0)
  const firstRow = await takeIds(access, 'row', rowsOf({ length: cardCount }))
  const packId = await takeIds(access, 'pack', 1)
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.beginTransaction()
    const ids = await issueIds(connection)
    const round = await claimSerials(connection, ids)
    const cards = demoCards(keys, round)
    const issues = new Map(demoIssues.map((issue) => [issue.code, demoIssueOf(ids[issue.code], issue)]))
    const receivable = await receivableOf(connection)
    await insertDemoCards(connection, keys, cards, issues, { firstRow, receivable, packId, now })
    await connection.commit()
  } finally {
    await connection.end()
  }
}

/**
 * Clears the counters of the demo terminals: inquiries about unsold cards, blocks by number, refunds without a receipt.
 */
export async function forgetCounts(access: Access): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    await connection.query('DELETE FROM card_lookups WHERE source IN (SELECT code FROM terminals)')
    await connection.query('DELETE FROM terminal_day_counts')
  } finally {
    await connection.end()
  }
}

async function issueIds(connection: Connection): Promise<Readonly<Record<DemoIssueCode, number>>> {
  const [rows] = await connection.query<RowDataPacket[]>('SELECT id, code FROM issues WHERE code IN (?)', [
    Object.keys(DEMO_ISSUES),
  ])
  const idOf = (code: DemoIssueCode): number => {
    const row = rows.find((one) => one['code'] === code)
    if (row === undefined) throw new Error(`the demo has no issue ${code}`)
    return Number(row['id'])
  }
  return { OPEN: idOf('OPEN'), GIFT50: idOf('GIFT50') }
}

/**
 * Claims serials for a new set, behind all existing serials and number bodies of the issue. A serial is also the body
 * of a number.
 */
async function claimSerials(connection: Connection, ids: Readonly<Record<DemoIssueCode, number>>): Promise<DemoRound> {
  const claim = async (code: DemoIssueCode): Promise<number> => {
    const { prefix, numberLength } = DEMO_ISSUES[code]
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT GREATEST(i.card_count + 1, s.next_body) AS first FROM issues i JOIN number_spaces s
       ON s.number_length = ? AND s.prefix = ? WHERE i.id = ? FOR UPDATE`,
      [numberLength, prefix, ids[code]],
    )
    const first = Number(row?.['first'])
    const next = first + demoCount(code)
    await connection.query('UPDATE issues SET card_count = ? WHERE id = ?', [next - 1, ids[code]])
    await connection.query('UPDATE number_spaces SET next_body = ? WHERE number_length = ? AND prefix = ?', [
      next,
      numberLength,
      prefix,
    ])
    await connection.query('INSERT INTO demo_rounds (issue_id, first_serial) VALUES (?, ?)', [ids[code], first])
    return first
  }
  return { OPEN: await claim('OPEN'), GIFT50: await claim('GIFT50') }
}

/** The account that opening sales are booked against. */
async function receivableOf(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT id FROM accounts WHERE kind = 'store_receivable' AND owner = ? AND currency = 985`,
    [demoStores[0]?.id],
  )
  if (row === undefined) throw new Error('the demo store has no account')
  return Number(row['id'])
}
