import {
  forgetSpan,
  insertDay,
  insertMonth,
  selectKeptDays,
  selectKeptMonths,
  toKeptDay,
} from '../../db/sql/report-spans.ts'
import { dateIn } from '../clock.ts'
import type { Office } from '../office.ts'
import { isRefused } from '../refusal.ts'
import { dayBefore } from './roll-forward.ts'
import { inSnapshot } from './snapshot.ts'
import { figuresOfDay, monthEnd } from './spans.ts'

/** The parts of an Office that keeping figures needs. */
export type Keeper = Pick<Office, 'db' | 'clock' | 'timeZone'>

/** The last day that is over. */
export const lastDayOver = ({ clock, timeZone }: Pick<Keeper, 'clock' | 'timeZone'>): string =>
  dayBefore(dateIn(timeZone, clock()))

/** Past days without kept figures, or whose figures were computed from fewer transfers than the day has now; the latest first. */
export async function daysToKeep(office: Keeper): Promise<string[]> {
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectKeptDays({ from: null, to: lastDayOver(office) })),
  )
  return rows
    .map(toKeptDay)
    .filter(({ transfers, kept }) => transfers !== kept)
    .map(({ day }) => day)
    .reverse()
}

/**
 * Keeps the figures of a day. A process that does the same at the same time writes the same figures, or figures from fewer
 * transfers, which are computed again at the next poll.
 *
 * @returns false while something of that day is not folded
 */
export async function keepDay(office: Keeper, day: string): Promise<boolean> {
  const figures = await inSnapshot(office, (snapshot) => figuresOfDay(snapshot, office.timeZone, day))
  if (figures === null || isRefused(figures)) return false
  await office.db.transaction(async (connection) => {
    await connection.send(forgetSpan('day', day))
    for (const statement of insertDay(day, figures)) await connection.send(statement)
  })
  return true
}

/** Past months whose days are all kept, but without kept figures or with figures from fewer transfers; by their last days. */
export async function monthsToKeep(office: Keeper): Promise<string[]> {
  const period = { from: null, to: lastDayOver(office) }
  const [days = [], kept = []] = await office.db.use((connection) =>
    connection.send(`${selectKeptDays(period)};${selectKeptMonths(period)}`),
  )
  const wanted = new Map<string, number>()
  for (const each of days.map(toKeptDay)) {
    const month = monthEnd(each.day)
    const transfers = each.kept === each.transfers ? each.transfers : NaN
    wanted.set(month, (wanted.get(month) ?? 0) + transfers)
  }
  const there = new Map(kept.map(([month, transfers]) => [String(month), Number(transfers)]))
  return [...wanted]
    .filter(([month, transfers]) => month <= period.to && !Number.isNaN(transfers) && there.get(month) !== transfers)
    .map(([month]) => month)
}

/** Adds up the days of a month, so that a report over three years reads 36 rows instead of 1,095. */
export const keepMonth = (office: Keeper, month: string): Promise<void> =>
  office.db.transaction(async (connection) => {
    await connection.send(forgetSpan('month', month))
    for (const statement of insertMonth(`${month.slice(0, 7)}-01`, month)) await connection.send(statement)
  })
