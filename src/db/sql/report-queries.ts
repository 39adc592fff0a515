import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Booking days, both included; null: from the beginning, to the end. Stores and issues; null: all. */
export type Scope = {
  readonly from: string | null
  readonly to: string | null
  readonly stores: readonly string[] | null
  readonly issues: readonly number[] | null
}

const list = (values: readonly (string | number)[]): string =>
  values.length === 0
    ? 'NULL'
    : values.map((value) => (typeof value === 'number' ? integer(value) : text(value))).join(',')

/** `TRUE` and one condition for each part of a scope, over these columns; null: the table has no such column. */
export function within(
  { from, to, stores, issues }: Scope,
  columns: { readonly day: string; readonly store: string | null; readonly issue: string | null },
): string {
  return [
    'TRUE',
    ...(from === null ? [] : [`${columns.day} >= ${text(from)}`]),
    ...(to === null ? [] : [`${columns.day} <= ${text(to)}`]),
    ...(stores === null || columns.store === null ? [] : [`${columns.store} IN (${list(stores)})`]),
    ...(issues === null || columns.issue === null ? [] : [`${columns.issue} IN (${list(issues)})`]),
  ].join(' AND ')
}

/** Activity by booking day, or by the day of what an undoing undoes. */
export function selectActivity(scope: Scope, by: 'day' | 'original_day', operations: readonly string[]): string {
  const where = within(scope, { day: by, store: 'store_code', issue: 'issue_id' })
  return `SELECT ${by}, store_code, issue_id, operation, channel, currency, CAST(SUM(count) AS SIGNED), CAST(SUM(amount) AS SIGNED),
     CAST(SUM(undone_count) AS SIGNED), CAST(SUM(undone_amount) AS SIGNED) FROM report_activity
   WHERE ${where} AND issue_id <> 0 AND operation IN (${list(operations)})
   GROUP BY ${by}, store_code, issue_id, operation, channel, currency`
}

/** What cards of each issue and store of sale gained and lost, by operation; `from` apart, so that an opening can be had. */
export const selectBalances = (scope: Scope): string =>
  `SELECT issue_id, sold_in, operation, CAST(SUM(gross) AS SIGNED), CAST(SUM(undone) AS SIGNED) FROM report_balances
   WHERE ${within(scope, { day: 'day', store: 'sold_in', issue: 'issue_id' })} GROUP BY issue_id, sold_in, operation`

export const selectDeclined = (scope: Scope): string =>
  `SELECT reason, store_code, terminal_code, CAST(SUM(count) AS SIGNED) FROM report_declines
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} GROUP BY reason, store_code, terminal_code`

/** What each card gained and lost on the days after one, the other card of a duplicate too. Folded transfers only. */
const movesAfter = (day: string): string =>
  `SELECT account, SUM(amount) AS amount FROM (
     SELECT t.credit_account AS account, t.amount FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE s.business_date > ${text(day)} AND s.amount > 0 AND t.credit_account > 1000000
     UNION ALL SELECT t.debit_account, -t.amount FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE s.business_date > ${text(day)} AND s.amount > 0 AND t.debit_account > 1000000) AS sides GROUP BY account`

/**
 * What was unconfirmed in a card's favour at the end of a day: loads and returned money booked by then which wait still, or
 * became available, or were taken back without having been, only after it.
 */
const waitingAt = (day: string): string =>
  `SELECT account, SUM(amount) AS amount FROM (
     SELECT o.credit_account AS account, o.amount FROM transactions o
       WHERE o.confirm_by IS NOT NULL AND o.credit_account > 1000000 AND o.business_date <= ${text(day)}
     UNION ALL
     SELECT o.credit_account, o.amount FROM search_transactions s JOIN transactions r ON r.id = s.id
       JOIN transactions o ON o.id = r.original_id
       WHERE s.business_date > ${text(day)} AND s.business_date <= ${text(day)} + INTERVAL 8 DAY AND r.state <> 'declined'
         AND o.business_date <= ${text(day)} AND o.credit_account > 1000000 AND o.amount > 0
         AND ((r.role = 'confirms' AND o.available_seq > o.card_seq)
           OR (r.role IN ('reverses', 'cancels') AND o.available_seq IS NULL AND r.amount > 0))
   ) AS waiting GROUP BY account`

/** A sum of cards that are alike: of one issue, sold in one store on one day. */
export type CardSum = {
  readonly issueId: number
  readonly soldIn: string
  readonly soldOn: string | null
  readonly validUntil: string | null
  readonly ledger: number
  readonly unconfirmed: number
  readonly cards: number
  readonly firstCard: number
}

/**
 * Cards with money on them at the end of a day: as they are now, less what moved them after it. null: now. `only`: these
 * cards, one row for each, with its id at the end; `but`: all cards without these.
 */
