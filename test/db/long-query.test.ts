import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { longQuery, rowsInPieces } from '../../src/db/long-query.ts'
import { openConnection } from '../../src/db/access.ts'
import { testDatabase } from '../database.ts'

/* A statement that may take minutes: read in pieces, and ended in the database when it is no longer wanted. */

const access = await testDatabase(t)
const watching = await openConnection(access, { multipleStatements: false })
t.teardown(() => watching.end())

async function running(): Promise<number> {
  const [rows] = await watching.query(
    `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP(%' AND id <> CONNECTION_ID()`,
  )
  return (rows as { n: number }[])[0]?.n ?? 0
}

async function until(n: number): Promise<void> {
  while ((await running()) !== n) await sleep(10)
}

t.test('ended from here, it ends there', async (t) => {
  const ending = new AbortController()
  const asked = longQuery(access, 'SELECT SLEEP(600)', ending.signal)
  const ended = t.rejects(asked, /ended from here/u)
  await until(1)
  ending.abort()
  await ended
  await until(0)
  await t.rejects(longQuery(access, 'SELECT 1', ending.signal), /before it began/u)
})

t.test('ended while its connection is opened, it leaves none behind', async (t) => {
  const others = async (): Promise<number> => {
    const [rows] = await watching.query(
      `SELECT COUNT(*) AS n FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()`,
    )
    return (rows as { n: number }[])[0]?.n ?? 0
  }
  while ((await others()) !== 0) await sleep(10)
  const ending = new AbortController()
  const asked = longQuery(access, 'SELECT SLEEP(600)', ending.signal)
  ending.abort()
  await t.rejects(asked, /while its connection was opened/u)
  while ((await others()) !== 0) await sleep(10)
})

t.test('in pieces, none of them larger than was asked for; and no row is lost', async (t) => {
  const digits = `(SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6)`
  const sql = `SELECT a.n, b.n, c.n FROM ${digits} a, ${digits} b, ${digits} c`
  const sizes: number[] = []
  for await (const piece of rowsInPieces(access, sql, { size: 100, signal: new AbortController().signal }))
    sizes.push(piece.length)
  t.same(sizes, [100, 100, 100, 43])
})

t.test('what the database says of it is thrown', async (t) => {
  const asked = longQuery(access, 'SELECT nothing', new AbortController().signal)
  await t.rejects(asked, /Unknown column/u)
})
