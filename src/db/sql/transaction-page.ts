import { fromInstant, integer } from './literal.ts'
import type { Row } from './row.ts'

/** Data of a transaction's page beside that of lists. */
export type TransactionDetail = {
  readonly line: string
  readonly trace: string
  readonly localTime: string
  readonly processingCode: string
  readonly debit: AccountView | null
  readonly credit: AccountView | null
  readonly ledgerAfter: number | null
  readonly availableAfter: number | null
  readonly undoneBy: string | null
  readonly confirmBy: number | null
  readonly returned: number
  readonly issueId: number | null
  readonly block: string | null
  readonly validUntil: string | null
  readonly cardLedger: number | null
  readonly cardAvailable: number | null
}

/** An account by its kind and owner; `card`: first six and last four. */
export type AccountView = { readonly kind: string; readonly owner: string }

const ACCOUNT = (column: string): string =>
  `COALESCE((SELECT CONCAT('card ', first_six, '******', last_four) FROM cards WHERE id = ${column} AND ${column} > 1000000),
    (SELECT CONCAT(kind, ' ', owner) FROM accounts WHERE id = ${column}))`

export const selectTransactionDetail = (id: number): string =>
  `SELECT t.line, t.trace, t.local_time, t.processing_code, ${ACCOUNT('t.debit_account')}, ${ACCOUNT('t.credit_account')},
   t.ledger_after, t.available_after, t.undone_by, t.confirm_by, t.returned, c.issue_id, c.block, c.valid_until, c.ledger,
   c.available FROM transactions t LEFT JOIN cards c ON c.id = t.card_id WHERE t.id = ${integer(id)}`

function toAccount(text: string | null): AccountView | null {
  if (text === null) return null
  const [kind = '', owner = ''] = text.split(' ')
  return { kind, owner }
}

export function toTransactionDetail(row: Row): TransactionDetail {
  const [line, trace, localTime, processingCode, debit, credit, ledgerAfter, availableAfter, undoneBy, confirmBy, returned,
    issueId, block, validUntil, cardLedger, cardAvailable] = row as [
    string, string, string, string, string | null, string | null, number | null, number | null, string | null,
    string | null, number, number | null, string | null, string | null, number | null, number | null,
  ] // prettier-ignore
  return {
    line,
    trace,
    localTime,
    processingCode,
    debit: toAccount(debit),
    credit: toAccount(credit),
    ledgerAfter,
    availableAfter,
    undoneBy,
    confirmBy: confirmBy === null || confirmBy.startsWith('9999') ? null : fromInstant(confirmBy),
    returned,
    issueId,
    block,
    validUntil,
    cardLedger,
    cardAvailable,
  }
}

/** Linked transactions in both directions, and the case. */
export const selectLinks = (id: number): string =>
  `SELECT o.id, o.received_at, COALESCE(o.operation, o.role), o.state, o.amount, o.who, 'original' FROM transactions t
     JOIN transactions o ON o.id = t.original_id WHERE t.id = ${integer(id)}
   UNION ALL
   SELECT f.id, f.at, COALESCE(f.role, f.operation), f.state, f.amount, f.who, 'follower' FROM search_transactions f
     WHERE f.original_id = ${integer(id)} ORDER BY 2, 1;
   SELECT id, reason, open_for IS NOT NULL FROM cases WHERE transaction_id = ${integer(id)} ORDER BY id DESC LIMIT 1`

export type LinkedRow = {
  readonly id: number
  readonly at: number
  readonly what: string
  readonly state: string
  readonly amount: number
  readonly who: string | null
  readonly isOriginal: boolean
}

export function toLinked(row: Row): LinkedRow {
  const [id, at, what, state, amount, who, as] = row as [number, string, string, string, number, string | null, string]
  return {
    id: Number(id),
    at: fromInstant(at),
    what,
    state,
    amount: Number(amount),
    who,
    isOriginal: as === 'original',
  }
}
