import { instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'
import { BY_OTHER_CARD } from './search.ts'

/** Booking days, both included; null: from the beginning, to the end. Stores and issues; null: all. */
export type Scope = {
  readonly from: string | null
  readonly to: string | null
  readonly stores: readonly string[] | null
  readonly issues: readonly number[] | null
}

export const list = (values: readonly (string | number)[]): string =>
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

/**
 * Activity of each booking day as it is kept: by the day of what was undone too, so that rows which are alike but for that
 * stand beside each other. To sum them up here took MariaDB three quarters of the time of a report over three years.
 */
export const selectActivityRows = (scope: Scope, operations: readonly string[]): string =>
  `SELECT day, store_code, issue_id, operation, channel, currency, count, amount, undone_count, undone_amount FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: 'issue_id' })} AND issue_id <> 0 AND operation IN (${list(operations)})
   ORDER BY day, store_code, issue_id, operation, channel, currency`

/** Activity by booking day, or by the day of what an undoing undoes. */
export function selectActivity(scope: Scope, by: 'day' | 'original_day', operations: readonly string[]): string {
  const where = within(scope, { day: by, store: 'store_code', issue: 'issue_id' })
  return `SELECT ${by}, store_code, issue_id, operation, channel, currency, CAST(SUM(count) AS SIGNED), CAST(SUM(amount) AS SIGNED),
     CAST(SUM(undone_count) AS SIGNED), CAST(SUM(undone_amount) AS SIGNED) FROM report_activity
   WHERE ${where} AND issue_id <> 0 AND operation IN (${list(operations)})
   GROUP BY ${by}, store_code, issue_id, operation, channel, currency ORDER BY ${by}, store_code, issue_id, operation, channel, currency`
}

/** Amounts of stores by operation and currency, gross less undone. */
export const selectSettledAmounts = (scope: Scope, operations: readonly string[]): string =>
  `SELECT store_code, operation, currency, CAST(SUM(amount - undone_amount) AS SIGNED) FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: 'issue_id' })} AND issue_id <> 0 AND operation IN (${list(operations)})
   GROUP BY store_code, operation, currency`

export const selectDeclined = (scope: Scope): string =>
  `SELECT reason, store_code, terminal_code, CAST(SUM(count) AS SIGNED) FROM report_declines
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} GROUP BY reason, store_code, terminal_code`

/** Days after one (null: from the beginning), up to another. */
export type DaysAfter = { readonly after: string | null; readonly until: string }

const afterDays = (column: string, { after, until }: DaysAfter): string =>
  `${column} <= ${text(until)}${after === null ? '' : ` AND ${column} > ${text(after)}`}`

/**
 * Debits and credits of each card on some days, and the day of the last one, including the other card of a duplicate. Folded
 * and archived transfers.
 */
export const sidesOf = (days: DaysAfter): string => {
  const moved = `${afterDays('s.business_date', days)} AND s.amount > 0`
  return `SELECT account, SUM(amount) AS amount, MAX(day) AS day FROM (
     SELECT t.credit_account AS account, CAST(t.amount AS SIGNED) AS amount, s.business_date AS day
       FROM search_transactions s JOIN transactions t ON t.id = s.id WHERE ${moved} AND t.credit_account > 1000000
     UNION ALL SELECT t.debit_account, -CAST(t.amount AS SIGNED), s.business_date
       FROM search_transactions s JOIN transactions t ON t.id = s.id WHERE ${moved} AND t.debit_account > 1000000
     UNION ALL SELECT account, amount, day FROM archived_moves WHERE ${afterDays('day', days)} AND account > 1000000
   ) AS sides GROUP BY account`
}

/** The same of some cards, by their own histories. */
export const sidesOfCards = (cards: readonly number[], days: DaysAfter): string => {
  const moved = `${afterDays('s.business_date', days)} AND s.amount > 0`
  const gained = (card: string): string =>
    `IF(t.credit_account = ${card}, t.amount, -CAST(t.amount AS SIGNED)) AS amount`
  return `SELECT account, SUM(amount) AS amount, MAX(day) AS day FROM (
     SELECT s.card_id AS account, ${gained('s.card_id')}, s.business_date AS day
       FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE s.card_id IN (${list(cards)}) AND ${moved} AND s.card_id IN (t.credit_account, t.debit_account)
     UNION ALL SELECT s.other_card_id, ${gained('s.other_card_id')}, s.business_date
       FROM search_transactions s ${BY_OTHER_CARD} JOIN transactions t ON t.id = s.id
       WHERE s.other_card_id IN (${list(cards)}) AND ${moved}
     UNION ALL SELECT account, amount, day FROM archived_moves WHERE account IN (${list(cards)}) AND ${afterDays('day', days)}
   ) AS sides GROUP BY account`
}

/** The last day, up to one, on which the account of a card (a column) moved; '1000-01-01' if there is none. */
export const lastMoveOf = (account: string, until: string): string => {
  const last = (card: 'card_id' | 'other_card_id'): string =>
    `COALESCE((SELECT MAX(s.business_date) FROM search_transactions s ${card === 'other_card_id' ? BY_OTHER_CARD : ''}
       JOIN transactions t ON t.id = s.id
       WHERE s.${card} = ${account} AND s.business_date <= ${text(until)} AND s.amount > 0
         AND ${account} IN (t.credit_account, t.debit_account)), '1000-01-01')`
  return `GREATEST(${last('card_id')}, ${last('other_card_id')})`
}

/**
 * Row `r` ended the wait of row `o`, its original, in a card's favour: it made the money available, or took it back before
 * it was. A confirmation that is repeated leaves its card alone and has no place in its history.
 */
export const endsWait = (o: string, r: string): string =>
  `((${o}.available_seq > IF(${o}.credit_account = ${o}.card_id, ${o}.card_seq, ${o}.other_seq)
      AND ${o}.available_seq IN (${r}.card_seq, ${r}.other_seq))
    OR (${r}.role IN ('reverses', 'cancels') AND ${o}.available_seq IS NULL AND ${r}.amount > 0
      AND NOT EXISTS (SELECT 1 FROM search_transactions e WHERE e.original_id = ${o}.id AND e.id < ${r}.id
        AND e.role IN ('reverses', 'cancels') AND e.amount > 0)))`

/**
 * The unconfirmed amounts in a card's favour at the end of a day: loads and returned money booked by then that still
 * wait, or that became available or were reversed (without having been available) only after it: by the row that did
 * so, not by its repeats. An amount that a till's next request confirmed has no such row, and counts as available from
 * its own day on.
 */
export const waitingAt = (day: string): string =>
  `SELECT account, SUM(amount) AS amount FROM (
     SELECT o.credit_account AS account, o.amount FROM transactions o
       WHERE o.confirm_by IS NOT NULL AND o.credit_account > 1000000 AND o.business_date <= ${text(day)}
     UNION ALL
     SELECT o.credit_account, o.amount FROM search_transactions s JOIN transactions r ON r.id = s.id
       JOIN transactions o ON o.id = r.original_id
       WHERE s.business_date > ${text(day)} AND s.business_date <= ${text(day)} + INTERVAL 8 DAY AND s.original_id IS NOT NULL
         AND r.state <> 'declined'
         AND o.business_date <= ${text(day)} AND o.credit_account > 1000000 AND o.amount > 0
         AND ${endsWait('o', 'r')}
     UNION ALL
     SELECT account, amount FROM archived_waits
       WHERE booked_on <= ${text(day)} AND ended_on > ${text(day)} AND ended_on <= ${text(day)} + INTERVAL 8 DAY
   ) AS waiting GROUP BY account`

/** Unconfirmed now, by the store that the transaction is of and the terminal. */
export const selectOpenNow = (stores: readonly string[] | null): string =>
  `SELECT COALESCE(t.for_store, t.store_code), t.terminal_code, COALESCE(i.currency, t.currency), COUNT(*), CAST(SUM(t.amount) AS SIGNED)
   FROM transactions t FORCE INDEX (transactions_unconfirmed) LEFT JOIN cards c ON c.id = t.card_id LEFT JOIN issues i ON i.id = c.issue_id
   WHERE t.confirm_by IS NOT NULL
     ${stores === null ? '' : `AND COALESCE(t.for_store, t.store_code) IN (${list(stores)})`}
   GROUP BY 1, 2, 3`

/** Amounts reversed by the timer on these days, by store and terminal of the original. */
export const selectByTimer = (scope: Scope): string =>
  `SELECT COALESCE(o.for_store, o.store_code), o.terminal_code, COALESCE(i.currency, o.currency), COUNT(*)
   FROM search_transactions s FORCE INDEX (search_transactions_terminal) JOIN transactions r ON r.id = s.id
   JOIN transactions o ON o.id = r.original_id LEFT JOIN cards c ON c.id = o.card_id LEFT JOIN issues i ON i.id = c.issue_id
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

/** Cards that a folded transfer moved in a scope, on these days of it (null: on all). */
export const selectMovedCards = (scope: Scope, days: readonly string[] | null): string =>
  `SELECT DISTINCT s.card_id FROM search_transactions s
   WHERE ${within({ ...scope, stores: null, issues: null }, { day: 's.business_date', store: null, issue: null })}
     ${days === null ? '' : `AND s.business_date IN (${list(days)})`}
     AND s.amount > 0 AND s.card_id IS NOT NULL`

/** Those of them on which something was undone, or an undoing booked again: what is of another day than its own. */
export const selectUndoneCards = (scope: Scope): string =>
  `${selectMovedCards(scope, null)} AND s.role IN ('cancels', 'reverses', 'confirms', 'rebooks')`

/**
 * Transactions beyond these cards' own that gave money to one of them or took it away: duplicates, refunds on other cards.
 * A refund that was taken back counts too (`returned` is 0 again then): it decides which portions the next one was given.
 */
export const selectLinked = (cards: readonly number[]): string =>
  `SELECT s.id FROM search_transactions s ${BY_OTHER_CARD} WHERE s.other_card_id IN (${list(cards)}) AND s.amount > 0
   UNION SELECT s.id FROM transactions p JOIN search_transactions s ON s.original_id = p.id
     WHERE p.card_id IN (${list(cards)}) AND p.operation = 'payment' AND s.operation = 'refund' AND s.amount > 0
   UNION SELECT p.id FROM transactions r JOIN transactions p ON p.id = r.original_id
     WHERE r.card_id IN (${list(cards)}) AND r.operation = 'refund' AND r.amount > 0 AND p.amount > 0`

/** Cards by issue, state and block: how many, and what they hold, with loads that are booked and not applied yet. */
export const selectCardStates = (issues: readonly number[] | null): string => {
  const among = (column: string): string => (issues === null ? 'TRUE' : `${column} IN (${list(issues)})`)
  return `SELECT issue_id, state, block, CAST(SUM(cards) AS SIGNED), CAST(SUM(ledger) AS SIGNED) FROM (
     SELECT issue_id, state, block, COUNT(*) AS cards, SUM(ledger) AS ledger FROM cards
       WHERE ${among('issue_id')} GROUP BY issue_id, state, block
     UNION ALL
     SELECT c.issue_id, c.state, c.block, 0, SUM(s.amount) FROM staged_loads s
       JOIN staged_batches b ON b.id = s.batch_id AND b.state = 'booked' JOIN cards c ON c.id = s.card_id
       WHERE ${among('c.issue_id')} GROUP BY c.issue_id, c.state, c.block) AS held
   GROUP BY issue_id, state, block`
}

/** Packs by recipient and state; days since the oldest that is on its way was dispatched. */
export const selectPackStates = (scope: Scope): string =>
  `SELECT COALESCE(p.store_code, p.counterparty_code), p.issue_id, p.state, COUNT(*), CAST(SUM(p.cards) AS SIGNED),
     MAX(IF(p.state = 'dispatched', TIMESTAMPDIFF(DAY, (SELECT MAX(e.at) FROM pack_events e
       WHERE e.pack_id = p.id AND e.event = 'dispatched'), CURRENT_TIMESTAMP(3)), NULL))
   FROM packs p WHERE ${within({ ...scope, from: null, to: null }, { day: '', store: 'COALESCE(p.store_code, p.counterparty_code)', issue: 'p.issue_id' })}
   GROUP BY 1, 2, 3`

/** Transfers of some cards until a day. */
export const selectTransfersOf = (cards: readonly number[], day: string): string =>
  `SELECT t.id FROM transactions t WHERE t.card_id IN (${list(cards)}) AND t.amount > 0 AND t.business_date <= ${text(day)}`

const TOTALS = ['credits', 'reversed_credits', 'debits', 'reversed_debits'] as const
const totalColumns = (prefix: string): string =>
  TOTALS.map((name) => `d.${prefix}${name}, d.${prefix}${name}_amount`).join(', ')

const dayEndsOf = (scope: Scope): string =>
  within(scope, { day: 'd.business_date', store: 'd.store_code', issue: null })

/** Ends of day in their order: our totals, whether the till's were the same, and whether it told any. */
export const selectDayEnds = (scope: Scope): string =>
  `SELECT d.id, d.business_date, d.store_code, d.terminal_code, d.agreed, d.claimed_credits IS NOT NULL, ${totalColumns('')}
   FROM day_ends d WHERE ${dayEndsOf(scope)} ORDER BY d.business_date, d.terminal_code, d.id`

/** The first and the last day that has one. */
export const selectDaysOfEnds = 'SELECT MIN(business_date), MAX(business_date) FROM day_ends'

/** Those that differ, in their order: since when, the till's totals, ours, and the till's net. */
export const selectDifferingEnds = (scope: Scope): string =>
  `SELECT d.id, d.since, ${totalColumns('claimed_')}, ${totalColumns('')}, d.claimed_net
   FROM day_ends d WHERE ${dayEndsOf(scope)} AND NOT d.agreed ORDER BY d.business_date, d.terminal_code, d.id`

/** Minutes that a clock is ahead of UTC; from an instant on, others. */
type Clock = { readonly minutes: number; readonly change: { readonly at: number; readonly minutes: number } | null }

/** Refunds, cancellations and keyed entries of terminals by hour of the day, on these days. */
export const selectTillActs = (scope: Scope, { minutes, change }: Clock): string =>
  `SELECT store_code, terminal_code, HOUR(at + INTERVAL ${change === null ? integer(minutes) : `IF(at < ${instant(change.at)}, ${integer(minutes)}, ${integer(change.minutes)})`} MINUTE),
     SUM(operation = 'refund' AND role = 'books'), SUM(role = 'cancels'), SUM(entry_mode LIKE '01%' AND role = 'books')
   FROM search_transactions WHERE ${within(scope, { day: 'business_date', store: 'store_code', issue: null })}
     AND channel = 'terminal' AND store_code <> 'AKART' AND state <> 'declined'
     AND (operation = 'refund' AND role = 'books' OR role = 'cancels' OR entry_mode LIKE '01%' AND role = 'books') GROUP BY 1, 2, 3`

/** Acts of people between two instants, from the audit. */
export const selectActsOfPeople = (from: string | null, until: string | null): string =>
  `SELECT who, channel, action, COUNT(*), CAST(SUM(outcome <> 'done') AS SIGNED), MAX(at) FROM audit
   WHERE ${from === null ? 'TRUE' : `at >= ${from}`} AND ${until === null ? 'TRUE' : `at < ${until}`} GROUP BY who, channel, action`

/** Payments less reversals, by store and currency. */
export const selectPaid = (scope: Scope): string =>
  `SELECT store_code, currency, CAST(SUM(count - undone_count) AS SIGNED), CAST(SUM(amount - undone_amount) AS SIGNED)
   FROM report_activity WHERE ${within(scope, { day: 'day', store: 'store_code', issue: 'issue_id' })}
     AND issue_id <> 0 AND operation = 'payment' GROUP BY store_code, currency`

/** Amounts given to counterparties until a day: loads of their packs and batches less returns. */
export const selectGiven = (scope: Scope): string =>
  `SELECT store_code, currency, operation, CAST(SUM(amount - undone_amount) AS SIGNED) FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} AND operation IN ('pack_sale', 'ecard_sale', 'welfare_load', 'welfare_recall')
   GROUP BY store_code, currency, operation`

/** Payments by counterparties on these days. */
export const selectReceived = (scope: Scope): string =>
  `SELECT counterparty_code, currency, CAST(SUM(amount) AS SIGNED) FROM counterparty_payments
   WHERE ${within(scope, { day: 'paid_on', store: 'counterparty_code', issue: null })} GROUP BY counterparty_code, currency`

/** Whether the cards of each issue are single-purpose or multi-purpose vouchers. */
export const selectVoucherKinds = 'SELECT id, voucher_kind, vat_rate FROM issues'

export function toVoucherKind(row: Row): { issueId: number; voucher: string; vatRate: string | null } {
  const [issueId, voucher, vatRate] = row as [number, string, string | null]
  return { issueId, voucher, vatRate }
}

/** Figures that people give, by name. */
export const selectInputs = 'SELECT name, value, who, at FROM report_inputs'

/** The same by day, issue and operation, with the number of loads: for a statement. */
export const selectGivenByDay = (scope: Scope): string =>
  `SELECT day, issue_id, operation, currency, CAST(SUM(count - undone_count) AS SIGNED), CAST(SUM(amount - undone_amount) AS SIGNED)
   FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} AND operation IN ('pack_sale', 'ecard_sale', 'welfare_load', 'welfare_recall')
   GROUP BY day, issue_id, operation, currency ORDER BY day, operation, issue_id`
