import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { makersOf } from '../src/app/home-office.ts'
import { type Access, openConnection } from '../src/db/access.ts'
import { upsertSearchRange } from '../src/db/sql/search.ts'
import type { Actor } from '../src/office/actor.ts'
import { archiveTransactions } from '../src/office/archive/archiving.ts'
import { findArchived, verifyArchive } from '../src/office/archive/reading.ts'
import { isRefused, refusalText, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { type Books, openBooks, PLACE } from './books.ts'
import { benchOffice } from './bench-office.ts'
import { machineLines } from './machine.ts'

/**
 * The archive: cards that were bought and used up in four payments over seven months of last year, moved into files, verified,
 * and one of them found. A run that leaves a row, or whose files do not verify, has measured nothing.
 */

const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 1_000_000)
const OF_A_CARD = 5
const CARDS = ROWS / OF_A_CARD
const FIRST = 5_000_000_000
const LOT = 50_000
const MONTHS = 13
/** The days of the transactions: all of them are old enough to be archived. */
const DAYS = 210
const ARCHIVIST: Actor = { login: 'bench', name: 'bench', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }

export async function benchArchive(): Promise<void> {
  const books = await openBooks()
  const directory = await mkdtemp(join(PLACE, 'archive-'))
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    await timed('made', books.serverCpu, () => generate(books.access, books))
    const keys = deriveCardKeys(DEMO_MASTER)
    const { office, close } = await benchOffice(books.access, { keys: () => keys, makers: makersOf(PLACE) })
    const { archives } = await timed('archived', books.serverCpu, async () =>
      done(await archiveTransactions(office, ARCHIVIST, { directory, months: MONTHS })),
    )
    const removed = archives.reduce((sum, one) => sum + one.removed, 0)
    const sizes = await Promise.all((await readdir(directory)).map(async (file) => (await stat(join(directory, file))).size)) // prettier-ignore
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    console.log(
      `${archives.length} files of ${(bytes / 1_000_000).toFixed(0)} MB, ${(bytes / removed).toFixed(0)} bytes a row`,
    )
    if (removed !== ROWS) throw new Error(`${removed} of ${ROWS} rows were removed`)
    const { faults } = await timed('verified', books.serverCpu, async () => done(await verifyArchive(office, ARCHIVIST, directory))) // prettier-ignore
    if (faults.length > 0) throw new Error(faults.join('\n'))
    const card = { by: 'id', id: FIRST + 1 + Math.floor(CARDS / 2) } as const
    const search = { id: undefined, rrn: undefined, approval: undefined, store: undefined, terminal: undefined, from: undefined, to: undefined } // prettier-ignore
    const found = await timed('found', books.serverCpu, async () =>
      done(await findArchived(office, ARCHIVIST, directory, { ...search, card, most: 100 })),
    )
    if (found.length !== OF_A_CARD) throw new Error(`${found.length} rows of a card are found`)
    await timed('nothing left to archive', books.serverCpu, async () =>
      done(await archiveTransactions(office, ARCHIVIST, { directory, months: MONTHS })),
    )
    await close()
    await books.prove(0)
    console.log(`this process at most ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`)
  } finally {
    await rm(directory, { recursive: true, force: true })
    await books.close()
  }
}

async function timed<T>(what: string, serverCpu: () => number, work: () => Promise<T>): Promise<T> {
  const before = { at: performance.now(), cpu: process.cpuUsage(), server: serverCpu() }
  const result = await work()
  const seconds = (performance.now() - before.at) / 1000
  const { user, system } = process.cpuUsage(before.cpu)
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${Math.round(ROWS / seconds)} rows/s; a row ${((user + system) / ROWS).toFixed(1)} µs in node, ${((serverCpu() - before.server) / ROWS).toFixed(1)} in MariaDB`,
  )
  return result
}

function done<T>(result: T | Refused): T {
  if (isRefused(result)) throw new Error(refusalText(result, 'en'))
  return result as T
}

type Connection = Awaited<ReturnType<typeof openConnection>>

async function columnsOf(connection: Connection, table: string): Promise<string[]> {
  const [rows] = await connection.query(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'
     AND extra NOT LIKE '%GENERATED%'`,
  )
  return (rows as { name: string }[]).map(({ name }) => name)
}

/** Copies of a sold card and of its sale, by the database itself. */
async function generate(access: Access, { payable, receivable }: Pick<Books, 'payable' | 'receivable'>): Promise<void> {
  const connection = await openConnection(access, { multipleStatements: true })
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0')
  const copy = async (table: string, most: number, values: Readonly<Record<string, string>>, one: string) => {
    const names = await columnsOf(connection, table)
    for (let at = 0; at < most; at += LOT) {
      await connection.query(
        `INSERT INTO ${table} (${names.join(',')}) SELECT ${names.map((name) => values[name] ?? `m.${name}`).join(',')}
         FROM (SELECT CAST(seq AS SIGNED) AS n, CAST(seq DIV ${OF_A_CARD} AS SIGNED) AS c, CAST(seq MOD ${OF_A_CARD} AS SIGNED) AS j
           FROM seq_${at}_to_${Math.min(most, at + LOT) - 1}) p JOIN (${one}) m`,
      )
    }
  }
  await copy(
    'cards',
    CARDS,
    {
      id: `${FIRST} + 1 + p.n`,
      serial: '2000000 + p.n',
      number_hash: "UNHEX(LEFT(SHA2(CONCAT('archive-', p.n), 256), 32))",
      barcode_hash: 'NULL',
      ecode_hash: 'NULL',
      seq: String(OF_A_CARD),
      ledger: '0',
      available: '0',
    },
    "SELECT * FROM cards WHERE state = 'sold' AND block IS NULL AND ledger > 0 ORDER BY id DESC LIMIT 1",
  )
  const card = `${FIRST} + 1 + p.c`
  const at = `UTC_DATE() - INTERVAL ${MONTHS + 1} MONTH - INTERVAL FLOOR((${ROWS} - p.n) * ${(DAYS * 86_400) / ROWS}) SECOND`
  await copy(
    'transactions',
    ROWS,
    {
      id: `${FIRST} + 1 + p.n`,
      received_at: at,
      business_date: `DATE(${at})`,
      terminal_code: "CONCAT('T', LPAD(p.n MOD 500, 7, '0'))",
      stan: 'p.n MOD 1000000',
      rrn: "LPAD(p.n, 12, '0')",
      transmitted: '20250101000000 + p.n',
      operation: "IF(p.j = 0, 'sale', 'payment')",
      card_id: card,
      debit_account: `IF(p.j = 0, ${receivable}, ${card})`,
      credit_account: `IF(p.j = 0, ${card}, ${payable})`,
      amount: 'IF(p.j = 0, 10000, 2500)',
      sells: 'p.j = 0',
      card_seq: 'p.j + 1',
      available_seq: 'NULL',
    },
    "SELECT * FROM transactions WHERE sells = 1 AND amount > 0 AND role = 'books' ORDER BY id DESC LIMIT 1",
  )
  for (let from = FIRST + 1; from <= FIRST + ROWS; from += LOT)
    await connection.query(upsertSearchRange(from, Math.min(from + LOT, FIRST + ROWS + 1)))
  await connection.query(
    `INSERT INTO report_sales (card_id, transaction_id, seq, sold_in, sold_on)
     SELECT card_id, id, 1, store_code, business_date FROM transactions WHERE id > ${FIRST} AND sells = 1`,
  )
  await connection.query('ANALYZE TABLE cards, transactions, search_transactions')
  await connection.end()
}
