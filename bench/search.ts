import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { accountName } from '../src/core/registry.ts'
import { openConnection, type Access } from '../src/db/access.ts'
import { workerConnection } from '../src/db/connection.ts'
import { seedDemo } from '../src/db/demo.ts'
import { createIds } from '../src/db/ids.ts'
import { migrate } from '../src/db/migrations.ts'
import { cardOrder, selectFoundCards, type CardCriteria } from '../src/db/sql/card-search.ts'
import { upsertSearchRange } from '../src/db/sql/search.ts'
import {
  selectFoundTransactions,
  transactionOrder,
  type TransactionCriteria,
} from '../src/db/sql/transaction-search.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb } from '../src/home/mariadb-server.ts'
import { openLog } from '../src/log.ts'
import { openOffice } from '../src/office/open-office.ts'
import { PLACE } from './books.ts'
import { machineLines } from './machine.ts'
import { row } from './table.ts'
import { createTraffic, MIXES } from './traffic.ts'

/**
 * First pages of lists by each criterion that has to be quick, in the default order, alone and beside payments at a steady
 * rate: p95 of each, and what the payments' p99 becomes. The database is made once for a size and kept in bench-data.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 10_000_000)
const CARDS = Math.max(20_000, ROWS / 5)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 1_000)
const TURNS = Number(process.env['AKART_BENCH_TURNS'] ?? 40)
const WANTED_MS = 200
const LOT = 100_000
const FIRST = 5_000_000_000
const DAYS = 365
const STORE = '000000000000001'
const SIZES = { bufferPool: '1G', logFile: '512M', maxConnections: 64 } as const

export async function benchSearch(): Promise<void> {
  const directory = join(PLACE, `search-${ROWS}`)
  const [data, ready] = [join(directory, 'data'), join(directory, 'ready')]
  if (!existsSync(ready)) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true })
  process.env['TMPDIR'] = directory
  const program = await findMariadb()
  if (!existsSync(ready)) await bootstrapDataDirectory(program, data, { logFileSize: SIZES.logFile })
  const server = await startMariadb(program, data, SIZES)
  const access = { ...server.access, database: 'akart' }
  try {
    if (!existsSync(ready)) {
      await generate(access)
      await writeFile(ready, '')
    }
    // Made by an older build, it gets the indexes of this one.
    await migrate(access)
    for (const line of await machineLines(access)) console.log(line)
    await measure(access)
  } finally {
    await server.stop()
  }
}

/** Copies of a demo card and a demo payment, by the database itself: 60,000 rows a second or so. */
async function generate(access: Access): Promise<void> {
  const from = performance.now()
  await createDatabase(access)
  await migrate(access)
  await seedDemo(access, Date.now())
  const connection = await openConnection(access, { multipleStatements: true })
  await connection.query('SET SESSION unique_checks = 0, foreign_key_checks = 0')
  const columnsOf = async (table: string): Promise<string[]> => {
    const [rows] = await connection.query(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '${table}'
       AND extra NOT LIKE '%GENERATED%'`,
    )
    return (rows as { name: string }[]).map(({ name }) => name)
  }
  const copies = async (table: string, of: string, otherwise: Readonly<Record<string, string>>, most: number) => {
    const names = await columnsOf(table)
    const values = names.map((name) => otherwise[name] ?? `m.${name}`).join(',')
    for (let at = 0; at < most; at += LOT) {
      const last = Math.min(most, at + LOT)
      await connection.query(
        `INSERT INTO ${table} (${names.join(',')}) SELECT ${values} FROM seq_${at + 1}_to_${last} n JOIN (${of}) m`,
      )
      console.log(`${table}: ${last} of ${most}, ${((performance.now() - from) / 1000).toFixed(0)} s`)
    }
  }
  const card = `SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'OPEN' AND c.state = 'sold' LIMIT 1`
  await copies('cards', card, {
    id: `${FIRST} + n.seq`,
    serial: '2000000 + n.seq',
    number_hash: "UNHEX(MD5(CONCAT('search-', n.seq)))",
    barcode_hash: 'NULL',
    ecode_hash: "UNHEX(MD5(CONCAT('ecode-', n.seq)))",
    last_four: "LPAD(n.seq MOD 10000, 4, '0')",
    sold_at: `UTC_TIMESTAMP(3) - INTERVAL (n.seq MOD ${DAYS * 86_400}) SECOND`,
    expiry: "'4912'",
    version: '0',
    valid_until: 'NULL',
    ledger: '100000000',
    available: '100000000',
  }, CARDS) // prettier-ignore
  const payment = "SELECT * FROM transactions WHERE operation = 'sale' AND amount > 0 AND role = 'books' LIMIT 1"
  const when = `UTC_TIMESTAMP(3) - INTERVAL FLOOR((${ROWS} - n.seq) * ${(DAYS * 86_400) / ROWS}) SECOND`
  await copies('transactions', payment, {
    id: `${FIRST} + n.seq`,
    received_at: when,
    business_date: `DATE(${when})`,
    terminal_code: "CONCAT('T', LPAD(n.seq MOD 2000, 7, '0'))",
    store_code: "LPAD(1 + n.seq MOD 500, 15, '0')",
    for_store: 'NULL',
    stan: 'n.seq MOD 1000000',
    rrn: "LPAD(n.seq, 12, '0')",
    transmitted: '20250101000000 + n.seq',
    operation: "'payment'",
    card_id: `${FIRST} + 1 + n.seq MOD ${CARDS}`,
    credit_account: 'm.debit_account',
    debit_account: `${FIRST} + 1 + n.seq MOD ${CARDS}`,
    original_id: `${FIRST} + n.seq - 1`,
  }, ROWS) // prettier-ignore
  for (let at = 0; at < ROWS; at += LOT) {
    await connection.query(upsertSearchRange(FIRST + at + 1, FIRST + at + LOT + 1))
    console.log(`search rows: ${Math.min(ROWS, at + LOT)} of ${ROWS}`)
  }
  await connection.query('ANALYZE TABLE cards, transactions, search_transactions')
  await connection.end()
}

const DAY_MS = 86_400_000
const pick = (most: number): number => 1 + Math.floor(Math.random() * most)
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const rrnOf = (n: number): string => String(n).padStart(12, '0')

/** What has to be quick, each with values that are another one's each time. */
const TRANSACTIONS: Readonly<Record<string, () => TransactionCriteria>> = {
  'by nothing': () => ({}),
  card: () => ({ card: FIRST + pick(CARDS) }),
  'card, amount': () => ({ card: FIRST + pick(CARDS), amountFrom: 1 }),
  reference: () => ({ reference: rrnOf(pick(ROWS)) }),
  'approval code': () => ({ ids: [FIRST + pick(ROWS)] }),
  'STAN and day': () => ({ stan: pick(999_999), day: dayOf(Date.now() - pick(DAYS) * DAY_MS) }),
  original: () => ({ original: FIRST + pick(ROWS) }),
  'case, of a day': () => ({ hasCase: true, from: Date.now() - DAY_MS }),
  'store, 31 days': () => ({ stores: [String(pick(500)).padStart(15, '0')], ...month() }),
  'store, 31 days, state': () => ({ stores: [String(pick(500)).padStart(15, '0')], states: ['reversed'], ...month() }),
  'terminal, 31 days': () => ({ terminal: `T${String(pick(1999)).padStart(7, '0')}`, ...month() }),
  'a day': () => day(),
  'a day, amount': () => ({ ...day(), amountFrom: 1_000_000 }),
}
function month(): Pick<TransactionCriteria, 'from' | 'until'> {
  const until = Date.now() - pick(DAYS - 31) * DAY_MS
  return { from: until - 31 * DAY_MS, until }
}
function day(): Pick<TransactionCriteria, 'from' | 'until'> {
  const until = Date.now() - pick(DAYS - 1) * DAY_MS
  return { from: until - DAY_MS, until }
}

const CARD_LISTS: Readonly<Record<string, () => CardCriteria>> = {
  'cards by nothing': () => ({}),
  'first six, last four': () => ({ firstSix: '629910', lastFour: String(pick(9999)).padStart(4, '0') }),
  'serial in an issue': () => ({ issues: ['OPEN'], serialFrom: 2_000_000 + pick(CARDS), serialTo: 2_000_000 + CARDS }),
  'issue, state': () => ({ issues: ['OPEN'], states: ['sold'] }),
  'issue, state, balance': () => ({ issues: ['OPEN'], states: ['sold'], balanceTo: 1 }),
  pack: () => ({ pack: pick(3) }),
  recipient: () => ({ recipient: STORE }),
}

const PAGE = 51
const SQL: readonly (readonly [string, () => string])[] = [
  ...Object.entries(TRANSACTIONS).map(
    ([name, criteria]) =>
      [name, () => selectFoundTransactions(criteria(), transactionOrder('time', true), null, PAGE)] as const,
  ),
  ...Object.entries(CARD_LISTS).map(
    ([name, criteria]) => [name, () => selectFoundCards(criteria(), cardOrder('sold', true), null, PAGE)] as const,
  ),
]

async function measure(access: Access): Promise<void> {
  const quiet = await searches(access)
  const alone = await payments(access, () => sleep(10_000))
  let busy = new Map<string, number>()
  const beside = await payments(access, async () => {
    busy = await searches(access)
  })
  console.log(`${ROWS} transactions, ${CARDS} cards; ${RATE} payments a second beside; p95 of ${TURNS} first pages, ms`)
  console.log(`${'criterion'.padEnd(26)}${row(['alone', 'beside', 'ratio', `< ${WANTED_MS}`])}`)
  for (const [name, ms] of quiet) {
    const under = busy.get(name) ?? 0
    const cells = [ms.toFixed(1), under.toFixed(1), `${(under / ms).toFixed(1)}x`, under < WANTED_MS ? 'yes' : 'NO']
    console.log(name.padEnd(26) + row(cells))
  }
  console.log(`payments' p99: ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside the searches`)
}

const percentile = (all: readonly number[], share: number): number =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0

async function searches(access: Access): Promise<Map<string, number>> {
  const connection = workerConnection(access, { answerWithin: 600_000, lockWait: 3 })
  const found = new Map<string, number>()
  for (const [name, sql] of SQL) {
    const took: number[] = []
    for (let turn = 0; turn < TURNS; turn++) {
      const statement = sql()
      const from = performance.now()
      await connection.send(statement)
      took.push(performance.now() - from)
      // What takes seconds needs no forty of them to be too slow.
      if (performance.now() - from > 5_000) break
    }
    found.set(name, percentile(took, 0.95))
  }
  await connection.close()
  return found
}

/** Payments at the rate while `work` is at work; their p99, counted from when each was due. */
async function payments(access: Access, work: () => Promise<unknown>): Promise<number> {
  const { office, close } = await openOffice(access, {
    keys: () => deriveCardKeys(DEMO_MASTER),
    masters: () => Promise.reject(new Error('not in this bench')),
    timeZone: 'Europe/Warsaw',
    demo: true,
    makers: [],
    log: openLog({ level: 'warn', file: null }),
    clock: Date.now,
  })
  const ids = await createIds(access, console.error)
  const account = (kind: 'store_payable' | 'store_receivable') =>
    office.registry().accounts.get(accountName(kind, STORE, 985)) ?? 0
  const connection = workerConnection(access)
  const [hashes = []] = await connection.send(
    `SELECT LOWER(HEX(number_hash)) FROM cards WHERE id > ${FIRST} ORDER BY id LIMIT 20000`,
  )
  await connection.close()
  const traffic = createTraffic({
    cards: hashes.map(([hash]) => ({ numberHash: String(hash) })),
    ids,
    store: STORE,
    payable: account('store_payable'),
    receivable: account('store_receivable'),
  })
  const [mix] = MIXES
  if (mix === undefined) throw new Error('there is no mix')
  const took: number[] = []
  const refusals = new Map<string, number>()
  let over = false
  const done = work().then(() => (over = true))
  const [begun, waiting] = [performance.now(), new Set<Promise<void>>()]
  for (let n = 0; !over; n++) {
    const due = begun + (n * 1000) / RATE
    if (due > performance.now()) await sleep(due - performance.now())
    const one = office.submit(traffic.request(mix, n % 64)).then(({ result }) => {
      took.push(performance.now() - due)
      if (result !== 'approved') refusals.set(result, (refusals.get(result) ?? 0) + 1)
    })
    waiting.add(one)
    void one.finally(() => waiting.delete(one))
  }
  await done
  await Promise.all(waiting)
  for (const [result, n] of refusals) console.log(`${n} payments were ${result}`)
  await ids.stop()
  await close()
  return percentile(took, 0.99)
}
