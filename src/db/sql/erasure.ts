import type { Employee } from './employees.ts'
import { binary, integer, text } from './literal.ts'

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
    `UPDATE welfare_findings f JOIN welfare_rows r ON r.batch_id = f.batch_id AND r.line = f.line
     JOIN welfare_batches b ON b.id = r.batch_id SET f.value = '', f.details = '{}' WHERE ${isUnlinked(employer, number)}`,
    `UPDATE welfare_rows r JOIN welfare_batches b ON b.id = r.batch_id
     SET r.name = '${ERASED}', r.number = '${ERASED}-${integer(id)}', r.note = '' WHERE ${isUnlinked(employer, number)}`,
    `UPDATE employees SET name = '${ERASED}', number = '${ERASED}-${integer(id)}', email = NULL WHERE id = ${integer(id)}`,
  ].join(';')

/** Rows of lists that name this employee and were read before there was such an employee. An index finds them by batch. */
const isUnlinked = (employer: string, number: string): string =>
  `b.employer_code = ${text(employer)} AND r.employee_id IS NULL AND r.number = ${text(number)}`

/** Rows of lists about this employee that are not decided yet. */
export const countOpenRows = ({ id, employer, number }: Pick<Employee, 'id' | 'employer' | 'number'>): string => {
  const rows = 'SELECT COUNT(*) FROM welfare_rows r JOIN welfare_batches b ON b.id = r.batch_id'
  const isOpen = "b.state IN ('reading', 'checked', 'proposed', 'approved')"
  return `SELECT (${rows} WHERE r.employee_id = ${integer(id)} AND ${isOpen})
   + (${rows} WHERE ${isUnlinked(employer, number)} AND ${isOpen})`
}

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
const mailedTo = (digest: string): string => `email_digest = ${binary(digest)}`
/** Another address for an e-card, that was asked for: one that was refused, or followed by yet another, is nowhere else. */
const askedFor = (digest: string): string =>
  `kind = 'ecard' AND SHA2(LOWER(JSON_UNQUOTE(JSON_EXTRACT(wish, '$.email'))), 256) = ${text(digest)}`

/** E-cards and proposals with an address, and how many of them are not through. */
export const countMailedTo = (digest: string): string =>
  `SELECT COUNT(*), CAST(COALESCE(SUM(is_open), 0) AS SIGNED), MAX(email) FROM (
     SELECT CONVERT(email USING utf8mb4) AS email, state IN ('proposed', 'sending') AS is_open FROM ecards WHERE ${mailedTo(digest)}
     UNION ALL SELECT CONVERT(JSON_UNQUOTE(JSON_EXTRACT(wish, '$.email')) USING utf8mb4), open_for IS NOT NULL FROM proposals
       WHERE ${askedFor(digest)}) AS all_of`

export const eraseAddress = (digest: string): string =>
  [
    `UPDATE proposals SET wish = '{"act":"${ERASED}"}' WHERE kind = 'ecard' AND open_for IS NULL
     AND subject IN (SELECT id FROM ecards WHERE ${mailedTo(digest)})`,
    `UPDATE proposals SET wish = '{"act":"${ERASED}"}' WHERE ${askedFor(digest)} AND open_for IS NULL`,
    `UPDATE ecards SET email = '${ERASED}' WHERE ${mailedTo(digest)}`,
  ].join(';')

/** Nothing of the person is left in the proposal either. */
export const forgetProposal = (id: number): string => `UPDATE proposals SET wish = '{}' WHERE id = ${integer(id)}`
