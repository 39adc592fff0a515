import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openConnection, type Access } from '../src/db/access.ts'
import { STORE_ACCOUNTS } from '../src/db/accounts.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { takeIds } from '../src/db/ids.ts'
import { openDatabase } from '../src/db/database.ts'
import { migrate } from '../src/db/migrations.ts'
import { upsertSearchRange } from '../src/db/sql/search.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb } from '../src/home/mariadb-server.ts'
import { keepFigures } from '../src/jobs/report-figures.ts'
import { dayStart } from '../src/office/day-bounds.ts'
import { PLACE } from './books.ts'

/*
 * Three years of a chain with 100 stores, made by the database itself from a demo card and a demo sale, and kept for the next
 * run. Transactions lie in the order of time, as in life. Each card is sold and then moved every three weeks or so: a payment,
 * a top-up, a payment, and a payment, a refund without a receipt or a cancellation. Their sums are made by SQL of the bench's
 * own; `akart report verify` proves them.
 */

export const FIRST = 5_000_000_000
export const STORES = 100
export const DAYS = 3 * 365
const LOT = 100_000
const SIZES = { bufferPool: '1G', logFile: '512M', maxConnections: 64 } as const

export type ReportBooks = {
  readonly access: Access
  readonly rows: number
  readonly cards: number
  /** The last day that has transactions. */
  readonly lastDay: string
  readonly close: () => Promise<void>
}

/** Opens the database of a size; makes it first where it is not there yet. */
export async function openReportBooks(rows: number): Promise<ReportBooks> {
  const directory = join(PLACE, `reports-${rows}`)
  const [data, begun, ready] = [join(directory, 'data'), join(directory, 'begun'), join(directory, 'ready')]
  if (!existsSync(begun)) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  process.env['TMPDIR'] = directory
  const program = await findMariadb()
  if (!existsSync(begun)) await bootstrapDataDirectory(program, data, { logFileSize: SIZES.logFile })
  const server = await startMariadb(program, data, SIZES)
  try {
    const access = { ...server.access, database: 'akart' }
    if (!existsSync(begun)) {
      await createDatabase(access)
      await migrate(access)
      await seedDemo(access, Date.now() - DAYS * 86_400_000)
      await begin(access)
      await writeFile(begun, '')
    }
    // A database that an older build made gets the tables of this one.
    await migrate(access)
    if (!existsSync(ready)) {
      await generate(access, rows)
      await writeFile(ready, '')
    }
    await addRest(access, rows)
    const [cards, lastDay] = await extentOf(access, rows)
    return { access, rows, cards, lastDay, close: () => server.stop() }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function extentOf(access: Access, rows: number): Promise<[number, string]> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [found] = await connection.query(
    `SELECT (SELECT COUNT(*) FROM cards WHERE id > ${FIRST}), (SELECT CAST(business_date AS CHAR) FROM transactions
       WHERE id > ${FIRST} AND id <= ${FIRST} + ${rows} ORDER BY id DESC LIMIT 1)`,
  )
  await connection.end()
  const [row] = found as Record<string, unknown>[]
  const [cards, day] = Object.values(row ?? {})
  return [Number(cards), String(day)]
}

type Connection = Awaited<ReturnType<typeof openConnection>>

/** Stores, and how far the generator is: stopped, it goes on from there. */
async function begin(access: Access): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  await addStores(access, connection)
  await connection.query(
    `CREATE TABLE bench_progress (what VARCHAR(20) NOT NULL PRIMARY KEY, done BIGINT NOT NULL);
     INSERT INTO bench_progress VALUES ('cards', 0), ('transactions', 0), ('search rows', 0), ('sums', 0)`,
  )
  await connection.end()
}

/** Lots of one kind, each with its progress in one transaction. */
async function lots(
  connection: Connection,
  what: string,
  { most, lot = LOT }: { readonly most: number; readonly lot?: number },
  statement: (from: number, until: number) => string,
): Promise<void> {
  const [rows] = await connection.query(`SELECT done FROM bench_progress WHERE what = '${what}'`)
  const begun = performance.now()
  for (let at = Number((rows as { done: number }[])[0]?.done); at < most; at += lot) {
    const until = Math.min(most, at + lot)
    await connection.query('BEGIN')
    await connection.query(statement(at, until))
    await connection.query(`UPDATE bench_progress SET done = ${until} WHERE what = '${what}'; COMMIT`)
    if (until % 1_000_000 === 0 || until === most) {
      console.log(`${what}: ${until} of ${most}, ${((performance.now() - begun) / 1000).toFixed(0)} s`)
    }
  }
}

