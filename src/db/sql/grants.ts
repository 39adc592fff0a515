import { binary, fromInstant, instant, instantOrNull, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const GRANT_KINDS = ['invitation', 'roles', 'password', 'totp', 'enabling'] as const
export type GrantKind = (typeof GRANT_KINDS)[number]
/** `waiting` for a second administrator or for its time; `open`: the link may be used; `done`; `refused`. */
export const GRANT_STATES = ['waiting', 'open', 'done', 'refused'] as const
export type GrantState = (typeof GRANT_STATES)[number]

export type GrantRow = {
  readonly id: number
  readonly login: string
  readonly what: GrantKind
  readonly roles: readonly string[]
  readonly stores: readonly string[]
  readonly by: string
  readonly at: number
  readonly state: GrantState
  readonly effectiveAt: number | null
  /** SHA-256 in hex; null: no code is asked for. */
  readonly code: string | null
  readonly expiresAt: number | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly reason: string | null
}

const COLUMNS = `id, login, what, roles, stores, by_login, at, state, effective_at, LOWER(HEX(code)), expires_at, decided_by,
  decided_at, reason`

const listOf = (stored: string): string[] => (stored === '' ? [] : stored.split(','))
const atOrNull = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))

export function toGrant(row: Row): GrantRow {
  const [id, login, what, roles, stores, by, at, state, effectiveAt, code, expiresAt, decidedBy, decidedAt, reason] =
    row as [
      number, string, string, string, string, string, string, string, string | null, string | null, string | null,
      string | null, string | null, string | null,
    ] // prettier-ignore
  return {
    id,
    login,
    what: oneOf(GRANT_KINDS, what),
    roles: listOf(roles),
    stores: listOf(stores),
    by,
    at: fromInstant(at),
    state: oneOf(GRANT_STATES, state),
    effectiveAt: atOrNull(effectiveAt),
    code,
    expiresAt: atOrNull(expiresAt),
    decidedBy,
    decidedAt: atOrNull(decidedAt),
    reason,
  }
}

export const selectGrant = (id: number): string => `SELECT ${COLUMNS} FROM grants WHERE id = ${integer(id)}`
export const lockGrant = (id: number): string => `${selectGrant(id)} FOR UPDATE`
export const selectWaitingGrants = `SELECT ${COLUMNS} FROM grants WHERE state = 'waiting' ORDER BY id LIMIT 1000`
export const selectDecidedGrants = (most: number): string =>
  `SELECT ${COLUMNS} FROM grants WHERE decided_by IS NOT NULL ORDER BY id DESC LIMIT ${integer(most)}`
/** Grants that take effect now without a second administrator. */
export const lockDueGrants = (now: number): string =>
  `SELECT ${COLUMNS} FROM grants WHERE state = 'waiting' AND effective_at <= ${instant(now)} ORDER BY id LIMIT 100
   FOR UPDATE SKIP LOCKED`
/** @param digest SHA-256 of the link's token */
export const lockGrantByToken = (digest: string): string =>
  `SELECT ${COLUMNS} FROM grants WHERE token = ${binary(digest)} FOR UPDATE`

export const insertGrant = (g: GrantRow, tokenDigest: string | null): string =>
  `INSERT INTO grants (id, login, what, roles, stores, by_login, at, state, effective_at, token, code, expires_at)
   VALUES (${integer(g.id)},${text(g.login)},${text(g.what)},${text(g.roles.join())},${text(g.stores.join())},
   ${text(g.by)},${instant(g.at)},${text(g.state)},${instantOrNull(g.effectiveAt)},
   ${tokenDigest === null ? 'NULL' : binary(tokenDigest)},${g.code === null ? 'NULL' : binary(g.code)},
   ${instantOrNull(g.expiresAt)})`

export type GrantChange = {
  readonly state: GrantState
  readonly code?: string
  readonly expiresAt?: number
  readonly decidedBy?: string
  readonly decidedAt?: number
  readonly reason?: string | null
}

export const updateGrant = (id: number, c: GrantChange): string =>
  `UPDATE grants SET state = ${text(c.state)}
   ${c.code === undefined ? '' : `, code = ${binary(c.code)}`}
   ${c.expiresAt === undefined ? '' : `, expires_at = ${instant(c.expiresAt)}`}
   ${c.decidedBy === undefined ? '' : `, decided_by = ${text(c.decidedBy)}`}
   ${c.decidedAt === undefined ? '' : `, decided_at = ${instant(c.decidedAt)}`}
   ${c.reason === undefined ? '' : `, reason = ${textOrNull(c.reason)}`} WHERE id = ${integer(id)}`

/** Earlier ones of the same kind about the same person no longer count. */
export const closeGrantsOf = (login: string, what: GrantKind): string =>
  `UPDATE grants SET state = 'done' WHERE login = ${text(login)} AND what = ${text(what)} AND state IN ('waiting', 'open')`

/**
 * Whether one of these two persons was invited or reset by the other since then: then they cannot approve each other.
 */
export const selectDependence = (login: string, by: string, since: number): string =>
  `SELECT id FROM grants WHERE login = ${text(login)} AND by_login = ${text(by)} AND at >= ${instant(since)}
   AND what IN ('invitation', 'password', 'totp') LIMIT 1`
