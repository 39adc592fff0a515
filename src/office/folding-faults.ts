import type { Connection, RowDataPacket } from 'mysql2/promise'
import { decodeIds } from '../db/sql/unfolded.ts'

const PAGE = 5_000
const MOST_FAULTS = 100

/**
 * Verifies folding: each transaction has either a search row that agrees with it or a row in `unfolded`, and `unfolded`
 * has no other rows. Read in the caller's snapshot.
 */
export async function foldingFaults(connection: Connection): Promise<string[]> {
  const { settled, listed } = await unfoldedIds(connection)
  const faults = [
    ...twice(settled).map((id) => `transaction ${id}: is settled in unfolded more than once`),
    ...(await notThere(connection, listed)).map((id) => `unfolded: there is no transaction ${id}`),
    ...(await pendingOf(connection, settled)).map(
      (id) => `transaction ${id}: is settled in unfolded, and still pending`,
    ),
    ...(await notFolded(connection, listed)),
    ...(await idsOf(connection, STRAY_SEARCH_ROWS)).map((id) => `search row ${id}: there is no such transaction`),
  ]
  return faults.slice(0, MOST_FAULTS)
}

/** Rising. Eight bytes each: a flood leaves millions. */
type Ids = Float64Array

async function unfoldedIds(connection: Connection): Promise<{ readonly settled: Ids; readonly listed: Ids }> {
  const settled: number[] = []
  const touched: number[] = []
  for (let last = 0; ;) {
    const rows = await read(connection, 'SELECT id, settled, touched FROM unfolded WHERE id > ? ORDER BY id LIMIT ?', [
      last,
      PAGE,
    ])
    for (const row of rows) {
      for (const id of decodeIds(String(row['settled']))) settled.push(id)
      for (const id of decodeIds(String(row['touched']))) touched.push(id)
      last = Number(row['id'])
    }
    if (rows.length < PAGE) break
  }
  const listed = new Float64Array(settled.length + touched.length)
  listed.set(settled)
  listed.set(touched, settled.length)
  return { settled: Float64Array.from(settled).sort(), listed: listed.sort() }
}

const twice = (ids: Ids): readonly number[] => [...new Set(ids.filter((id, i) => i > 0 && ids[i - 1] === id))]

async function notThere(connection: Connection, listed: Ids): Promise<number[]> {
  const missing: number[] = []
  for (const some of pagesOf(listed)) {
    const there = new Set(await idsOf(connection, 'SELECT id FROM transactions WHERE id IN (?)', [some]))
    missing.push(...some.filter((id) => !there.has(id)))
  }
  return missing
}

async function pendingOf(connection: Connection, settled: Ids): Promise<number[]> {
  const pending: number[] = []
  for (const some of pagesOf(settled)) {
    pending.push(
      ...(await idsOf(connection, "SELECT id FROM transactions WHERE id IN (?) AND state = 'pending'", [some])),
    )
  }
  return pending
}

/** Each id once, a page at a time. */
function* pagesOf(ids: Ids): Generator<number[]> {
  let page: number[] = []
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]
    if (id === undefined || id === ids[i - 1]) continue
    page.push(id)
    if (page.length === PAGE) {
      yield page
      page = []
    }
  }
  if (page.length > 0) yield page
}

/**
 * Transactions without a matching search row must be in `unfolded`. Rows from before roles existed belong to the
 * backfill.
 */
async function notFolded(connection: Connection, listed: Ids): Promise<string[]> {
  const faults: string[] = []
  for (let last = 0; faults.length < MOST_FAULTS;) {
    const rows = await read(connection, UNLIKE_SEARCH_ROWS, [last, PAGE])
    for (const row of rows) {
      const id = Number(row['id'])
      last = id
      if (has(listed, id)) continue
      const what = row['found'] === null ? 'is neither folded nor unfolded' : 'its search row says something else'
      faults.push(`transaction ${id}: ${what}`)
    }
    if (rows.length < PAGE) break
  }
  return faults
}

const UNLIKE_SEARCH_ROWS = `
  SELECT t.id, s.id AS found FROM transactions t
  LEFT JOIN search_transactions s ON s.at = t.received_at AND s.id = t.id
  WHERE t.id > ? AND t.role IS NOT NULL AND (s.id IS NULL OR s.state <> t.state OR NOT s.undone_by <=> t.undone_by
    OR s.amount <> t.amount OR s.result <> t.result OR s.business_date <> t.business_date)
  ORDER BY t.id LIMIT ?`

const STRAY_SEARCH_ROWS = `
  SELECT s.id FROM search_transactions s LEFT JOIN transactions t ON t.id = s.id AND t.received_at = s.at
  WHERE t.id IS NULL ORDER BY s.at, s.id LIMIT ${MOST_FAULTS}`

function has(ids: Ids, id: number): boolean {
  let from = 0
  let until = ids.length
  while (from < until) {
    const middle = (from + until) >> 1
    if ((ids[middle] ?? 0) < id) from = middle + 1
    else until = middle
  }
  return ids[from] === id
}

const idsOf = async (connection: Connection, sql: string, values: readonly unknown[] = []): Promise<number[]> =>
  (await read(connection, sql, values)).map(({ id }) => Number(id))

async function read(connection: Connection, sql: string, values: readonly unknown[]): Promise<RowDataPacket[]> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, [...values])
  return rows
}
