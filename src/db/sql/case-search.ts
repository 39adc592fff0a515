import type { CardState } from '../../core/card.ts'
import type { Bearer, Rest } from '../../core/shortfall.ts'
import { fromInstant, instant, integer, text, word } from './literal.ts'
import { beyond, orderBy, type Order, type Place } from './keyset.ts'
import type { Row } from './row.ts'

export type CaseCriteria = {
  readonly open: boolean
  readonly store: string | null
  readonly reason: string | null
  readonly stores: 'all' | ReadonlySet<string>
  readonly id: number | null
}

/** A case in the work list, and on its page. */
export type CaseRow = {
  readonly id: number
  readonly openedAt: number
  readonly reason: string
  readonly amount: number
  readonly currency: number
  readonly cardId: number | null
  readonly firstSix: string | null
  readonly lastFour: string | null
  readonly store: string
  readonly terminal: string
  readonly transaction: number
  readonly operation: string | null
  readonly closedAt: number | null
  readonly resolution: string | null
  readonly closedBy: string | null
  readonly note: string | null
  readonly claim: string | null
  readonly proposal: number | null
  readonly state: string
  readonly undoneBy: string | null
  readonly receivedAt: number
  readonly asked: number | null
  readonly result: string
  /** Money went to the card. */
  readonly credits: boolean
  readonly ledger: number | null
  readonly available: number | null
  readonly returned: number
  readonly role: string
  readonly cardState: CardState | null
  readonly soldAt: number | null
  /** The bearer and amount of what the card could not cover. */
  readonly rest: Rest | null
}

const SELECT = `SELECT c.id, c.opened_at, c.reason, COALESCE(NULLIF(t.amount, 0), t.amount_asked, 0),
  COALESCE(t.currency, i.currency, s.currency, 985), c.card_id, k.first_six, k.last_four, COALESCE(t.for_store, t.store_code), t.terminal_code, t.id,
  t.operation, c.closed_at, c.resolution, c.closed_by, c.note, c.claim, p.id, t.state, t.undone_by, t.received_at,
  t.amount_asked, t.result, COALESCE(t.credit_account = c.card_id, 0), k.ledger, k.available, t.returned, t.role, k.state, k.sold_at,
  c.borne_by, c.borne
  FROM cases c JOIN transactions t ON t.id = c.transaction_id LEFT JOIN cards k ON k.id = c.card_id
  LEFT JOIN issues i ON i.id = k.issue_id LEFT JOIN stores s ON s.code = t.store_code
  LEFT JOIN proposals p ON p.kind = 'case' AND p.open_for = c.id`

export function toCaseRow(row: Row): CaseRow {
  const [id, openedAt, reason, amount, currency, cardId, firstSix, lastFour, store, terminal, transaction, operation,
    closedAt, resolution, closedBy, note, claim, proposal, state, undoneBy, receivedAt, asked, result, credits, ledger,
    available, returned, role, cardState, soldAt, borneBy, borne] = row as [
    number, string, string, number, number, number | null, string | null, string | null, string, string, number,
    string | null, string | null, string | null, string | null, string | null, string | null, number | null, string,
    string | null, string, number | null, string, number, number | null, number | null, number, string,
    CardState | null, string | null, Bearer | null, number | null,
  ] // prettier-ignore
  return {
    id, openedAt: fromInstant(openedAt), reason, amount: Number(amount), currency: Number(currency), cardId, firstSix,
    lastFour, store, terminal, transaction, operation, closedAt: closedAt === null ? null : fromInstant(closedAt), resolution,
    closedBy, note, claim, proposal, state, undoneBy, receivedAt: fromInstant(receivedAt), asked, result,
    credits: credits === 1, ledger, available, returned, role, cardState,
    soldAt: soldAt === null ? null : fromInstant(soldAt),
    rest: borneBy === null || borne === null ? null : { bearer: borneBy, amount: borne },
  } // prettier-ignore
}

export const CASE_ORDERS = {
  age: { expression: 'c.opened_at', id: 'c.id', descending: false },
  amount: { expression: 'COALESCE(NULLIF(t.amount, 0), t.amount_asked, 0)', id: 'c.id', descending: true },
} as const satisfies Record<string, Order>

export function selectCaseRows(criteria: CaseCriteria, order: Order, after: Place | null, most: number): string {
  const { open, store, reason, stores, id } = criteria
  const where = [
    ...(open ? ['c.open_for IS NOT NULL'] : []),
    ...(store === null ? [] : [`COALESCE(t.for_store, t.store_code) = ${word(store)}`]),
    ...(reason === null ? [] : [`c.reason = ${word(reason)}`]),
    ...(stores === 'all' ? [] : [`COALESCE(t.for_store, t.store_code) IN (${['', ...stores].map(text).join(',')})`]),
    ...(id === null ? [] : [`c.id = ${integer(id)}`]),
    ...(after === null ? [] : [beyond(order, after)]),
  ]
  return `${SELECT} ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ${orderBy(order)} LIMIT ${integer(most)}`
}

/** The clerk's decisions since then about this card in this store. */
export const sumDecided = (who: string, cardId: number, store: string, since: number): string =>
  `SELECT COALESCE(SUM(COALESCE(NULLIF(t.amount, 0), t.amount_asked, 0)), 0) FROM cases c
   JOIN transactions t ON t.id = c.transaction_id WHERE c.card_id = ${integer(cardId)} AND c.closed_by = ${text(who)}
   AND c.closed_at >= ${instant(since)} AND COALESCE(t.for_store, t.store_code) = ${text(store)}`
