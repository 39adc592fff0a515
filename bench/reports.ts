import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import type { Access } from '../src/db/access.ts'
import { workerConnection } from '../src/db/connection.ts'
import { REPORT_SUMS } from '../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../src/db/search-rows.ts'
import { startFolding } from '../src/jobs/folding.ts'
import type { Actor } from '../src/office/actor.ts'
import type { Office } from '../src/office/office.ts'
import { isRefused } from '../src/office/refusal.ts'
import {
  REPORT_NAMES,
  type ReportName,
  REPORTS,
  runReport,
  type ReportSelection,
} from '../src/office/reports/reports.ts'
import { verifySums } from '../src/office/reports/verification.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { benchOffice } from './bench-office.ts'
import { machineLines } from './machine.ts'
import { paymentsBeside } from './payments-beside.ts'
import { DAYS, FIRST, openReportBooks, type ReportBooks } from './report-books.ts'
import { row } from './table.ts'

/**
 * Every report for a month and for three years, and what cards held at the end of any day, over many transactions, beside
 * payments whose sums are folded as in life (`AKART_BENCH_RATE=0`: alone): p95, against what is promised. One report alone:
 * `AKART_BENCH_REPORTS=settlement`.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 10_000_000)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 500)
const TURNS = Number(process.env['AKART_BENCH_TURNS'] ?? 20)
/** Only these reports, separated by commas. */
const ONLY = process.env['AKART_BENCH_REPORTS']?.split(',')
const PROVES = process.env['AKART_BENCH_VERIFY'] === 'yes'

const STOPPED_MS = 20_000

/** The most time for one figure. */
const MOST_MS = Number(process.env['AKART_BENCH_MS'] ?? 8_000)

export async function benchReports(): Promise<void> {
  const books = await openReportBooks(ROWS)
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    console.log(`${books.rows} transactions, ${books.cards} cards, 100 stores, ${DAYS} days until ${books.lastDay}`)
    const { office, close } = await officeOn(books.access)
    const folding = startFolding({
      access: books.access,
      folds: [SEARCH_ROWS, REPORT_SUMS],
      trouble: (error) => console.error('folding:', error),
    })
    try {
      await measure(books, office)
      if (PROVES) await prove(office)
    } finally {
      await folding.stop()
      await close()
    }
  } finally {
    await books.close()
  }
}

const officeOn = (access: Access) => benchOffice(access, { keys: () => deriveCardKeys(DEMO_MASTER) })

const OLA: Actor = { login: 'ola', name: 'Ola', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }

type Ask = {
  readonly name: string
  readonly wanted: number
  readonly turns: number
  readonly input: () => ReportSelection
}

const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)
const endOfMonth = (day: string): string => dayBefore(`${day.slice(0, 7)}-01`, 1)

function asksOf(report: ReportName, lastDay: string): Ask[] {
  const { time } = REPORTS[report]
  const day = (): string => dayBefore(lastDay, Math.floor(Math.random() * (DAYS - 62)))
  const month = (): ReportSelection => {
    const to = day()
    // Reports as of a day: at the end of a month.
    return { from: dayBefore(to, 30), to, asOf: endOfMonth(to) }
  }
  const years = { from: dayBefore(lastDay, DAYS - 1), to: lastDay, asOf: lastDay }
  const turns = TURNS
  if (time === 'now') return [{ name: `${report}, now`, wanted: 1_000, turns, input: () => ({}) }]
  return [
    { name: `${report}, a month${time === 'day' ? "'s end" : ''}`, wanted: 1_000, turns, input: month },
    { name: `${report}, three years`, wanted: 5_000, turns: 3, input: () => years },
    ...(report === 'liability'
      ? (['sale', 'activity', 'validity'] as const).map((ageBy) => ({
          name: `liability by ${ageBy}, any day`,
          wanted: 5_000,
          turns: 5,
          input: () => ({ asOf: day(), ageBy }),
        }))
      : []),
  ]
}

