import type { Requester } from '../core/channel.ts'
import { ownRequest } from '../core/own-request.ts'
import { KIND, resolutionKey, type Key, type Request } from '../core/request.ts'
import { openConnection, type Access } from '../db/access.ts'

/** A clarification case with what is known of its transaction, as people see it. */
export type CaseView = {
  readonly id: number
  readonly reason: string
  readonly openedAt: string
  readonly claim: string | null
  readonly closedAt: string | null
  readonly resolution: string | null
  readonly closedBy: string | null
  readonly note: string | null
  readonly transaction: {
    readonly id: number
    readonly key: Key
    readonly receivedAt: string
    readonly operation: string | null
    readonly amount: number
    readonly amountAsked: number | null
    readonly currency: number | null
    readonly state: string
    readonly undoneBy: string | null
    readonly rrn: string
    readonly approvalCode: string
  }
  /** First six and last four; null where no card is known (a reversal before its original). */
  readonly card: string | null
  readonly balances: { readonly ledger: number; readonly available: number } | null
}

export type CaseFilter = { readonly open: boolean; readonly most: number; readonly id: number | null }

/** The oldest open ones first. */
export async function readCases(access: Access, filter: CaseFilter): Promise<CaseView[]> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const where = [...(filter.open ? ['c.open_for IS NOT NULL'] : []), ...(filter.id === null ? [] : ['c.id = ?'])]
    const [rows] = await connection.query(
      `${SELECT_CASES} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY c.opened_at, c.id LIMIT ?`,
      [...(filter.id === null ? [] : [filter.id]), filter.most],
    )
    return (rows as CaseRow[]).map(toCase)
  } finally {
    await connection.end()
  }
}

const SELECT_CASES = `
  SELECT c.id, c.reason, c.opened_at, c.claim, c.closed_at, c.resolution, c.closed_by, c.note,
    t.id AS t_id, t.store_code, t.terminal_code, t.kind, t.stan, t.transmitted, t.received_at, t.operation, t.amount,
    t.amount_asked, t.currency, t.state, t.undone_by, t.rrn, t.approval_code,
    k.first_six, k.last_four, k.ledger, k.available
  FROM cases c JOIN transactions t ON t.id = c.transaction_id LEFT JOIN cards k ON k.id = t.card_id`

type CaseRow = {
  id: number; reason: string; opened_at: string; claim: string | null; closed_at: string | null
  resolution: string | null; closed_by: string | null; note: string | null
  t_id: number; store_code: string; terminal_code: string; kind: number; stan: number; transmitted: number
  received_at: string; operation: string | null; amount: number; amount_asked: number | null; currency: number | null
  state: string; undone_by: string | null; rrn: string; approval_code: string
  first_six: string | null; last_four: string | null; ledger: number | null; available: number | null
} // prettier-ignore

const toCase = (row: CaseRow): CaseView => ({
  id: row.id,
  reason: row.reason,
  openedAt: row.opened_at,
  claim: row.claim,
  closedAt: row.closed_at,
  resolution: row.resolution,
  closedBy: row.closed_by,
  note: row.note,
  transaction: {
    id: row.t_id,
    key: {
      store: row.store_code,
      terminal: row.terminal_code,
      kind: row.kind,
      stan: row.stan,
      transmitted: row.transmitted,
    },
    receivedAt: row.received_at,
    operation: row.operation,
    amount: row.amount,
    amountAsked: row.amount_asked,
    currency: row.currency,
    state: row.state,
    undoneBy: row.undone_by,
    rrn: row.rrn,
    approvalCode: row.approval_code,
  },
  card: row.first_six === null || row.last_four === null ? null : `${row.first_six}******${row.last_four}`,
  balances: row.ledger === null || row.available === null ? null : { ledger: row.ledger, available: row.available },
})

export type Decision = {
  readonly decision: 'confirm' | 'reverse'
  readonly requester: Requester
  readonly reason: string
}

/** A clerk's decision as a request to the engine; `attempt` counts the decisions about this case that could not be booked. */
export function resolutionRequest(
  found: CaseView,
  { decision, requester, reason }: Decision,
  about: { readonly id: number; readonly spareId: number; readonly now: number; readonly attempt: number },
): Request {
  return ownRequest({
    id: about.id,
    spareId: about.spareId,
    key: resolutionKey(found.id, about.attempt),
    by: 'office',
    requester,
    at: about.now,
    day: new Date(about.now).toISOString().slice(0, 10),
    processingCode: '',
    amount: null,
    currency: found.transaction.currency,
    trace: `case-${found.id}`,
    ask: { act: 'resolution', original: found.transaction.key, decision, who: requester.who ?? '', reason },
  })
}

/** How many decisions about this case were refused so far. */
export async function refusedDecisions(access: Access, caseId: number): Promise<number> {
  const connection = await openConnection(access, { multipleStatements: false })
  try {
    const [rows] = await connection.query(
      `SELECT COUNT(*) AS n FROM transactions
       WHERE terminal_code = 'CLERK' AND store_code = 'AKART' AND kind = ? AND transmitted = ?`,
      [KIND.resolution, caseId],
    )
    return (rows as { n: number }[])[0]?.n ?? 0
  } finally {
    await connection.end()
  }
}
