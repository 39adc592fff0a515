/** Names the persons who have a right. */

import { selectUsers, toUser } from '../db/sql/users.ts'
import type { Office } from './office.ts'
import { readRoles, rightsOfRoles } from './person.ts'
import type { Right } from './rights-table.ts'

export type Person = { readonly login: string; readonly name: string }

/** The persons with each of these rights in all stores, by name: a page shows whom to ask. */
export async function peopleWith<R extends Right>(
  { db }: Pick<Office, 'db'>,
  rights: readonly R[],
): Promise<ReadonlyMap<R, readonly Person[]>> {
  return db.use(async (connection) => {
    const [rows = []] = await connection.send(selectUsers)
    const own = await readRoles(connection)
    const active = rows
      .map(toUser)
      .filter(({ state }) => state === 'active')
      .map(({ login, name, roles }) => ({ login, name, has: rightsOfRoles(roles, own) }))
    return new Map(
      rights.map((right) => [
        right,
        active.filter(({ has }) => has.get(right) === 'all').map(({ login, name }) => ({ login, name })),
      ]),
    )
  })
}
