import type { WorkerConnection } from '../db/connection.ts'
import {
  closeGrantsOf,
  insertGrant,
  selectWaitingGrants,
  toGrant,
  type GrantKind,
  type GrantRow,
} from '../db/sql/grants.ts'
import { selectRolesAt } from '../db/sql/roles.ts'
import { countSessions, deleteSessionsOf } from '../db/sql/sessions.ts'
import {
  deleteRecoveryCodes,
  insertHistory,
  insertUser,
  lockUser,
  lockUsers,
  selectHistoryAt,
  selectUsers,
  toRole,
  toStanding,
  toUser,
  updateUser,
  type RoleRow,
  type UserChange,
  type UserRow,
} from '../db/sql/users.ts'
import { isSamePerson, type Actor } from './actor.ts'
import type { Reach, Right } from './rights-table.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { hasMoneyRight, isStandardRole, needsTotp, readRoles, rightsOfRoles } from './person.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { digestOfToken, newToken } from './tokens.ts'

export const LOGIN = /^[a-z][a-z0-9._-]{1,39}$/u
const DAY_MS = 24 * 3_600_000

export type UserView = Omit<UserRow, 'password' | 'totp' | 'totpStep'> & {
  readonly totp: boolean
  readonly openSessions: number
  readonly waiting: readonly GrantRow[]
}

/** The link for the person; shown once. Null: a second administrator has to approve first. */
export type Invited = {
  readonly login: string
  readonly token: string | null
  readonly expiresAt: number
  /** The grant's number where it waits. */
  readonly waits: number | null
}

export async function listUsers(office: Office, actor: Actor, idleMs: number): Promise<UserView[] | Refused> {
  if (mayDo(actor, 'users.edit') !== null) {
    const objection = mayDo(actor, 'audit.see')
    if (objection !== null) return objection
  }
  const now = office.clock()
  const [users = [], sessions = [], grants = []] = await office.db.use((connection) =>
    connection.send(`${selectUsers};${countSessions(now, now - idleMs)};${selectWaitingGrants}`),
  )
  const open = new Map(sessions.map(([login, count]) => [String(login), Number(count)]))
  const waiting = grants.map(toGrant)
  return users.map(toUser).map(({ password: _password, totp, totpStep: _step, ...user }) => ({
    ...user,
    totp: totp !== null,
    openSessions: open.get(user.login) ?? 0,
    waiting: waiting.filter(({ login }) => login === user.login),
  }))
}

export type NewPerson = {
  readonly login: string
  readonly name: string
  readonly email: string | null
  readonly roles: readonly string[]
  readonly stores: readonly string[]
}

/** Invites by a one-time link. */
export async function inviteUser(office: Office, actor: Actor, person: NewPerson): Promise<Invited | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  if (!LOGIN.test(person.login)) return refused('login_invalid', { login: person.login })
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const users = await lockAll(connection)
    const wrong = await wrongRoles(connection, office, person)
    if (wrong !== null) return wrong
    if (users.some(({ login }) => login === person.login)) return refused('login_taken', { login: person.login })
    await connection.send(insertUser({ ...person, state: 'invited' }, at))
    await remember(connection, office, actor, { ...person, state: 'invited' }, at)
    return give(connection, office, actor, { users, at, what: 'invitation', ...person })
  })
}

type Changing = {
  readonly connection: WorkerConnection
  /** All of them, locked. */
  readonly users: readonly UserRow[]
  /** The one that is changed. */
  readonly user: UserRow
  readonly at: number
}

/** How every change of another person begins: the right, not oneself, all people locked, this one among them. */
async function changing<T>(
  office: Office,
  actor: Actor,
  login: string,
  change: (all: Changing) => Promise<T | Refused>,
): Promise<T | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  if (isSamePerson(actor, login)) return refused('own_rights')
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const users = await lockAll(connection)
    const user = users.find((one) => one.login === login)
    return user === undefined ? refused('no_such_user', { login }) : change({ connection, users, user, at })
  })
}

