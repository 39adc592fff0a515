import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

export const selectHasUsers = 'SELECT EXISTS (SELECT 1 FROM users)'

/** The login mapped to an operating-system user, once it has taken effect. */
export const selectMapped = (uid: number, now: number): string =>
  `SELECT login FROM user_maps WHERE uid = ${integer(uid)} AND effective_at <= ${instant(now)}`
/** Mappings are one to one, so earlier mappings of both sides end. */
export const putMap = (uid: number, login: string, at: number, effectiveAt: number): string =>
  `DELETE FROM user_maps WHERE uid = ${integer(uid)} OR login = ${text(login)};
   INSERT INTO user_maps (uid, login, at, effective_at) VALUES (${integer(uid)},${text(login)},${instant(at)},${instant(effectiveAt)})`

/** One that has not taken effect yet. */
export type WaitingMap = {
  readonly uid: number
  readonly login: string
  readonly at: number
  readonly effectiveAt: number
}
export const selectWaitingMaps = (now: number): string =>
  `SELECT uid, login, at, effective_at FROM user_maps WHERE effective_at > ${instant(now)} ORDER BY at`
export const lockWaitingMap = (uid: number, now: number): string =>
  `SELECT uid, login, at, effective_at FROM user_maps WHERE uid = ${integer(uid)} AND effective_at > ${instant(now)} FOR UPDATE`
export function toWaitingMap(row: Row): WaitingMap {
  const [uid, login, at, effectiveAt] = row as [number, string, string, string]
  return { uid, login, at: fromInstant(at), effectiveAt: fromInstant(effectiveAt) }
}
export const startMap = (uid: number, now: number): string =>
  `UPDATE user_maps SET effective_at = ${instant(now)} WHERE uid = ${integer(uid)}`
export const deleteMap = (uid: number): string => `DELETE FROM user_maps WHERE uid = ${integer(uid)}`
