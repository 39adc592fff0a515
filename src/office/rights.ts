import type { Actor, StoreScope } from './actor.ts'
import { refused, type Refused } from './refusal.ts'
import { type Reach, type Right, RIGHT_NAMES, RIGHTS, type RightRule, type Role } from './rights-table.ts'

/** The rights of a set of standard roles; the wider reach wins. */
export function rightsOf(roles: readonly Role[]): ReadonlyMap<Right, Reach> {
  const rights = new Map<Right, Reach>()
  for (const right of RIGHT_NAMES) {
    const byRole: RightRule['roles'] = RIGHTS[right].roles
    const reaches = roles.flatMap((role) => byRole[role] ?? [])
    if (reaches.length > 0) rights.set(right, reaches.includes('all') ? 'all' : 'own')
  }
  return rights
}

/** All rights everywhere: the command line's while an installation has no users. */
export const ALL_RIGHTS: ReadonlyMap<Right, Reach> = new Map(RIGHT_NAMES.map((right) => [right, 'all']))

/**
 * The first line of every use case. `store` is the store that the act concerns, null where it concerns none in particular;
 * a right that reaches only the own stores then refuses. Returns null where the actor may.
 */
export function mayDo(actor: Actor, right: Right, store: string | null = null): Refused | null {
  const reach = actor.rights.get(right)
  if (reach === undefined) return refused('right_missing', { right })
  if (reach === 'all') return null
  if (store !== null && (actor.stores === 'all' || actor.stores.has(store))) return null
  return store === null ? refused('right_missing', { right }) : refused('not_your_store', { store })
}

/** The stores in which an actor has a right; none where they have not got it at all. */
export function storesOf(actor: Actor, right: Right): StoreScope {
  const reach = actor.rights.get(right)
  if (reach === undefined) return new Set()
  return reach === 'all' ? 'all' : actor.stores
}

/** Whether an actor has a right in any store; the particular store is checked once it is known. */
export const mayDoAnywhere = (actor: Actor, right: Right): Refused | null =>
  actor.rights.has(right) ? null : refused('right_missing', { right })
