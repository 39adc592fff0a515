import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openConnection, type Access } from '../src/db/access.ts'
import { STORE_ACCOUNTS } from '../src/db/accounts.ts'
import { seedDemo } from '../src/db/demo.ts'
import { takeIds } from '../src/db/ids.ts'
import { migrate } from '../src/db/migrations.ts'
import { upsertSearchRange } from '../src/db/sql/search.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb } from '../src/home/mariadb-server.ts'
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
    // Made by an older build, it gets the tables of this one.
    await migrate(access)
    if (!existsSync(ready)) {
      await generate(access, rows)
      await writeFile(ready, '')
    }
    const [cards, lastDay] = await extentOf(access)
    return { access, rows, cards, lastDay, close: () => server.stop() }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function extentOf(access: Access): Promise<[number, string]> {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query(
    `SELECT (SELECT COUNT(*) FROM cards WHERE id > ${FIRST}), (SELECT CAST(business_date AS CHAR) FROM transactions
       WHERE id > ${FIRST} ORDER BY id DESC LIMIT 1)`,
  )
  await connection.end()
  const [row] = rows as Record<string, unknown>[]
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

/** The result that folding would have: the bench's own SQL, so that the verification compares two computations. */
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
