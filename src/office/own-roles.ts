import type { WorkerConnection } from '../db/connection.ts'
import {
  closeWaitingRoleChanges,
  deleteRole,
  insertRoleChange,
  lockRoles,
  putRole,
  selectGrantedRole,
  type RoleChangeRow,
} from '../db/sql/roles.ts'
import { toRole, type RoleRow, type UserRow } from '../db/sql/users.ts'
import { isSamePerson, type Actor } from './actor.ts'
import { raiseAlert } from './alerts.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { isLikeStandardRole, isMoneyRight, isRight, keptRights, readRights, type RoleRight } from './person.ts'
import { refused, type Refused } from './refusal.ts'
import { canReachOwn, type Reach } from './rights-table.ts'
import { mayDo } from './rights.ts'
import { administrators, endUncodedSessions, lockAll } from './users.ts'

/*
 * Roles of the installation's own: rights of the table, everywhere or in the own stores. They are given to people as the
 * standard ones are. A role that gets a right over money waits for a second administrator as a grant does, whether anybody
 * has it or not: who approved a grant of it has seen what it gave.
 */

const CODE = /^[A-Za-z][A-Za-z0-9-]{1,39}$/u
const DAY_MS = 24 * 3_600_000
/** How many people are named when a role is in use. */
const NAMED = 5

export type RoleWish = {
  readonly code: string
  readonly name: string
  readonly rights: readonly { readonly right: string; readonly reach: Reach }[]
}

/** `waits`: the change's number where it is not in force yet; it takes effect by itself at `effectiveAt`, where that is said. */
export type RoleChanged = { readonly waits: number | null; readonly effectiveAt: number | null }

/** The present people and roles, locked in this order. */
export type Standing = {
  readonly connection: WorkerConnection
  readonly users: readonly UserRow[]
  readonly roles: readonly RoleRow[]
  readonly at: number
}

export async function lockStanding(connection: WorkerConnection, office: Pick<Office, 'clock'>): Promise<Standing> {
  const users = await lockAll(connection)
  const [rows = []] = await connection.send(lockRoles)
  return { connection, users, roles: rows.map(toRole), at: office.clock() }
}

export const holdersOf = (users: readonly UserRow[], code: string): UserRow[] =>
  users.filter(({ roles }) => roles.includes(code))

export async function makeRole(office: Office, actor: Actor, wish: RoleWish): Promise<RoleChanged | Refused> {
  const { code } = wish
  if (!CODE.test(code)) return refused('role_invalid', { role: code })
  if (isLikeStandardRole(code)) return refused('role_taken', { role: code })
  return changing(office, actor, wish.rights, async (all, rights) => {
    const isTaken = all.roles.some((one) => one.code.toLowerCase() === code.toLowerCase())
    if (isTaken) return refused('role_taken', { role: code })
    return put(office, actor, all, null, { code, name: wish.name, rights })
  })
}

/** Members that are not given keep their values. */
export async function changeRole(
  office: Office,
  actor: Actor,
  { code, name, rights: wanted }: Pick<RoleWish, 'code'> & Partial<RoleWish>,
): Promise<RoleChanged | Refused> {
  return changing(
    office,
    actor,
    wanted ?? [],
    async (all, rights) => {
      const before = all.roles.find((one) => one.code === code)
      if (before === undefined) return refused('no_such_own_role', { role: code })
      const after = {
        code,
        name: name ?? before.name,
        rights: wanted === undefined ? readRights(before.rights) : rights,
      }
      return put(office, actor, all, before, after)
    },
    wanted !== undefined,
  )
}

/** Removes a role that nobody has and nobody is about to get. */
export async function removeRole(
  office: Office,
  actor: Actor,
  { code }: { readonly code: string },
): Promise<{ readonly code: string } | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  return inTransaction(office, async (connection) => {
    const all = await lockStanding(connection, office)
    const { users, roles, at } = all
    const before = roles.find((one) => one.code === code)
    if (before === undefined) return refused('no_such_own_role', { role: code })
    const [granted = []] = await connection.send(selectGrantedRole(code))
    const who = [
      ...new Set([...holdersOf(users, code).map(({ login }) => login), ...granted.map(([login]) => String(login))]),
    ]
    if (who.length > 0) return refused('role_in_use', { role: code, who: named(who) })
    const change = { ...before, rights: null, ...begun(office, actor, at, at) }
    await connection.send(`${closeWaitingRoleChanges(code)};${insertRoleChange(change)};${deleteRole(code)}`)
    await putOnRecord(connection, office, actor, at, {
      action: 'roles.remove',
      object: { kind: 'role', id: code },
      details: { change: change.id, rights: [...before.rights] },
    })
    await tellOfCommandLine(office, actor, all, code)
    return { code }
  })
}

