import { fromInstant, instant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export type Due = { readonly now: number; readonly mostTries: number }

/**
 * Booked batches whose employer wants a mail that was not sent; locked, skipping those of other processes. Least tried
 * first, so that an undeliverable mail delays no other.
 */
export const selectUnmailedResults = ({ now, mostTries }: Due, most: number): string =>
  `SELECT b.id, b.employer_code, e.email, e.language, b.currency, b.booked_at,
     (SELECT COUNT(*) FROM welfare_rows r WHERE r.batch_id = b.id AND r.amount > 0), b.amount, b.mail_tries
   FROM welfare_batches b JOIN employers e ON e.counterparty_code = b.employer_code
   WHERE b.state = 'booked' AND b.mailed_at IS NULL AND e.email IS NOT NULL AND b.mail_tries < ${integer(mostTries)}
     AND (b.mail_next_at IS NULL OR b.mail_next_at <= ${instant(now)})
   ORDER BY b.mail_tries, b.id LIMIT ${integer(most)} FOR UPDATE SKIP LOCKED`

export const claimMails = (batches: readonly number[], at: number): string =>
  `UPDATE welfare_batches SET mailed_at = ${instant(at)} WHERE id IN (${batches.map(integer).join(',')})`

/** The mail server did not take the mail: it is tried again at that time. */
export const setUnmailedResult = (batch: number, nextAt: number): string =>
  `UPDATE welfare_batches SET mailed_at = NULL, mail_tries = mail_tries + 1, mail_next_at = ${instant(nextAt)}
   WHERE id = ${integer(batch)}`

/** Another address may take what the last one did not. */
export const retryMails = (employer: string): string =>
  `UPDATE welfare_batches SET mail_tries = 0, mail_next_at = NULL
   WHERE employer_code = ${text(employer)} AND state = 'booked' AND mailed_at IS NULL AND mail_tries > 0`

/** Marks the booked batches as mailed: a new address gets mails of later batches only. */
export const forgoMails = (employer: string, at: number): string =>
  `UPDATE welfare_batches SET mailed_at = ${instant(at)}
   WHERE employer_code = ${text(employer)} AND state = 'booked' AND mailed_at IS NULL`

export function toResultMail(row: Row) {
  const [batch, employer, email, language, currency, bookedAt, loads, amount, tries] = row as [
    number, string, string, string, number, string, number, number, number,
  ] // prettier-ignore
  return {
    batch,
    employer,
    email,
    language: oneOf(['en', 'pl'] as const, language),
    currency,
    bookedAt: fromInstant(bookedAt),
    loads,
    amount,
    tries,
  }
}
