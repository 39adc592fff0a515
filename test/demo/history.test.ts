import t from 'tap'
import { equipDemoHistory } from '../../src/demo/history.ts'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { foldOnce } from '../../src/db/folding.ts'
import { REPORT_SUMS } from '../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import { verifySums } from '../../src/office/reports/verification.ts'
import { testDatabase } from '../database.ts'
import { ok, person, testOffice } from '../office/test-office.ts'

const NOW = Date.UTC(2026, 10, 29, 12)

void t.test('a demo that was made without history gets its 60 days, once', async (t) => {
  const access = await testDatabase(t)
  await seedDemo(access, NOW)
  const keys = deriveCardKeys(DEMO_MASTER)
  const ask = (sql: string): Promise<unknown[][]> =>
    onConnection(access, async (connection) => (await connection.send(sql)).flat() as unknown[][])
  await equipDemoHistory(access, keys, 60, NOW)
  const story = `SELECT COUNT(*), COUNT(DISTINCT business_date), COUNT(DISTINCT store_code) FROM transactions
    WHERE line = 'iso-demo' AND operation IN ('sale', 'payment', 'refund', 'top_up') AND card_id IN (SELECT c.id FROM cards c JOIN issues i
      ON i.id = c.issue_id WHERE i.code = 'CLUB')`
  const [[count = 0, days, stores] = []] = await ask(story)
  t.ok(Number(count) > 500 && days === 60 && stores === 2, `${String(count)} in ${String(days)} days`)
  const [[first, last] = []] = await ask(
    "SELECT MIN(business_date), MAX(business_date) FROM transactions WHERE line = 'iso-demo'",
  )
  t.same([first, last], ['2026-09-30', '2026-11-28'], 'they end with yesterday')
  await t.test('every sort of thing is there', async (t) => {
    const facts = {
      'undone by the till': "SELECT COUNT(*) FROM transactions WHERE state = 'cancelled'",
      'reversed by the till': "SELECT COUNT(*) FROM transactions WHERE undone_by = 'terminal'",
      refunds: "SELECT COUNT(*) FROM transactions WHERE operation = 'refund' AND result = 'approved'",
      'top-ups': "SELECT COUNT(*) FROM transactions WHERE operation = 'top_up' AND result = 'approved'",
      declines: "SELECT COUNT(*) FROM transactions WHERE line = 'iso-demo' AND state = 'declined'",
      'open cases': 'SELECT COUNT(*) FROM cases WHERE closed_at IS NULL',
      'closed cases': 'SELECT COUNT(*) FROM cases WHERE closed_at IS NOT NULL',
      'a pack on its way': "SELECT COUNT(*) FROM packs WHERE state = 'dispatched'",
    }
    for (const [what, sql] of Object.entries(facts)) t.ok(Number((await ask(sql))[0]?.[0]) > 0, what)
  })
  await t.test('each till ended each day with the right totals, and is in the day of today', async (t) => {
    t.same(await ask('SELECT COUNT(*), COUNT(DISTINCT terminal_code, business_date), MIN(agreed) FROM day_ends'), [
      [180, 180, 1],
    ])
    t.same(
      await ask(`SELECT e.terminal_code, e.business_date FROM day_ends e WHERE
        (CAST(e.credits AS SIGNED), CAST(e.credits_amount AS SIGNED), CAST(e.reversed_debits_amount AS SIGNED)) <> (
          SELECT COALESCE(SUM(t.kind = 200 AND t.operation <> 'payment'), 0),
            COALESCE(SUM(IF(t.kind = 200 AND t.operation <> 'payment', t.amount, 0)), 0),
            COALESCE(SUM(IF(t.kind IN (400, 420), t.amount, 0)), 0)
          FROM transactions t LEFT JOIN transactions o ON o.id = t.original_id
          WHERE t.amount > 0 AND t.business_date = e.business_date
            AND IF(t.terminal_code = 'TIMER', o.terminal_code, t.terminal_code) = e.terminal_code)`),
      [],
    )
    t.same(
      await ask("SELECT DISTINCT business_date FROM terminals WHERE code IN ('DEMO0001', 'DEMO0004', 'DEMO0006')"),
      [['2026-11-29']],
    )
  })
  await t.test('the books and the sums of reports agree', async (t) => {
    t.same((await verifyLedger(access)).faults, [])
    await onConnection(access, (connection) =>
      foldOnce(connection, [REPORT_SUMS, SEARCH_ROWS], { batches: 500, ids: 100_000 }),
    )
    const office = await testOffice(t, access)
    t.same((await ok(verifySums(office, person('ola')))).faults, [])
  })
  await equipDemoHistory(access, keys, 60, NOW + 86_400_000)
  t.same((await ask(story))[0]?.[0], count, 'and not again')
})
