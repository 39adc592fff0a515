import { fromInstant, instant, integer, text } from './literal.ts'
import type { Scope } from './report-queries.ts'
import { within } from './report-queries.ts'
import { oneOf, type Row } from './row.ts'

export const SETTLEMENT_STATES = ['proposed', 'closed', 'refused'] as const
export type SettlementState = (typeof SETTLEMENT_STATES)[number]

/** A line of its own days; of reversals of transactions that another settlement has closed; of late bookings on closed days. */
export const LINE_KINDS = ['own', 'undone', 'late'] as const
export type LineKind = (typeof LINE_KINDS)[number]

export type SettlementRow = {
  readonly id: number
  readonly number: number | null
  readonly state: SettlementState
  readonly from: string
  readonly to: string
  readonly definition: number
  readonly exactAt: number
  readonly exactRows: number
  readonly exactSum: number
  readonly digest: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly closedBy: string | null
  readonly closedAt: number | null
}

export type SettlementLine = {
  readonly kind: LineKind
  /** The settlement that it corrects; 0: none. */
  readonly corrects: number
  readonly store: string
  readonly currency: number
  readonly receivable: number
  readonly payable: number
}

export type SettlementCell = {
  readonly kind: LineKind
  readonly corrects: number
  readonly origin: string
  readonly spentIn: string
  readonly currency: number
  readonly amount: number
}

const SELECT = `SELECT id, number, state, from_day, to_day, definition, exact_at, exact_rows, exact_sum, digest, proposed_by,
  proposed_at, closed_by, closed_at FROM settlements`

/** The newest first, but for those that were refused. */
export const selectSettlements = (most: number): string =>
  `${SELECT} WHERE state <> 'refused' ORDER BY id DESC LIMIT ${integer(most)}`
/** All settlements of one of these stores except refused ones: a further settlement must consider each. */
export const selectSettlementsOf = (stores: readonly string[]): string =>
  `${SELECT} WHERE state <> 'refused' AND id IN (SELECT settlement_id FROM settlement_stores
     WHERE store_code IN (${stores.length === 0 ? 'NULL' : stores.map(text).join(',')})) ORDER BY id DESC`
export const selectSettlement = (id: number): string => `${SELECT} WHERE id = ${integer(id)}`
export const selectSettlementNumbered = (number: number): string => `${SELECT} WHERE number = ${integer(number)}`

export function toSettlement(row: Row): SettlementRow {
  const [id, number, state, from, to, definition, exactAt, exactRows, exactSum, digest, by, at, closedBy, closedAt] =
    row as [
      number, number | null, string, string, string, number, string, number, number, string, string, string, string | null,
      string | null,
    ] // prettier-ignore
  return {
    id,
    number,
    state: oneOf(SETTLEMENT_STATES, state),
    from,
    to,
    definition,
    exactAt: fromInstant(exactAt),
    exactRows,
    exactSum,
    digest,
    proposedBy: by,
    proposedAt: fromInstant(at),
    closedBy,
    closedAt: closedAt === null ? null : fromInstant(closedAt),
  }
}

const of = (column: string, ids: readonly number[]): string =>
  `${column} IN (${ids.length === 0 ? 'NULL' : ids.map(integer).join(',')})`

/** Of these settlements. */
export const selectSettlementStores = (ids: readonly number[]): string =>
  `SELECT settlement_id, store_code FROM settlement_stores WHERE ${of('settlement_id', ids)} ORDER BY settlement_id, store_code`
export const selectSettlementLines = (ids: readonly number[]): string =>
  `SELECT settlement_id, kind, of_settlement, store_code, currency, receivable, payable FROM settlement_lines
   WHERE ${of('settlement_id', ids)} ORDER BY settlement_id, kind, of_settlement, store_code, currency`
export const selectSettlementMatrix = (ids: readonly number[]): string =>
  `SELECT settlement_id, kind, of_settlement, origin, spent_in, currency, amount FROM settlement_matrix
   WHERE ${of('settlement_id', ids)} ORDER BY settlement_id, kind, of_settlement, origin, spent_in, currency`
export const selectSettlementSeen = (ids: readonly number[]): string =>
  `SELECT settlement_id, of_settlement, transfers FROM settlement_seen WHERE ${of('settlement_id', ids)}`

