import type { RowDataPacket } from 'mysql2/promise'
import { walkChain } from '../../src/db/audit-chain.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { verifyLedger } from '../../src/office/ledger.ts'
import type { EngineSetting } from './engine-setting.ts'
import { wrongSequences } from './sequences.ts'

/** The key that the audit of `foundations-run.ts` is chained under. */
export const CHAIN_KEY = Buffer.alloc(32, 7)

/** A fault of the product, not of the test. */
export class Finding extends Error {}
export const must = (holds: boolean, otherwise: string): void => {
  if (!holds) throw new Finding(otherwise)
}

/** Sums, search rows, chain and sequences are what the books are. */
export async function mustBeMade({ access, connection }: EngineSetting): Promise<void> {
  const [[sums = [], stale = [], counted = []]] = await connection.query<RowDataPacket[][]>(
    `SELECT c.id, c.ledger, f.total FROM cards c LEFT JOIN folded_sums f ON f.card = c.id
       WHERE c.seq > 0 AND c.ledger <> COALESCE(f.total, 0) AND c.id IN (SELECT card FROM folded_sums) LIMIT 3;
     SELECT t.id FROM transactions t LEFT JOIN search_transactions s ON s.at = t.received_at AND s.id = t.id
       WHERE s.id IS NULL OR s.state <> t.state OR s.amount <> t.amount LIMIT 3;
     SELECT COUNT(*) AS audited FROM audit`,
  )
  must(sums.length === 0, `folded sums are not the ledger: ${JSON.stringify(sums)}`)
  must(stale.length === 0, `search rows are not the transactions: ${JSON.stringify(stale)}`)
  const reader = workerConnection(access)
  const { head, faults } = await walkChain(reader, CHAIN_KEY, null).finally(() => void reader.close())
  must(faults.length === 0, `the chain: ${faults.join('; ')}`)
  must(head.seq === counted[0]?.['audited'], `${head.seq} audit rows are chained of ${counted[0]?.['audited']}`)
  const ledger = await verifyLedger(access)
  must(ledger.faults.length === 0, `the ledger: ${ledger.faults.join('; ')}`)
  const wrong = await wrongSequences(connection)
  must(wrong.length === 0, `sequences: ${wrong.join('; ')}`)
}
