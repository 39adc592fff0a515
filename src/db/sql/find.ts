import { integer, text } from './literal.ts'

/** Searches of the find box beside cards: names and references, a few of each. */

const MOST = 10
const starting = (words: string): string => text(`${words.replace(/[\\%_]/gu, '\\$&')}%`)

export const selectStoresLike = (words: string): string =>
  `SELECT code, name FROM stores WHERE code = ${text(words)} OR name LIKE ${starting(words)} ORDER BY code LIMIT ${MOST}`
export const selectIssuesLike = (words: string): string =>
  `SELECT code, name FROM issues WHERE code = UPPER(${text(words)}) OR name LIKE ${starting(words)} ORDER BY code LIMIT ${MOST}`
export const selectTerminalsLike = (words: string): string =>
  `SELECT code, store_code FROM terminals WHERE code = UPPER(${text(words)}) ORDER BY code LIMIT ${MOST}`
export const selectEmployeesLike = (words: string): string =>
  `SELECT employer_code, number, name FROM employees WHERE number = ${text(words)}
   UNION SELECT employer_code, number, name FROM employees WHERE name LIKE ${starting(words)}
   ORDER BY name, number LIMIT ${MOST}`
export const selectPackNamed = (id: number): string =>
  `SELECT p.id, i.code, COALESCE(p.store_code, '') FROM packs p JOIN issues i ON i.id = p.issue_id WHERE p.id = ${integer(id)}`
export const selectCaseNamed = (id: number): string =>
  `SELECT c.id, t.store_code FROM cases c JOIN transactions t ON t.id = c.transaction_id WHERE c.id = ${integer(id)}`

/** By its reference, straight from the books: lists may lag. */
export const selectByReference = (rrn: string): string =>
  `SELECT t.id, COALESCE(t.for_store, t.store_code), COALESCE(t.operation, ''), t.amount, t.currency, t.result, t.received_at
   FROM transactions t WHERE t.rrn = ${text(rrn)} ORDER BY t.id DESC LIMIT ${MOST}`
export const selectOfIds = (ids: readonly number[]): string =>
  `SELECT t.id, COALESCE(t.for_store, t.store_code), COALESCE(t.operation, ''), t.amount, t.currency, t.result, t.received_at
   FROM transactions t WHERE t.id IN (${[0, ...ids].map(integer).join(',')}) AND t.approval_code <> '' ORDER BY t.id DESC LIMIT ${MOST}`