async function generate(access: Access, rows: number): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0')
  const cards = rows / 5
  // Every card moves once in so many cards' sales: about three weeks.
  const lag = Math.floor((cards * 21) / DAYS)
  await addCards(connection, cards + 10 * lag, { cards, lag })
  await addTransactions(connection, { cards, lag, rows })
  await lots(connection, 'search rows', { most: rows }, (from, until) =>
    upsertSearchRange(FIRST + from + 1, FIRST + until + 1),
  )
  await lots(connection, 'sums', { most: SUMS.length, lot: 1 }, (at) => SUMS[at] ?? '')
  await connection.query('DELETE FROM unfolded')
  await connection.query('DELETE FROM backfills')
  await connection.query('ANALYZE TABLE cards, transactions, search_transactions, report_activity, report_balances')
  await connection.end()
}

async function addStores(access: Access, connection: Connection): Promise<void> {
  let account = await takeIds(access, 'account', STORES * STORE_ACCOUNTS.length)
  for (let n = 3; n <= STORES; n++) {
    const code = String(n).padStart(15, '0')
    await connection.query('INSERT INTO stores (code, name, currency, time_zone, language, state) VALUES (?)', [
      [code, `Store ${n}`, 985, 'Europe/Warsaw', 'pl', 'open'],
    ])
    for (const kind of STORE_ACCOUNTS) {
      await connection.query('INSERT INTO accounts (id, kind, owner, currency) VALUES (?)', [
        [account++, kind, code, 985],
      ])
    }
  }
  await connection.query(
    `CREATE TABLE bench_accounts (store INT NOT NULL PRIMARY KEY, code VARCHAR(15) NOT NULL, receivable BIGINT NOT NULL, payable BIGINT NOT NULL)
       AS SELECT CAST(r.owner AS UNSIGNED) AS store, r.owner AS code, r.id AS receivable, p.id AS payable FROM accounts r
       JOIN accounts p ON p.owner = r.owner AND p.currency = r.currency AND p.kind = 'store_payable'
       WHERE r.kind = 'store_receivable' AND r.currency = 985`,
  )
}

type Extent = { readonly cards: number; readonly lag: number }

