import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { type BackgroundEngine, openBackgroundEngine } from '../src/app/background-engine.ts'
import { makersOf } from '../src/app/home-office.ts'
import { DEMO_MASTER, deriveCardKeys } from '../src/cards/keys.ts'
import { counted, openTraffic } from '../src/engine/traffic.ts'
import { sweepStagedLoads } from '../src/jobs/staged-loads.ts'
import type { Office } from '../src/office/office.ts'
import { openList } from '../src/office/welfare/open-list.ts'
import { xlsxOf } from '../src/office/xlsx.ts'
import { benchOffice } from './bench-office.ts'
import { steadily } from './beside.ts'
import { openBooks, PLACE } from './books.ts'
import { machineLines } from './machine.ts'
import { GROUPS, type ThreadTimes, watchThreads } from './thread-times.ts'
import { besideBooking, besideChecks, besideSweep } from './welfare-beside.ts'
import { debitOf, must, people, steps } from './welfare-setting.ts'

/**
 * An employer's list of many rows: checked, proposed, approved and booked while nobody pays; then lists beside payments
 * (`welfare-beside.ts`). Two engines and the sweep, as in `akart up`.
 */
const ROWS = Number(process.env['AKART_BENCH_ROWS'] ?? 50_000)
const RATE = Number(process.env['AKART_BENCH_RATE'] ?? 100)
/** `alone`: with nobody paying, until it is booked; `memory`: half as many rows, then all; `checks`, `booking`, both as `beside`, and `sweep`: beside payments. */
const ONLY = process.env['AKART_BENCH_ONLY'] ?? ''
const isWanted = (...parts: readonly string[]): boolean => ONLY === '' || parts.includes(ONLY)

export async function benchWelfare(): Promise<void> {
  const keys = deriveCardKeys(DEMO_MASTER)
  const books = await openBooks()
  try {
    for (const line of await machineLines(books.access)) console.log(line)
    const threads = watchThreads(books.serverPid)
    const traffic = openTraffic()
    const { office: opened, close } = await benchOffice(books.access, {
      keys: () => keys,
      makers: makersOf(PLACE),
      traffic,
    })
    const office = { ...opened, submit: counted(traffic, opened.submit) }
    const background = openBackgroundEngine({
      access: books.access,
      traffic,
      timeZone: office.timeZone,
      clock: office.clock,
      issues: () => office.registry().issues,
      trouble: (what, error) => console.error(what, error),
    })
    const { submit, book } = background
    const parts = {
      access: books.access,
      submit,
      traffic,
      nextId: office.nextId,
      now: Date.now,
      trouble: console.error,
    }
    const first = await people(office, ROWS)
    if (isWanted('alone')) {
      await workbook(timedBy(threads))
      const sweep = sweepStagedLoads(parts)
      await batchAlone(office, book, timedBy(threads))
      await sweep.stop()
    }
    if (isWanted('memory')) await memory(office, timedBy(threads))
    if (isWanted('beside', 'checks', 'booking', 'sweep')) {
      const debits = steadily(RATE, await debitOf(office, first), threads)
      const beside = { office, book, debits, rows: ROWS, sweeps: () => sweepStagedLoads(parts) }
      if (isWanted('beside', 'checks')) await besideChecks(beside)
      if (isWanted('beside', 'booking', 'sweep')) await besideBooking(beside)
      if (isWanted('sweep')) await besideSweep(beside)
      await debits.stop()
    }
    await background.stop()
    await close()
  } finally {
    await books.close()
  }
}

type Timed = ReturnType<typeof timedBy>

async function batchAlone(office: Office, book: BackgroundEngine['book'], timed: Timed): Promise<void> {
  const { id, checked, proposed, approved } = steps(office, 'first', 10_00, ROWS)
  await timed('checked', checked)
  await timed('proposed', proposed)
  await timed('approved', approved)
  await timed('booked', async () => {
    if (!(await book(id(), new AbortController().signal))) throw new Error('the batch was not booked')
  })
  if (ONLY !== 'alone') await timed('applied to the cards', () => applied(office))
}

/** A list of half of the rows and one of all, so that one run shows the memory that each needs. */
async function memory(office: Office, timed: Timed): Promise<void> {
  for (const [i, rows] of [ROWS / 2, ROWS].entries()) {
    const { checked, proposed } = steps(office, `memory ${i}`, 20_00 + i, rows)
    await timed('checked', checked, rows)
    await timed('proposed', proposed, rows)
  }
}

/** How long it took, which threads worked for it, how long the payments' event loop was held, and the most that was resident. */
const timedBy =
  (threads: ThreadTimes) =>
  async (what: string, work: () => Promise<void>, rows = ROWS): Promise<void> => {
    const from = performance.now()
    threads.since()
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const resident = mostResident()
    await work()
    const seconds = ((performance.now() - from) / 1000).toFixed(1)
    const times = threads.since()
    const used = GROUPS.map((group) => `${group} ${(times[group].ran / 1_000).toFixed(1)}`).join(', ')
    const held = [delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(0)).join('/')
    console.log(
      `${what}: ${rows} rows in ${seconds} s (s of processor: ${used}), ${resident()} MB resident at most, event loop held for ${held} ms at p99/most`,
    )
  }

/** MB, looked at every 20 ms. */
function mostResident(): () => number {
  let most = process.memoryUsage.rss()
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20)
  return () => {
    clearInterval(timer)
    return Math.round(most / 1024 / 1024)
  }
}

/** The same rows as XLSX, which are only read. */
async function workbook(timed: Timed): Promise<void> {
  const rows = Array.from({ length: ROWS }, (_, i) => [String(i), `Person ${i}`, 10 + (i % 500) / 100])
  const file = { name: 'list.xlsx', content: xlsxOf([['employee', 'name', 'amount'], ...rows]) }
  await timed('XLSX, only read', async () => {
    const list = must(await openList(file))
    for await (const row of list.rows()) must(row)
  })
}

async function applied(office: Office): Promise<void> {
  for (;;) {
    const [[left] = []] = await office.db.use((one) => one.send('SELECT 1 FROM staged_loads LIMIT 1'))
    if (left === undefined) return
    await sleep(100)
  }
}
