import { binary, fromInstant, instant, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export type KioskRecord = {
  readonly code: string
  readonly store: string
  /** Empty: from anywhere. */
  readonly networks: readonly string[]
  readonly state: 'active' | 'revoked'
  /** A browser has been enrolled. */
  readonly enrolled: boolean
}

const COLUMNS = `k.code, k.store_code, k.networks, k.state,
  EXISTS (SELECT 1 FROM kiosk_cookies c WHERE c.kiosk_code = k.code AND c.state = 'current')`

export const selectKiosks = `SELECT ${COLUMNS} FROM kiosks k ORDER BY k.store_code, k.code`
export const lockKiosk = (code: string): string =>
  `SELECT ${COLUMNS} FROM kiosks k WHERE k.code = ${text(code)} FOR UPDATE`

export function toKiosk(row: Row): KioskRecord {
  const [code, store, networks, state, enrolled] = row as [string, string, string, string, number]
  return {
    code,
    store,
    networks: networks.split(' ').filter((network) => network !== ''),
    state: oneOf(['active', 'revoked'] as const, state),
    enrolled: enrolled === 1,
  }
}

type Enrolment = {
  readonly code: string
  readonly store: string
  readonly networks: readonly string[]
  readonly digest: string
  readonly until: number
}

/** A new one, or a new code for one that is there. */
export const saveKiosk = ({ code, store, networks, digest, until }: Enrolment, at: number, who: string): string =>
  `INSERT INTO kiosks (code, store_code, networks, enrol_digest, enrol_until, state, added_at, added_by) VALUES (${text(code)},
   ${text(store)},${text(networks.join(' '))},${binary(digest)},${instant(until)},'active',${instant(at)},${text(who)})
   ON DUPLICATE KEY UPDATE networks = VALUES(networks), enrol_digest = VALUES(enrol_digest),
     enrol_until = VALUES(enrol_until), state = 'active'`

export const revokeKiosk = (code: string): string =>
  `UPDATE kiosks SET state = 'revoked', enrol_digest = NULL, enrol_until = NULL WHERE code = ${text(code)};
   DELETE FROM kiosk_cookies WHERE kiosk_code = ${text(code)}`

/** The one that a code enrols a browser for, while its time is not over. */
export const lockKioskEnrolledBy = (digest: string, now: number): string =>
  `SELECT ${COLUMNS} FROM kiosks k WHERE k.enrol_digest = ${binary(digest)} AND k.enrol_until > ${instant(now)} FOR UPDATE`

/** The code is used up; browsers that were enrolled before are not any more. */
export const endEnrolment = (code: string): string =>
  `UPDATE kiosks SET enrol_digest = NULL, enrol_until = NULL WHERE code = ${text(code)};
   DELETE FROM kiosk_cookies WHERE kiosk_code = ${text(code)}`

export const insertCookie = (digest: string, code: string, state: 'next' | 'current', at: number): string =>
  `INSERT INTO kiosk_cookies (digest, kiosk_code, state, made_at)
   VALUES (${binary(digest)},${text(code)},'${state}',${instant(at)})`

/** The kiosk of a cookie, locked, with the cookie's state and age. */
export const lockKioskOfCookie = (digest: string): string =>
  `SELECT c.state, c.made_at, ${COLUMNS} FROM kiosk_cookies c JOIN kiosks k ON k.code = c.kiosk_code
   WHERE c.digest = ${binary(digest)} FOR UPDATE`

export type CookieRow = {
  readonly cookie: 'next' | 'current' | 'spent'
  readonly madeAt: number
  readonly kiosk: KioskRecord
}
export function toCookie([state, madeAt, ...kiosk]: Row): CookieRow {
  return {
    cookie: oneOf(['next', 'current', 'spent'] as const, String(state)),
    madeAt: fromInstant(String(madeAt)),
    kiosk: toKiosk(kiosk),
  }
}

/** The new cookie has come back: those before it are spent. */
export const turnToCookie = (digest: string, code: string): string =>
  `UPDATE kiosk_cookies SET state = 'spent' WHERE kiosk_code = ${text(code)} AND digest <> ${binary(digest)};
   UPDATE kiosk_cookies SET state = 'current' WHERE digest = ${binary(digest)}`
