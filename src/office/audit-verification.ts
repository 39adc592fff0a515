import { type Head, walkChain } from '../db/audit-chain.ts'
import { selectUnauditedChanges, selectUnauditedTransactions, selectUnchained } from '../db/sql/audit-chain.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

/** A head of the chain that was kept outside the database, and when. */
export type AuditAnchor = { readonly head: Head; readonly at: number }

export type AuditReport = {
  /** The last link of the chain. */
  readonly head: Head
  /** Rows that were written a moment ago and wait for the chain. */
  readonly waiting: number
  /** Changed, removed and unrecorded acts, one line each; at most 100 of a kind. */
  readonly faults: readonly string[]
}

const MOST = 100
/** A row that is not chained within this time is a fault: the chaining job is not running. */
const WAITS_AT_MOST_SECONDS = 60

/**
 * Verifies the audit: each link of the chain, under a key that is not in the database; that the chain contains all
 * rows; that all changes have a row. `anchor`: the last head that this home has seen, so that truncation is detected.
 */
export async function verifyAudit(office: Office, actor: Actor, anchor: Head | null): Promise<AuditReport | Refused> {
  const objection = mayDo(actor, 'audit.see')
  if (objection !== null) return objection
  return office.db.use(async (connection) => {
    const { head, faults } = await walkChain(connection, office.keys().audit, anchor)
    const [unchained = []] = await connection.send(selectUnchained(MOST))
    const late = unchained.flatMap(([id, waits, seconds]) => unchainedFault(Number(id), waits === 1, Number(seconds)))
    return {
      head,
      waiting: unchained.length - late.length,
      faults: [...faults, ...late, ...(await unaudited(connection))],
    }
  })
}

function unchainedFault(id: number, waits: boolean, seconds: number): string[] {
  if (!waits) return [`audit row ${id} is not in the chain and does not wait for it`]
  return seconds > WAITS_AT_MOST_SECONDS ? [`audit row ${id} has waited for the chain for ${seconds} s`] : []
}

async function unaudited(connection: WorkerConnection): Promise<string[]> {
  const [changes = [], transactions = []] = await connection.send(
    `${selectUnauditedChanges(MOST)};${selectUnauditedTransactions(MOST)}`,
  )
  return [...changes, ...transactions].map(
    ([table, id, who]) => `${String(table)} ${String(id)} of ${String(who)} has no audit row`,
  )
}
