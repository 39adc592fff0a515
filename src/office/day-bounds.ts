import { dateIn } from './clock.ts'

const HOUR_MS = 3_600_000

/** The instant at which a day (YYYY-MM-DD) begins in a zone: found by its own clock, so that days of 23 and 25 hours are right. */
export function dayStart(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`)
  let [before, after] = [noon - 30 * HOUR_MS, noon + 18 * HOUR_MS]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (dateIn(timeZone, middle) < day) before = middle
    else after = middle
  }
  return after
}

/** The instant at which the day after it begins. */
export const dayEnd = (day: string, timeZone: string): number =>
  dayStart(new Date(Date.parse(`${day}T12:00:00Z`) + 24 * HOUR_MS).toISOString().slice(0, 10), timeZone)
