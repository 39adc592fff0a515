import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBackgroundEngine } from '../src/app/background-engine.ts'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { clerkKey } from '../src/core/key.ts'
import { openAccount } from '../src/db/accounts.ts'
import { takeIds } from '../src/db/ids.ts'
import { makersOf } from '../src/app/home-office.ts'
import { openLog } from '../src/log.ts'
import type { Actor } from '../src/office/actor.ts'
import type { Office } from '../src/office/office.ts'
import { officeRequest } from '../src/office/office-request.ts'
import { openOffice } from '../src/office/open-office.ts'
import { isRefused, refusalText, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { sweepStagedLoads } from '../src/jobs/staged-loads.ts'
import { xlsxOf } from '../src/office/xlsx.ts'
import { openList } from '../src/office/welfare/open-list.ts'
import { completeBatch } from '../src/office/welfare/booking.ts'
import { decideBatch } from '../src/office/welfare/decide-batch.ts'
import { makeEmployer, PLN } from '../src/office/welfare/employers.ts'
import { loadList } from '../src/office/welfare/load-list.ts'
import { proposeBatch } from '../src/office/welfare/propose.ts'
import { openBooks, PLACE } from './books.ts'
import { machineLines } from './machine.ts'

/**
 * An employer's list of many rows: checked, proposed and approved, booked; then another one while clerks' debits of the same
 * cards come at a steady rate, of which the latency is told without a batch and beside each of its steps. Two engines and
 * the sweep, as `akart up` has them.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 50_000)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 100)
const ALONE_MS = 10_000

export async function benchWelfare(): Promise<void> {
  const keys = deriveCardKeys(DEMO_MASTER)
  const books = await openBooks()
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const { office, close } = await openOffice(books.access, {
      keys: () => keys,
      masters: () => Promise.reject(new Error('not in this bench')),
      timeZone: 'Europe/Warsaw',
      demo: true,
      makers: makersOf(PLACE),
      log: openLog({ level: 'warn', file: null }),
      clock: Date.now,
    })
    const background = openBackgroundEngine(books.access, () => office.registry().issues, (_what, error) => console.error(error)) // prettier-ignore
    const { submit } = background
    const sweep = sweepStagedLoads({ access: books.access, submit, nextId: office.nextId, now: Date.now, trouble: console.error }) // prettier-ignore
    const first = await people(office)
    const bulk = { ...office, submit }
    await workbook()
    for (const { what, work } of steps(office, bulk, 'first', 10_00)) await timed(`first, ${what}`, work)
    const taken = await debitsOf(office, first)
    const alone = async () => console.log(`${RATE} debits a second alone: ${await taken(sleep(ALONE_MS))}`)
    await alone()
    for (const { what, work } of steps(office, bulk, 'second', 11_00)) {
      const beside = await taken(timed(`second, ${what}`, work))
      console.log(`${RATE} debits a second beside it: ${beside}`)
    }
    await alone()
    await sweep.stop()
    await background.stop()
    await close()
  } finally {
    await books.close()
  }
}

const person = (login: string): Actor => ({ login, name: login, rights: ALL_RIGHTS, stores: 'all', channel: 'cli' })
const [CLERK, SECOND] = [person('clerk'), person('second')]

function must<Result>(result: Result | Refused): Result {
  if (isRefused(result)) throw new Error(refusalText(result, 'en'))
  return result
}

/** As many employees, each with a card that is sold and empty. Returns the first card's id. */
async function people(office: Office): Promise<number> {
  const { access } = office.db
  const first = await takeIds(access, 'row', 2 * ROWS)
  await office.db.use((one) =>
    one.send("INSERT INTO counterparties (code, name, state) VALUES ('BENCH', 'Bench', 'open')"),
  )
  const setting = { code: 'BENCH', currency: PLN, yearlyLimit: 1_000_000_00, legalNote: '', paidFirst: false, language: 'en', email: null } as const // prettier-ignore
  must(await makeEmployer(office, CLERK, setting))
  for (let from = 0; from < ROWS; from += 1_000) {
    const lot = Array.from({ length: Math.min(1_000, ROWS - from) }, (_, i) => from + i)
    const cards = lot.map(
      (i) =>
        `(${first + i},1,${1_500_000_000 + i},UNHEX(MD5('bench-${i}')),x'${'01'.repeat(28)}','629910','0000','4912',0,'sold',1)`,
    )
    const employees = lot.map((i) => `(${first + ROWS + i},'BENCH','${i}','Person ${i}','active',${first + i})`)
    await office.db.use((one) =>
      one.send(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state, was_sold) VALUES ${cards.join(',')};
         INSERT INTO employees (id, employer_code, number, name, state, card_id) VALUES ${employees.join(',')}`,
      ),
    )
  }
  return first
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const from = performance.now()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  await work()
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  const rss = Math.round(process.memoryUsage.rss() / 1024 / 1024)
  const held = [delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(0)).join('/')
  console.log(`${what}: ${ROWS} rows in ${seconds} s, ${rss} MB resident, event loop held for ${held} ms at p99/most`)
}

/** The same rows as XLSX, which are only read. */
async function workbook(): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, i) => [String(i), `Person ${i}`, 10 + (i % 500) / 100])
  const file = { name: 'list.xlsx', content: xlsxOf([['employee', 'name', 'amount'], ...rows]) }
  await timed('XLSX, only read', async () => {
    const list = must(await openList(file))
    for await (const row of list.rows()) must(row)
  })
}

/** What happens to a batch, one step after the other. */
function steps(office: Office, bulk: Office, name: string, least: number) {
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},Person ${i},${(least + (i % 500)) / 100}`)
  const file = { name: `${name}.csv`, content: Buffer.from(['employee,name,amount', ...lines].join('\n')) }
  let id = 0
  return [
    {
      what: 'checked',
      work: async () => void ({ id } = must(await loadList(office, CLERK, { employer: 'BENCH', file }))),
    },
    {
      what: 'proposed',
      work: async () =>
        void must(await proposeBatch(office, CLERK, { id, reason: 'bench', accept: ['double_in_batch'] })),
    },
    {
      what: 'approved',
      work: async () => void must(await decideBatch(office, SECOND, { id, approve: true, reason: 'bench' })),
    },
    {
      what: 'booked',
      work: async () => {
        const booked = must(await completeBatch(bulk, id))
        if (booked.state !== 'booked') throw new Error(`the batch is ${booked.state}`)
      },
    },
    { what: 'applied to the cards', work: () => applied(office) },
  ]
}

async function applied(office: Office): Promise<void> {
  for (;;) {
    const [[left] = []] = await office.db.use((one) => one.send('SELECT 1 FROM staged_loads LIMIT 1'))
    if (left === undefined) return
    await sleep(100)
  }
}

/** One unit taken from card after card at a steady rate until `work` is done: ms at p50 and p99. */
async function debitsOf(office: Office, first: number): Promise<(work: Promise<unknown>) => Promise<string>> {
  const contra = await openAccount(office.db.access, 'issuer_adjustments', 'issuer', PLN)
  const [rows = []] = await office.db.use((one) =>
    one.send(`SELECT HEX(number_hash) FROM cards WHERE id >= ${first} ORDER BY id LIMIT 10000`),
  )
  const hashes = rows.map(([hash]) => String(hash).toLowerCase())
  return async (work) => {
    const took: number[] = []
    let isDone = false
    const ending = work.finally(() => (isDone = true))
    const running: Promise<void>[] = []
    const from = performance.now()
    for (let i = 0; !isDone; i++) {
      running.push(debit(office, first + (i % hashes.length), hashes[i % hashes.length] ?? '', contra, took))
      await sleep(Math.max(0, from + (i * 1_000) / RATE - performance.now()))
    }
    await Promise.all([ending, ...running])
    took.sort((a, b) => a - b)
    const at = (share: number): string => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
    return `${at(0.5)}/${at(0.99)} ms at p50/p99 of ${took.length}`
  }
}

async function debit(office: Office, id: number, numberHash: string, contra: number, took: number[]): Promise<void> {
  const from = performance.now()
  const moment = {
    id: office.nextId(),
    spareId: office.nextId(),
    now: Date.now(),
    today: new Date().toISOString().slice(0, 10),
  }
  const card = { id, issueId: 1, numberHash, numberKey: 1, shown: '' }
  const wish = { operation: 'adjustment_debit', requester: { channel: 'cli', who: 'bench' }, key: clerkKey(moment.id), card, amount: 1, currency: PLN, contra } as const // prettier-ignore
  const { result } = await office.submit(officeRequest(wish, moment))
  if (result !== 'approved') throw new Error(`a debit is ${result}`)
  took.push(performance.now() - from)
}
