import type { Request } from '../core/request.ts'
import { netOf, NO_TOTAL, type Total, type Totals } from '../core/totals.ts'
import type { Transaction } from '../core/transaction.ts'
import { KIND } from '../core/key.ts'
import { rowOf } from '../core/outcome.ts'
import { text } from '../db/sql/literal.ts'
import type { DayEnd } from '../db/sql/day-ends.ts'

/* The ends of day of the demo's tills: each evening a till sends its totals, and they agree with ours. */

/** What an end of day leaves behind. */
export type ClosedDay = { readonly row: Transaction; readonly end: DayEnd }

/** @param rows everything that was booked so far; `isCard`: whether an account is a card's */
export function closeDay(
  request: Request,
  rows: readonly Transaction[],
  isCard: (account: number) => boolean,
): ClosedDay {
  const { id, key, businessDate } = request
  const totals = totalsOf(request, rows, isCard)
  return {
    row: rowOf(request, 'approved', { state: 'confirmed' }),
    end: { id, key, since: businessDate, businessDate, totals, agreed: true, claimed: { totals, net: netOf(totals) } },
  }
}

/** Rows that take back what another one booked. */
const UNDOES: ReadonlySet<number> = new Set([KIND.cancellation, KIND.reversal])

/** The terminal's own transactions of the day, and the timer's reversals of them. */
function totalsOf(
  { key, businessDate }: Request,
  rows: readonly Transaction[],
  isCard: (account: number) => boolean,
): Totals {
  const ofDay = rows.filter((row) => row.businessDate === businessDate && row.transfer !== null)
  const own = new Set(ofDay.filter((row) => row.key.terminal === key.terminal).map(({ id }) => id))
  const counted = ofDay.filter(
    ({ id, originalId, requester }) =>
      own.has(id) || (requester.channel === 'job' && originalId !== null && own.has(originalId)),
  )
  const total = (undoes: boolean, ontoCard: boolean): Total =>
    counted
      .filter((row) => UNDOES.has(row.key.kind) === undoes && isCard(row.transfer?.credit ?? 0) === ontoCard)
      .reduce<Total>(
        ({ number, amount }, row) => ({ number: number + 1, amount: amount + (row.transfer?.amount ?? 0) }),
        NO_TOTAL,
      )
  return {
    credits: total(false, true),
    debits: total(false, false),
    reversedCredits: total(true, false),
    reversedDebits: total(true, true),
  }
}

/** The business day that a till is in after its last end of day; one that a person has ended later stays. */
export const openDay = (terminal: string, date: string): string =>
  `UPDATE terminals SET business_date = ${text(date)}
   WHERE code = ${text(terminal)} AND (business_date IS NULL OR business_date < ${text(date)})`
