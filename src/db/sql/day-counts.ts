import { COUNTED, type CountName, type DayCount } from '../../core/day-counts.ts'
import { integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

const tuple = ({ terminal, what, issueId }: CountName): string =>
  `(${text(terminal)},${text(what)},${integer(issueId)})`

/**
 * Makes the rows that are missing, then locks all of them, after the cards, packs and look-ups: two batches of one terminal
 * count one after the other, also on its first day.
 */
export const lockDayCounts = (names: readonly CountName[]): readonly string[] => [
  `INSERT IGNORE INTO terminal_day_counts (terminal_code, what, issue_id, day, number, amount) VALUES ${names
    .map(({ terminal, what, issueId }) => `(${text(terminal)},${text(what)},${integer(issueId)},'1970-01-01',0,0)`)
    .join(',')}`,
  `SELECT terminal_code, what, issue_id, day, number, amount FROM terminal_day_counts
   WHERE (terminal_code, what, issue_id) IN (${names.map(tuple).join(',')}) ORDER BY terminal_code, what, issue_id FOR UPDATE`,
]

export function toDayCount(row: Row): DayCount {
  const [terminal, what, issueId, day, number, amount] = row as [string, string, number, string, number, number]
  return { terminal, what: oneOf(COUNTED, what), issueId, day, number, amount }
}

export const writeDayCounts = (counts: readonly DayCount[]): string =>
  `INSERT INTO terminal_day_counts (terminal_code, what, issue_id, day, number, amount) VALUES ${counts
    .map(
      (c) =>
        `(${text(c.terminal)},${text(c.what)},${integer(c.issueId)},${text(c.day)},${integer(c.number)},${integer(c.amount)})`,
    )
    .join(',')}
   ON DUPLICATE KEY UPDATE day = VALUES(day), number = VALUES(number), amount = VALUES(amount)`
