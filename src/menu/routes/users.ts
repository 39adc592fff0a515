import { isRefused, type Refused } from '../../office/refusal.ts'
import { changeRole, makeRole, removeRole, type RoleChanged } from '../../office/own-roles.ts'
import { listRoles } from '../../office/roles.ts'
import { endSessionsOf } from '../../office/sessions.ts'
import {
  changeUser,
  disableUser,
  enableUser,
  inviteUser,
  listUsers,
  resetUser,
  rightsAt,
  type Invited,
  type UserView,
} from '../../office/users.ts'
import type { Handlers } from '../call.ts'
import { time, timeOrNull } from '../format.ts'

type UserRoutes = Pick<
  Handlers,
  | 'users.list'
  | 'users.invite'
  | 'users.change'
  | 'users.disable'
  | 'users.enable'
  | 'users.reset'
  | 'users.endSessions'
  | 'users.rights'
  | 'roles.list'
  | 'roles.make'
  | 'roles.change'
  | 'roles.remove'
>

const grantAnswer = ({ id, what, roles, by, at, effectiveAt }: UserView['waiting'][number]) => ({
  id: String(id),
  what: what === 'enabling' ? ('roles' as const) : what,
  roles: [...roles],
  by,
  at: time(at),
  effectiveAt: timeOrNull(effectiveAt),
})

/** The token stands behind `#`, so that it is in no server's log. */
const invitationAnswer = (ownOrigin: string, { login, token, expiresAt, waits }: Invited) => ({
  login,
  link: token === null ? null : `${ownOrigin}/invitation#${token}`,
  expiresAt: time(expiresAt),
  approval: waits === null ? null : `grant-${waits}`,
})

const waitsAnswer = (result: { readonly waits: number | null } | Refused) =>
  isRefused(result)
    ? result
    : { done: result.waits === null, approval: result.waits === null ? null : `grant-${result.waits}` }

const roleAnswer = (result: RoleChanged | Refused) =>
  isRefused(result)
    ? result
    : { done: result.waits === null, approval: result.waits === null ? null : `role-${result.waits}` }

export const userRoutes: UserRoutes = {
  async 'users.list'({ office, parts, actor }) {
    const users = await listUsers(office, actor, parts.idleMs)
    if (isRefused(users)) return users
    return {
      items: users.map(({ lastSignIn, waiting, language: _language, theme: _theme, roles, stores, ...user }) => ({
        ...user,
        roles: [...roles],
        stores: [...stores],
        lastSignInAt: timeOrNull(lastSignIn),
        waiting: waiting.map(grantAnswer),
      })),
    }
  },
  async 'users.invite'({ office, actor, body, ownOrigin }) {
    const result = await inviteUser(office, actor, { ...body, email: body.email ?? null })
    return isRefused(result) ? result : invitationAnswer(ownOrigin, result)
  },
  async 'users.change'({ office, actor, params, body }) {
    return waitsAnswer(await changeUser(office, actor, { ...params, ...body }))
  },
  async 'users.disable'({ office, actor, params }) {
    const result = await disableUser(office, actor, params)
    return isRefused(result) ? result : {}
  },
  async 'users.enable'({ office, actor, params }) {
    return waitsAnswer(await enableUser(office, actor, params))
  },
  async 'users.reset'({ office, actor, params, body, ownOrigin }) {
    const result = await resetUser(office, actor, { ...params, ...body })
    return isRefused(result) ? result : invitationAnswer(ownOrigin, result)
  },
  async 'users.endSessions'({ office, actor, params }) {
    const result = await endSessionsOf(office, actor, params)
    return isRefused(result) ? result : null
  },
  async 'users.rights'({ office, actor, query }) {
    const on = query.on ?? new Date(office.clock()).toISOString().slice(0, 10)
    const people = await rightsAt(office, actor, Date.parse(`${on}T23:59:59.999Z`))
    if (isRefused(people)) return people
    return {
      on,
      people: people.map(({ login, roles, stores, rights }) => ({
        login,
        roles: [...roles],
        stores: [...stores],
        rights: [...rights],
      })),
    }
  },
  async 'roles.list'({ office, actor }) {
    const { waiting, ...roles } = await listRoles(office, actor)
    return {
      ...roles,
      waiting: waiting.map(({ id, at, effectiveAt, ...one }) => ({
        ...one,
        id: `role-${id}`,
        at: time(at),
        effectiveAt: timeOrNull(effectiveAt),
      })),
    }
  },
  async 'roles.make'({ office, actor, body }) {
    return roleAnswer(await makeRole(office, actor, body))
  },
  async 'roles.change'({ office, actor, params, body }) {
    return roleAnswer(await changeRole(office, actor, { ...params, ...body }))
  },
  async 'roles.remove'({ office, actor, params }) {
    const result = await removeRole(office, actor, params)
    return isRefused(result) ? result : null
  },
}
