import { countRecoveryCodes, updateUser, type UserRow } from '../db/sql/users.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'

export async function recoveryCodesLeft(office: Pick<Office, 'db'>, { login }: Actor): Promise<number> {
  const [[row] = []] = await office.db.use((connection) => connection.send(countRecoveryCodes(login)))
  return Number(row?.[0] ?? 0)
}

/** How the app looks to this person. It is not audited. */
export async function changeProfile(
  office: Pick<Office, 'db'>,
  { login }: Actor,
  change: Partial<Pick<UserRow, 'language' | 'theme'>>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await office.db.use((connection) => connection.send(updateUser(login, change)))
}