export function selectCardSums(
  day: string | null,
  { issues, only, but }: { issues: readonly number[] | null; only?: readonly number[]; but?: readonly number[] },
): string {
  const ledger = day === null ? 'c.ledger' : '(c.ledger - COALESCE(m.amount, 0))'
  const unconfirmed = day === null ? '(c.ledger - c.available)' : 'COALESCE(w.amount, 0)'
  return `SELECT c.issue_id, COALESCE(s.sold_in, ''), s.sold_on, c.valid_until, CAST(SUM(${ledger}) AS SIGNED),
     CAST(SUM(${unconfirmed}) AS SIGNED), CAST(SUM(${ledger} <> 0) AS SIGNED), MIN(c.id)
   FROM cards c LEFT JOIN report_sales s ON s.card_id = c.id
   ${day === null ? '' : `LEFT JOIN (${movesAfter(day)}) AS m ON m.account = c.id LEFT JOIN (${waitingAt(day)}) AS w ON w.account = c.id`}
   WHERE ${issues === null ? 'TRUE' : `c.issue_id IN (${list(issues)})`}
     ${only === undefined ? `AND ${ledger} <> 0` : `AND c.id IN (${list(only)})`}
     ${but === undefined || but.length === 0 ? '' : `AND c.id NOT IN (${list(but)})`}
   GROUP BY c.issue_id, s.sold_in, s.sold_on, c.valid_until${only === undefined ? '' : ', c.id'}`
}

export function toCardSum(row: Row): CardSum {
  const [issueId, soldIn, soldOn, validUntil, ledger, unconfirmed, cards, firstCard] = row as [
    number, string, string | null, string | null, number, number, number, number,
  ] // prettier-ignore
  return { issueId, soldIn, soldOn, validUntil, ledger, unconfirmed, cards, firstCard }
}

/** Unconfirmed now, by the store that the transaction is of and the terminal. */
export const selectOpenNow = (stores: readonly string[] | null): string =>
  `SELECT COALESCE(t.for_store, t.store_code), t.terminal_code, COALESCE(i.currency, t.currency), COUNT(*), CAST(SUM(t.amount) AS SIGNED)
   FROM transactions t FORCE INDEX (transactions_unconfirmed) LEFT JOIN cards c ON c.id = t.card_id LEFT JOIN issues i ON i.id = c.issue_id
   WHERE t.confirm_by IS NOT NULL
     ${stores === null ? '' : `AND COALESCE(t.for_store, t.store_code) IN (${list(stores)})`}
   GROUP BY 1, 2, 3`

/** What the timer took back on these days, by the store and terminal of what it took back. */
export const selectByTimer = (scope: Scope): string =>
  `SELECT COALESCE(o.for_store, o.store_code), o.terminal_code, COALESCE(i.currency, o.currency), COUNT(*)
   FROM search_transactions s JOIN transactions r ON r.id = s.id JOIN transactions o ON o.id = r.original_id
   LEFT JOIN cards c ON c.id = o.card_id LEFT JOIN issues i ON i.id = c.issue_id
   WHERE ${within(scope, { day: 's.business_date', store: 'COALESCE(o.for_store, o.store_code)', issue: null })}
     AND s.role = 'reverses' AND s.terminal_code = 'TIMER' AND s.amount > 0 GROUP BY 1, 2, 3`

/** Cases opened and cleared between two instants, and seconds that the cleared ones took. */
export const selectCasesOf = (scope: Scope, from: string | null, until: string | null): string => {
  const within = (column: string): string =>
    `${from === null ? 'TRUE' : `${column} >= ${from}`} AND ${until === null ? 'TRUE' : `${column} < ${until}`}`
  return `SELECT COALESCE(t.for_store, t.store_code), t.terminal_code, COALESCE(i.currency, t.currency), SUM(${within('k.opened_at')}),
     SUM(k.closed_at IS NOT NULL AND ${within('k.closed_at')}),
     CAST(SUM(IF(k.closed_at IS NOT NULL AND ${within('k.closed_at')}, TIMESTAMPDIFF(SECOND, k.opened_at, k.closed_at), 0)) AS SIGNED)
   FROM cases k JOIN transactions t ON t.id = k.transaction_id LEFT JOIN cards c ON c.id = t.card_id LEFT JOIN issues i ON i.id = c.issue_id
   WHERE ((${within('k.opened_at')}) OR (k.closed_at IS NOT NULL AND ${within('k.closed_at')}))
     ${scope.stores === null ? '' : `AND COALESCE(t.for_store, t.store_code) IN (${list(scope.stores)})`}
   GROUP BY 1, 2, 3`
}

/** Cards that a folded transfer moved on these days. */
export const selectMovedCards = (scope: Scope): string =>
  `SELECT DISTINCT s.card_id FROM search_transactions s
   WHERE ${within({ ...scope, stores: null, issues: null }, { day: 's.business_date', store: null, issue: null })}
     AND s.amount > 0 AND s.card_id IS NOT NULL`

/** Transactions beyond these cards' own that gave money to one of them or took it away: duplicates, refunds on other cards. */
export const selectLinked = (cards: readonly number[]): string =>
  `SELECT s.id FROM search_transactions s WHERE s.other_card_id IN (${list(cards)}) AND s.amount > 0
   UNION SELECT s.id FROM transactions p JOIN search_transactions s ON s.original_id = p.id
     WHERE p.card_id IN (${list(cards)}) AND p.operation = 'payment' AND p.returned > 0 AND s.operation = 'refund' AND s.amount > 0
   UNION SELECT p.id FROM transactions r JOIN transactions p ON p.id = r.original_id
     WHERE r.card_id IN (${list(cards)}) AND r.operation = 'refund' AND r.amount > 0 AND p.amount > 0`
