import type { Employer } from '../../db/sql/employers.ts'

/** What a check keeps from one lot of rows to the next. */
export type CheckRun = {
  readonly employer: Employer
  /** Debited by the loads. */
  readonly account: number
  readonly batchId: number
  readonly at: number
  /** Employee and fund → the row that has them. */
  readonly seen: Map<string, number>
  /** What earlier rows of the list put on a card. */
  readonly given: Map<number, number>
  readonly amounts: { first: number | null; equal: boolean; count: number }
}

export const checkRun = (setting: Pick<CheckRun, 'employer' | 'account' | 'batchId' | 'at'>): CheckRun => ({
  ...setting,
  seen: new Map(),
  given: new Map(),
  amounts: { first: null, equal: true, count: 0 },
})
