/** From a user record to an actor: roles and their rights. */

import type { WorkerConnection } from '../db/connection.ts'
import { selectRoles, toRole, type RoleRow, type UserRow } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { canReachOwn, type Reach, RIGHT_NAMES, RIGHTS, ROLES, type Right, type Role } from './rights-table.ts'
import { rightsOf } from './rights.ts'

/** Whether a new code would be read as a standard one, in whatever case it is written. */
export const isLikeStandardRole = (code: string): boolean =>
  ROLES.some((role) => role.toLowerCase() === code.toLowerCase())

export const isStandardRole = (code: string): code is Role => (ROLES as readonly string[]).includes(code)
export const isRight = (name: string): name is Right => Object.hasOwn(RIGHTS, name)

export const readRoles = async (connection: WorkerConnection): Promise<RoleRow[]> => {
  const [rows = []] = await connection.send(selectRoles)
  return rows.map(toRole)
}

export type RoleRight = { readonly right: Right; readonly reach: Reach }

/** Behind a right of an own role, as it is kept: in own stores alone. */
const OWN = '@own'

/** Rights of an own role as they are kept; one that the table no longer has is left out. */
export const readRights = (kept: readonly string[]): RoleRight[] =>
  kept.flatMap((one): RoleRight[] => {
    const isOwn = one.endsWith(OWN)
    const right = isOwn ? one.slice(0, -OWN.length) : one
    if (!isRight(right) || (isOwn && !canReachOwn(right))) return []
    return [{ right, reach: isOwn ? 'own' : 'all' }]
  })

/** In the order of the table, each right once. */
export function keptRights(rights: readonly RoleRight[]): string[] {
  const reaches = new Map(rights.map(({ right, reach }) => [right, reach]))
  return RIGHT_NAMES.flatMap((right) => {
    const reach = reaches.get(right)
    return reach === undefined ? [] : [reach === 'own' ? `${right}${OWN}` : right]
  })
}

/** What these roles may do, standard ones and the installation's own; of two reaches the wider one counts. */
export function rightsOfRoles(roles: readonly string[], own: readonly RoleRow[]): ReadonlyMap<Right, Reach> {
  const rights = new Map(rightsOf(roles.filter(isStandardRole)))
  for (const role of own) {
    if (!roles.includes(role.code)) continue
    for (const { right, reach } of readRights(role.rights)) {
      if (reach === 'all' || !rights.has(right)) rights.set(right, reach)
    }
  }
  return rights
}

/** The person as an actor, by the rights of this moment. */
export const actorOf = (user: UserRow, own: readonly RoleRow[], channel: Actor['channel']): Actor => ({
  login: user.login,
  name: user.name,
  rights: user.state === 'active' ? rightsOfRoles(user.roles, own) : new Map(),
  stores: new Set(user.stores),
  channel,
})

/** Rights that propose or approve money or cards, and that of giving rights: granting one needs a second administrator. */
const MONEY_GROUPS: ReadonlySet<string> = new Set([
  'cards', 'cases', 'packs', 'welfare', 'issues', 'settlement', 'counterparties', 'ecards', 'changes',
]) // prettier-ignore

export const isMoneyRight = (right: Right): boolean =>
  right === 'users.edit' || (RIGHTS[right].care !== 'none' && MONEY_GROUPS.has(right.split('.', 1)[0] ?? ''))

export const MONEY_RIGHTS: ReadonlySet<Right> = new Set(RIGHT_NAMES.filter(isMoneyRight))

export const hasMoneyRight = (rights: ReadonlyMap<Right, Reach>): boolean =>
  [...rights.keys()].some((right) => MONEY_RIGHTS.has(right))

/** Whether signing in needs a code: for persons with a right marked ◆ (docs/spec/menu.md, section 1). */
export const needsTotp = (rights: ReadonlyMap<Right, Reach>): boolean =>
  [...rights.keys()].some((right) => RIGHTS[right].care !== 'none')
