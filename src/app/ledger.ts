import { type LedgerReport, verifyLedger } from '../office/ledger-verification.ts'
import { onDatabase } from './on-database.ts'

export type { LedgerReport }

/** Proves the books of a home from its transfers. */
export const verifyBooks = (home: string): Promise<LedgerReport> => onDatabase(home, verifyLedger)