export function toLine(row: Row): SettlementLine {
  const [, kind, other, store, currency, receivable, payable] = row as [
    number, string, number, string, number, number, number,
  ] // prettier-ignore
  return { kind: oneOf(LINE_KINDS, kind), corrects: other, store, currency, receivable, payable }
}

export function toCell(row: Row): SettlementCell {
  const [, kind, other, origin, spentIn, currency, amount] = row as [
    number, string, number, string, string, number, number,
  ] // prettier-ignore
  return { kind: oneOf(LINE_KINDS, kind), corrects: other, origin, spentIn, currency, amount }
}

export const insertSettlement = (s: SettlementRow): string =>
  `INSERT INTO settlements (id, state, from_day, to_day, definition, exact_at, exact_rows, exact_sum, digest, proposed_by,
     proposed_at) VALUES (${integer(s.id)},${text(s.state)},${text(s.from)},${text(s.to)},${integer(s.definition)},
   ${instant(s.exactAt)},${integer(s.exactRows)},${integer(s.exactSum)},${text(s.digest)},${text(s.proposedBy)},${instant(s.proposedAt)})`

export const insertSettlementStores = (id: number, stores: readonly string[]): string =>
  `INSERT INTO settlement_stores (settlement_id, store_code) VALUES ${stores
    .map((store) => `(${integer(id)},${text(store)})`)
    .join(',')}`

export const insertSettlementLines = (id: number, lines: readonly SettlementLine[]): string =>
  `INSERT INTO settlement_lines (settlement_id, kind, of_settlement, store_code, currency, receivable, payable) VALUES ${lines
    .map(
      (l) =>
        `(${integer(id)},${text(l.kind)},${integer(l.corrects)},${text(l.store)},${integer(l.currency)},${integer(l.receivable)},${integer(l.payable)})`,
    )
    .join(',')}`

export const insertSettlementMatrix = (id: number, cells: readonly SettlementCell[]): string =>
  `INSERT INTO settlement_matrix (settlement_id, kind, of_settlement, origin, spent_in, currency, amount) VALUES ${cells
    .map(
      (c) =>
        `(${integer(id)},${text(c.kind)},${integer(c.corrects)},${text(c.origin)},${text(c.spentIn)},${integer(c.currency)},${integer(c.amount)})`,
    )
    .join(',')}`

export const insertSettlementSeen = (id: number, seen: ReadonlyMap<number, number>): string =>
  `INSERT INTO settlement_seen (settlement_id, of_settlement, transfers) VALUES ${[...seen]
    .map(([other, transfers]) => `(${integer(id)},${integer(other)},${integer(transfers)})`)
    .join(',')}`

/** Serialises proposals and closings until the end of the transaction. */
export const lockSettlements = 'SELECT last FROM settlement_numbers WHERE id = 1 FOR UPDATE'

/** A fingerprint of the settlements and their states: if it changes, figures computed before are outdated. */
export const selectSettlementStates = `SELECT COUNT(*), COALESCE(MAX(id), 0), COALESCE(SUM(state = 'closed'), 0) FROM settlements WHERE state <> 'refused'`

export const closeSettlement = (id: number, who: string, at: number): string =>
  `UPDATE settlement_numbers SET last = last + 1 WHERE id = 1;
   UPDATE settlements SET state = 'closed', number = (SELECT last FROM settlement_numbers WHERE id = 1),
     closed_by = ${text(who)}, closed_at = ${instant(at)} WHERE id = ${integer(id)} AND state = 'proposed'`

export const refuseSettlement = (id: number): string =>
  `UPDATE settlements SET state = 'refused' WHERE id = ${integer(id)} AND state = 'proposed'`

/** Receipts and payments of stores on these booking days, by the day of the original for undoings. */
export const selectSettledByOriginal = (scope: Scope, operations: readonly string[]): string =>
  `SELECT store_code, currency, original_day, operation, CAST(SUM(amount - undone_amount) AS SIGNED) FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: 'issue_id' })} AND issue_id <> 0
     AND operation IN (${operations.map(text).join(',')})
   GROUP BY store_code, currency, original_day, operation`

/** How many transfers are folded of these days. */
export const selectTransfersOf = (from: string, to: string): string =>
  `SELECT CAST(COALESCE(SUM(transfers), 0) AS SIGNED) FROM report_days WHERE day BETWEEN ${text(from)} AND ${text(to)}`
