import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accountName, type Registry } from '../src/core/registry.ts'
import { TERMINAL } from '../src/core/channel.ts'
import { KIND } from '../src/core/key.ts'
import type { Transaction } from '../src/core/transaction.ts'
import { createDatabase } from '../src/home/database-server.ts'
import { bootstrapDataDirectory } from '../src/home/mariadb-bootstrap.ts'
import { findMariadb } from '../src/home/mariadb-program.ts'
import { startMariadb, type MariadbSizes } from '../src/home/mariadb-server.ts'
import { openConnection, type Access } from '../src/db/access.ts'
import { seedDemo } from '../src/demo/seed.ts'
import { createIds, takeIds, type Ids } from '../src/db/ids.ts'
import { verifyLedger } from '../src/office/ledger.ts'
import { migrate } from '../src/db/migrations.ts'
import { keepRegistry } from '../src/db/registry.ts'
import { insertTransactions } from '../src/db/sql/transactions.ts'
import { insertUnfolded } from '../src/db/sql/unfolded.ts'
import { flushesPerSecond, processorTime } from './machine.ts'

/** A card that can be paid with, as a request names it. */
export type SoldCard = { readonly numberHash: string }

/** A database of its own with many sold cards, and what a request to it needs. */
export type Books = {
  readonly access: Access
  readonly cards: readonly SoldCard[]
  readonly registry: () => Registry
  readonly ids: Ids
  readonly store: string
  /** The accounts of that store. */
  readonly payable: number
  readonly receivable: number
  /** Flushes per second of the disk that the database is on. */
  readonly flushes: number
  readonly serverPid: number
  /** Processor time that the server has used so far, µs. */
  readonly serverCpu: () => number
  /** Proves the ledger; `rows` is how many requests were answered since the seed. @throws where anything is amiss */
  readonly prove: (rows: number) => Promise<void>
  readonly close: () => Promise<void>
}

// The sizes that `akart up` gives its own server.
const SIZES: MariadbSizes = { bufferPool: '256M', logFile: '256M', maxConnections: 128 }

/** In build/, which is on a disk and ignored by git; a temporary directory may be memory, where a flush is free. */
export const PLACE = fileURLToPath(new URL('../bench-data/', import.meta.url))

const CARDS = 20_000
const CARDS_AT_ONCE = 2_000
const OPENING = 1_000_00
const STORE = '000000000000001'
const CURRENCY = 985

/** Starts a private server with the durable settings of `akart up`, migrates, seeds the demo set and 20,000 more sold cards. */
export async function openBooks(): Promise<Books> {
  await mkdir(PLACE, { recursive: true })
  const directory = await mkdtemp(join(PLACE, 'run-'))
  const dataDirectory = join(directory, 'data')
  const flushes = flushesPerSecond(directory)
  // A MariaDB server that starts removes the temporary tables of every other one in its temporary directory: ours are
  // here, out of reach of the servers that tests and other homes start meanwhile.
  process.env['TMPDIR'] = directory
  const program = await findMariadb()
  await bootstrapDataDirectory(program, dataDirectory, { logFileSize: SIZES.logFile })
  const server = await startMariadb(program, dataDirectory, SIZES)
  const opened: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true }), () => server.stop()]
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0).reverse()) await end()
  }

  try {
    const access = { ...server.access, database: 'akart' }
    await createDatabase(access)
    await migrate(access)
    await seedDemo(access, Date.now())
    const trouble = (error: unknown): void => console.error('bench:', error)
    const registry = await keepRegistry(access, trouble)
    opened.push(registry.stop)
    const ids = await createIds(access, trouble)
    opened.push(ids.stop)
    const receivable = account(registry.current(), 'store_receivable')
    const payable = account(registry.current(), 'store_payable')
    const cards = await seedSoldCards(access, registry.current(), receivable)
    const before = await countRows(access)
    const prove = (rows: number): Promise<void> => proveBooks(access, before + rows)
    return {
      access, cards, registry: registry.current, ids, store: STORE, payable, receivable, flushes,
      serverPid: server.pid, serverCpu: () => processorTime(server.pid), prove, close,
    } // prettier-ignore
  } catch (error) {
    await close()
    throw error
  }
}

