import { setTimeout as sleep } from 'node:timers/promises'
import { request as http } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { openConnection } from '../../src/db/access.ts'
import type { Query } from '../../src/menu/api.ts'
import { openCases } from './open-cases.ts'
import { menuForTest } from './setting.ts'

/** Searches that no index supports: named before they run, and ended in the database when their caller has gone. */

const menu = await menuForTest(t)
const sold = demoCards(deriveCardKeys(DEMO_MASTER)).filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
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

t.test('transactions that have a case are found among the cases, whatever else is asked', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const [card] = sold
  const number = card?.number ?? ''
  await openCases(menu, [
    { number, stan: 7001, amount: 100 },
    { number, stan: 7002, amount: 200 },
  ])
  await menu.folded()
  const all = (await clerk.ok('transactions.list', { query: { limit: 500 } })).items
  const withCase = all.filter(({ hasCase }) => hasCase).map(({ id }) => id)
  t.ok(withCase.length >= 2 && withCase.length < all.length)
  const found = async (query: Query<'transactions.list'>) =>
    (await clerk.ok('transactions.list', { query: { limit: 500, ...query } })).items.map(({ id }) => id)
  t.same(await found({ hasCase: true }), withCase)
  t.same(await clerk.ok('transactions.count', { query: { hasCase: true } }), {
    count: withCase.length,
    capped: false,
    slow: false,
  })
  const at = new Date(menu.now)
  const [from, to] = [at.toISOString(), new Date(menu.now + 1000).toISOString()]
  const isNow = (one: (typeof all)[number]): boolean => one.at >= from && one.at < to
  t.same(
    await found({ hasCase: true, from, to }),
    all.filter((one) => one.hasCase && isNow(one)).map(({ id }) => id),
  )
  t.same(await found({ hasCase: true, stan: 7002, amountFrom: 200 }), await found({ stan: 7002, amountFrom: 200 }))
  t.same(await found({ hasCase: true, amountFrom: 99_999_999 }), [])
  t.same(
    await found({ hasCase: false }),
    all.filter(({ hasCase }) => !hasCase).map(({ id }) => id),
  )
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
