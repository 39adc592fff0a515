import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

export type AlertRow = {
  readonly id: number
  readonly kind: string
  readonly subject: string
  readonly since: number
  readonly lastAt: number
  readonly count: number
}

/** Counts up where the same is open already. */
export const raiseAlertRow = (id: number, kind: string, subject: string, at: number): string =>
  `INSERT INTO alerts (id, kind, subject, since, last_at, count, open_for) VALUES (${integer(id)},${text(kind)},
   ${text(subject)},${instant(at)},${instant(at)},1,${text(`${kind} ${subject}`)})
   ON DUPLICATE KEY UPDATE last_at = ${instant(at)}, count = count + 1`

export const selectAlerts = (before: number | null, most: number): string =>
  `SELECT id, kind, subject, since, last_at, count FROM alerts ${before === null ? '' : `WHERE id < ${integer(before)}`}
   ORDER BY id DESC LIMIT ${integer(most)}`
export function toAlert(row: Row): AlertRow {
  const [id, kind, subject, since, lastAt, count] = row as [number, string, string, string, string, number]
  return { id, kind, subject, since: fromInstant(since), lastAt: fromInstant(lastAt), count }
}

/** The oldest alert that was not mailed. */
export const selectUnmailed = (most: number): string =>
  `SELECT id, kind, subject, since, last_at, count FROM alerts WHERE mailed_at IS NULL ORDER BY id LIMIT ${integer(most)}
   FOR UPDATE SKIP LOCKED`
export const claimUnmailed = (ids: readonly number[], at: number): string =>
  `UPDATE alerts SET mailed_at = ${instant(at)} WHERE id IN (${[0, ...ids].map(integer).join(',')})`
export const setUnmailed = (id: number): string => `UPDATE alerts SET mailed_at = NULL WHERE id = ${integer(id)}`

export const selectSeen = (ids: readonly number[]): string =>
  `SELECT alert_id, login, at FROM alerts_seen WHERE alert_id IN (${[0, ...ids].map(integer).join(',')}) ORDER BY at`
export const selectAlert = (id: number): string =>
  `SELECT id, kind, subject, since, last_at, count FROM alerts WHERE id = ${integer(id)}`
export const markSeen = (id: number, login: string, at: number): string =>
  `INSERT IGNORE INTO alerts_seen (alert_id, login, at) VALUES (${integer(id)},${text(login)},${instant(at)});
   UPDATE alerts SET open_for = NULL WHERE id = ${integer(id)}`
