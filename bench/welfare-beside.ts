import { setTimeout as sleep } from 'node:timers/promises'
import type { BackgroundEngine } from '../src/app/background-engine.ts'
import type { Poller } from '../src/jobs/poller.ts'
import type { Office } from '../src/office/office.ts'
import type { Steady } from './beside.ts'
import { steps } from './welfare-setting.ts'

/**
 * Debits by clerks at a steady rate. Windows with and without a check, a booking or the sweep alternate; the latency of the
 * debits is measured in each.
 */
export type Beside = {
  readonly office: Office
  readonly book: BackgroundEngine['book']
  readonly debits: Steady
  /** The most rows of a list: the number of employees. */
  readonly rows: number
  readonly sweeps: () => Poller
}

const ROUNDS = Number(process.env['AKART_BENCH_ROUNDS'] ?? 5)
/** Whole lists: with a short one, half of the time is the start of its thread. */
const CHECK = { rows: 50_000, rounds: 3 }
const BOOKED_ROWS = 5_000
const WINDOW_MS = 3_000
/** The time in which the database ends what a step leaves behind (pages to be written, rows to be purged). */
const SETTLED_MS = 2_000

/** One window with the work and one of the same length without it. */
async function bothSides(debits: Steady, work: () => Promise<unknown>): Promise<void> {
  const from = performance.now()
  debits.switchTo('with')
  await work()
  const took = performance.now() - from
  debits.switchTo('without')
  await sleep(took)
}

export async function besideChecks({ office, debits, rows }: Beside): Promise<void> {
  await sleep(SETTLED_MS)
  debits.figures()
  const from = performance.now()
  for (let i = 0; i < CHECK.rounds; i++) {
    const { checked } = steps(office, `check ${i}`, 5_000 + i, Math.min(CHECK.rows, rows))
    await bothSides(debits, checked)
  }
  const seconds = (performance.now() - from) / 2_000
  tell(`${CHECK.rounds} checks`, debits, CHECK.rounds * Math.min(CHECK.rows, rows), seconds)
}

export async function besideBooking({ office, book, debits, rows }: Beside): Promise<void> {
  const ids: number[] = []
  for (let i = 0; i < ROUNDS; i++) {
    const { id, checked, proposed, approved } = steps(office, `booking ${i}`, 11_00 + i, Math.min(BOOKED_ROWS, rows))
    for (const step of [checked, proposed, approved]) await step()
    ids.push(id())
  }
  await sleep(SETTLED_MS)
  debits.figures()
  const from = performance.now()
  for (const id of ids) {
    await bothSides(debits, async () => {
      if (!(await book(id, new AbortController().signal))) throw new Error(`batch ${id} was not booked`)
    })
  }
  const seconds = (performance.now() - from) / 2_000
  tell(`${ROUNDS} bookings`, debits, ROUNDS * Math.min(BOOKED_ROWS, rows), seconds)
}

/** Applies booked loads by the job, which is stopped and started. */
export async function besideSweep({ office, debits, sweeps }: Beside): Promise<void> {
  await sleep(SETTLED_MS)
  debits.figures()
  const left = async (): Promise<number> => {
    const [[row] = []] = await office.db.use((one) => one.send('SELECT COUNT(*) FROM staged_loads'))
    return Number(row?.[0])
  }
  const before = await left()
  const from = performance.now()
  for (let i = 0; i < ROUNDS && (await left()) > 0; i++) {
    await bothSides(debits, async () => {
      const sweep = sweeps()
      await sleep(WINDOW_MS)
      await sweep.stop()
    })
  }
  tell(`${ROUNDS} sweeps`, debits, before - (await left()), (performance.now() - from) / 2_000)
}

function tell(what: string, debits: Steady, rows: number, seconds: number): void {
  console.log(
    `debits beside ${what}, ${rows} rows in ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} a second:\n${debits.figures()}`,
  )
}
