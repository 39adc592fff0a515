import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { openConnection, type Access } from '../src/db/access.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { migrate } from '../src/db/migrations.ts'
import { upsertSearchRange } from '../src/db/sql/search.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb, type MariadbSizes, type RunningMariadb } from '../src/home/mariadb-server.ts'
import { PLACE } from './books.ts'

/**
 * A database with millions of cards and transactions, made once per size and kept under build/bench-data. An
 * interrupted run continues at its next start. The rows are copies of a demo card and a demo sale, made by the server:
 * they can be searched and paid with, but the ledger does not verify.
 */

export type ManyRows = { readonly transactions: number; readonly cards: number }

/** The ids of made rows follow this one; those of real payments stay far below. */
export const FIRST = 5_000_000_000
export const DAYS = 365
export const STORES = 500
export const TERMINALS = 2_000
export const FIRST_PACK = 1_000_000
export const PACKS = 20

const LOT = 100_000
const SERVING: MariadbSizes = { bufferPool: '1G', logFile: '512M', maxConnections: 64 }
// Indexes that are made at the end are sorted in memory.
const MAKING: MariadbSizes = { ...SERVING, bufferPool: '2G' }

/** Starts the server on the kept database of that size, which is made or finished first. */
export async function openManyRows(size: ManyRows): Promise<{ server: RunningMariadb; access: Access }> {
  const directory = join(PLACE, `search-${size.transactions}`)
  const [data, begun, ready] = ['data', 'begun', 'ready'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ]
  if (!existsSync(begun)) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  process.env['TMPDIR'] = directory
  const program = await findMariadb()
  if (!existsSync(begun)) {
    await bootstrapDataDirectory(program, data, { logFileSize: SERVING.logFile })
    await writeFile(begun, '')
  }
  if (!existsSync(ready)) {
    const server = await startMariadb(program, data, MAKING)
    try {
      await make({ ...server.access, database: 'akart' }, directory, size)
      await writeFile(ready, '')
    } finally {
      await server.stop()
    }
  }
  const server = await startMariadb(program, data, SERVING)
  const access = { ...server.access, database: 'akart' }
  // A database that an older build made gets the indexes of this one.
  await migrate(access)
  return { server, access }
}

