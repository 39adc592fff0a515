import { readRoles } from './person.ts'
import type { Office } from './office.ts'
import { RIGHT_NAMES, RIGHTS, ROLES } from './rights-table.ts'

/** The standard roles, the installation's own, and every right with how careful the door has to be. */
export async function listRoles(office: Pick<Office, 'db'>) {
  const own = await office.db.use(readRoles)
  return {
    standard: [...ROLES],
    own: own.map(({ code, name, rights }) => ({ code, name, rights: [...rights] })),
    rights: RIGHT_NAMES.map((right) => ({ right, care: RIGHTS[right].care, roles: Object.keys(RIGHTS[right].roles) })),
  }
}
