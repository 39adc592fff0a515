import { fromInstant, instant, instantOrNull, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'
import { selectRoles, type RoleRow } from './users.ts'

/** `waiting` for a second administrator or for its time; `done`; `refused`, also by a later change of the same role. */
export const ROLE_CHANGE_STATES = ['waiting', 'done', 'refused'] as const
export type RoleChangeState = (typeof ROLE_CHANGE_STATES)[number]

export type RoleChangeRow = Pick<RoleRow, 'code' | 'name'> & {
  readonly id: number
  /** Null: the role is removed. */
  readonly rights: readonly string[] | null
  readonly by: string
  readonly at: number
  readonly state: RoleChangeState
  readonly effectiveAt: number | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly reason: string | null
}

const COLUMNS = 'id, code, name, rights, by_login, at, state, effective_at, decided_by, decided_at, reason'
const atOrNull = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))

export function toRoleChange(row: Row): RoleChangeRow {
  const [id, code, name, rights, by, at, state, effectiveAt, decidedBy, decidedAt, reason] = row as [
    number, string, string, string | null, string, string, string, string | null, string | null, string | null,
    string | null,
  ] // prettier-ignore
  return {
    id,
    code,
    name,
    rights: rights === null ? null : rights.split(','),
    by,
    at: fromInstant(at),
    state: oneOf(ROLE_CHANGE_STATES, state),
    effectiveAt: atOrNull(effectiveAt),
    decidedBy,
    decidedAt: atOrNull(decidedAt),
    reason,
  }
}

/** Held to the end of the database transaction. Whoever needs the users too has locked them before. */
export const lockRoles = `${selectRoles} FOR UPDATE`

export const putRole = ({ code, name, rights }: RoleRow): string =>
  `INSERT INTO roles (code, name, rights) VALUES (${text(code)},${text(name)},${text(rights.join())})
   ON DUPLICATE KEY UPDATE name = VALUES(name), rights = VALUES(rights)`
export const deleteRole = (code: string): string => `DELETE FROM roles WHERE code = ${text(code)}`

/** The persons who will get the role by a waiting grant. */
export const selectGrantedRole = (code: string): string =>
  `SELECT DISTINCT login FROM grants WHERE state IN ('waiting', 'open') AND FIND_IN_SET(${text(code)}, roles) ORDER BY login`

export const insertRoleChange = (c: RoleChangeRow): string =>
  `INSERT INTO role_changes (${COLUMNS}) VALUES (${integer(c.id)},${text(c.code)},${text(c.name)},
   ${textOrNull(c.rights === null ? null : c.rights.join())},${text(c.by)},${instant(c.at)},${text(c.state)},
   ${instantOrNull(c.effectiveAt)},${textOrNull(c.decidedBy)},${instantOrNull(c.decidedAt)},${textOrNull(c.reason)})`

export const selectWaitingRoleChanges = `SELECT ${COLUMNS} FROM role_changes WHERE state = 'waiting' ORDER BY id LIMIT 1000`
export const selectDecidedRoleChanges = (most: number): string =>
  `SELECT ${COLUMNS} FROM role_changes WHERE decided_by IS NOT NULL ORDER BY id DESC LIMIT ${integer(most)}`
export const lockRoleChange = (id: number): string =>
  `SELECT ${COLUMNS} FROM role_changes WHERE id = ${integer(id)} FOR UPDATE`
export const countDueRoleChanges = (now: number): string =>
  `SELECT COUNT(*) FROM role_changes WHERE state = 'waiting' AND effective_at <= ${instant(now)}`
/** Those that take effect by now without a second administrator. */
export const lockDueRoleChanges = (now: number): string =>
  `SELECT ${COLUMNS} FROM role_changes WHERE state = 'waiting' AND effective_at <= ${instant(now)} ORDER BY id LIMIT 100
   FOR UPDATE`
/** A later change of the role takes the place of one that waits. */
export const closeWaitingRoleChanges = (code: string): string =>
  `UPDATE role_changes SET state = 'refused' WHERE code = ${text(code)} AND state = 'waiting'`

export type RoleDecision = {
  readonly state: 'done' | 'refused'
  readonly effectiveAt: number | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly reason: string | null
}

export const decideRoleChangeRow = (id: number, d: RoleDecision): string =>
  `UPDATE role_changes SET state = ${text(d.state)}, effective_at = ${instantOrNull(d.effectiveAt)},
   decided_by = ${textOrNull(d.decidedBy)}, decided_at = ${instantOrNull(d.decidedAt)}, reason = ${textOrNull(d.reason)}
   WHERE id = ${integer(id)}`

/** The roles as they were at an instant; those that were there before changes were kept are as they are now. */
export const selectRolesAt = (at: number): string =>
  `SELECT h.code, h.name, h.rights FROM role_changes h WHERE h.state = 'done' AND h.rights IS NOT NULL AND h.id =
     (SELECT i.id FROM role_changes i WHERE i.code = h.code AND i.state = 'done' AND i.effective_at <= ${instant(at)}
      ORDER BY i.effective_at DESC, i.id DESC LIMIT 1)
   UNION ALL SELECT r.code, r.name, r.rights FROM roles r
   WHERE NOT EXISTS (SELECT 1 FROM role_changes c WHERE c.code = r.code AND c.state = 'done')`