/** Changes roles or stores. A right over money waits for a second administrator. */
export async function changeUser(
  office: Office,
  actor: Actor,
  {
    login,
    ...input
  }: { readonly login: string; readonly roles?: readonly string[]; readonly stores?: readonly string[] },
): Promise<{ readonly waits: number | null } | Refused> {
  return changing(office, actor, login, async ({ connection, users, user, at }) => {
    const { roles, stores } = { ...user, ...input }
    const wrong = await wrongRoles(connection, office, { roles, stores })
    if (wrong !== null) return wrong
    const losesAdministrator = isAdministrator(user) && !roles.includes('administrator')
    if (losesAdministrator && isLastAdministrator(users, login)) return refused('last_administrator', { login })
    const added = roles.filter((role) => !user.roles.includes(role))
    const widens = added.length > 0 || stores.some((store) => !user.stores.includes(store))
    if (widens) return give(connection, office, actor, { users, at, what: 'roles', login, roles, stores })
    await apply(connection, office, actor, { ...user, roles, stores }, { roles, stores }, 'users.change', at)
    return { waits: null }
  })
}

/** Takes effect at once: open sessions end. */
export async function disableUser(
  office: Office,
  actor: Actor,
  { login }: { readonly login: string },
): Promise<{ readonly login: string } | Refused> {
  return changing(office, actor, login, async ({ connection, users, user, at }) => {
    if (user.state === 'disabled') return refused('user_state', { login, state: user.state })
    if (isAdministrator(user) && isLastAdministrator(users, login)) return refused('last_administrator', { login })
    await connection.send(deleteSessionsOf(login))
    await apply(connection, office, actor, user, { state: 'disabled' }, 'users.disable', at)
    return { login }
  })
}

export async function enableUser(
  office: Office,
  actor: Actor,
  { login }: { readonly login: string },
): Promise<{ readonly waits: number | null } | Refused> {
  return changing(office, actor, login, async ({ connection, users, user, at }) => {
    if (user.state !== 'disabled') return refused('user_state', { login, state: user.state })
    return give(connection, office, actor, { users, at, what: 'enabling', ...user })
  })
}

/** A new password by a link, or a new enrolment of codes at the next sign-in. Open sessions end at once. */
export async function resetUser(
  office: Office,
  actor: Actor,
  { login, what }: { readonly login: string; readonly what: 'password' | 'totp' },
): Promise<Invited | Refused> {
  return changing(office, actor, login, async ({ connection, users, user, at }) => {
    if (user.state === 'disabled') return refused('user_state', { login, state: user.state })
    await connection.send(deleteSessionsOf(login))
    return give(connection, office, actor, { users, at, what, ...user })
  })
}

export type Standing = {
  readonly login: string
  readonly roles: readonly string[]
  readonly stores: readonly string[]
  readonly rights: readonly { readonly right: Right; readonly reach: Reach }[]
}

/** The rights of all persons at an instant. */
export async function rightsAt(office: Office, actor: Actor, at: number): Promise<Standing[] | Refused> {
  if (mayDo(actor, 'users.edit') !== null) {
    const objection = mayDo(actor, 'audit.see')
    if (objection !== null) return objection
  }
  return office.db.use(async (connection) => {
    const [rows = [], roles = []] = await connection.send(`${selectHistoryAt(at)};${selectRolesAt(at)}`)
    const own = roles.map(toRole)
    return rows
      .map(toStanding)
      .filter(({ state }) => state === 'active')
      .map(({ login, roles, stores }) => {
        const rights = [...rightsOfRoles(roles, own)].map(([right, reach]) => ({ right, reach }))
        return { login, roles, stores, rights }
      })
  })
}

const isAdministrator = ({ roles, state }: Pick<UserRow, 'roles' | 'state'>): boolean =>
  state === 'active' && roles.includes('administrator')
export const administrators = (users: readonly UserRow[]): UserRow[] => users.filter(isAdministrator)
const isLastAdministrator = (users: readonly UserRow[], login: string): boolean =>
  administrators(users).every((one) => one.login === login)

/** All people, in order: a change of anybody's rights waits for every other one. */
export const lockAll = async (connection: WorkerConnection): Promise<UserRow[]> => {
  const [rows = []] = await connection.send(lockUsers)
  return rows.map(toUser)
}

export async function wrongRoles(
  connection: WorkerConnection,
  office: Office,
  { roles, stores }: Pick<NewPerson, 'roles' | 'stores'>,
): Promise<Refused | null> {
  const own = await readRoles(connection)
  const role = roles.find((code) => !isStandardRole(code) && !own.some((one) => one.code === code))
  if (role !== undefined) return refused('no_such_role', { role })
  const store = stores.find((code) => !office.registry().stores.has(code))
  return store === undefined ? null : refused('no_such_own_store', { store })
}

