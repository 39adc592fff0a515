/** Counts today's transactions by minute for the page Today. */

import {
  type HeardLine,
  type MinuteRow,
  selectLastLines,
  selectMinutes,
  toHeardLine,
  toMinute,
} from '../db/sql/today.ts'
import { dateIn } from './clock.ts'
import { dayStart } from './day-bounds.ts'
import type { Office } from './office.ts'

const MINUTE_MS = 60_000
/** Search rows lag the books by 2 s at most; a minute that ended longer ago than this changes no more. */
const SETTLED_MS = 10_000
/** One look at the current minute serves everybody for as long. */
const FRESH_MS = 1_000
/** Which line a terminal speaks on is looked up for each terminal: once a minute for everybody. */
const LINES_FRESH_MS = 60_000
const WEEK_MS = 7 * 24 * 3_600_000

export type DayCounters = {
  /** Everything of the installation's day so far, at most a second old. */
  readonly current: () => Promise<{ readonly day: string; readonly rows: readonly MinuteRow[] }>
  /** The lines on which terminals were heard of in the last seven days, at most a minute old. */
  readonly lines: () => Promise<readonly HeardLine[]>
}

/**
 * Counts of today by minute. Past minutes are cached; only the current one is counted again. At its start and at
 * midnight a process reads the day's search rows once.
 */
export function createDayCounters(office: Pick<Office, 'db' | 'clock' | 'timeZone'>): DayCounters {
  let day = ''
  let settled: MinuteRow[] = []
  let settledUntil = 0
  let rows: readonly MinuteRow[] = []
  let at = 0
  let looking: Promise<void> | null = null

  const look = async (): Promise<void> => {
    const now = office.clock()
    const today = dateIn(office.timeZone, now)
    if (today !== day) {
      day = today
      settled = []
      settledUntil = dayStart(today, office.timeZone)
    }
    const [found = []] = await office.db.use((connection) =>
      connection.send(selectMinutes(settledUntil, now + MINUTE_MS)),
    )
    const fresh = found.map(toMinute)
    const until = Math.floor((now - SETTLED_MS) / MINUTE_MS) * MINUTE_MS
    rows = [...settled, ...fresh]
    if (until > settledUntil) {
      settled = [...settled, ...fresh.filter(({ minute }) => minute < until)]
      settledUntil = until
    }
    at = now
  }

  let lines: readonly HeardLine[] = []
  let linesAt = -Infinity
  let listening: Promise<void> | null = null

  const listen = async (): Promise<void> => {
    const now = office.clock()
    const [found = []] = await office.db.use((connection) => connection.send(selectLastLines(now - WEEK_MS)))
    lines = found.map(toHeardLine)
    linesAt = now
  }

  return {
    async lines() {
      if (office.clock() - linesAt >= LINES_FRESH_MS) {
        listening ??= listen().finally(() => {
          listening = null
        })
        await listening
      }
      return lines
    },
    async current() {
      if (office.clock() - at >= FRESH_MS) {
        looking ??= look().finally(() => {
          looking = null
        })
        await looking
      }
      return { day, rows }
    },
  }
}
