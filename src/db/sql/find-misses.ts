import { instant, integer, text } from './literal.ts'

const MINUTE_MS = 60_000
const minuteOf = (at: number): string => instant(at - (at % MINUTE_MS))

export const countMiss = (login: string, at: number): string =>
  `INSERT INTO find_misses (login, minute, misses) VALUES (${text(login)},${minuteOf(at)},1)
   ON DUPLICATE KEY UPDATE misses = misses + 1`

/** Misses in this minute and since `since`. Locked, so that concurrent misses are all counted. */
export const selectMisses = (login: string, at: number, since: number): string =>
  `SELECT COALESCE(SUM(IF(minute = ${minuteOf(at)}, misses, 0)), 0), COALESCE(SUM(misses), 0) FROM find_misses
   WHERE login = ${text(login)} AND minute >= ${minuteOf(since)} FOR UPDATE`

export const forgetMisses = (before: number): string =>
  `DELETE FROM find_misses WHERE minute < ${instant(before)} LIMIT ${integer(1000)}`
