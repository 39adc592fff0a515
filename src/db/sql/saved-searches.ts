import { integer, text, textOrNull } from './literal.ts'
import type { Row } from './row.ts'

export type SavedSearch = {
  readonly id: number
  readonly login: string
  readonly list: 'cards' | 'transactions'
  readonly name: string
  readonly query: string
  readonly columns: readonly string[]
  readonly sharedWith: string | null
}

/** Own ones, and those shared with one of these roles. */
export const selectSearches = (login: string, roles: readonly string[]): string =>
  `SELECT id, login, list, name, query, columns, shared_with FROM saved_searches
   WHERE login = ${text(login)} OR shared_with IN (${['', ...roles].map(text).join(',')}) ORDER BY name LIMIT 500`
export function toSearch(row: Row): SavedSearch {
  const [id, login, list, name, query, columns, sharedWith] = row as [
    number, string, 'cards' | 'transactions', string, string, string, string | null,
  ] // prettier-ignore
  return { id, login, list, name, query, columns: columns === '' ? [] : columns.split(','), sharedWith }
}
/** Error 1062: the name is taken. */
export const insertSearch = (s: SavedSearch): string =>
  `INSERT INTO saved_searches (id, login, list, name, query, columns, shared_with) VALUES (${integer(s.id)},${text(s.login)},
   ${text(s.list)},${text(s.name)},${text(s.query)},${text(s.columns.join())},${textOrNull(s.sharedWith)})`
export const deleteSearch = (login: string, id: number): string =>
  `DELETE FROM saved_searches WHERE login = ${text(login)} AND id = ${integer(id)}`
