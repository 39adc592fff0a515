import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openBackgroundEngine } from '../src/app/background-engine.ts'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { clerkKey } from '../src/core/key.ts'
import { openAccount } from '../src/db/accounts.ts'
import { takeIds } from '../src/db/ids.ts'
import { counted, openTraffic } from '../src/engine/traffic.ts'
import { makersOf } from '../src/app/home-office.ts'
import type { Actor } from '../src/office/actor.ts'
import type { Office } from '../src/office/office.ts'
import { officeRequest } from '../src/office/office-request.ts'
import { isRefused, refusalText, type Refused } from '../src/office/refusal.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import type { Poller } from '../src/jobs/poller.ts'
import { sweepStagedLoads } from '../src/jobs/staged-loads.ts'
import { xlsxOf } from '../src/office/xlsx.ts'
import { openList } from '../src/office/welfare/open-list.ts'
import { checkApart } from '../src/office/welfare/apart.ts'
import { completeBatch } from '../src/office/welfare/booking.ts'
import { makeEmployer, PLN } from '../src/office/welfare/employers.ts'
import { steadily, type Steady } from './beside.ts'
import { openBooks, PLACE } from './books.ts'
import { benchOffice } from './bench-office.ts'
import { machineLines } from './machine.ts'

/**
 * An employer's list of many rows: checked, proposed, approved and booked; then another one while clerks' debits of the
 * same cards run at a steady rate, whose latency is reported without a batch and beside each step. Two engines and the
 * sweep, as in `akart up`.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 50_000)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 100)
/** Only the measurements beside payments, which fit into four minutes of a quiet machine. */
const ONLY_BESIDE = process.env['AKART_BENCH_ONLY'] === 'beside'
/** Only what is measured with nobody paying, until it is booked. */
const ONLY_ALONE = process.env['AKART_BENCH_ONLY'] === 'alone'
const CHECKS = 6
const CHECK_ROWS = 10_000
/** Processor time that the database's server has used, µs. */
let server = (): number => 0
const WINDOW_MS = 3_000
const SETTLED_MS = 3_000

export async function benchWelfare(): Promise<void> {
  const keys = deriveCardKeys(DEMO_MASTER)
  const books = await openBooks()
  server = books.serverCpu
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const traffic = openTraffic()
    const { office: opened, close } = await benchOffice(books.access, {
      keys: () => keys,
      makers: makersOf(PLACE),
      traffic,
    })
    const office = { ...opened, submit: counted(traffic, opened.submit) }
    const background = openBackgroundEngine(books.access, traffic, () => office.registry().issues, (_what, error) => console.error(error)) // prettier-ignore
    const { submit } = background
    const parts = {
      access: books.access,
      submit,
      traffic,
      nextId: office.nextId,
      now: Date.now,
      trouble: console.error,
    }
    const sweep = sweepStagedLoads(parts)
    const first = await people(office)
    const bulk = { ...office, submit }
    if (!ONLY_BESIDE) await workbook()
    const all = steps(office, bulk, 'first', 10_00)
    const alone = ONLY_BESIDE ? [] : ONLY_ALONE ? all.slice(0, 4) : all
    for (const { what, work } of alone) await timed(`first, ${what}`, work)
    await sweep.stop()
    if (ONLY_ALONE) {
      await background.stop()
      await close()
      return
    }
    const debits = await debitsOf(office, first)
    const beside = { office, bulk, debits, sweeps: () => sweepStagedLoads(parts) }
    await besideChecks(beside)
    const id = await besideBooking(beside)
    await besideSweep(beside)
    await debits.stop()
    console.log(`batch ${id} was booked beside payments`)
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

/** As many employees, each with a card that is sold and has something to be debited. Returns the first card's id. */
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
        `(${first + i},1,${1_500_000_000 + i},UNHEX(MD5('bench-${i}')),x'${'01'.repeat(28)}','629910','0000','4912',0,'sold',1,100000,100000)`,
    )
    const employees = lot.map((i) => `(${first + ROWS + i},'BENCH','${i}','Person ${i}','active',${first + i})`)
    await office.db.use((one) =>
      one.send(
        `INSERT INTO cards (id, issue_id, serial, number_hash, number_sealed, first_six, last_four, expiry, version, state, was_sold, ledger, available) VALUES ${cards.join(',')};
         INSERT INTO employees (id, employer_code, number, name, state, card_id) VALUES ${employees.join(',')}`,
      ),
    )
  }
  return first
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const from = performance.now()
  const cpu = process.cpuUsage()
  const serverCpu = server()
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const idle = performance.eventLoopUtilization()
  await work()
  const busy = (performance.eventLoopUtilization(idle).utilization * 100).toFixed(0)
  const seconds = ((performance.now() - from) / 1000).toFixed(1)
  const used = process.cpuUsage(cpu)
  const processor = [used.user + used.system, server() - serverCpu].map((us) => (us / 1e6).toFixed(1)).join(' + ')
  const rss = Math.round(process.memoryUsage.rss() / 1024 / 1024)
  const held = [delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(0)).join('/')
  console.log(
    `${what}: ${ROWS} rows in ${seconds} s (${processor} s of processor, node and MariaDB), ${rss} MB resident, event loop busy for ${busy} %, held for ${held} ms at p99/most`,
  )
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

