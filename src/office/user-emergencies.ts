import { userInfo } from 'node:os'
import { closeGrantsOf, insertGrant, type GrantRow } from '../db/sql/grants.ts'
import { deleteSessionsOf } from '../db/sql/sessions.ts'
import { deleteRecoveryCodes, insertUser, lockUser, toUser, updateUser } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { raiseAlert } from './alerts.ts'
import { putOnRecord } from './audit-row.ts'
import { inTransaction, type Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { digestOfToken, newToken } from './tokens.ts'
import { listUsers, LOGIN, remember, storesForAudit, wrongRoles, type NewPerson, type UserView } from './users.ts'
import type { WorkerConnection } from '../db/connection.ts'

/**
 * `akart user`: the first administrator and emergencies when nobody can sign in. Anybody who can read the
 * installation's secrets could do the same, so it needs no approval; every auditor and administrator is alerted.
 */

const DAY_MS = 24 * 3_600_000

export type EmergencyLink = { readonly login: string; readonly token: string }

export async function emergencyInvite(
  office: Office,
  actor: Actor,
  person: NewPerson,
): Promise<EmergencyLink | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  if (!LOGIN.test(person.login)) return refused('login_invalid', { login: person.login })
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const wrong = await wrongRoles(connection, office, person)
    if (wrong !== null) return wrong
    const [[taken] = []] = await connection.send(lockUser(person.login))
    if (taken !== undefined) return refused('login_taken', { login: person.login })
    await connection.send(insertUser({ ...person, state: 'invited' }, at))
    await remember(connection, office, actor, { ...person, state: 'invited' }, at)
    return link(connection, office, actor, { ...person, what: 'invitation', at })
  })
}

/** A new password by a link, and a new enrolment of codes. */
export async function emergencyReset(office: Office, actor: Actor, login: string): Promise<EmergencyLink | Refused> {
  const objection = mayDo(actor, 'users.edit')
  if (objection !== null) return objection
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [[row] = []] = await connection.send(lockUser(login))
    if (row === undefined) return refused('no_such_user', { login })
    const user = toUser(row)
    if (user.state === 'disabled') return refused('user_state', { login, state: user.state })
    await connection.send(
      `${deleteSessionsOf(login)};${deleteRecoveryCodes(login)};${updateUser(login, { totp: null })}`,
    )
    return link(connection, office, actor, { ...user, what: 'password', at })
  })
}

type Input = Pick<NewPerson, 'login' | 'roles' | 'stores'> & {
  readonly what: 'invitation' | 'password'
  readonly at: number
}

async function link(
  connection: WorkerConnection,
  office: Office,
  actor: Actor,
  { login, roles, stores, what, at }: Input,
): Promise<EmergencyLink> {
  const token = newToken()
  const grant: GrantRow = {
    id: office.nextId(),
    login,
    what,
    roles,
    stores,
    by: actor.login,
    at,
    state: 'open',
    effectiveAt: at,
    code: null,
    expiresAt: at + DAY_MS,
    decidedBy: null,
    decidedAt: null,
    reason: null,
  }
  await connection.send(`${closeGrantsOf(login, what)};${insertGrant(grant, digestOfToken(token))}`)
  await putOnRecord(connection, office, actor, at, {
    action: `users.${what}`,
    object: { kind: 'user', id: login },
    details: {
      grant: grant.id,
      roles: [...roles],
      ...storesForAudit(stores),
      operatingSystemUser: userInfo().username,
    },
  })
  await raiseAlert(connection, office, 'users_from_command_line', login, at)
  return { login, token }
}

export const listUsersOf = (office: Office, actor: Actor): Promise<UserView[] | Refused> => listUsers(office, actor, 0)
