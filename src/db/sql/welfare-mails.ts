import { fromInstant, instant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** Booked batches of employers that wish a mail and have had none; locked, and what another process tells of is left out. */
export const selectUnmailedResults = (most: number): string =>
  `SELECT b.id, b.employer_code, e.email, e.language, b.currency, b.booked_at,
     (SELECT COUNT(*) FROM welfare_rows r WHERE r.batch_id = b.id AND r.amount > 0), b.amount
   FROM welfare_batches b JOIN employers e ON e.counterparty_code = b.employer_code
   WHERE b.state = 'booked' AND b.mailed_at IS NULL AND e.email IS NOT NULL
   ORDER BY b.id LIMIT ${integer(most)} FOR UPDATE SKIP LOCKED`

export const claimMails = (batches: readonly number[], at: number): string =>
  `UPDATE welfare_batches SET mailed_at = ${instant(at)} WHERE id IN (${batches.map(integer).join(',')})`

export const setUnmailedResult = (batch: number): string =>
  `UPDATE welfare_batches SET mailed_at = NULL WHERE id = ${integer(batch)}`

/** Its batches that are booked count as told: an employer that gives an address hears of those that come. */
export const forgoMails = (employer: string, at: number): string =>
  `UPDATE welfare_batches SET mailed_at = ${instant(at)}
   WHERE employer_code = ${text(employer)} AND state = 'booked' AND mailed_at IS NULL`

export function toResultMail(row: Row) {
  const [batch, employer, email, language, currency, bookedAt, loads, amount] = row as [
    number, string, string, string, number, string, number, number,
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
  }
}
