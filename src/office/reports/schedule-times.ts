import type { Schedule } from '../../db/sql/report-schedules.ts'
import { dateIn } from '../clock.ts'
import { dayStart } from '../day-bounds.ts'

type Times = Pick<Schedule, 'rhythm' | 'onDay' | 'at'>

const MINUTE_MS = 60_000

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Monday is 1. */
const weekday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7 + 1 // prettier-ignore

const IS_ON = {
  daily: () => true,
  weekly: (day, onDay) => weekday(day) === onDay,
  monthly: (day, onDay) => Number(day.slice(8)) === onDay,
} as const satisfies Record<Times['rhythm'], (day: string, onDay: number) => boolean>

/** When the clock of a zone shows a time on a day. A time that the clock leaves out in spring comes an hour later. */
function instantOf(day: string, at: string, timeZone: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  const shownAt = (instant: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(instant)
  const guess = dayStart(day, timeZone) + (hours * 60 + minutes) * MINUTE_MS
  const ahead = Date.parse(`${day}T${at}:00Z`) - Date.parse(`${shownAt(guess).replace(' ', 'T')}:00Z`)
  return shownAt(guess + ahead) === `${day} ${at}` ? guess + ahead : Math.max(guess, guess + ahead)
}

/** The first time after an instant at which it is due. */
export function nextDue({ rhythm, onDay, at }: Times, timeZone: string, after: number): number {
  for (let day = dateIn(timeZone, after); ; day = dayAfter(day, 1)) {
    if (!IS_ON[rhythm](day, onDay)) continue
    const due = instantOf(day, at, timeZone)
    if (due > after) return due
  }
}

/** The period of a report that is due at this time: the day, the seven days or the calendar month before. */
export function periodBefore(
  { rhythm }: Times,
  timeZone: string,
  dueAt: number,
): { readonly from: string; readonly to: string } {
  const day = dateIn(timeZone, dueAt)
  if (rhythm !== 'monthly') return { from: dayAfter(day, rhythm === 'daily' ? -1 : -7), to: dayAfter(day, -1) }
  const to = dayAfter(`${day.slice(0, 7)}-01`, -1)
  return { from: `${to.slice(0, 7)}-01`, to }
}
