import { dayStart } from './day-bounds.ts'

const MINUTE_MS = 60_000

/** When the clock of a zone shows a time (`HH:MM`) on a day. A time that the clock leaves out in spring comes an hour later. */
export function clockTime(day: string, at: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const shownAt = (instant: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant)
  const guess = dayStart(day, timeZone) + (hours * 60 + minutes) * MINUTE_MS
  const ahead = Date.parse(`${day}T${at}:00Z`) - Date.parse(`${shownAt(guess).replace(' ', 'T')}:00Z`)
  return shownAt(guess + ahead) === `${day} ${at}` ? guess + ahead : Math.max(guess, guess + ahead)
}
