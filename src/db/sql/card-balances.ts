import { integer } from './literal.ts'

/** Ledger and available balance of these cards. */
export const selectBalances = (ids: readonly number[]): string =>
  `SELECT id, ledger, available FROM cards WHERE id IN (${ids.map(integer).join(',')})`
