import { selectAudit, toAuditView, type AuditCriteria, type AuditView } from '../db/sql/audit-search.ts'
import type { Actor } from './actor.ts'
import type { Page } from './card-lists.ts'
import type { Office } from './office.ts'
import type { Refused } from './refusal.ts'
import { mayDo } from './rights.ts'

export type { AuditCriteria, AuditView }

/** The audit, newest first; the cursor is the last id. */
export async function listAudit(
  office: Pick<Office, 'db'>,
  actor: Actor,
  criteria: AuditCriteria,
  { limit }: { readonly limit: number },
): Promise<Page<AuditView> | Refused> {
  const objection = mayDo(actor, 'audit.see')
  if (objection !== null) return objection
  const [rows = []] = await office.db.use((connection) => connection.send(selectAudit(criteria, limit + 1)))
  const items = rows.slice(0, limit).map(toAuditView)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? String(last.id) : null }
}
