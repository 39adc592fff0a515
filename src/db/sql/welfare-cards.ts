import type { Card } from '../../core/card.ts'
import { toCard } from './cards.ts'
import { type Employee, EMPLOYEE_FIELDS, OF_EMPLOYEE, toEmployee } from './employees.ts'
import { binary, integer, text } from './literal.ts'
import type { Row } from './row.ts'
import { type ShownCard, toShownCard } from './shown-cards.ts'

/** A card as a check of a batch looks at it. */
export type CheckedCard = ShownCard & {
  readonly card: Card
  /** The counterparty that its pack was made for; null: a store's, or in no pack. */
  readonly counterparty: string | null
}

const SHOWN = 6

const COLUMNS = `c.id, c.issue_id, c.number_hash, c.number_key, c.first_six, c.last_four, p.counterparty_code,
  c.id, c.issue_id, c.ecode_hash, c.expiry, c.version, c.state, c.block, c.valid_until, c.sold_at,
  c.replaced_by, c.day, c.day_count, c.day_amount, c.top_ups, c.tried, c.seq, c.ledger, c.available, c.pack_id, c.bound,
  c.was_sold, c.suspected_at, c.block_store, c.day_since, c.refund_day, c.refund_since, c.refund_amount, c.staged`
const SELECT = `SELECT ${COLUMNS} FROM cards c LEFT JOIN packs p ON p.id = c.pack_id WHERE`

export const selectCheckedCards = (ids: readonly number[]): string =>
  `${SELECT} c.id IN (${ids.map(integer).join(',')})`

export const selectCheckedCardsOfNumbers = (hashes: readonly string[]): string =>
  `${SELECT} c.number_hash IN (${hashes.map(binary).join(',')})`

export function toCheckedCard(row: Row): CheckedCard {
  return { ...toShownCard(row), counterparty: row[SHOWN] as string | null, card: toCard(row.slice(SHOWN + 1)) }
}

/** Employees with the cards that they have, of a lot of rows at once: two statements would be two more turns for each lot. */
export const selectEmployeesWithCards = (employer: string, numbers: readonly string[]): string =>
  `SELECT ${EMPLOYEE_FIELDS}, ${COLUMNS} FROM employees e FORCE INDEX (employees_number)
   LEFT JOIN cards c ON c.id = e.card_id LEFT JOIN packs p ON p.id = c.pack_id
   WHERE (e.employer_code, e.number) IN (${numbers.map((number) => `(${text(employer)},${text(number)})`).join(',')})`

export function toEmployeeWithCard(row: Row): { readonly employee: Employee; readonly card: CheckedCard | null } {
  const employee = toEmployee(row)
  return { employee, card: employee.cardId === null ? null : toCheckedCard(row.slice(OF_EMPLOYEE)) }
}
