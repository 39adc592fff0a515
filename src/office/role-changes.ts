import {
  countDueRoleChanges,
  decideRoleChangeRow,
  lockDueRoleChanges,
  lockRoleChange,
  selectWaitingRoleChanges,
  toRoleChange,
  type RoleChangeRow,
} from '../db/sql/roles.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { isSamePerson, type Actor } from './actor.ts'
import { putOnRecord } from './audit-row.ts'
import { dependenceObjection, seesGrants } from './grants.ts'
import { inTransaction, type Office } from './office.ts'
import { applyRole, holdersOf, lockStanding, type Standing } from './own-roles.ts'
import { refused, type Refused } from './refusal.ts'

/* Changes of roles that wait: shown to whom waiting grants are shown, each of whom may refuse them. */

export async function waitingRoleChanges(office: Pick<Office, 'db'>, actor: Actor): Promise<RoleChangeRow[]> {
  if (!seesGrants(actor)) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectWaitingRoleChanges))
  return rows.map(toRoleChange)
}

/** A second administrator approves, or anybody who is shown the change refuses it. Proposer and approver must not have the role themselves. */
export async function decideRoleChange(
  office: Office,
  actor: Actor,
  { id, approve, reason }: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<{ readonly code: null } | Refused> {
  if (!seesGrants(actor) || (approve && !actor.rights.has('users.edit'))) {
    return refused('right_missing', { right: 'users.edit' })
  }
  return inTransaction(office, async (connection) => {
    const all = await lockStanding(connection, office)
    const [[row] = []] = await connection.send(lockRoleChange(id))
    if (row === undefined) return refused('no_such_approval', { id })
    const change = toRoleChange(row)
    if (change.state !== 'waiting') return refused('already_decided', { who: change.decidedBy ?? change.by })
    const objection = approve ? await approvalObjection(office, actor, all, change) : null
    if (objection !== null) return objection
    const { at } = all
    const decided = { decidedBy: actor.login, decidedAt: at, reason }
    const state = approve ? 'done' : 'refused'
    await connection.send(decideRoleChangeRow(id, { ...decided, state, effectiveAt: approve ? at : null }))
    await told(office, actor, all, change, approve ? 'roles.approve' : 'roles.refuse', reason)
    if (approve) await apply(office, all, change)
    return { code: null }
  })
}

async function approvalObjection(
  office: Office,
  actor: Actor,
  { connection, users, at }: Standing,
  { by, code }: RoleChangeRow,
): Promise<Refused | null> {
  if (isSamePerson(actor, by)) return refused('own_request', { who: by })
  const holder = holdersOf(users, code).find(({ login }) => isSamePerson(actor, login) || login === by)
  if (holder !== undefined) return refused('role_held', { who: holder.login, role: code })
  return dependenceObjection(connection, office, actor, by, at)
}

const told = (
  office: Office,
  actor: Actor,
  { connection, at }: Standing,
  { id, code, by, rights }: RoleChangeRow,
  action: string,
  reason: string,
): Promise<void> =>
  putOnRecord(connection, office, actor, at, {
    action,
    object: { kind: 'role', id: code },
    details: { change: id, by, rights: [...(rights ?? [])], reason },
  })

const apply = (office: Office, all: Standing, { code, name, rights }: RoleChangeRow): Promise<void> =>
  applyRole(office, all, { code, name, rights: rights ?? [] })

const TIMER: Actor = { login: 'roles', name: 'roles', rights: new Map(), stores: 'all', channel: 'job' }

/** If there is only one administrator, a change takes effect after 24 hours, unless its proposer has the role by then. */
export async function applyDueRoleChanges(office: Office): Promise<RoleChangeRow[]> {
  // Nobody is locked for it each minute.
  const [[due] = []] = await office.db.use((connection) => connection.send(countDueRoleChanges(office.clock())))
  return Number(due?.[0]) === 0 ? [] : office.db.transaction((connection) => applyDue(connection, office))
}

async function applyDue(connection: WorkerConnection, office: Office): Promise<RoleChangeRow[]> {
  const all = await lockStanding(connection, office)
  const [rows = []] = await connection.send(lockDueRoleChanges(all.at))
  const due = rows.map(toRoleChange)
  for (const change of due) {
    const raisesOneself = holdersOf(all.users, change.code).some(({ login }) => login === change.by)
    const [state, action] = raisesOneself
      ? (['refused', 'roles.refuse'] as const)
      : (['done', 'roles.effective'] as const)
    const decided = { decidedBy: null, decidedAt: null, reason: null }
    await connection.send(
      decideRoleChangeRow(change.id, { ...decided, state, effectiveAt: raisesOneself ? null : all.at }),
    )
    await told(office, TIMER, all, change, action, '')
    if (!raisesOneself) await apply(office, all, change)
  }
  return due
}
