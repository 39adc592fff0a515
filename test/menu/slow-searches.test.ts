import { setTimeout as sleep } from 'node:timers/promises'
import { request as http } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { menuForTest } from './setting.ts'

/** Searches that no index supports: named before they run, and ended in the database when their caller has gone. */

const menu = await menuForTest(t)
const watching = await openConnection(menu.access, { multipleStatements: false })
t.teardown(() => watching.end())

/** How many statements of lists of cards the database is at work on, in this test's database. */
async function running(): Promise<number> {
  const [rows] = await watching.query(
    `SELECT COUNT(*) AS n FROM information_schema.processlist
     WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE 'SELECT%FROM cards%'`,
  )
  return (rows as { n: number }[])[0]?.n ?? 0
}

t.test('named as slow without being counted; then it runs, and finds the same', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  t.same(await clerk.ok('cards.count', { query: { balanceFrom: 1 } }), { count: null, capped: false, slow: true })
  t.match(await clerk.ok('cards.count', { query: { issue: 'OPEN', balanceFrom: 1 } }), { slow: false })
  const { items } = await clerk.ok('cards.list', { query: { balanceFrom: 1, limit: 500 } })
  t.ok(items.length > 0)
  t.ok(items.every(({ available }) => available.value >= 1))
  t.match(await clerk.ok('transactions.count', { query: { amountFrom: 1 } }), { count: null, slow: true })
})

t.test('whoever goes away ends it in the database too', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  await menu.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = menu.app.server.address() as AddressInfo
  // The list waits for this table until the lock is gone, which is until nobody asks any more.
  await watching.query('LOCK TABLES cards WRITE')
  const asked = http({
    port,
    path: '/api/cards?balanceFrom=1',
    headers: { host: 'localhost:80', cookie: clerk.cookie ?? '' },
  })
  const closed = new Promise((resolve) => asked.once('error', resolve))
  asked.end()
  while ((await running()) === 0) await sleep(10)
  asked.destroy()
  await closed
  while ((await running()) > 0) await sleep(10)
  await watching.query('UNLOCK TABLES')
  t.pass('it is gone')
})
