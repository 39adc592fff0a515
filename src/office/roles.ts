import { selectUsers, toUser } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { readRights, readRoles, rightsOfRoles } from './person.ts'
import { refused, type Refused } from './refusal.ts'
import { canReachOwn, type Care, type Reach, type Right, RIGHT_NAMES, RIGHTS, ROLES } from './rights-table.ts'
import { mayDo } from './rights.ts'
import { waitingRoleChanges } from './role-changes.ts'

/** The standard roles, the installation's own with what waits, and every right with how careful the door has to be. */
export async function listRoles(office: Pick<Office, 'db'>, actor: Actor) {
  const own = await office.db.use(readRoles)
  return {
    standard: [...ROLES],
    own: own.map(({ code, name, rights }) => ({ code, name, rights: readRights(rights) })),
    waiting: (await waitingRoleChanges(office, actor)).map(({ id, code, name, by, at, effectiveAt }) => ({
      id,
      code,
      name,
      by,
      at,
      effectiveAt,
    })),
    rights: RIGHT_NAMES.map((right) => ({
      right,
      care: RIGHTS[right].care,
      roles: Object.keys(RIGHTS[right].roles),
      byStore: canReachOwn(right),
    })),
  }
}

export type RoleView = {
  readonly code: string
  readonly name: string
  readonly standard: boolean
  readonly rights: readonly { readonly right: Right; readonly reach: Reach; readonly care: Care }[]
  /** How many have it, whatever their state. */
  readonly people: number
}

/** Every role with its rights, standard ones first. */
export async function showRoles(office: Pick<Office, 'db'>, actor: Actor): Promise<RoleView[] | Refused> {
  if (mayDo(actor, 'users.edit') !== null) {
    const objection = mayDo(actor, 'audit.see')
    if (objection !== null) return objection
  }
  return office.db.use(async (connection) => {
    const own = await readRoles(connection)
    const [rows = []] = await connection.send(selectUsers)
    const users = rows.map(toUser)
    const view = (code: string, name: string, standard: boolean): RoleView => ({
      code,
      name,
      standard,
      rights: [...rightsOfRoles([code], own)].map(([right, reach]) => ({ right, reach, care: RIGHTS[right].care })),
      people: users.filter(({ roles }) => roles.includes(code)).length,
    })
    return [...ROLES.map((code) => view(code, code, true)), ...own.map(({ code, name }) => view(code, name, false))]
  })
}

export async function showRole(office: Pick<Office, 'db'>, actor: Actor, code: string): Promise<RoleView | Refused> {
  const all = await showRoles(office, actor)
  if ('refused' in all) return all
  return all.find((one) => one.code === code) ?? refused('no_such_own_role', { role: code })
}