function account(registry: Registry, kind: 'store_receivable' | 'store_payable'): number {
  const id = registry.accounts.get(accountName(kind, STORE, CURRENCY))
  if (id === undefined) throw new Error(`the demo store has no account ${kind}`)
  return id
}

/** Cards of the demo's open issue, each with the sale that its balance comes from, so that the ledger proves it. */
async function seedSoldCards(access: Access, registry: Registry, receivable: number): Promise<SoldCard[]> {
  const issue = [...registry.issues.values()].find(({ code }) => code === 'OPEN')
  if (issue === undefined) throw new Error('the demo set has no issue OPEN')
  const first = await takeIds(access, 'row', CARDS * 2)
  const hashes = Array.from({ length: CARDS }, () => randomBytes(16))
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    for (let from = 0; from < CARDS; from += CARDS_AT_ONCE) {
      const some = hashes.slice(from, from + CARDS_AT_ONCE)
      const rows = some.map((hash, i) => [
        first + from + i, issue.id, 1_000_000 + from + i, hash, Buffer.alloc(44, 1), '629910', '0000', null, '4912', 1,
        'sold', null, null, OPENING, OPENING,
      ]) // prettier-ignore
      await connection.query(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, ecode_hash, expiry,
           version, state, block, valid_until, ledger, available) VALUES ?`,
        [rows],
      )
      const sales = some.map((_, i) => openingSale(first + CARDS + from + i, first + from + i, receivable))
      await connection.query(insertTransactions(sales))
      await connection.query(insertUnfolded({ settled: sales.map(({ id }) => id), touched: [] }))
    }
    // The server renews the statistics of a table when a tenth of it has changed; here all rows came at once.
    await connection.query('ANALYZE TABLE cards, transactions')
  } finally {
    await connection.end()
  }
  return hashes.map((hash) => ({ numberHash: hash.toString('hex') }))
}

const openingSale = (id: number, cardId: number, receivable: number): Transaction => ({
  id,
  key: { store: 'AKART', terminal: 'BENCH', kind: KIND.financial, stan: 0, transmitted: id },
  content: '0'.repeat(32),
  at: Date.now(),
  businessDate: new Date().toISOString().slice(0, 10),
  labels: {
    processingCode: '900060', localTime: '', rrn: '', approvalCode: '', entryMode: '', amount: OPENING,
    currency: CURRENCY, echo: null, line: 'bench', trace: 'bench',
  }, // prettier-ignore
  operation: 'sale',
  cardId,
  transfer: { debit: receivable, credit: cardId, amount: OPENING },
  sells: true,
  result: 'approved',
  originalId: null,
  balances: { ledger: OPENING, available: OPENING, currency: CURRENCY },
  state: 'confirmed',
  undoneBy: null,
  confirmBy: null,
  returned: 0,
  released: 0,
  finalAtOnce: false,
  requester: TERMINAL,
  role: 'books',
  forStore: null,
  cardSeq: null,
  otherSeq: null,
  availableSeq: null,
})

async function countRows(access: Access): Promise<number> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query('SELECT COUNT(*) AS n FROM transactions')
    return (rows as { n: number }[])[0]?.n ?? 0
  } finally {
    await connection.end()
  }
}

/** A bench that breaks the books, or was quick because work was left out, has measured nothing. */
async function proveBooks(access: Access, rows: number): Promise<void> {
  const { faults, cards, transfers } = await verifyLedger(access)
  if (faults.length > 0) throw new Error(`the books do not balance:\n${faults.join('\n')}`)
  const there = await countRows(access)
  if (there !== rows) throw new Error(`${rows} rows were acknowledged, ${there} are there`)
  console.log(`books proven: ${cards} cards, ${transfers} transfers, ${there} rows, all that were acknowledged`)
}
