import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { accountName } from '../src/core/registry.ts'
import type { Access } from '../src/db/access.ts'
import { workerConnection } from '../src/db/connection.ts'
import { createIds } from '../src/db/ids.ts'
import { cardOrder, selectFoundCards, type CardCriteria } from '../src/db/sql/card-search.ts'
import {
  selectFoundTransactions,
  transactionOrder,
  type TransactionCriteria,
} from '../src/db/sql/transaction-search.ts'
import { openLog } from '../src/log.ts'
import { openOffice } from '../src/office/open-office.ts'
import { machineLines } from './machine.ts'
import { DAYS, FIRST, FIRST_PACK, openManyRows, PACKS, STORES, TERMINALS } from './search-books.ts'
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
const STORE = '000000000000001'

export async function benchSearch(): Promise<void> {
  const { server, access } = await openManyRows({ transactions: ROWS, cards: CARDS })
  try {
    for (const line of await machineLines(access)) console.log(line)
    await measure(access)
  } finally {
    await server.stop()
  }
}

const DAY_MS = 86_400_000
const pick = (most: number): number => 1 + Math.floor(Math.random() * most)
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const rrnOf = (n: number): string => String(n).padStart(12, '0')

/** The searches that must be quick, with other values each time. */
const TRANSACTIONS: Readonly<Record<string, () => TransactionCriteria>> = {
  'by nothing': () => ({}),
  card: () => ({ card: FIRST + pick(CARDS) }),
  'card, amount': () => ({ card: FIRST + pick(CARDS), amountFrom: 1 }),
  reference: () => ({ reference: rrnOf(pick(ROWS)) }),
  'approval code': () => ({ ids: [FIRST + pick(ROWS)] }),
  'STAN and day': () => ({ stan: pick(999_999), day: dayOf(Date.now() - pick(DAYS) * DAY_MS) }),
  original: () => ({ original: FIRST + pick(ROWS) }),
  'case, of a day': () => ({ hasCase: true, from: Date.now() - DAY_MS }),
  'store, 31 days': () => ({ stores: [String(pick(STORES)).padStart(15, '0')], ...month() }),
  'store, 31 days, state': () => ({
    stores: [String(pick(STORES)).padStart(15, '0')],
    states: ['reversed'],
    ...month(),
  }),
  'terminal, 31 days': () => ({ terminal: `T${String(pick(TERMINALS - 1)).padStart(7, '0')}`, ...month() }),
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
  'serial in an issue': () => {
    const serialFrom = 2_000_000 + pick(CARDS)
    return { issues: ['OPEN'], serialFrom, serialTo: serialFrom + 999 }
  },
  'half of the serials': () => ({ issues: ['OPEN'], serialFrom: 2_000_000 + CARDS / 2, serialTo: 2_000_000 + CARDS }),
  eCode: () => ({
    ecodeHash: createHash('md5')
      .update(`ecode-${pick(CARDS)}`)
      .digest('hex'),
  }),
  number: () => ({
    hashes: [
      createHash('md5')
        .update(`search-${pick(CARDS)}`)
        .digest('hex'),
    ],
  }),
  'issue, state': () => ({ issues: ['OPEN'], states: ['sold'] }),
  'issue, state, balance': () => ({ issues: ['OPEN'], states: ['sold'], balanceTo: 1 }),
  pack: () => ({ pack: FIRST_PACK + pick(PACKS) }),
  recipient: () => ({ recipient: String(pick(PACKS)).padStart(15, '0') }),
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
      // A search that takes seconds is measured only once.
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
    `SELECT LOWER(HEX(number_hash)) FROM cards WHERE id > ${FIRST} AND state = 'sold' ORDER BY id LIMIT 20000`,
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