type Gift = Pick<NewPerson, 'login' | 'roles' | 'stores'> & {
  readonly users: readonly UserRow[]
  readonly at: number
  readonly what: GrantKind
}

/**
 * A right over money waits for a second administrator, or for 24 hours if there is only one. The first administrator of
 * all waits for nobody, and a demo does not wait.
 */
async function give(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { users, at, what, login, roles, stores }: Gift,
): Promise<Invited> {
  const rights = rightsOfRoles(roles, await readRoles(connection))
  const others = administrators(users).length
  const waits = !office.demo && hasMoneyRight(rights) && others > 0
  const effectiveAt = waits ? (others > 1 ? null : at + DAY_MS) : at
  const token = what === 'invitation' || what === 'password' ? newToken() : null
  const expiresAt = (effectiveAt ?? at) + DAY_MS
  const grant: GrantRow = {
    id: office.nextId(),
    login,
    what,
    roles,
    stores,
    by: actor.login,
    at,
    state: waits ? 'waiting' : token === null ? 'done' : 'open',
    effectiveAt,
    code: null,
    expiresAt,
    decidedBy: null,
    decidedAt: null,
    reason: null,
  }
  await connection.send(
    `${closeGrantsOf(login, what)};${insertGrant(grant, token === null ? null : digestOfToken(token))}`,
  )
  await putOnRecord(connection, office, actor, at, {
    action: `users.${what}`,
    object: { kind: 'user', id: login },
    details: { grant: grant.id, roles: [...roles], ...storesForAudit(stores), state: grant.state },
  })
  if (!waits) await applyGrant(connection, office, actor, grant, at)
  return { login, token, expiresAt, waits: waits ? grant.id : null }
}

/** The effect of a grant without a link; a link takes effect when it is used. */
export async function applyGrant(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { login, what, roles, stores }: GrantRow,
  at: number,
): Promise<void> {
  const [[row] = []] = await connection.send(lockUser(login))
  if (row === undefined) return
  const user = toUser(row)
  if (what === 'roles') {
    await apply(connection, office, actor, user, { roles, stores }, 'users.change', at)
    await endUncodedSessions(connection, office, { ...user, roles }, await readRoles(connection))
  }
  if (what === 'enabling') await apply(connection, office, actor, user, { state: 'active' }, 'users.enable', at)
  if (what === 'totp') {
    await connection.send(deleteRecoveryCodes(login))
    await apply(connection, office, actor, user, { totp: null }, 'users.reset', at)
  }
}

/** A person who got a right that needs a one-time code and has none enrolled must sign in again and enrol one; not in a demo. */
export async function endUncodedSessions(
  connection: WorkerConnection,
  { demo }: Pick<Office, 'demo'>,
  { login, roles, totp }: Pick<UserRow, 'login' | 'roles' | 'totp'>,
  own: readonly RoleRow[],
): Promise<void> {
  if (demo || totp !== null || !needsTotp(rightsOfRoles(roles, own))) return
  await connection.send(deleteSessionsOf(login))
}

/** How many stores fit into an audit row beside the other data. */
const STORES_TOLD = 100

/** A person's stores for the audit: the first ones and the count. `user_history` has all. */
export const storesForAudit = (stores: readonly string[]) => ({
  stores: stores.slice(0, STORES_TOLD),
  ...(stores.length > STORES_TOLD ? { storesInAll: stores.length } : {}),
})

/** A change of a person, with its history and its audit row. */
export async function apply(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  user: Pick<UserRow, 'login' | 'state' | 'roles' | 'stores'>,
  change: UserChange,
  action: string,
  at: number,
): Promise<void> {
  await connection.send(updateUser(user.login, change))
  await remember(connection, office, actor, { ...user, ...change }, at)
  const { roles, stores, state } = { ...user, ...change }
  await putOnRecord(connection, office, actor, at, {
    action,
    object: { kind: 'user', id: user.login },
    details: { roles: [...roles], ...storesForAudit(stores), state },
  })
}

export const remember = async (
  connection: WorkerConnection,
  { nextId }: Pick<Office, 'nextId'>,
  actor: Actor,
  { login, state, roles, stores }: Pick<UserRow, 'login' | 'state' | 'roles' | 'stores'>,
  since: number,
): Promise<void> =>
  void (await connection.send(insertHistory(nextId(), { login, state, roles, stores, since, who: actor.login })))
