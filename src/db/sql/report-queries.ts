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

/**
 * Debits and credits of cards by issue, store of sale and operation; `from` is separate, so that an opening balance can
 * be computed.
 */
export const selectBalances = (scope: Scope): string =>
  `SELECT issue_id, sold_in, operation, CAST(SUM(gross) AS SIGNED), CAST(SUM(undone) AS SIGNED) FROM report_balances
   WHERE ${within(scope, { day: 'day', store: 'sold_in', issue: 'issue_id' })} GROUP BY issue_id, sold_in, operation`

export const selectDeclined = (scope: Scope): string =>
  `SELECT reason, store_code, terminal_code, CAST(SUM(count) AS SIGNED) FROM report_declines
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} GROUP BY reason, store_code, terminal_code`

/** Debits and credits of each card after a day, including the other card of a duplicate. Folded transfers only. */
const movesAfter = (day: string): string =>
  `SELECT account, SUM(amount) AS amount FROM (
     SELECT t.credit_account AS account, t.amount FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE s.business_date > ${text(day)} AND s.amount > 0 AND t.credit_account > 1000000
     UNION ALL SELECT t.debit_account, -t.amount FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE s.business_date > ${text(day)} AND s.amount > 0 AND t.debit_account > 1000000
     UNION ALL SELECT account, amount FROM archived_moves WHERE day > ${text(day)} AND account > 1000000
   ) AS sides GROUP BY account`

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
const waitingAt = (day: string): string =>
  `SELECT account, SUM(amount) AS amount FROM (
     SELECT o.credit_account AS account, o.amount FROM transactions o
       WHERE o.confirm_by IS NOT NULL AND o.credit_account > 1000000 AND o.business_date <= ${text(day)}
     UNION ALL
     SELECT o.credit_account, o.amount FROM search_transactions s JOIN transactions r ON r.id = s.id
       JOIN transactions o ON o.id = r.original_id
       WHERE s.business_date > ${text(day)} AND s.business_date <= ${text(day)} + INTERVAL 8 DAY AND r.state <> 'declined'
         AND o.business_date <= ${text(day)} AND o.credit_account > 1000000 AND o.amount > 0
         AND ${endsWait('o', 'r')}
     UNION ALL
     SELECT account, amount FROM archived_waits
       WHERE booked_on <= ${text(day)} AND ended_on > ${text(day)} AND ended_on <= ${text(day)} + INTERVAL 8 DAY
   ) AS waiting GROUP BY account`

/** The last booking day on which each card gained or lost, up to a day; null: up to now. Folded transfers only. */
const lastMoves = (day: string | null): string => {
  const moved = `s.amount > 0${day === null ? '' : ` AND s.business_date <= ${text(day)}`}`
  return `SELECT account, MAX(day) AS day FROM (
     SELECT t.credit_account AS account, s.business_date AS day FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE ${moved} AND t.credit_account > 1000000
     UNION ALL SELECT t.debit_account, s.business_date FROM search_transactions s JOIN transactions t ON t.id = s.id
       WHERE ${moved} AND t.debit_account > 1000000
     UNION ALL SELECT account, day FROM archived_moves
       WHERE account > 1000000${day === null ? '' : ` AND day <= ${text(day)}`}) AS sides GROUP BY account`
}

/** A sum of cards that are alike: of one issue, sold in one store on one day. */
export type CardSum = {
  readonly issueId: number
  readonly soldIn: string
  readonly soldOn: string | null
  readonly validUntil: string | null
  /** The day of the last transfer, undoings too; null: not asked for, or there is none. */
  readonly movedOn: string | null
  readonly ledger: number
  readonly unconfirmed: number
  readonly cards: number
  readonly firstCard: number
}

/**
 * Cards with money on them at the end of a day: as they are now, less what moved them after it. null: now. `only`: these
 * cards, one row for each, with its id at the end; `but`: all cards without these. `moved`: by the day of their last
 * transfer too, which reads every transfer.
 */
export function selectCardSums(
  day: string | null,
  {
    issues,
    only,
    but,
    moved,
  }: {
    issues: readonly number[] | null
    only?: readonly number[]
    but?: readonly number[]
    moved: boolean
  },
): string {
  const ledger = day === null ? 'c.ledger' : '(c.ledger - COALESCE(m.amount, 0))'
  const unconfirmed = day === null ? '(c.ledger - c.available)' : 'COALESCE(w.amount, 0)'
  return `SELECT c.issue_id, COALESCE(s.sold_in, ''), s.sold_on, c.valid_until, CAST(SUM(${ledger}) AS SIGNED),
     CAST(SUM(${unconfirmed}) AS SIGNED), CAST(SUM(${ledger} <> 0) AS SIGNED), MIN(c.id), ${moved ? 'a.day' : 'NULL'}
   FROM cards c LEFT JOIN report_sales s ON s.card_id = c.id
   ${moved ? `LEFT JOIN (${lastMoves(day)}) AS a ON a.account = c.id` : ''}
   ${day === null ? '' : `LEFT JOIN (${movesAfter(day)}) AS m ON m.account = c.id LEFT JOIN (${waitingAt(day)}) AS w ON w.account = c.id`}
   WHERE ${issues === null ? 'TRUE' : `c.issue_id IN (${list(issues)})`}
     ${only === undefined ? `AND ${ledger} <> 0` : `AND c.id IN (${list(only)})`}
     ${but === undefined || but.length === 0 ? '' : `AND c.id NOT IN (${list(but)})`}
   GROUP BY c.issue_id, s.sold_in, s.sold_on, c.valid_until${moved ? ', a.day' : ''}${only === undefined ? '' : ', c.id'}`
}