async function measure(books: ReportBooks, office: Office): Promise<void> {
  const asks = REPORT_NAMES.filter((name) => ONLY?.includes(name) ?? true).flatMap((report) =>
    asksOf(report, books.lastDay).map((ask) => ({ ...ask, report })),
  )
  console.log(`${'report'.padEnd(34)}${row(['rows', 'turns', 'p95, ms', 'wanted', 'holds'])}`)
  const load = { access: books.access, office, rate: RATE, cardsAfter: FIRST }
  const beside = async <T>(work: () => Promise<T>): Promise<T> => {
    if (RATE === 0) return work()
    let done: T | null = null
    await paymentsBeside(load, async () => {
      await sleep(500)
      done = await work()
    })
    if (done === null) throw new Error('no figure was made')
    return done
  }
  let broken = 0
  for (const ask of asks) {
    const { ms, rows, turns, trouble } = await beside(() => timed(books.access, office, ask))
    const holds = trouble === null && ms <= ask.wanted
    if (!holds) broken += 1
    const told = [String(rows), String(turns), ms.toFixed(0), String(ask.wanted), holds ? 'yes' : 'NO']
    console.log(`${ask.name.padEnd(34)}${row(told)}${trouble === null ? '' : `  ${trouble}`}`)
  }
  console.log(`beside ${RATE} payments a second: ${asks.length - broken} of ${asks.length} within their bounds`)
  if (RATE === 0) return
  const alone = await paymentsBeside(load, () => sleep(5_000))
  console.log(`${alone.sent} payments without a report: p99 ${alone.p99.toFixed(1)} ms`)
}

type Timed = { readonly rows: number; readonly ms: number; readonly turns: number; readonly trouble: string | null }

/** p95 of the turns; the first one, which warms up, is left out where there are several. No more turns than fit the time. */
async function timed(
  access: Access,
  office: Office,
  { report, turns, input }: Ask & { readonly report: string },
): Promise<Timed> {
  const took: number[] = []
  let rows = 0
  const begun = performance.now()
  for (let turn = 0; turn < turns; turn++) {
    const from = performance.now()
    const made = await stoppedInTime(access, () => runReport(office, OLA, report, input()))
    const ms = performance.now() - from
    if (made instanceof Error) {
      const trouble = ms >= STOPPED_MS ? `stopped after ${STOPPED_MS / 1000} s` : made.message
      return { rows, ms, turns: took.length + 1, trouble }
    }
    if (isRefused(made)) return { rows, ms, turns: took.length + 1, trouble: `refused: ${made.refused}` }
    took.push(ms)
    rows = made.rows.length
    if (performance.now() - begun > MOST_MS) break
  }
  const counted = took.length > 1 ? took.slice(1).sort((a, b) => a - b) : took
  const ms = counted[Math.min(counted.length - 1, Math.floor(counted.length * 0.95))] ?? 0
  return { rows, ms, turns: counted.length, trouble: null }
}

/** A report that takes longer is stopped, so that the others have their turn: the server ends what it reads. */
async function stoppedInTime<T>(access: Access, work: () => Promise<T>): Promise<T | Error> {
  const over = new AbortController()
  const watch = async (): Promise<void> => {
    await sleep(STOPPED_MS, undefined, { signal: over.signal })
    const connection = workerConnection(access)
    while (!over.signal.aborted) {
      const [running = []] = await connection.send(LONG_QUERIES)
      for (const [id] of running) await connection.send(`KILL QUERY ${Number(id)}`).catch(() => undefined) // it may have ended
      await sleep(200)
    }
    await connection.close()
  }
  const watched = watch().catch((error: unknown) => {
    if (!over.signal.aborted) console.error('bench:', error)
  })
  try {
    return await work()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  } finally {
    over.abort()
    await watched
  }
}

/** Queries of reports: those of payments and of their folding take less than a second. */
const LONG_QUERIES = `SELECT id FROM information_schema.processlist
  WHERE command = 'Query' AND time_ms > 1000 AND id <> CONNECTION_ID()`

async function prove(office: Office): Promise<void> {
  const from = performance.now()
  const found = await verifySums(office, OLA)
  if (isRefused(found)) throw new Error(found.refused)
  const seconds = ((performance.now() - from) / 1000).toFixed(0)
  console.log(`sums of ${found.days} days proven from ${found.transfers} transfers in ${seconds} s: ${found.faults.length} differ`) // prettier-ignore
  for (const fault of found.faults.slice(0, 5)) console.log(fault)
}
