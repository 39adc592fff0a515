import t from 'tap'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Access, openConnection } from '../../src/db/access.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { SQL_DIRECTORY } from '../../src/db/migration-files.ts'
import { migrate } from '../../src/db/migrations.ts'
import { backfillOnce } from '../../src/db/search-rows.ts'
import { emptyDatabase } from '../database.ts'

/**
 * The migrations of the foundations (0018 and later) on a database that is in use: how long each other process's writes to
 * cards and transactions wait while they run, and how fast what old rows need is filled beside it.
 */
const ROWS = Number(process.env['AKART_SOAK_TRANSACTIONS'] ?? 10_000_000)
const CARDS = Number(process.env['AKART_SOAK_CARDS'] ?? 2_000_000)
const AT_ONCE = 100_000
const LAST_BEFORE = '0017'
/** A payment may wait this long while the schema changes. */
const MOST_SECONDS = 5
const FIRST = 1_000_001

async function before(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'akart-sql-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  for (const file of await readdir(SQL_DIRECTORY)) {
    if (file.slice(0, 4) <= LAST_BEFORE) await cp(join(SQL_DIRECTORY, file), join(directory, file))
  }
  return directory
}

async function fill(access: Access): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: false })
  const numbers = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n FROM ${['a', 'b', 'c', 'e', 'f']
    .map(
      (name) =>
        `(SELECT 0 AS d ${Array.from({ length: 9 }, (_, i) => `UNION ALL SELECT ${i + 1}`).join(' ')}) AS ${name}`,
    )
    .join(', ')}) AS numbers`
  await connection.query(
    `INSERT INTO issues (id, code, name, currency, prefix, number_length, value_kind, sale_minimum, sale_maximum, sale_step,
       maximum_balance, refund_onto_card, refund_onto_new, unreceipted_refund_maximum, partial_approval, cash_out_maximum,
       pay_by_number, balance_by_number, state, card_count, medium, number_body, barcode, packs, ecodes, sale_authorisation,
       ecommerce_after_hours)
     VALUES (1, 'OLD', 'Old', 985, '629910', 16, 'open', 1, 100000, 1, 200000, 1, 1, 50000, 1, 500, 0, 1, 'activated', 1,
       'stripe', 'sequential', 'code128', 0, 1, 0, 0)`,
  )
  await connection.query(
    "INSERT INTO number_keys (id, check_value, state, made_at) VALUES (1, 'ABCDEF', 'current', UTC_TIMESTAMP(3))",
  )
  await connection.query("INSERT INTO accounts (id, kind, owner, currency) VALUES (1, 'store_payable', 'S1', 985)")
  for (let from = 0; from < CARDS; from += AT_ONCE) {
    await connection.query(
      `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state)
       SELECT ${FIRST + from} + n, 1, ${from + 1} + n, UNHEX(LEFT(SHA2(${from} + n, 256), 32)), CONCAT(CHAR(1), REPEAT('x', 27)), '629910',
         LPAD((${from} + n) % 10000, 4, '0'), '4912', 0, 'sold' FROM ${numbers} WHERE n < ${Math.min(AT_ONCE, CARDS - from)}`,
    )
  }
  for (let from = 0; from < ROWS; from += AT_ONCE) {
    await connection.query(
      `INSERT INTO transactions (id, store_code, terminal_code, kind, stan, transmitted, content, received_at, business_date,
         local_time, line, trace, processing_code, operation, entry_mode, card_id, amount_asked, currency, debit_account,
         credit_account, amount, sells, result, rrn, approval_code, ledger_after, available_after, balance_currency, state)
       SELECT ${FIRST + CARDS + from} + n, 'S1', 'T1', 200, (${from} + n) % 1000000, 20261122000000 + (${from} + n) DIV 1000000,
         REPEAT('x', 16), '2026-11-22 10:00:00', '2026-11-22', '1122100000', 'iso', 't', '006000', 'payment', '022',
         ${FIRST} + (${from} + n) % ${CARDS}, 1, 985, ${FIRST} + (${from} + n) % ${CARDS}, 1, 1, 0, 'approved',
         LPAD(${from} + n, 12, '0'), 'A7K2Q9', 0, 0, 985, 'confirmed' FROM ${numbers} WHERE n < ${Math.min(AT_ONCE, ROWS - from)}`,
    )
  }
  await connection.query('UPDATE id_blocks SET next_id = ? WHERE name = ?', [FIRST + CARDS + ROWS, 'row'])
  await connection.end()
}

/** The writes of a payment, repeated; returns the longest duration, ms. */
function payments(access: Access) {
  const connection = workerConnection(access)
  let running = true
  let longest = 0
  let count = 0
  const run = (async () => {
    for (let id = FIRST + CARDS + ROWS; running; id++) {
      const started = performance.now()
      await connection.send(`BEGIN;SELECT ledger FROM cards WHERE id = ${FIRST + (id % CARDS)} FOR UPDATE`)
      await connection.send(
        `INSERT INTO transactions (id, store_code, terminal_code, kind, stan, transmitted, content, received_at, business_date,
           local_time, line, trace, processing_code, entry_mode, amount, sells, result, rrn, approval_code, state)
         VALUES (${id}, 'S1', 'T2', 200, ${id % 1_000_000}, ${id}, REPEAT('x', 16), UTC_TIMESTAMP(3), '2026-11-22', '', 'iso', 't',
           '006000', '022', 0, 0, 'exceeds_balance', '', '', 'declined')`,
      )
      await connection.send(`UPDATE cards SET day_count = day_count + 1 WHERE id = ${FIRST + (id % CARDS)};COMMIT`)
      longest = Math.max(longest, performance.now() - started)
      count++
    }
  })()
  return {
    async stop() {
      running = false
      await run
      await connection.close()
      return { longest, count }
    },
  }
}

t.setTimeout(0)
t.test(`${ROWS} transactions and ${CARDS} cards are migrated beside payments`, async (t) => {
  const access = await emptyDatabase(t)
  await migrate(access, await before())
  await fill(access)
  const paying = payments(access)
  let stopped = Promise.resolve({ longest: 0, count: 0 })
  const started = performance.now()
  const migrated = await migrate(access).finally(() => {
    stopped = paying.stop()
  })
  const took = (performance.now() - started) / 1_000
  const { longest, count } = await stopped
  const { applied } = migrated
  t.comment(
    `${applied.length} migrations in ${took.toFixed(1)} s; ${count} payments beside, the longest ${longest.toFixed(0)} ms`,
  )
  t.ok(longest < MOST_SECONDS * 1_000, `no payment waited more than ${MOST_SECONDS} s: ${longest.toFixed(0)} ms`)

  const connection = workerConnection(access)
  const filling = performance.now()
  let lots = 0
  while ((await backfillOnce(connection, 1_000)) === true && ++lots < 200);
  const seconds = (performance.now() - filling) / 1_000
  t.comment(
    `backfill: ${(lots / seconds).toFixed(1)} lots of 1,000 a second, ${((ROWS / 1_000 / lots) * seconds).toFixed(0)} s for all at full speed`,
  )
  const [[row] = []] = await connection.send(
    'SELECT COUNT(*), COUNT(role) FROM transactions WHERE id < (SELECT next_id FROM backfills)',
  )
  t.equal(row?.[0], row?.[1], 'what is behind has its role')
  await connection.close()
})
