import { deleteSearch, insertSearch, selectSearches, toSearch, type SavedSearch } from '../db/sql/saved-searches.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { refused, type Refused } from './refusal.ts'

export type { SavedSearch }

const DUPLICATE = 1062

export async function listSearches(
  office: Pick<Office, 'db'>,
  { login }: Actor,
  roles: readonly string[],
): Promise<SavedSearch[]> {
  const [rows = []] = await office.db.use((connection) => connection.send(selectSearches(login, roles)))
  return rows.map(toSearch)
}

/** A search with a whole number or an eCode stands for one card that was presented: it is not kept. */
export async function saveSearch(
  office: Pick<Office, 'db' | 'nextId'>,
  { login }: Actor,
  input: Omit<SavedSearch, 'id' | 'login'>,
): Promise<{ readonly id: number } | Refused> {
  const query = new URLSearchParams(input.query)
  const hasNumber =
    /\d(?:[ -]?\d){12,}/u.test(input.name) ||
    [...query].some(([name, value]) => name === 'number' || value.startsWith('h_') || /\d{13,}/u.test(value))
  if (hasNumber) return refused('search_has_number')
  const id = office.nextId()
  try {
    await office.db.use((connection) => connection.send(insertSearch({ ...input, id, login })))
    return { id }
  } catch (error) {
    if ((error as { errno?: unknown }).errno === DUPLICATE) return refused('search_name_taken')
    throw error
  }
}

export const removeSearch = async (office: Pick<Office, 'db'>, { login }: Actor, id: number): Promise<void> =>
  void (await office.db.use((connection) => connection.send(deleteSearch(login, id))))
