import type { Employer } from '../../db/sql/employers.ts'

/** The state of a check between lots of rows. */
export type CheckRun = {
  readonly employer: Employer
  /** The account that the loads debit. */
  readonly account: number
  readonly batchId: number
  readonly at: number
  /** Fund (`fundKey`) → employee → their first row. */
  readonly seen: Map<string, Map<number, number>>
  /** New card → the row and employee that it is sold to. */
  readonly sold: Map<number, { readonly line: number; readonly employeeId: number }>
  /** The amounts of earlier rows by card. */
  readonly given: Map<number, number>
  readonly amounts: { first: number | null; equal: boolean; count: number }
}

export const checkRun = (setting: Pick<CheckRun, 'employer' | 'account' | 'batchId' | 'at'>): CheckRun => ({
  ...setting,
  seen: new Map(),
  sold: new Map(),
  given: new Map(),
  amounts: { first: null, equal: true, count: 0 },
})
