import { fromInstant, instant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export type Due = { readonly now: number; readonly mostTries: number }

/**
 * Booked batches of employers that wish a mail and have had none; locked, and what another process tells of is left out. What
 * was tried least often comes first, so that what no server takes holds up nothing.
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

/** It was not taken: another try at that time. */
export const setUnmailedResult = (batch: number, nextAt: number): string =>
  `UPDATE welfare_batches SET mailed_at = NULL, mail_tries = mail_tries + 1, mail_next_at = ${instant(nextAt)}
   WHERE id = ${integer(batch)}`

/** Another address may take what the last one did not. */
export const retryMails = (employer: string): string =>
  `UPDATE welfare_batches SET mail_tries = 0, mail_next_at = NULL
   WHERE employer_code = ${text(employer)} AND state = 'booked' AND mailed_at IS NULL AND mail_tries > 0`

/** Its batches that are booked count as told: an employer that gives an address hears of those that come. */
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