const named = (who: readonly string[]): string =>
  who.length > NAMED ? `${who.slice(0, NAMED).join(', ')}, …` : who.join(', ')

/** How every change of what a role gives begins. */
async function changing(
  office: Office,
  actor: Actor,
  wanted: RoleWish['rights'],
  change: (all: Standing, rights: readonly RoleRight[]) => Promise<RoleChanged | Refused>,
  saysRights = true,
): Promise<RoleChanged | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  const wrong = saysRights ? wrongRights(wanted) : null
  if (wrong !== null) return wrong
  const rights = wanted.flatMap(({ right, reach }) => (isRight(right) ? [{ right, reach }] : []))
  return inTransaction(office, async (connection) => change(await lockStanding(connection, office), rights))
}

function wrongRights(wanted: RoleWish['rights']): Refused | null {
  if (wanted.length === 0) return refused('role_without_rights')
  for (const { right, reach } of wanted) {
    if (!isRight(right)) return refused('no_such_right', { right })
    if (reach === 'own' && !canReachOwn(right)) return refused('right_not_by_store', { right })
  }
  return null
}

const begun = (office: Pick<Office, 'nextId'>, { login }: Actor, at: number, effectiveAt: number | null) => ({
  id: office.nextId(),
  by: login,
  at,
  state: 'done' as const,
  effectiveAt,
  decidedBy: null,
  decidedAt: null,
  reason: null,
})

type After = { readonly code: string; readonly name: string; readonly rights: readonly RoleRight[] }

async function put(
  office: Office,
  actor: Actor,
  all: Standing,
  before: RoleRow | null,
  { code, name, rights: wanted }: After,
): Promise<RoleChanged | Refused> {
  const { connection, users, at } = all
  if (holdersOf(users, code).some(({ login }) => isSamePerson(actor, login))) {
    return refused('role_held', { who: actor.login, role: code })
  }
  const rights = keptRights(wanted)
  const had = before?.rights ?? []
  const seconds = administrators(users).length
  const waits = !office.demo && seconds > 0 && widensMoney(had, rights)
  const effectiveAt = waits ? (seconds > 1 ? null : at + DAY_MS) : at
  const change: RoleChangeRow = {
    ...begun(office, actor, at, effectiveAt),
    code,
    name,
    rights,
    state: waits ? 'waiting' : 'done',
  }
  await connection.send(`${closeWaitingRoleChanges(code)};${insertRoleChange(change)}`)
  await putOnRecord(connection, office, actor, at, {
    action: waits ? 'roles.propose' : before === null ? 'roles.make' : 'roles.change',
    object: { kind: 'role', id: code },
    details: {
      change: change.id,
      name,
      added: rights.filter((right) => !had.includes(right)),
      removed: had.filter((right) => !rights.includes(right)),
    },
  })
  await tellOfCommandLine(office, actor, all, code)
  if (!waits) await applyRole(office, all, { code, name, rights })
  return { waits: waits ? change.id : null, effectiveAt: waits ? effectiveAt : null }
}

/** A right over money that the role has not got yet, or that reached the own stores alone. */
function widensMoney(before: readonly string[], after: readonly string[]): boolean {
  const had = new Map(readRights(before).map(({ right, reach }) => [right, reach]))
  return readRights(after)
    .filter(({ right }) => isMoneyRight(right))
    .some(({ right, reach }) => !had.has(right) || (had.get(right) === 'own' && reach === 'all'))
}

/** Takes effect with the next request of each person who has the role, because rights are read with each request. */
export async function applyRole(
  office: Pick<Office, 'demo'>,
  { connection, users, roles }: Standing,
  role: RoleRow,
): Promise<void> {
  await connection.send(putRole(role))
  const now = [...roles.filter(({ code }) => code !== role.code), role]
  for (const user of holdersOf(users, role.code)) await endUncodedSessions(connection, office, user, now)
}

/** Whoever changes roles by a command without being one of the people: every administrator and auditor is alerted. */
async function tellOfCommandLine(
  office: Office,
  actor: Actor,
  { connection, users, at }: Standing,
  code: string,
): Promise<void> {
  const isStranger = actor.channel === 'cli' && !users.some(({ login }) => isSamePerson(actor, login))
  if (isStranger && users.length > 0 && !office.demo) {
    await raiseAlert(connection, office, 'users_from_command_line', code, at)
  }
}
