import { instant, integer, text } from './literal.ts'

export const selectHasUsers = 'SELECT EXISTS (SELECT 1 FROM users)'

/** The login of somebody of the operating system; only once it has taken effect. */
export const selectMapped = (uid: number, now: number): string =>
  `SELECT login FROM user_maps WHERE uid = ${integer(uid)} AND effective_at <= ${instant(now)}`
/** One to one: whoever was mapped before, either way, is so no longer. */
export const putMap = (uid: number, login: string, at: number, effectiveAt: number): string =>
  `DELETE FROM user_maps WHERE uid = ${integer(uid)} OR login = ${text(login)};
   INSERT INTO user_maps (uid, login, at, effective_at) VALUES (${integer(uid)},${text(login)},${instant(at)},${instant(effectiveAt)})`
