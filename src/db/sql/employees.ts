import { shownNumber } from '../../cards/number.ts'
import { instant, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** `number` is the employer's own. */
export type Employee = {
  readonly id: number
  readonly employer: string
  readonly number: string
  readonly name: string
  readonly email: string | null
  readonly state: 'active' | 'left'
  readonly cardId: number | null
  /** First six and last four of the card's number. */
  readonly card: string | null
  /** The latest duplicate, if the card was replaced after it was linked. */
  readonly replacedBy: number | null
}

/** Of `employees e` and its `cards c`. */
export const EMPLOYEE_FIELDS =
  'e.id, e.employer_code, e.number, e.name, e.email, e.state, e.card_id, c.first_six, c.last_four, c.replaced_by'
export const OF_EMPLOYEE = 10
const COLUMNS = `${EMPLOYEE_FIELDS} FROM employees e LEFT JOIN cards c ON c.id = e.card_id`

const starting = (words: string, before = ''): string => text(`${before}${words.replace(/[\\%_]/gu, '\\$&')}%`)

/** `words`: a number, or a word of a name, begins with them; empty: all. */
export const selectEmployees = (employer: string, words: string, after: string, most: number): string =>
  `SELECT ${COLUMNS} WHERE e.employer_code = ${text(employer)} AND e.number > ${text(after)}
   ${words === '' ? '' : `AND (e.number LIKE ${starting(words)} OR e.name LIKE ${starting(words)} OR e.name LIKE ${starting(words, '% ')})`}
   ORDER BY e.number LIMIT ${integer(most)}`

export const selectEmployee = (employer: string, number: string): string =>
  `SELECT ${COLUMNS} WHERE e.employer_code = ${text(employer)} AND e.number = ${text(number)}`

/**
 * By employer and number at once, and by that index: asked for an employer and a list of numbers, MariaDB went through all
 * employees of a large one for each lot of 128.
 */
export const selectEmployeesNumbered = (employer: string, numbers: readonly string[]): string =>
  `SELECT ${EMPLOYEE_FIELDS} FROM employees e FORCE INDEX (employees_number) LEFT JOIN cards c ON c.id = e.card_id
   WHERE (e.employer_code, e.number) IN (${numbers.map((number) => `(${text(employer)},${text(number)})`).join(',')})`

export const lockEmployee = (employer: string, number: string): string =>
  `SELECT id, card_id FROM employees WHERE employer_code = ${text(employer)} AND number = ${text(number)} FOR UPDATE`

export type NewEmployee = Pick<Employee, 'id' | 'employer' | 'number' | 'name' | 'email' | 'cardId'>

export const insertEmployees = (employees: readonly NewEmployee[]): string =>
  `INSERT INTO employees (id, employer_code, number, name, email, state, card_id) VALUES ${employees
    .map(
      (e) =>
        `(${integer(e.id)},${text(e.employer)},${text(e.number)},${text(e.name)},${textOrNull(e.email)},'active',${integerOrNull(e.cardId)})`,
    )
    .join(',')}`

export const setEmployeeCard = (id: number, cardId: number | null): string =>
  `UPDATE employees SET card_id = ${integerOrNull(cardId)} WHERE id = ${integer(id)}`

export const setEmployeeLeft = (id: number): string => `UPDATE employees SET state = 'left' WHERE id = ${integer(id)}`

export type Link = {
  readonly id: number
  readonly employeeId: number
  readonly beforeId: number | null
  readonly cardId: number | null
  readonly at: number
  readonly who: string
}

export const insertLinks = (links: readonly Link[]): string =>
  `INSERT INTO employee_links (id, employee_id, before_id, card_id, at, who) VALUES ${links
    .map(
      (l) =>
        `(${integer(l.id)},${integer(l.employeeId)},${integerOrNull(l.beforeId)},${integerOrNull(l.cardId)},${instant(l.at)},${text(l.who)})`,
    )
    .join(',')}`

/** Card → its holder. */
export const selectHolders = (cards: readonly number[]): string =>
  `SELECT card_id, id, employer_code, number FROM employees WHERE card_id IN (${cards.map(integer).join(',')})`

export type Holder = {
  readonly cardId: number
  readonly id: number
  readonly employer: string
  readonly number: string
}

export function toHolder(row: Row): Holder {
  const [cardId, id, employer, number] = row as [number, number, string, string]
  return { cardId, id, employer, number }
}

export function toEmployee(row: Row): Employee {
  const [id, employer, number, name, email, state, cardId, firstSix, lastFour, replacedBy] = row as [
    number, string, string, string, string | null, string, number | null, string | null, string | null, number | null,
  ] // prettier-ignore
  return {
    id,
    employer,
    number,
    name,
    email,
    state: oneOf(['active', 'left'] as const, state),
    cardId,
    card: shownNumber(firstSix, lastFour),
    replacedBy,
  }
}

/**
 * Changes of cards of the employees of a batch since each was loaded last (since ever, where never), and duplicates that
 * stand in the place of a linked card. The last load went to the card that was checked when it was approved: a link of after
 * that is a change, unless the batch itself sold the card.
 */
const linkChangesOf = (batchId: number): string =>
  `SELECT e.number, e.name, b.first_six AS before_six, b.last_four AS before_four, c.first_six, c.last_four, l.who, l.at
   FROM welfare_rows r JOIN employees e ON e.id = r.employee_id JOIN employee_links l ON l.employee_id = e.id
   LEFT JOIN cards b ON b.id = l.before_id LEFT JOIN cards c ON c.id = l.card_id
   WHERE r.batch_id = ${integer(batchId)} AND l.at > COALESCE((
     SELECT MAX(w.decided_at) FROM welfare_rows x JOIN welfare_batches w ON w.id = x.batch_id
     WHERE x.employee_id = e.id AND x.amount > 0 AND w.state = 'booked'), '1970-01-01')
     AND NOT EXISTS (SELECT 1 FROM welfare_rows y JOIN welfare_batches v ON v.id = y.batch_id
     WHERE y.employee_id = e.id AND y.sell = 1 AND y.amount > 0 AND y.card_id = l.card_id AND v.booked_at = l.at)
   UNION
   SELECT e.number, e.name, o.first_six, o.last_four, n.first_six, n.last_four, IF(r.sell, 'sell', 'duplicate'), NULL
   FROM welfare_rows r JOIN employees e ON e.id = r.employee_id JOIN cards n ON n.id = r.card_id
   LEFT JOIN cards o ON o.id = e.card_id
   WHERE r.batch_id = ${integer(batchId)} AND r.amount > 0 AND (e.card_id IS NULL OR e.card_id <> r.card_id)`

export const selectLinkChanges = (batchId: number, most: number): string =>
  `${linkChangesOf(batchId)} ORDER BY 1, 8 LIMIT ${integer(most)}`

export const countLinkChanges = (batchId: number): string =>
  `SELECT COUNT(*) FROM (${linkChangesOf(batchId)}) AS changes`

export type LinkChange = {
  readonly number: string
  readonly name: string
  /** First six and last four; null: none. */
  readonly before: string | null
  readonly after: string | null
  /** A login; `duplicate`: the card was replaced; `sell`: the batch sells it to the employee. */
  readonly who: string
}

export function toLinkChange(row: Row): LinkChange {
  const [number, name, beforeSix, beforeFour, afterSix, afterFour, who] = row as [
    string, string, string | null, string | null, string | null, string | null, string,
  ] // prettier-ignore
  return { number, name, before: shownNumber(beforeSix, beforeFour), after: shownNumber(afterSix, afterFour), who }
}
