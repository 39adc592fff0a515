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
import { completeBatch } from '../src/office/welfare/booking.ts'
import { decideBatch } from '../src/office/welfare/decide-batch.ts'
import { makeEmployer, PLN } from '../src/office/welfare/employers.ts'
import { loadList } from '../src/office/welfare/load-list.ts'
import { proposeBatch } from '../src/office/welfare/propose.ts'
import { openBooks, PLACE } from './books.ts'
import { machineLines } from './machine.ts'

/**
 * An employer's list of many rows: checked, proposed and approved, booked; then another one booked while clerks' debits of
 * the same cards come at a steady rate, of which the latency is told without and with the booking beside.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 50_000)
const RATE = 100
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
    const first = await people(office)
    await batch(office, 'first', 10_00)
    const alone = await debits(office, first, new Promise((resolve) => setTimeout(resolve, ALONE_MS)))
    const beside = await debits(office, first, batch(office, 'second', 11_00))
    console.log(`${RATE} debits a second, ms at p50/p99: alone ${alone}, beside a batch ${beside}`)
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

async function batch(office: Office, name: string, least: number): Promise<void> {
  const lines = Array.from({ length: ROWS }, (_, i) => `${i},Person ${i},${(least + (i % 500)) / 100}`)
  const content = Buffer.from(['employee,name,amount', ...lines].join('\n'))
  const timed = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    const from = performance.now()
    const result = await work()
    const rss = Math.round(process.memoryUsage.rss() / 1024 / 1024)
    console.log(
      `${name}: ${ROWS} rows ${what} in ${((performance.now() - from) / 1000).toFixed(1)} s, ${rss} MB resident`,
    )
    return result
  }
  const file = { name: `${name}.csv`, content }
  const { id } = await timed('checked', async () => must(await loadList(office, CLERK, { employer: 'BENCH', file })))
  await timed('proposed', async () =>
    must(await proposeBatch(office, CLERK, { id, reason: 'bench', accept: ['double_in_batch'] })),
  )
  await timed('approved', async () => must(await decideBatch(office, SECOND, { id, approve: true, reason: 'bench' })))
  const booked = await timed('booked', async () => must(await completeBatch(office, id)))
  if (booked.state !== 'booked') throw new Error(`the batch is ${booked.state}`)
}

/** One unit taken from card after card at a steady rate until `work` is done: ms at p50 and p99. */
async function debits(office: Office, first: number, work: Promise<unknown>): Promise<string> {
  const contra = await openAccount(office.db.access, 'issuer_adjustments', 'issuer', PLN)
  const [rows = []] = await office.db.use((one) =>
    one.send(`SELECT HEX(number_hash) FROM cards WHERE id >= ${first} ORDER BY id LIMIT 10000`),
  )
  const hashes = rows.map(([hash]) => String(hash).toLowerCase())
  const took: number[] = []
  let isDone = false
  const ending = work.finally(() => (isDone = true))
  const running: Promise<void>[] = []
  for (let i = 0; !isDone; i++) {
    running.push(debit(office, first + (i % hashes.length), hashes[i % hashes.length] ?? '', contra, took))
    await new Promise((resolve) => setTimeout(resolve, 1_000 / RATE))
  }
  await Promise.all([ending, ...running])
  took.sort((a, b) => a - b)
  const at = (share: number): string => (took[Math.floor(took.length * share)] ?? 0).toFixed(1)
  return `${at(0.5)}/${at(0.99)} of ${took.length}`
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
