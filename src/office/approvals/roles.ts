import { selectUsers, toUser, type RoleRow, type UserRow } from '../../db/sql/users.ts'
import type { RoleChangeRow } from '../../db/sql/roles.ts'
import { holdersOf } from '../own-roles.ts'
import { readRights, readRoles } from '../person.ts'
import type { Words } from '../refusal.ts'
import { decideRoleChange, waitingRoleChanges } from '../role-changes.ts'
import type { Reach } from '../rights-table.ts'
import { change, type ApprovalRule, type Change, type Draft } from './item.ts'

const REACH: Readonly<Record<Reach, string>> = { all: 'everywhere', own: 'own stores' }
const HOLDERS: Words = { en: 'People who have it', pl: 'Osoby z tą rolą' }

/** Each right that comes, goes or reaches elsewhere; and who has the role by now. */
export function roleDraft(
  { id, code, name, rights, by, at }: RoleChangeRow,
  own: readonly RoleRow[],
  users: readonly UserRow[],
): Draft {
  const before = own.find((role) => role.code === code)
  const holders = holdersOf(users, code)
    .map(({ login }) => login)
    .join(', ')
  return {
    id,
    right: 'users.edit',
    subject: { en: `Role ${name} (${code})`, pl: `Rola ${name} (${code})` },
    to: '/users?view=roles',
    by,
    at,
    reason: '',
    changes: [
      ...rightChanges(before?.rights ?? [], rights ?? []),
      ...(holders === '' ? [] : [change(HOLDERS, holders, holders)]),
    ],
    createsMoney: false,
  }
}

function rightChanges(before: readonly string[], after: readonly string[]): Change[] {
  const [had, has] = [before, after].map((kept) => new Map(readRights(kept).map(({ right, reach }) => [right, reach])))
  const all = [...new Set([...(had?.keys() ?? []), ...(has?.keys() ?? [])])]
  const said = (reach: Reach | undefined): string | null => (reach === undefined ? null : REACH[reach])
  return all
    .filter((right) => had?.get(right) !== has?.get(right))
    .map((right) => change({ en: right, pl: right }, said(had?.get(right)), said(has?.get(right))))
}

export const ROLE_CHANGES: ApprovalRule = {
  isShownToAll: true,
  async list(office, actor) {
    const waiting = await waitingRoleChanges(office, actor)
    if (waiting.length === 0) return []
    return office.db.use(async (connection) => {
      const own = await readRoles(connection)
      const [rows = []] = await connection.send(selectUsers)
      const users = rows.map(toUser)
      return waiting.map((one) => roleDraft(one, own, users))
    })
  },
  decide: (office, actor, input) => decideRoleChange(office, actor, input),
}
