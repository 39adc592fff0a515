import { type Problem, shown } from './check.ts'
import type { Config } from './schema.ts'

/** Names only: newer versions of Node take offsets (`+02:00`) too, which know no summer time. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Z]/u.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

export const timeZoneProblems = ({ timeZone }: Pick<Config, 'timeZone'>): Problem[] =>
  isTimeZone(timeZone)
    ? []
    : [{ path: ['timeZone'], text: `must be the name of a time zone, such as Europe/Warsaw; it is ${shown(timeZone)}` }]
