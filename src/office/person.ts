/** From a user record to an actor: roles and their rights. */

import type { WorkerConnection } from '../db/connection.ts'
import { selectRoles, toRole, type RoleRow, type UserRow } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import { type Reach, RIGHT_NAMES, RIGHTS, ROLES, type Right, type Role } from './rights-table.ts'
import { rightsOf } from './rights.ts'

export const isStandardRole = (code: string): code is Role => (ROLES as readonly string[]).includes(code)
const isRight = (name: string): name is Right => Object.hasOwn(RIGHTS, name)

export const readRoles = async (connection: WorkerConnection): Promise<RoleRow[]> => {
  const [rows = []] = await connection.send(selectRoles)
  return rows.map(toRole)
}

/** The rights of these roles, standard and own ones; the wider reach wins. */
export function rightsOfRoles(roles: readonly string[], own: readonly RoleRow[]): ReadonlyMap<Right, Reach> {
  const rights = new Map(rightsOf(roles.filter(isStandardRole)))
  for (const role of own) {
    if (!roles.includes(role.code)) continue
    for (const right of role.rights) if (isRight(right)) rights.set(right, 'all')
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
  'cards', 'cases', 'packs', 'welfare', 'issues', 'settlement', 'counterparties', 'ecards',
]) // prettier-ignore

export const isMoneyRight = (right: Right): boolean =>
  right === 'users.edit' || (RIGHTS[right].care !== 'none' && MONEY_GROUPS.has(right.split('.', 1)[0] ?? ''))

export const MONEY_RIGHTS: ReadonlySet<Right> = new Set(RIGHT_NAMES.filter(isMoneyRight))

export const hasMoneyRight = (rights: ReadonlyMap<Right, Reach>): boolean =>
  [...rights.keys()].some((right) => MONEY_RIGHTS.has(right))

/** Whether signing in needs a code: for persons with a right marked ◆ (docs/spec/menu.md, section 1). */
export const needsTotp = (rights: ReadonlyMap<Right, Reach>): boolean =>
  [...rights.keys()].some((right) => RIGHTS[right].care !== 'none')
