import type { Amount } from './money.ts'

export type Total = { readonly number: number; readonly amount: Amount }

/**
 * A terminal's totals for its business day (docs/spec/terminal.md, section 8): credits are amounts put on cards, debits
 * amounts taken off, both confirmed and unconfirmed; undoings are counted apart.
 */
export type Totals = {
  readonly credits: Total
  readonly reversedCredits: Total
  readonly debits: Total
  readonly reversedDebits: Total
}

export const NO_TOTAL: Total = { number: 0, amount: 0 }

/** DE 97: credits − debits − (reversed credits − reversed debits). */
export const netOf = (t: Totals): Amount =>
  t.credits.amount - t.debits.amount - (t.reversedCredits.amount - t.reversedDebits.amount)

export const TOTAL_NAMES = [
  'credits',
  'reversedCredits',
  'debits',
  'reversedDebits',
] as const satisfies (keyof Totals)[]

export const agree = (a: Totals, b: Totals): boolean =>
  TOTAL_NAMES.every((name) => a[name].number === b[name].number && a[name].amount === b[name].amount)
