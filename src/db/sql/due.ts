import { ECARD, type Key, KIND } from '../../core/key.ts'
import { instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Locks the free slices of a job until the end of this database transaction. */
export const lockSlices = (job: string): string =>
  `SELECT slice FROM job_slices WHERE job = ${text(job)} ORDER BY slice FOR UPDATE SKIP LOCKED`

/** The permitted difference between the clocks of two processes. */
export const CLOCK_GRACE_MS = 5_000

/** The latest expired deadline for web shops that asked for at most `asked` ms. */
export type PassedForShops = { readonly asked: number; readonly passed: number }

/**
 * Transactions of these slices whose confirmation is overdue, oldest first.
 *
 * @param passed the limit for terminals
 * @param forShops in ascending order of `asked`; a longer time uses the last one
 */
export const selectUnconfirmed = (
  passed: number,
  forShops: readonly PassedForShops[],
  slices: readonly number[],
  of: number,
  most: number,
): string =>
  `SELECT id, transmitted, stan, terminal_code, store_code, kind, processing_code, currency, key_digest
   FROM transactions
   WHERE confirm_by <= ${instant(passed)} AND id % ${integer(of)} IN (${slices.map(integer).join(',')})
     AND (kind <> ${integer(KIND.web)} OR confirm_by <= ${passedForShop(forShops)})
   ORDER BY confirm_by LIMIT ${integer(most)}`

/** A shorter time than a shop may ask for was brought back after a clock change; the original time is unknown. */
const passedForShop = (forShops: readonly PassedForShops[]): string => {
  const cases = forShops.map(({ asked, passed }) => `WHEN asked_s <= ${integer(asked / 1000)} THEN ${instant(passed)}`)
  const had = 'TIMESTAMPDIFF(SECOND, received_at, confirm_by)'
  const longest = instant(forShops.at(-1)?.passed ?? 0)
  return `CASE WHEN ${had} < 60 THEN ${longest} ${cases.join(' ').replaceAll('asked_s', had)} ELSE ${longest} END`
}

/** The longest that a web shop may ask for (docs/spec/web.md, section 4): its things do not go by the terminals' time. */
export const WEB_MOST_MS = 604_800_000

/**
 * A deadline further away than `most` dates from before the clock was set back, and is reduced to `most`. Transactions
 * that wait for the terminal's next request have a far larger value and are not changed.
 */
export const bringBackUnconfirmed = (now: number, most: number): string =>
  [
    broughtBack(now, most, `kind <> ${integer(KIND.web)} AND terminal_code <> ${text(ECARD)}`),
    broughtBack(now, WEB_MOST_MS, `kind = ${integer(KIND.web)}`),
  ].join(';')

const broughtBack = (now: number, most: number, whose: string): string =>
  `UPDATE transactions SET confirm_by = ${instant(now + most)}
   WHERE confirm_by > ${instant(now + most + CLOCK_GRACE_MS)} AND confirm_by < '9999-01-01' AND ${whose}`

export type Unconfirmed = {
  readonly id: number
  readonly key: Key
  readonly processingCode: string
  readonly currency: number | null
}

export function toUnconfirmed(row: Row): Unconfirmed {
  const [id, transmitted, stan, terminal, store, kind, processingCode, currency, digest = null] = row as [
    number, number, number, string, string, number, string, number | null, (Buffer | null)?,
  ] // prettier-ignore
  // Without all of its digest a key of the web is another one, and the engine reverses nothing.
  const whole = digest === null ? {} : { digest: digest.toString('hex') }
  return { id, key: { transmitted, stan, terminal, store, kind, ...whole }, processingCode, currency }
}