export function toCardSum(row: Row): CardSum {
  const [issueId, soldIn, soldOn, validUntil, ledger, unconfirmed, cards, firstCard, movedOn] = row as [
    number, string, string | null, string | null, number, number, number, number, string | null,
  ] // prettier-ignore
  return { issueId, soldIn, soldOn, validUntil, movedOn, ledger, unconfirmed, cards, firstCard }
}

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

/**
 * Transactions beyond these cards' own that gave money to one of them or took it away: duplicates, refunds on other cards.
 * A refund that was taken back counts too (`returned` is 0 again then): it decides which portions the next one was given.
 */
export const selectLinked = (cards: readonly number[]): string =>
  `SELECT s.id FROM search_transactions s WHERE s.other_card_id IN (${list(cards)}) AND s.amount > 0
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

/** Debits and credits of cards until a day, by the month of sale and the months since; without it for unsold cards. */
export const selectCohorts = (scope: Scope): string =>
  `SELECT issue_id, cohort, months, operation, CAST(SUM(amount) AS SIGNED) FROM (
     SELECT c.issue_id, DATE_FORMAT(r.sold_on, '%Y-%m') AS cohort, TIMESTAMPDIFF(MONTH, r.sold_on, s.business_date) AS months,
       s.operation, IF(t.credit_account = t.card_id, t.amount, -CAST(t.amount AS SIGNED)) AS amount
     FROM search_transactions s JOIN transactions t ON t.id = s.id JOIN cards c ON c.id = t.card_id
     JOIN report_sales r ON r.card_id = t.card_id
     WHERE s.amount > 0 AND s.operation <> 'duplicate' AND COALESCE(t.card_seq, r.seq) >= r.seq
       AND ${within({ ...scope, from: null }, { day: 's.business_date', store: 'r.sold_in', issue: 'c.issue_id' })}
     UNION ALL SELECT issue_id, cohort, months, operation, amount FROM archived_cohorts
     WHERE ${within({ ...scope, from: null }, { day: 'day', store: 'sold_in', issue: 'issue_id' })}
   ) AS moved GROUP BY issue_id, cohort, months, operation`

/** Transfers until a day that are older than the sale of their card that stands now: its sale was undone since. */
export const selectOfEarlierSales = ({ to }: Scope): string =>
  `SELECT STRAIGHT_JOIN t.id FROM report_sales r JOIN transactions t ON t.card_id = r.card_id AND t.card_seq < r.seq
   JOIN search_transactions s ON s.id = t.id
   WHERE r.seq > 1 AND t.amount > 0 AND t.operation <> 'duplicate'${to === null ? '' : ` AND t.business_date <= ${text(to)}`}`

/** Cards that were sold after a day and had a history before that sale: few, since a first sale is a card's first transfer. */
export const selectSoldAgainAfter = (day: string): string =>
  `SELECT card_id FROM report_sales WHERE seq > 1 AND sold_on > ${text(day)}`

/** Transfers of some cards until a day. */
export const selectTransfersOf = (cards: readonly number[], day: string): string =>
  `SELECT t.id FROM transactions t WHERE t.card_id IN (${list(cards)}) AND t.amount > 0 AND t.business_date <= ${text(day)}`

const TOTALS = ['credits', 'reversed_credits', 'debits', 'reversed_debits'] as const
const totalColumns = (prefix: string): string =>
  TOTALS.map((name) => `d.${prefix}${name}, d.${prefix}${name}_amount`).join(', ')

/** Ends of day: our totals, the till's totals, and whether they agreed. */
export const selectDayEnds = (scope: Scope): string =>
  `SELECT d.id, d.since, d.business_date, d.store_code, d.terminal_code, s.currency, d.agreed, ${totalColumns('')}, ${totalColumns('claimed_')}
   FROM day_ends d JOIN stores s ON s.code = d.store_code
   WHERE ${within(scope, { day: 'd.business_date', store: 'd.store_code', issue: null })} ORDER BY d.business_date, d.terminal_code, d.id`

/** Refunds, cancellations and keyed entries of terminals by hour of the day, on these days. */
export const selectTillActs = (scope: Scope, offsetMinutes: number): string =>
  `SELECT store_code, terminal_code, HOUR(at + INTERVAL ${integer(offsetMinutes)} MINUTE),
     SUM(operation = 'refund' AND role = 'books'), SUM(role = 'cancels'), SUM(entry_mode LIKE '01%' AND role = 'books')
   FROM search_transactions WHERE ${within(scope, { day: 'business_date', store: 'store_code', issue: null })}
     AND channel = 'terminal' AND store_code <> 'AKART' AND state <> 'declined' GROUP BY 1, 2, 3`

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

/** Figures that people give, by name. */
export const selectInputs = 'SELECT name, value, who, at FROM report_inputs'

/** The same by day, issue and operation, with the number of loads: for a statement. */
export const selectGivenByDay = (scope: Scope): string =>
  `SELECT day, issue_id, operation, currency, CAST(SUM(count - undone_count) AS SIGNED), CAST(SUM(amount - undone_amount) AS SIGNED)
   FROM report_activity
   WHERE ${within(scope, { day: 'day', store: 'store_code', issue: null })} AND operation IN ('pack_sale', 'ecard_sale', 'welfare_load', 'welfare_recall')
   GROUP BY day, issue_id, operation, currency ORDER BY day, operation, issue_id`
