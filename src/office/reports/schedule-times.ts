import type { Schedule } from '../../db/sql/report-schedules.ts'
import { clockTime } from '../clock-time.ts'
import { dateIn } from '../clock.ts'

type Times = Pick<Schedule, 'rhythm' | 'onDay' | 'at'>

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Monday is 1. */
const weekday = (day: string): number => (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7 + 1 // prettier-ignore

const IS_ON = {
  daily: () => true,
  weekly: (day, onDay) => weekday(day) === onDay,
  monthly: (day, onDay) => Number(day.slice(8)) === onDay,
} as const satisfies Record<Times['rhythm'], (day: string, onDay: number) => boolean>

/** The first time after an instant at which it is due. */
export function nextDue({ rhythm, onDay, at }: Times, timeZone: string, after: number): number {
  for (let day = dateIn(timeZone, after); ; day = dayAfter(day, 1)) {
    if (!IS_ON[rhythm](day, onDay)) continue
    const due = clockTime(day, at, timeZone)
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
