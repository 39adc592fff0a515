import type { Employee } from './employees.ts'
import { integer, text } from './literal.ts'

/* What stands in place of a person's data. Ids stay, so that books, batches and the audit still name one and the same person. */

const ERASED = 'erased'

/** An employee's own rows, and those of the lists in which the employer named the person. */
export const eraseEmployee = ({ id, employer, number }: Pick<Employee, 'id' | 'employer' | 'number'>): string =>
  [
    `UPDATE welfare_findings f JOIN welfare_batches b ON b.id = f.batch_id SET f.details = '{"holder":"${ERASED}"}'
     WHERE b.employer_code = ${text(employer)} AND JSON_UNQUOTE(JSON_EXTRACT(f.details, '$.holder')) = ${text(number)}`,
    `UPDATE welfare_findings f JOIN welfare_rows r ON r.batch_id = f.batch_id AND r.line = f.line
     SET f.value = '', f.details = '{}' WHERE r.employee_id = ${integer(id)}`,
    `UPDATE welfare_rows SET name = '${ERASED}', number = '${ERASED}-${integer(id)}', note = '' WHERE employee_id = ${integer(id)}`,
    `UPDATE employees SET name = '${ERASED}', number = '${ERASED}-${integer(id)}', email = NULL WHERE id = ${integer(id)}`,
  ].join(';')

/** Rows of lists about this employee that are not decided yet. */
export const countOpenRows = (id: number): string =>
  `SELECT COUNT(*) FROM welfare_rows r JOIN welfare_batches b ON b.id = r.batch_id
   WHERE r.employee_id = ${integer(id)} AND b.state IN ('reading', 'checked', 'proposed', 'approved')`

/** The login stays: rows of the audit are about it. */
export const eraseUser = (login: string): string =>
  [
    `UPDATE users SET name = '${ERASED}', email = NULL, password = NULL, totp = NULL WHERE login = ${text(login)}`,
    `DELETE FROM recovery_codes WHERE login = ${text(login)}`,
    `DELETE FROM sessions WHERE login = ${text(login)}`,
    `DELETE FROM saved_searches WHERE login = ${text(login)}`,
    `DELETE FROM user_maps WHERE login = ${text(login)}`,
  ].join(';')

/** `digest`: SHA-256 of the address, in hex, so that no proposal holds the address itself. */
const mailedTo = (digest: string): string => `SHA2(LOWER(email), 256) = ${text(digest)}`

/** How many e-cards went to an address, and how many of them are not through. */
export const countMailedTo = (digest: string): string =>
  `SELECT COUNT(*), CAST(COALESCE(SUM(state IN ('proposed', 'sending')), 0) AS SIGNED), MAX(email) FROM ecards
   WHERE ${mailedTo(digest)}`

export const eraseAddress = (digest: string): string =>
  [
    `UPDATE proposals SET wish = '{"act":"${ERASED}"}' WHERE kind = 'ecard' AND open_for IS NULL
     AND subject IN (SELECT id FROM ecards WHERE ${mailedTo(digest)})`,
    `UPDATE ecards SET email = '${ERASED}' WHERE ${mailedTo(digest)}`,
  ].join(';')

/** Nothing of the person is left in the proposal either. */
export const forgetProposal = (id: number): string => `UPDATE proposals SET wish = '{}' WHERE id = ${integer(id)}`
