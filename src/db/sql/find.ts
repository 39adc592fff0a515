import { integer, text, word } from './literal.ts'

/** Searches of the find box beside cards: names and references, a few of each. */

const MOST = 10
const plain = (words: string): string => words.replace(/[\\%_]/gu, '\\$&')
const starting = (words: string): string => text(`${plain(words)}%`)
/** A word of the name begins so: people are looked for by their surnames, shops by their towns. */
const wordStarting = (column: string, words: string): string =>
  `(${column} LIKE ${starting(words)} OR ${column} LIKE ${text(`% ${plain(words)}%`)})`

export const selectStoresLike = (words: string): string =>
  `SELECT code, name FROM stores WHERE code = ${word(words)} OR ${wordStarting('name', words)} ORDER BY code LIMIT ${MOST}`
export const selectIssuesLike = (words: string): string =>
  `SELECT code, name FROM issues WHERE code = UPPER(${word(words)}) OR ${wordStarting('name', words)} ORDER BY code LIMIT ${MOST}`
export const selectTerminalsLike = (words: string): string =>
  `SELECT code, store_code FROM terminals WHERE code = UPPER(${word(words)}) ORDER BY code LIMIT ${MOST}`
export const selectEmployeesLike = (words: string): string =>
  `SELECT employer_code, number, name FROM employees WHERE number = ${text(words)}
   UNION SELECT employer_code, number, name FROM employees WHERE ${wordStarting('name', words)}
   ORDER BY name, number LIMIT ${MOST}`
export const selectPackNamed = (id: number): string =>
  `SELECT p.id, i.code, COALESCE(p.store_code, '') FROM packs p JOIN issues i ON i.id = p.issue_id WHERE p.id = ${integer(id)}`
export const selectCaseNamed = (id: number): string =>
  `SELECT c.id, t.store_code FROM cases c JOIN transactions t ON t.id = c.transaction_id WHERE c.id = ${integer(id)}`

/** Finds a transaction by its reference in the books, because lists may lag. */
export const selectByReference = (rrn: string): string =>
  `SELECT t.id, COALESCE(t.for_store, t.store_code), COALESCE(t.operation, ''), t.amount, t.currency, t.result, t.received_at
   FROM transactions t WHERE t.rrn = ${text(rrn)} ORDER BY t.id DESC LIMIT ${MOST}`
/** The bookings of web shops for an order. */
export const selectByOrder = (orderId: string): string =>
  `SELECT t.id, COALESCE(t.for_store, t.store_code), COALESCE(t.operation, ''), t.amount, t.currency, t.result, t.received_at
   FROM shops s JOIN web_requests w ON w.shop = s.code AND w.order_id = ${text(orderId)}
   JOIN transactions t ON t.id = w.transaction_id ORDER BY t.id DESC LIMIT ${MOST}`
export const selectOfIds = (ids: readonly number[]): string =>
  `SELECT t.id, COALESCE(t.for_store, t.store_code), COALESCE(t.operation, ''), t.amount, t.currency, t.result, t.received_at
   FROM transactions t WHERE t.id IN (${[0, ...ids].map(integer).join(',')}) AND t.approval_code <> '' ORDER BY t.id DESC LIMIT ${MOST}`
