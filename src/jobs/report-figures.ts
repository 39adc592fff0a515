import { setTimeout as sleep } from 'node:timers/promises'
import { startPoller, type Poller } from './poller.ts'
import { forgetCardCounts, keepCardCounts } from '../office/reports/card-counts.ts'
import { keepCardDays } from '../office/reports/card-days.ts'
import { daysToKeep, keepDay, type Keeper, keepMonth, monthsToKeep } from '../office/reports/kept-figures.ts'
import { writeMonthEnds } from '../office/reports/month-ends.ts'

const POLL_INTERVAL_MS = 30_000
/** The share of the time in which it works, because figures from before an upgrade are computed beside running traffic. */
const SHARE = 0.25
const LONGEST_REST_MS = 5_000
/** The longest pause after a stop, because everything that is closed after this job waits for it. */
const STOP_LOOK_MS = 100

/**
 * Computes and keeps the figures of past days and months, and the balances of cards at the ends of months, which reports would
 * otherwise compute each time. The latest days come first. Figures are computed again if something was booked late.
 */
export function startReportFigures(office: Keeper, trouble: (error: unknown) => void): Poller {
  let isFirst = true
  return startPoller({
    every: POLL_INTERVAL_MS,
    first: 2_000,
    async look(isStopping) {
      // An older version may have run before this process.
      if (isFirst) await forgetCardCounts(office)
      isFirst = false
      await keepFigures(office, isStopping, SHARE)
    },
    failed: trouble,
    close: async () => {},
  })
}

async function rest(ms: number, isStopping: () => boolean): Promise<void> {
  const until = performance.now() + ms
  for (let left = ms; left > 0 && !isStopping(); left = until - performance.now()) {
    await sleep(Math.min(STOP_LOOK_MS, left))
  }
}

/** @param share 1: without a rest, as for a bench */
export async function keepFigures(office: Keeper, isStopping: () => boolean, share: number): Promise<void> {
  const rested = async <T>(work: () => Promise<T>): Promise<T> => {
    const begun = performance.now()
    const done = await work()
    // Days and months may take hours after an upgrade: cards go on changing meanwhile.
    await keepCardCounts(office, isStopping)
    if (share < 1) await rest(Math.min(LONGEST_REST_MS, (performance.now() - begun) * (1 / share - 1)), isStopping)
    return done
  }
  await keepCardCounts(office, isStopping)
  for (const day of await daysToKeep(office)) {
    if (isStopping()) return
    await rested(() => keepDay(office, day))
  }
  for (const month of await monthsToKeep(office)) {
    if (isStopping()) return
    await rested(() => keepMonth(office, month))
  }
  await writeMonthEnds(office, rested, isStopping)
  await keepCardDays(office, rested, isStopping)
}
