import { shownNumber } from '../../cards/number.ts'
import { type Key, KIND } from '../../core/key.ts'
import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A case with the data of its transaction, for people. */
export type CaseView = {
  readonly id: number
  readonly reason: string
  readonly openedAt: string
  readonly claim: string | null
  /** The terminal's message, if no transaction row describes it. */
  readonly came: string | null
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

const SELECT = `SELECT c.id, c.reason, c.opened_at, c.claim, c.came, c.closed_at, c.resolution, c.closed_by, c.note,
    t.id, t.store_code, t.terminal_code, t.kind, t.stan, t.transmitted, t.received_at, t.operation, t.amount,
    t.amount_asked, t.currency, t.state, t.undone_by, t.rrn, t.approval_code,
    k.first_six, k.last_four, k.ledger, k.available
  FROM cases c JOIN transactions t ON t.id = c.transaction_id LEFT JOIN cards k ON k.id = t.card_id`

export type CaseFilter = {
  readonly open: boolean
  /** Only those of transactions in one of these stores. */
  readonly stores: 'all' | ReadonlySet<string>
  readonly most: number
}

/** The oldest first. */
export function selectCases({ open, stores, most }: CaseFilter): string {
  const where = [
    ...(open ? ['c.open_for IS NOT NULL'] : []),
    ...(stores === 'all' ? [] : [`t.store_code IN (${[...stores, ''].map(text).join(',')})`]),
  ]
  return `${SELECT} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY c.opened_at DESC, c.id DESC LIMIT ${integer(most)}`
}

export const selectCase = (id: number): string => `${SELECT} WHERE c.id = ${integer(id)}`

export function toCaseView(row: Row): CaseView {
  const [id, reason, openedAt, claim, came, closedAt, resolution, closedBy, note, transactionId, store, terminal, kind, stan,
    transmitted, receivedAt, operation, amount, amountAsked, currency, state, undoneBy, rrn, approvalCode, firstSix,
    lastFour, ledger, available] = row as [
    number, string, string, string | null, string | null, string | null, string | null, string | null, string | null, number, string,
    string, number, number, number, string, string | null, number, number | null, number | null, string, string | null,
    string, string, string | null, string | null, number | null, number | null,
  ] // prettier-ignore
  const key = { store, terminal, kind, stan, transmitted }
  return {
    id,
    reason,
    openedAt,
    claim,
    came,
    closedAt,
    resolution,
    closedBy,
    note,
    transaction: {
      id: transactionId,
      key,
      receivedAt,
      operation,
      amount,
      amountAsked,
      currency,
      state,
      undoneBy,
      rrn,
      approvalCode,
    },
    card: shownNumber(firstSix, lastFour),
    balances: ledger === null || available === null ? null : { ledger, available },
  }
}

/** How many decisions about this case were refused so far. */
export const countRefusedDecisions = (caseId: number): string =>
  `SELECT COUNT(*) FROM transactions
   WHERE terminal_code = 'CLERK' AND store_code = 'AKART' AND kind = ${KIND.resolution} AND transmitted = ${integer(caseId)}`
