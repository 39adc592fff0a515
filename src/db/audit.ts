import type { WorkerConnection } from './connection.ts'
import { type AuditRow, insertAudit, insertUnchained } from './sql/audit.ts'

/**
 * Puts on record what this transaction does. Call it within the transaction that makes the change (`unitOfWork`), so
 * that neither stands without the other. The chain is appended later by a process of its own.
 */
export async function writeAudit(connection: WorkerConnection, ...rows: readonly AuditRow[]): Promise<void> {
  if (rows.length === 0) return
  await connection.send(insertAudit(rows))
  await connection.send(insertUnchained(rows))
}
