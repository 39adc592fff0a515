import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { accountName } from '../src/core/registry.ts'
import type { Access } from '../src/db/access.ts'
import { workerConnection } from '../src/db/connection.ts'
import { createIds } from '../src/db/ids.ts'
import type { Actor } from '../src/office/actor.ts'
import { type CardCriteria, listCards } from '../src/office/card-lists.ts'
import type { Office } from '../src/office/office.ts'
import { isRefused, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { listTransactions, type TransactionCriteria } from '../src/office/transaction-lists.ts'
import { benchOffice } from './bench-office.ts'
import { machineLines } from './machine.ts'
import { DAYS, FIRST, FIRST_PACK, openManyRows, PACKS, STORES, TERMINALS } from './search-books.ts'
import { row } from './table.ts'
import { createTraffic, MIXES } from './traffic.ts'

/**
 * First pages of lists by each criterion that has to be quick, in the default order, as the use case answers them: alone,
 * and beside payments at a steady rate, with the payments' own p99 meanwhile and without. The database is made once for a
 * size and kept in bench-data. `AKART_BENCH_PART`: only criteria whose name has this in it.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 10_000_000)
const CARDS = Math.max(20_000, ROWS / 5)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 1_000)
const TURNS = Number(process.env['AKART_BENCH_TURNS'] ?? 60)
const PART = process.env['AKART_BENCH_PART'] ?? ''
/** The most time for one criterion: two runs of all criteria take less than ten minutes. */
const MOST_MS = 8_000
const WITHOUT_MS = 20_000
const WANTED_MS = 200
/** The payments' p99 may get a tenth worse. */
const WORSE = 1.1
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

/** The searches that have to be quick; each call draws other values. */
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
  'a day, declined': () => ({ ...day(), states: ['declined'] }),
  'a day, who': () => ({ ...day(), who: 'nobody' }),
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
  '50,000 serials': () => {
    const serialFrom = 2_000_000 + pick(CARDS - 50_000)
    return { issues: ['OPEN'], serialFrom, serialTo: serialFrom + 49_999 }
  },
  '4,000 serials': () => {
    const serialFrom = 2_000_000 + pick(CARDS - 4_000)
    return { issues: ['OPEN'], serialFrom, serialTo: serialFrom + 3_999 }
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
  'issue, state not sold': () => ({ issues: ['OPEN'], states: ['sellable'] }),
  'issue, state, balance many have': () => ({ issues: ['OPEN'], states: ['sold'], balanceFrom: 1 }),
  'issue, state, balance none has': () => ({ issues: ['OPEN'], states: ['sold'], balanceTo: 1 }),
  'issue, state, used long ago': () => ({ issues: ['OPEN'], states: ['sold'], usedUntil: 0 }),
  'issue, state, blocked': () => ({ issues: ['OPEN'], states: ['sold'], blocks: ['stolen'] }),
  'issue, state, validity': () => ({ issues: ['OPEN'], states: ['sold'], validTo: '2020-01-01' }),
  'issue, balance none has': () => ({ issues: ['OPEN'], balanceFrom: 100_000_000_000 }),
  pack: () => ({ pack: FIRST_PACK + pick(PACKS) }),
  'pack, balance none has': () => ({ pack: FIRST_PACK + pick(PACKS), balanceFrom: 100_000_000_000 }),
  recipient: () => ({ recipient: String(pick(PACKS)).padStart(15, '0') }),
}

type Found = { readonly items: readonly unknown[] } | Refused
type Search = (office: Office) => Promise<Found>

const ALL: Actor = { login: 'bench', name: 'bench', rights: ALL_RIGHTS, stores: 'all', channel: 'menu' }
const PAGE = { descending: true, limit: 50, cursor: null } as const
const SEARCHES: readonly (readonly [string, Search])[] = [
  ...Object.entries(TRANSACTIONS).map(([name, criteria]): [string, Search] => [
    `transactions: ${name}`,
    (office) => listTransactions(office, ALL, criteria(), { ...PAGE, order: 'time' }),
  ]),
  ...Object.entries(CARD_LISTS).map(([name, criteria]): [string, Search] => [
    `cards: ${name}`,
    (office) => listCards(office, ALL, criteria(), { ...PAGE, order: 'sold' }),
  ]),
].filter(([name]) => name.includes(PART))

const percentile = (all: readonly number[], share: number): number =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0

/** `from` and `to`: when these searches ran, ms. */
type Figures = { readonly rows: number; readonly took: readonly number[]; readonly from: number; readonly to: number }

async function measure(access: Access): Promise<void> {
  const { office, close } = await benchOffice(access, { keys: () => deriveCardKeys(DEMO_MASTER) })
  const quiet = await searches(office)
  const before = await payments(access, office, () => sleep(WITHOUT_MS))
  let busy = new Map<string, Figures>()
  const beside = await payments(access, office, async () => {
    busy = await searches(office)
  })
  const after = await payments(access, office, () => sleep(WITHOUT_MS))
  await close()
  report(quiet, busy, { without: [...before, ...after], beside })
}

async function searches(office: Office): Promise<Map<string, Figures>> {
  const found = new Map<string, Figures>()
  for (const [name, search] of SEARCHES) {
    const [took, from]: [number[], number] = [[], performance.now()]
    let rows = 0
    while (took.length < TURNS && (took.length < 5 || performance.now() - from < MOST_MS)) {
      const begun = performance.now()
      const page = await search(office)
      took.push(performance.now() - begun)
      if (isRefused(page)) throw new Error(`${name}: ${page.refused}`)
      rows = Math.max(rows, page.items.length)
    }
    found.set(name, { rows, took, from, to: performance.now() })
  }
  return found
}

type Payment = { readonly due: number; readonly took: number }
const p99 = (all: readonly Payment[]): number =>
  percentile(
    all.map(({ took }) => took),
    0.99,
  )

function report(
  quiet: ReadonlyMap<string, Figures>,
  busy: ReadonlyMap<string, Figures>,
  paid: { readonly without: readonly Payment[]; readonly beside: readonly Payment[] },
): void {
  console.log(`${ROWS} transactions, ${CARDS} cards; ${RATE} payments a second beside; first pages of 50, ms`)
  const heads = ['rows', 'p50', 'p95', 'beside: p50', 'p95', 'p99', 'p95 ratio', `< ${WANTED_MS}`, 'payments p99']
  console.log(`${'criterion'.padEnd(46)}${row(heads)}`)
  const wrong: string[] = []
  for (const [name, alone] of quiet) {
    const under = busy.get(name) ?? alone
    const [first, then] = [percentile(alone.took, 0.95), percentile(under.took, 0.95)]
    if (then >= WANTED_MS) wrong.push(name)
    const meanwhile = paid.beside.filter(({ due }) => due >= under.from && due < under.to)
    const figures = [
      percentile(alone.took, 0.5),
      first,
      percentile(under.took, 0.5),
      then,
      percentile(under.took, 0.99),
    ]
    const cells = [
      String(under.rows),
      ...figures.map((ms) => ms.toFixed(1)),
      `${(then / first).toFixed(1)}x`,
      then < WANTED_MS ? 'yes' : 'NO',
      p99(meanwhile).toFixed(1),
    ]
    console.log(name.padEnd(46) + row(cells))
  }
  const [without, beside] = [p99(paid.without), p99(paid.beside)]
  const holds = beside <= without * WORSE
  console.log(`${quiet.size - wrong.length} of ${quiet.size} below ${WANTED_MS} ms at p95 beside payments`)
  for (const name of wrong) console.log(`does not hold: ${name}`)
  console.log(
    `payments' p99: ${without.toFixed(1)} ms without, ${beside.toFixed(1)} ms beside the searches, ` +
      `${(beside / without).toFixed(2)}x; at most ${WORSE}x: ${holds ? 'holds' : 'DOES NOT HOLD'}`,
  )
}

/** Payments at the rate while `work` runs; the latency counts from when each was due. */
async function payments(access: Access, office: Office, work: () => Promise<unknown>): Promise<readonly Payment[]> {
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
  const took: Payment[] = []
  const refusals = new Map<string, number>()
  let over = false
  const done = work().then(() => (over = true))
  const [begun, waiting] = [performance.now(), new Set<Promise<void>>()]
  for (let n = 0; !over; n++) {
    const due = begun + (n * 1000) / RATE
    if (due > performance.now()) await sleep(due - performance.now())
    const one = office.submit(traffic.request(mix, n % 64)).then(({ result }) => {
      took.push({ due, took: performance.now() - due })
      if (result !== 'approved') refusals.set(result, (refusals.get(result) ?? 0) + 1)
    })
    waiting.add(one)
    void one.finally(() => waiting.delete(one))
  }
  await done
  await Promise.all(waiting)
  for (const [result, n] of refusals) console.log(`${n} payments were ${result}`)
  await ids.stop()
  return took
}
