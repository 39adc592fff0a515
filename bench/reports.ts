import { setTimeout as sleep } from 'node:timers/promises'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import type { Access } from '../src/db/access.ts'
import { REPORT_SUMS } from '../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../src/db/search-rows.ts'
import { startFolding } from '../src/jobs/folding.ts'
import { openLog } from '../src/log.ts'
import type { Actor } from '../src/office/actor.ts'
import type { Office } from '../src/office/office.ts'
import { openOffice } from '../src/office/open-office.ts'
import { isRefused } from '../src/office/refusal.ts'
import { REPORT_NAMES, runReport, type ReportSelection } from '../src/office/reports/reports.ts'
import { verifySums } from '../src/office/reports/verification.ts'
import { ALL_RIGHTS } from '../src/office/rights.ts'
import { machineLines } from './machine.ts'
import { paymentsBeside } from './payments-beside.ts'
import { DAYS, FIRST, openReportBooks, type ReportBooks } from './report-books.ts'
import { row } from './table.ts'

/**
 * Every report for a month and for three years, and liability at any day, over many transactions, alone and beside
 * payments whose sums are folded: p95 of the months, the longest of the others, compared with the required times.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 10_000_000)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 500)
const TURNS = Number(process.env['AKART_BENCH_TURNS'] ?? 20)
/** Only these, by commas. */
const ONLY = process.env['AKART_BENCH_REPORTS']?.split(',')
const PROVES = process.env['AKART_BENCH_VERIFY'] === 'yes'

/** Reports as slow as this are measured once. */
const SLOW_MS = 8_000

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

const officeOn = (access: Access) =>
  openOffice(access, {
    keys: () => deriveCardKeys(DEMO_MASTER),
    masters: () => Promise.reject(new Error('not in this bench')),
    timeZone: 'Europe/Warsaw',
    demo: true,
    makers: [],
    log: openLog({ level: 'warn', file: null }),
    clock: Date.now,
  })

const OLA: Actor = { login: 'ola', name: 'Ola', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }

type Ask = {
  readonly name: string
  readonly wanted: number
  readonly turns: number
  readonly input: () => ReportSelection
}

const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10)

function asksOf(report: string, lastDay: string): Ask[] {
  const month = (): ReportSelection => {
    const to = dayBefore(lastDay, Math.floor(Math.random() * (DAYS - 31)))
    return { from: dayBefore(to, 30), to, asOf: to }
  }
  const years = { from: dayBefore(lastDay, DAYS - 1), to: lastDay, asOf: lastDay }
  return [
    { name: `${report}, a month`, wanted: 1_000, turns: TURNS, input: month },
    { name: `${report}, three years`, wanted: 5_000, turns: 3, input: () => years },
    ...(report === 'liability'
      ? (['sale', 'activity', 'validity'] as const).map((ageBy) => ({
          name: `liability by ${ageBy}, any day`,
          wanted: 5_000,
          turns: 5,
          input: () => ({ ...month(), ageBy }),
        }))
      : []),
  ]
}

async function measure(books: ReportBooks, office: Office): Promise<void> {
  const asks = REPORT_NAMES.filter((name) => ONLY?.includes(name) ?? true).flatMap((report) =>
    asksOf(report, books.lastDay).map((ask) => ({ ...ask, report })),
  )
  console.log(`${'report'.padEnd(34)}${row(['rows', 'alone, ms', `at ${RATE}/s, ms`, 'wanted', ''])}`)
  const load = { access: books.access, office, rate: RATE, cardsAfter: FIRST }
  for (const ask of asks) {
    const alone = await timed(office, ask)
    let beside = alone
    await paymentsBeside(load, async () => {
      await sleep(500)
      beside = await timed(office, ask)
    })
    const cells = [
      String(beside.rows),
      alone.ms.toFixed(0),
      beside.ms.toFixed(0),
      String(ask.wanted),
      beside.ms <= ask.wanted ? 'yes' : 'NO',
    ]
    console.log(ask.name.padEnd(34) + row(cells))
  }
  const alone = await paymentsBeside(load, () => sleep(10_000))
  console.log(`${alone.sent} payments without a report: p99 ${alone.p99.toFixed(1)} ms`)
}

/** p95 of the turns; the first one, which warms up, is left out where there are several. */
async function timed(office: Office, { report, turns, input }: Ask & { readonly report: string }) {
  const took: number[] = []
  let rows = 0
  for (let turn = 0; turn < turns; turn++) {
    const asked = input()
    const from = performance.now()
    const made = await runReport(office, OLA, report, asked)
    if (isRefused(made)) throw new Error(made.refused)
    took.push(performance.now() - from)
    rows = made.rows.length
    if (performance.now() - from > SLOW_MS) break
  }
  const counted = took.length > 1 ? took.slice(1).sort((a, b) => a - b) : took
  return { rows, ms: counted[Math.min(counted.length - 1, Math.floor(counted.length * 0.95))] ?? 0 }
}

async function prove(office: Office): Promise<void> {
  const from = performance.now()
  const found = await verifySums(office, OLA)
  if (isRefused(found)) throw new Error(found.refused)
  const seconds = ((performance.now() - from) / 1000).toFixed(0)
  console.log(`sums of ${found.days} days proven from ${found.transfers} transfers in ${seconds} s: ${found.faults.length} differ`) // prettier-ignore
  for (const fault of found.faults.slice(0, 5)) console.log(fault)
}