async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const [rows] = await connection.query(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'
     AND extra NOT LIKE '%GENERATED%'`,
  )
  return (rows as { name: string }[]).map(({ name }) => name)
}

const SALE = 1_000_000
const TOP_UP = 5_000
/** The amounts of payments; the last of five is special. */
const [FIRST_PAYMENT, SECOND_PAYMENT, LAST_PAYMENT, REFUND] = [2_000, 3_000, 4_000, 1_500]

/** The n-th transaction: `q` five of them, `j` the place in its card's history, `c` the card; below 0: it is sold alone. */
const place = (lag: number) => `SELECT n.n, n.q, IF(n.q < n.j * ${lag}, 0, n.j) AS j,
  IF(n.q < n.j * ${lag}, n.cards + ${lag} * (n.j * (n.j - 1) DIV 2) + n.q, n.q - n.j * ${lag}) AS c`

const when = (rows: number): string =>
  `UTC_DATE() - INTERVAL 1 SECOND - INTERVAL FLOOR((${rows} - p.n) * ${(DAYS * 86_400) / rows}) SECOND`

async function addCards(connection: Connection, all: number, { cards, lag }: Extent): Promise<void> {
  const names = await columnsOf(connection, 'cards')
  // How often a card has moved: those that are sold late, and those that are sold alone, less often.
  const moves = `IF(n.c >= ${cards}, 1, 1 + (n.c + ${lag} < ${cards}) + (n.c + 2 * ${lag} < ${cards}) + (n.c + 3 * ${lag} < ${cards}) + (n.c + 4 * ${lag} < ${cards}))`
  const last = `IF(n.c MOD 10 = 0, ${REFUND}, IF(n.c MOD 10 = 1, ${SECOND_PAYMENT}, -${LAST_PAYMENT}))`
  const ledger = `${SALE} - IF(${moves} > 1, ${FIRST_PAYMENT}, 0) + IF(${moves} > 2, ${TOP_UP}, 0) - IF(${moves} > 3, ${SECOND_PAYMENT}, 0) + IF(${moves} > 4, ${last}, 0)`
  const values: Readonly<Record<string, string>> = {
    id: `${FIRST} + 1 + n.c`,
    issue_id: `IF(n.c MOD 4 = 0, (SELECT id FROM issues WHERE code = 'GIFT50'), m.issue_id)`,
    serial: '2000000 + n.c',
    number_hash: "UNHEX(MD5(CONCAT('report-', n.c)))",
    barcode_hash: 'NULL',
    ecode_hash: "UNHEX(MD5(CONCAT('ecode-', n.c)))",
    last_four: "LPAD(n.c MOD 10000, 4, '0')",
    sold_at: `UTC_TIMESTAMP(3) - INTERVAL FLOOR((${cards} - LEAST(n.c, ${cards})) * ${(DAYS * 86_400) / cards}) SECOND`,
    expiry: "'4912'",
    version: '0',
    valid_until: 'NULL',
    seq: moves,
    ledger,
    available: ledger,
  }
  const of = `SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'OPEN' AND c.state = 'sold' LIMIT 1`
  await lots(
    connection,
    'cards',
    { most: all },
    (from, until) =>
      `INSERT INTO cards (${names.join(',')}) SELECT ${names.map((name) => values[name] ?? `m.${name}`).join(',')}
       FROM (SELECT CAST(seq AS SIGNED) AS c FROM seq_${from}_to_${until - 1}) n JOIN (${of}) m`,
  )
}

async function addTransactions(
  connection: Connection,
  { cards, lag, rows }: Extent & { readonly rows: number },
): Promise<void> {
  const names = await columnsOf(connection, 'transactions')
  const isLoad = '(p.j = 0 OR p.j = 2)'
  const isRefund = '(p.j = 4 AND p.c MOD 10 = 0)'
  const isCancel = '(p.j = 4 AND p.c MOD 10 = 1)'
  const isTaken = `(${isLoad} OR ${isRefund} OR ${isCancel})`
  const isCancelled = `(p.j = 3 AND p.c MOD 10 = 1 AND p.c + 4 * ${lag} < ${cards})`
  const card = `${FIRST} + 1 + p.c`
  const contra = `IF(${isLoad}, a.receivable, a.payable)`
  // A cancellation is in the store of its original.
  const store = `1 + (p.c * ELT(p.j + 1, 1, 7, 3, 11, IF(p.c MOD 10 = 1, 11, 13)) + ELT(p.j + 1, 0, 1, 2, 3, IF(p.c MOD 10 = 1, 3, 4))) MOD ${STORES}`
  const values: Readonly<Record<string, string>> = {
    id: `${FIRST} + 1 + p.n`,
    received_at: when(rows),
    business_date: `DATE(${when(rows)})`,
    terminal_code: "CONCAT('T', LPAD(p.store, 3, '0'), LPAD(p.n MOD 5, 4, '0'))",
    store_code: 'a.code',
    for_store: 'NULL',
    stan: 'p.n MOD 1000000',
    rrn: "LPAD(p.n, 12, '0')",
    transmitted: '20250101000000 + p.n',
    operation: `IF(p.j = 0, 'sale', IF(p.j = 2, 'top_up', IF(${isRefund}, 'refund', 'payment')))`,
    role: `IF(${isCancel}, 'cancels', 'books')`,
    card_id: card,
    debit_account: `IF(${isTaken}, ${contra}, ${card})`,
    credit_account: `IF(${isTaken}, ${card}, ${contra})`,
    amount: `ELT(p.j + 1, ${SALE}, ${FIRST_PAYMENT}, ${TOP_UP}, ${SECOND_PAYMENT}, IF(${isRefund}, ${REFUND}, IF(${isCancel}, ${SECOND_PAYMENT}, ${LAST_PAYMENT})))`,
    amount_asked: 'NULL',
    sells: 'p.j = 0',
    state: `IF(${isCancelled}, 'cancelled', 'confirmed')`,
    undone_by: 'NULL',
    original_id: `IF(${isCancel}, ${FIRST} + 1 + 5 * (p.c + 3 * ${lag}) + 3, NULL)`,
    card_seq: 'p.j + 1',
    other_seq: 'NULL',
    available_seq: `IF(${isTaken}, p.j + 1, NULL)`,
  }
  const of = "SELECT * FROM transactions WHERE operation = 'sale' AND amount > 0 AND role = 'books' LIMIT 1"
  await lots(connection, 'transactions', { most: rows }, (from, until) => {
    const numbers = `SELECT CAST(seq AS SIGNED) AS n, CAST(seq DIV 5 AS SIGNED) AS q, CAST(seq MOD 5 AS SIGNED) AS j, ${cards} AS cards
      FROM seq_${from}_to_${until - 1}`
    return `INSERT INTO transactions (${names.join(',')}) SELECT ${names.map((name) => values[name] ?? `m.${name}`).join(',')}
      FROM (SELECT p.*, ${store} AS store FROM (${place(lag)} FROM (${numbers}) n) p) p
      JOIN bench_accounts a ON a.store = p.store JOIN (${of}) m ORDER BY p.n`
  })
}

/**
 * What came into the bench later: refused requests, ends of day, acts of people, and what is kept of days and months that are
 * over. A database that was made before gets it when it is opened.
 */
async function addRest(access: Access, rows: number): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  const steps = ['declines', 'day ends', 'acts', 'kept'].map((what) => `('${what}', 0)`).join(',')
  await connection.query(`INSERT IGNORE INTO bench_progress VALUES ${steps}`)
  await addDeclines(connection, rows)
  await lots(connection, 'day ends', { most: 1, lot: 1 }, () => DAY_ENDS)
  await lots(connection, 'acts', { most: 1, lot: 1 }, () => ACTS)
  const offsets = Array.from({ length: DAYS + 2 }, (_, i) => {
    const day = new Date(Date.now() - i * 86_400_000).toISOString().slice(0, 10)
    return `('${day}', ${Math.round((Date.parse(`${day}T00:00:00Z`) - dayStart(day, 'Europe/Warsaw')) / 60_000)})`
  })
  const kept = [
    `CREATE OR REPLACE TABLE bench_offsets (day DATE NOT NULL PRIMARY KEY, minutes INT NOT NULL); INSERT INTO bench_offsets VALUES ${offsets.join(',')}`,
    ...KEPT,
  ]
  await lots(connection, 'kept', { most: kept.length, lot: 1 }, (at) => kept[at] ?? '')
  await connection.end()
  const db = openDatabase(access)
  const begun = performance.now()
  // The months and their ends by the job itself: the proof compares them with the transactions.
  await keepFigures({ db, clock: Date.now, timeZone: 'Europe/Warsaw' }, () => false, 1)
  if (performance.now() - begun > 10_000) console.log(`ends of months: ${((performance.now() - begun) / 1000).toFixed(0)} s`) // prettier-ignore
  await db.stop()
}

/** Three in a hundred requests are refused. */
async function addDeclines(connection: Connection, rows: number): Promise<void> {
  const names = await columnsOf(connection, 'transactions')
  const values: Readonly<Record<string, string>> = {
    id: `${FIRST} + 1 + ${rows} + n.n`,
    received_at: when(rows).replaceAll('p.n', '(n.n * 100 DIV 3)'),
    business_date: `DATE(${when(rows).replaceAll('p.n', '(n.n * 100 DIV 3)')})`,
    terminal_code: `CONCAT('T', LPAD(1 + n.n MOD ${STORES}, 3, '0'), LPAD(n.n DIV ${STORES} MOD 5, 4, '0'))`,
    store_code: 'a.code',
    stan: 'n.n MOD 1000000',
    rrn: "LPAD(n.n, 12, '0')",
    transmitted: '20350101000000 + n.n',
    operation: "'payment'",
    debit_account: 'NULL',
    credit_account: 'NULL',
    amount: '0',
    amount_asked: '5000',
    sells: '0',
    state: "'declined'",
    result: "ELT(1 + n.n MOD 4, 'wrong_ecode', 'unknown_card', 'card_blocked', 'card_lost')",
    card_seq: 'NULL',
    available_seq: 'NULL',
  }
  const of = "SELECT * FROM transactions WHERE operation = 'sale' AND amount > 0 AND role = 'books' LIMIT 1"
  const most = Math.floor((rows * 3) / 100)
  await lots(
    connection,
    'declines',
    { most },
    (from, until) =>
      `INSERT INTO transactions (${names.join(',')}) SELECT ${names.map((name) => values[name] ?? `m.${name}`).join(',')}
       FROM (SELECT CAST(seq AS SIGNED) AS n FROM seq_${from}_to_${until - 1}) n JOIN (${of}) m
       JOIN bench_accounts a ON a.store = 1 + n.n MOD ${STORES} ORDER BY n.n;
       ${upsertSearchRange(FIRST + 1 + rows + from, FIRST + 1 + rows + until)};
       INSERT INTO report_declines (day, store_code, terminal_code, reason, count)
       SELECT business_date, store_code, terminal_code, result, COUNT(*) FROM transactions
       WHERE id >= ${FIRST + 1 + rows + from} AND id < ${FIRST + 1 + rows + until} GROUP BY 1, 2, 3, 4
       ON DUPLICATE KEY UPDATE count = count + VALUES(count)`,
  )
}

const TERMINALS = `(SELECT a.code, CONCAT('T', LPAD(a.store, 3, '0'), LPAD(n.seq, 4, '0')) AS terminal FROM bench_accounts a JOIN seq_0_to_4 n)`

/** One of each terminal and day; one in a thousand differs. */
const DAY_ENDS = `INSERT INTO day_ends (id, terminal_code, store_code, since, business_date, credits, credits_amount, reversed_credits,
    reversed_credits_amount, debits, debits_amount, reversed_debits, reversed_debits_amount, agreed, claimed_credits,
    claimed_credits_amount, claimed_reversed_credits, claimed_reversed_credits_amount, claimed_debits, claimed_debits_amount,
    claimed_reversed_debits, claimed_reversed_debits_amount)
  SELECT 4000000000 + ROW_NUMBER() OVER (), t.terminal, t.code, d.day, d.day, 9, 900000, 0, 0, 8, 24000, 0, 0,
    CRC32(CONCAT(t.terminal, d.day)) MOD 1000 <> 0, 9, 900000, 0, 0, 8, 24000 + 3000 * (CRC32(CONCAT(t.terminal, d.day)) MOD 1000 = 0), 0, 0
  FROM report_days d JOIN ${TERMINALS} t`

/** 300 acts a day of 40 people. */
const ACTS = `INSERT INTO audit (id, at, who, channel, action, object_kind, object_id, store_code, outcome, details)
  SELECT 4500000000 + 300 * DATEDIFF(d.day, '2020-01-01') + n.seq, d.day + INTERVAL 6 HOUR + INTERVAL 2 * n.seq MINUTE, CONCAT('person', n.seq MOD 40),
    'menu', ELT(1 + n.seq MOD 5, 'cards.see', 'cards.block', 'cases.decide', 'reports.see', 'packs.receive'), 'card', n.seq, NULL,
    IF(n.seq MOD 50 = 0, 'right_missing', 'done'), '{}'
  FROM report_days d JOIN seq_1_to_300 n`

/** What folding would have kept: the bench's own SQL, so that the proof of the sums compares two computations. */
const UNDOES = "t.role = 'cancels'"
const GAIN = 'IF(t.credit_account = t.card_id, t.amount, -CAST(t.amount AS SIGNED))'
const SUMS = [
  'DELETE FROM report_activity', 'DELETE FROM report_balances', 'DELETE FROM report_days', 'DELETE FROM report_sales',
  `INSERT INTO report_activity (day, store_code, issue_id, operation, channel, currency, original_day, count, amount, undone_count, undone_amount)
   SELECT t.business_date, t.store_code, c.issue_id, t.operation, t.channel, 985, COALESCE(o.business_date, t.business_date),
     SUM(NOT ${UNDOES}), SUM(IF(${UNDOES}, 0, t.amount)), SUM(${UNDOES}), SUM(IF(${UNDOES}, t.amount, 0))
   FROM transactions t JOIN cards c ON c.id = t.card_id LEFT JOIN transactions o ON o.id = t.original_id
   WHERE t.amount > 0 GROUP BY 1, 2, 3, 4, 5, 6, 7`,
  `INSERT INTO report_sales (card_id, transaction_id, seq, sold_in, sold_on)
   SELECT t.card_id, t.id, COALESCE(t.card_seq, 0), t.store_code, t.business_date FROM transactions t WHERE t.sells = 1 AND t.amount > 0`,
  `INSERT INTO report_balances (day, issue_id, sold_in, operation, gross, undone)
   SELECT t.business_date, c.issue_id, s.sold_in, t.operation, SUM(IF(${UNDOES}, 0, ${GAIN})), SUM(IF(${UNDOES}, ${GAIN}, 0))
   FROM transactions t JOIN cards c ON c.id = t.card_id JOIN report_sales s ON s.card_id = t.card_id
   WHERE t.amount > 0 GROUP BY 1, 2, 3, 4`,
  `INSERT INTO report_days (day, transfers, amount)
   SELECT business_date, COUNT(*), SUM(amount) FROM transactions WHERE amount > 0 GROUP BY business_date`,
] // prettier-ignore

/** What is kept of days, by the bench's own SQL: all of a card's payments take of its sale, since no card is ever spent. */
const KEPT = [
  "DELETE FROM report_spans; DELETE FROM report_matrix; DELETE FROM report_cohorts; DELETE FROM report_till_acts",
  `INSERT INTO report_matrix (span, day, issue_id, origin, spent_in, currency, amount)
   SELECT 'day', t.business_date, c.issue_id, IF(t.operation = 'refund', t.store_code, s.sold_in), t.store_code, 985,
     SUM(IF(${UNDOES} OR t.operation = 'refund', -CAST(t.amount AS SIGNED), t.amount)) AS spent
   FROM transactions t JOIN cards c ON c.id = t.card_id JOIN report_sales s ON s.card_id = t.card_id
   WHERE t.id > ${FIRST} AND t.amount > 0 AND t.operation IN ('payment', 'refund') GROUP BY 2, 3, 4, 5 HAVING spent <> 0`,
  `INSERT INTO report_cohorts (span, day, issue_id, sold_in, cohort, months, operation, amount)
   SELECT 'day', t.business_date, c.issue_id, s.sold_in, DATE_FORMAT(s.sold_on, '%Y-%m'), TIMESTAMPDIFF(MONTH, s.sold_on, t.business_date),
     t.operation, SUM(${GAIN}) AS gained
   FROM transactions t JOIN cards c ON c.id = t.card_id JOIN report_sales s ON s.card_id = t.card_id
   WHERE t.id > ${FIRST} AND t.amount > 0 GROUP BY 2, 3, 4, 5, 6, 7 HAVING gained <> 0`,
  `INSERT INTO report_till_acts (span, day, store_code, terminal_code, hour, refunds, cancellations, keyed)
   SELECT 'day', t.business_date, t.store_code, t.terminal_code, HOUR(t.received_at + INTERVAL o.minutes MINUTE), SUM(t.operation = 'refund' AND t.role = 'books'),
     SUM(t.role = 'cancels'), SUM(t.entry_mode LIKE '01%' AND t.role = 'books')
   FROM transactions t JOIN bench_offsets o ON o.day = t.business_date
   WHERE t.id > ${FIRST} AND t.state <> 'declined' AND t.channel = 'terminal'
     AND (t.operation = 'refund' AND t.role = 'books' OR t.role = 'cancels' OR t.entry_mode LIKE '01%' AND t.role = 'books') GROUP BY 2, 3, 4, 5`,
  // Days of the demo's own transactions are the job's.
  `INSERT INTO report_spans (span, day, transfers) SELECT 'day', d.day, d.transfers FROM report_days d
   WHERE NOT EXISTS (SELECT 1 FROM transactions t WHERE t.id <= ${FIRST} AND t.amount > 0 AND t.business_date = d.day)`,
  `DELETE m FROM report_matrix m WHERE NOT EXISTS (SELECT 1 FROM report_spans k WHERE k.span = 'day' AND k.day = m.day);
   DELETE m FROM report_cohorts m WHERE NOT EXISTS (SELECT 1 FROM report_spans k WHERE k.span = 'day' AND k.day = m.day);
   DELETE m FROM report_till_acts m WHERE NOT EXISTS (SELECT 1 FROM report_spans k WHERE k.span = 'day' AND k.day = m.day)`,
] // prettier-ignore