async function make(access: Access, directory: string, { transactions, cards }: ManyRows): Promise<void> {
  const from = performance.now()
  await createDatabase(access)
  await migrate(access)
  const connection = await openConnection(access, { multipleStatements: true })
  try {
    const [[seeded]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM installation')
    if (Number(seeded?.['n']) === 0) await seedDemo(access, Date.now())
    await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0')
    await connection.query('SET GLOBAL innodb_flush_log_at_trx_commit = 2')
    const keys = join(directory, 'keys.sql')
    if (!existsSync(keys)) await writeFile(keys, await ordinaryKeys(connection))
    if (!(await isWhole(connection, transactions))) await dropOrdinaryKeys(connection)
    await makePacks(connection)
    const say = (what: string) => (done: number, of: number) =>
      console.log(`${what}: ${done} of ${of}, ${((performance.now() - from) / 1000).toFixed(0)} s`)
    await inLots(connection, 'cards', cards, say('cards'))
    await inLots(connection, 'transactions', transactions, say('transactions'))
    await inLots(connection, 'search_transactions', transactions, say('search rows'))
    await connection.query(CASES)
    for (const statement of (await readFile(keys, 'utf8')).split('\n').filter((line) => line !== '')) {
      await connection.query(statement)
      console.log(`${statement.slice(0, 60)}…, ${((performance.now() - from) / 1000).toFixed(0)} s`)
    }
    await connection.query('ANALYZE TABLE cards, transactions, search_transactions, cases')
  } finally {
    await connection.end()
  }

  async function inLots(
    on: Connection,
    table: keyof typeof LOTS,
    most: number,
    say: (done: number, of: number) => void,
  ): Promise<void> {
    const [[row]] = await on.query<RowDataPacket[]>(
      `SELECT COALESCE(MAX(id), ${FIRST}) AS last FROM ${table} WHERE id > ${FIRST}`,
    )
    const statement = await LOTS[table](on, { transactions, cards })
    for (let at = Number(row?.['last']) - FIRST; at < most; at += LOT) {
      const last = Math.min(most, at + LOT)
      await on.query(statement(at + 1, last))
      say(last, most)
    }
  }
}

type Lot = (from: number, to: number) => string

/** Copies the row that `of` selects as `m`, with the given values replaced. */
async function copies(
  connection: Connection,
  table: string,
  of: string,
  otherwise: Readonly<Record<string, string>>,
): Promise<Lot> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'
     AND extra NOT LIKE '%GENERATED%'`,
  )
  const names = rows.map(({ name }) => String(name))
  const values = names.map((name) => otherwise[name] ?? `m.${name}`).join(',')
  return (from, to) =>
    `INSERT INTO ${table} (${names.join(',')}) SELECT ${values} FROM seq_${from}_to_${to} n JOIN (${of}) m`
}

/** Of the cards four fifths are sold, in another order than that of their serials; of the payments every 50th is declined. */
const LOTS = {
  cards: (connection: Connection) =>
    copies(
      connection,
      'cards',
      `SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'OPEN' AND c.state = 'sold' AND c.id < ${FIRST} LIMIT 1`,
      {
        id: `${FIRST} + n.seq`,
        serial: '2000000 + n.seq',
        number_hash: "UNHEX(MD5(CONCAT('search-', n.seq)))",
        barcode_hash: 'NULL',
        ecode_hash: "UNHEX(MD5(CONCAT('ecode-', n.seq)))",
        last_four: "LPAD(n.seq MOD 10000, 4, '0')",
        state: "IF(n.seq MOD 5 = 0, 'sellable', 'sold')",
        was_sold: 'n.seq MOD 5 <> 0',
        sold_at: `IF(n.seq MOD 5 = 0, NULL, UTC_TIMESTAMP(3) - INTERVAL (n.seq * 7919 MOD ${DAYS * 86_400}) SECOND)`,
        pack_id: `IF(n.seq MOD 3 = 0, ${FIRST_PACK} + 1 + n.seq MOD ${PACKS}, NULL)`,
        expiry: "'4912'",
        version: '1',
        valid_until: 'NULL',
        ledger: 'IF(n.seq MOD 5 = 0, 0, 100000000)',
        available: 'IF(n.seq MOD 5 = 0, 0, 100000000)',
      },
    ),
  transactions: (connection: Connection, { transactions, cards }: ManyRows) => {
    const when = `UTC_TIMESTAMP(3) - INTERVAL FLOOR((${transactions} - n.seq) * ${(DAYS * 86_400) / transactions}) SECOND`
    const declined = 'n.seq MOD 50 = 0'
    const card = `${FIRST} + 1 + n.seq * 7919 MOD ${cards}`
    return copies(
      connection,
      'transactions',
      `SELECT * FROM transactions WHERE operation = 'sale' AND amount > 0 AND role = 'books' AND id < ${FIRST} LIMIT 1`,
      {
        id: `${FIRST} + n.seq`,
        received_at: when,
        business_date: `DATE(${when})`,
        terminal_code: `CONCAT('T', LPAD(n.seq MOD ${TERMINALS}, 7, '0'))`,
        store_code: `LPAD(1 + n.seq MOD ${STORES}, 15, '0')`,
        for_store: 'NULL',
        stan: 'n.seq MOD 1000000',
        rrn: "LPAD(n.seq, 12, '0')",
        transmitted: '20250101000000 + n.seq',
        operation: "'payment'",
        card_id: card,
        credit_account: `IF(${declined}, NULL, m.debit_account)`,
        debit_account: `IF(${declined}, NULL, ${card})`,
        amount: `IF(${declined}, 0, 100 + n.seq * 7919 MOD 20000)`,
        amount_asked: '100 + n.seq * 7919 MOD 20000',
        result: `IF(${declined}, 'insufficient_funds', 'approved')`,
        state: `IF(${declined}, 'declined', IF(n.seq MOD 199 = 0, 'reversed', 'confirmed'))`,
        sells: '0',
        original_id: `${FIRST} + n.seq - 1`,
      },
    )
  },
  search_transactions: async () => (from: number, to: number) => upsertSearchRange(FIRST + from, FIRST + to + 1),
}

/** Whether all rows are there; an interrupted run may still lack their indexes. */
async function isWhole(connection: Connection, transactions: number): Promise<boolean> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT MAX(id) AS last FROM search_transactions')
  return Number(row?.['last']) >= FIRST + transactions
}

const makePacks = async (connection: Connection): Promise<void> => {
  const lot = await copies(connection, 'packs', `SELECT * FROM packs WHERE id < ${FIRST_PACK} LIMIT 1`, {
    id: `${FIRST_PACK} + n.seq`,
    cards: '100000',
    store_code: "LPAD(n.seq, 15, '0')",
  })
  await connection.query(lot(1, PACKS).replace('INSERT', 'INSERT IGNORE'))
}

/** Every 10,000th payment was asked about. */
const CASES = `INSERT IGNORE INTO cases (id, transaction_id, open_for, card_id, reason, opened_at)
  SELECT id, id, id, card_id, 'not_confirmed', received_at FROM transactions WHERE id > ${FIRST} AND id MOD 10000 = 0`

const MADE = ['transactions', 'search_transactions'] as const

/** The keys that forbid nothing, as statements that make them again: sorted at the end they take a third of the time. */
async function ordinaryKeys(connection: Connection): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT table_name AS t, index_name AS k, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS c
     FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name IN (?) AND non_unique = 1
     GROUP BY table_name, index_name`,
    [MADE],
  )
  return rows.map(({ t, k, c }) => `ALTER TABLE ${t} ADD KEY IF NOT EXISTS ${k} (${c})`).join('\n')
}

async function dropOrdinaryKeys(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT DISTINCT table_name AS t, index_name AS k FROM information_schema.statistics
     WHERE table_schema = DATABASE() AND table_name IN (?) AND non_unique = 1`,
    [MADE],
  )
  for (const { t, k } of rows) await connection.query(`ALTER TABLE ${t} DROP KEY ${k}`)
}