/** The steps of a batch. */
function steps(office: Office, bulk: Office, name: string, least: number, count = ROWS) {
  const lines = Array.from({ length: count }, (_, i) => `${i},Person ${i},${(least + (i % 500)) / 100}`)
  const file = { name: `${name}.csv`, content: Buffer.from(['employee,name,amount', ...lines].join('\n')) }
  let id = 0
  return [
    {
      what: 'checked',
      work: async () => void ({ id } = must(await checkApart(office, CLERK, 'load', { employer: 'BENCH', file }))),
    },
    {
      what: 'proposed',
      work: async () =>
        void must(await checkApart(office, CLERK, 'propose', { id, reason: 'bench', accept: ['double_in_batch'] })),
    },
    {
      what: 'approved',
      work: async () => void must(await checkApart(office, SECOND, 'decide', { id, approve: true, reason: 'bench' })),
    },
    {
      what: 'booked',
      work: async () => {
        const booked = must(await completeBatch(bulk, id))
        if (booked.state !== 'booked') throw new Error(`the batch is ${booked.state}`)
      },
      resting: async (rest: () => Promise<void>) => ({ booked: must(await completeBatch(bulk, id, rest)), id }),
    },
    { what: 'applied to the cards', work: () => applied(office) },
  ] as const
}

async function applied(office: Office): Promise<void> {
  for (;;) {
    const [[left] = []] = await office.db.use((one) => one.send('SELECT 1 FROM staged_loads LIMIT 1'))
    if (left === undefined) return
    await sleep(100)
  }
}

/** One unit taken from card after card at a steady rate. */
async function debitsOf(office: Office, first: number): Promise<Steady> {
  const contra = await openAccount(office.db.access, 'issuer_adjustments', 'issuer', PLN)
  const [rows = []] = await office.db.use((one) =>
    one.send(`SELECT HEX(number_hash) FROM cards WHERE id >= ${first} ORDER BY id LIMIT 10000`),
  )
  const hashes = rows.map(([hash]) => String(hash).toLowerCase())
  return steadily(RATE, (i) => debit(office, first + (i % hashes.length), hashes[i % hashes.length] ?? '', contra))
}

type Beside = {
  readonly office: Office
  readonly bulk: Office
  readonly debits: Steady
  readonly sweeps: () => Poller
}

/** Lists of a few seconds, one after the other, with as long a rest between. */
async function besideChecks({ office, debits }: Beside): Promise<void> {
  debits.figures()
  for (let i = 0; i < CHECKS; i++) {
    const [check] = steps(office, office, `check ${i}`, 5_000 + i, CHECK_ROWS)
    const from = performance.now()
    debits.switchTo('with')
    await check.work()
    const took = performance.now() - from
    debits.switchTo('without')
    await sleep(took)
  }
  console.log(`${RATE} debits a second beside checks of ${CHECK_ROWS} rows, ${CHECKS} windows:\n${debits.figures()}`)
}

/** A batch whose booking pauses as long as it works, repeatedly. */
async function besideBooking({ office, bulk, debits }: Beside): Promise<number> {
  const all = steps(office, bulk, 'second', 11_00)
  for (const { what, work } of all.slice(0, 3)) await timed(`second, ${what}`, work)
  await sleep(2_000)
  debits.figures()
  let since = performance.now()
  let worked = 0
  debits.switchTo('with')
  const { booked, id } = await all[3].resting(async () => {
    if (performance.now() - since < WINDOW_MS) return
    worked += performance.now() - since
    debits.switchTo('without')
    await sleep(WINDOW_MS)
    debits.switchTo('with')
    since = performance.now()
  })
  worked += performance.now() - since
  if (booked.state !== 'booked') throw new Error(`the batch is ${booked.state}`)
  debits.switchTo('without')
  await sleep(SETTLED_MS)
  console.log(`${RATE} debits a second beside the booking of ${ROWS} rows in ${(worked / 1_000).toFixed(1)} s:\n${debits.figures()}`) // prettier-ignore
  return id
}

/** Applies booked loads by the job, which is stopped and started repeatedly. */
async function besideSweep({ office, debits, sweeps }: Beside): Promise<void> {
  debits.figures()
  const isDone = async (): Promise<boolean> => {
    const [[left] = []] = await office.db.use((one) => one.send('SELECT 1 FROM staged_loads LIMIT 1'))
    return left === undefined
  }
  while (!(await isDone())) {
    debits.switchTo('with')
    const sweep = sweeps()
    await sleep(WINDOW_MS)
    await sweep.stop()
    debits.switchTo('without')
    await sleep(WINDOW_MS)
  }
  console.log(`${RATE} debits a second beside the sweep of ${ROWS} rows:\n${debits.figures()}`)
}

async function debit(office: Office, id: number, numberHash: string, contra: number): Promise<void> {
  const moment = {
    id: office.nextId(),
    spareId: office.nextId(),
    now: Date.now(),
    today: new Date().toISOString().slice(0, 10),
  }
  const card = { id, issueId: 1, numberHash, numberKey: 1, shown: '' }
  const input = { operation: 'adjustment_debit', requester: { channel: 'cli', who: 'bench' }, key: clerkKey(moment.id), card, amount: 1, currency: PLN, contra } as const // prettier-ignore
  const { result } = await office.submit(officeRequest(input, moment))
  if (result !== 'approved') throw new Error(`a debit is ${result}`)
}
