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

/** How the clock of a zone goes around a day: minutes ahead of UTC, and where it changes, the instant and the minutes from then on. */
type ClockAround = {
  readonly minutes: number
  readonly change: { readonly at: number; readonly minutes: number } | null
}

export function clockAround(day: string, timeZone: string): ClockAround {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  const ahead = (at: number): number =>
    Math.round((Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - at) / 60_000)
  // A till books on a day from the evening before it on, and until it has ended its day.
  let [before, after] = [dayStart(day, timeZone) - 24 * HOUR_MS, dayEnd(day, timeZone) + 24 * HOUR_MS]
  const [minutes, later] = [ahead(before), ahead(after)]
  if (minutes === later) return { minutes, change: null }
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (ahead(middle) === minutes) before = middle
    else after = middle
  }
  return { minutes, change: { at: after, minutes: later } }
}
