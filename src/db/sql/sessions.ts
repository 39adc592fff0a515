import { binary, fromInstant, instant, instantOrNull, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const SESSION_STATES = ['code', 'enrolment', 'signedIn'] as const
export type SessionState = (typeof SESSION_STATES)[number]

export type SessionRow = {
  readonly id: number
  readonly login: string
  readonly state: SessionState
  readonly startedAt: number
  readonly seenAt: number
  readonly endsAt: number
  readonly provenAt: number | null
  readonly address: string
  readonly userAgent: string
  /** Sealed. */
  readonly enrolling: Buffer | null
}

const COLUMNS = 'id, login, state, started_at, seen_at, ends_at, proven_at, address, user_agent, enrolling'

export function toSession(row: Row): SessionRow {
  const [id, login, state, startedAt, seenAt, endsAt, provenAt, address, userAgent, enrolling] = row as [
    number, string, string, string, string, string, string | null, string, string, Buffer | null,
  ] // prettier-ignore
  return {
    id,
    login,
    state: oneOf(SESSION_STATES, state),
    startedAt: fromInstant(startedAt),
    seenAt: fromInstant(seenAt),
    endsAt: fromInstant(endsAt),
    provenAt: provenAt === null ? null : fromInstant(provenAt),
    address,
    userAgent,
    enrolling,
  }
}

/** @param digest SHA-256 of the token, 64 hex digits */
export const selectSession = (digest: string): string =>
  `SELECT ${COLUMNS} FROM sessions WHERE token = ${binary(digest)}`
export const selectSessionsOf = (login: string): string =>
  `SELECT ${COLUMNS} FROM sessions WHERE login = ${text(login)} AND state = 'signedIn' ORDER BY id DESC`
export const countSessions = (now: number, idleSince: number): string =>
  `SELECT login, COUNT(*) FROM sessions WHERE state = 'signedIn' AND ends_at > ${instant(now)}
   AND seen_at > ${instant(idleSince)} GROUP BY login`

export const insertSession = (digest: string, s: SessionRow): string =>
  `INSERT INTO sessions (token, id, login, state, started_at, seen_at, ends_at, proven_at, address, user_agent) VALUES (
   ${binary(digest)},${integer(s.id)},${text(s.login)},${text(s.state)},${instant(s.startedAt)},${instant(s.seenAt)},
   ${instant(s.endsAt)},${instantOrNull(s.provenAt)},${text(s.address)},${text(s.userAgent)})`

export const touchSession = (id: number, at: number): string =>
  `UPDATE sessions SET seen_at = ${instant(at)} WHERE id = ${integer(id)}`
/** Proven again, under a new token: the old one opens nothing any more. */
export const proveSession = (id: number, digest: string, at: number): string =>
  `UPDATE sessions SET proven_at = ${instant(at)}, token = ${binary(digest)} WHERE id = ${integer(id)}`
export const setEnrolling = (id: number, sealed: Buffer): string =>
  `UPDATE sessions SET enrolling = ${binary(sealed.toString('hex'))} WHERE id = ${integer(id)}`

export const deleteSession = (id: number): string => `DELETE FROM sessions WHERE id = ${integer(id)}`
export const deleteSessionOf = (login: string, id: number): string =>
  `DELETE FROM sessions WHERE login = ${text(login)} AND id = ${integer(id)}`
/** @param but the one that stays; 0: none */
export const deleteSessionsOf = (login: string, but = 0): string =>
  `DELETE FROM sessions WHERE login = ${text(login)} AND id <> ${integer(but)}`
export const deleteAllSessions = 'DELETE FROM sessions'
export const deleteEnded = (now: number): string => `DELETE FROM sessions WHERE ends_at < ${instant(now)}`

export type TriesRow = { readonly wrong: number; readonly since: number; readonly lockedUntil: number | null }
export const selectTries = (login: string, address: string): string =>
  `SELECT wrong, since, locked_until FROM sign_in_tries WHERE login = ${text(login)} AND address = ${text(address)}`
export function toTries(row: Row): TriesRow {
  const [wrong, since, lockedUntil] = row as [number, string, string | null]
  return { wrong, since: fromInstant(since), lockedUntil: lockedUntil === null ? null : fromInstant(lockedUntil) }
}
export const replaceTries = (login: string, address: string, t: TriesRow): string =>
  `REPLACE INTO sign_in_tries (login, address, wrong, since, locked_until) VALUES (${text(login)},${text(address)},
   ${integer(t.wrong)},${instant(t.since)},${instantOrNull(t.lockedUntil)})`
export const deleteTries = (login: string, address: string): string =>
  `DELETE FROM sign_in_tries WHERE login = ${text(login)} AND address = ${text(address)}`
export const deleteOldTries = (before: number): string => `DELETE FROM sign_in_tries WHERE since < ${instant(before)}`
