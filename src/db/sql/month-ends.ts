import { integer, text, textOrNull } from './literal.ts'
import { sidesOf } from './report-queries.ts'
import { oneOf, type Row } from './row.ts'

/** How a month's end is made: what was there is taken away, the month before carried over, the days since added, then summed up. */
export const MONTH_STATES = ['clearing', 'carrying', 'adding', 'summing', 'written'] as const
export type MonthState = (typeof MONTH_STATES)[number]

export type MonthEnd = {
  readonly monthEnd: string
  readonly state: MonthState
  /** The number of transfers on all days up to it, when it was begun. */
  readonly transfers: number
  /** The same now. */
  readonly transfersNow: number
  readonly carried: number
  readonly added: string | null
  /**
   * While it is summed up in lots: the last card that is in the sums; null: no card is. `unclear`: a version that does not know
   * lots left it here, so that nobody can say which cards are in the sums.
   */
  readonly summed: number | null | 'unclear'
}

/** The dates from which an age may be counted. */
export const AGES_BY = ['sale', 'activity', 'validity'] as const
export type AgeBy = (typeof AGES_BY)[number]

const NOW = '(SELECT COALESCE(SUM(d.transfers), 0) FROM report_days d WHERE d.day <= m.month_end)'
const SELECT = `SELECT m.month_end, m.state, m.transfers, ${NOW}, m.carried, m.added, m.summed FROM report_months m`

export const selectMonthEnds = `${SELECT} ORDER BY m.month_end`
export const selectMonthEnd = (month: string): string => `${SELECT} WHERE m.month_end = ${text(month)}`
/** No row where another process works on it. Alone, so that nothing else is locked, or skipped. */
export const lockMonthEnd = (month: string): string =>
  `SELECT month_end FROM report_months WHERE month_end = ${text(month)} FOR UPDATE SKIP LOCKED`

export function toMonthEnd(row: Row): MonthEnd {
  const [monthEnd, state, kept, transfersNow, carried, added, last] = row as [
    string, string, number, number | string, number, string | null, number,
  ] // prettier-ignore
  const isInLots = kept < 0
  return {
    monthEnd,
    state: oneOf(MONTH_STATES, state),
    transfers: isInLots ? inLots(kept) : kept,
    transfersNow: Number(transfersNow),
    carried,
    added,
    summed: isInLots ? last : last === 0 ? null : 'unclear',
  }
}

/**
 * The form in which the number of transfers is stored between two lots of the sums, and back. It is negative, so that a version
 * that sums a month in one step finds a wrong number and starts the month again, instead of adding to half of its sums.
 */
const inLots = (transfers: number): number => -1 - transfers

/** The latest month's end up to a day that is written, and of all transfers that are folded by now. */
export const selectBaseOf = (day: string): string =>
  `SELECT m.month_end FROM report_months m WHERE m.state = 'written' AND m.month_end <= ${text(day)} AND m.transfers = ${NOW}
   ORDER BY m.month_end DESC LIMIT 1`

/** The first day of all transfers. */
export const selectFirstDay = 'SELECT MIN(day) FROM report_days WHERE transfers <> 0'

/** Some cards are in its sums, up to this one. */
export const keepSummed = (month: string, transfers: number, summed: number): string =>
  `UPDATE report_months SET transfers = ${integer(inLots(transfers))}, summed = ${integer(summed)} WHERE month_end = ${text(month)}`

/** Marks a month's end as complete: all its rows are written. */
export const endMonth = (month: string, transfers: number): string =>
  `UPDATE report_months SET state = 'written', transfers = ${integer(transfers)}, summed = 0 WHERE month_end = ${text(month)}`

/** Begins a month's end, or starts it again. The days that were kept on its base are deleted, because its cards may change. */
export const beginMonthEnd = (month: string): string =>
  `INSERT INTO report_months (month_end, state, transfers, carried, added) VALUES (${text(month)},'clearing',0,0,NULL)
   ON DUPLICATE KEY UPDATE state = 'clearing', transfers = 0, carried = 0, added = NULL, summed = 0;
   DELETE FROM report_day_ends WHERE base = ${text(month)}`

export const restartMonths = (from: string): string =>
  `UPDATE report_months SET state = 'clearing', transfers = 0, carried = 0, added = NULL, summed = 0 WHERE month_end >= ${text(from)};
   DELETE FROM report_day_ends WHERE base >= ${text(from)}`

export const moveMonthEnd = (
  month: string,
  to: Partial<Pick<MonthEnd, 'state' | 'transfers' | 'carried' | 'added'>>,
): string =>
  `UPDATE report_months SET ${[
    ...(to.state === undefined ? [] : [`state = ${text(to.state)}`]),
    ...(to.transfers === undefined ? [] : [`transfers = ${integer(to.transfers)}`]),
    ...(to.carried === undefined ? [] : [`carried = ${integer(to.carried)}`]),
    ...(to.added === undefined ? [] : [`added = ${textOrNull(to.added)}`]),
  ].join(', ')} WHERE month_end = ${text(month)}`

export const clearMonthCards = (month: string, most: number): string =>
  `DELETE FROM report_month_cards WHERE month_end = ${text(month)} LIMIT ${integer(most)};SELECT ROW_COUNT()`
export const clearMonthSums = (month: string, most: number): string =>
  `DELETE FROM report_month_sums WHERE month_end = ${text(month)} LIMIT ${integer(most)};SELECT ROW_COUNT()`

/** The card that ends a lot of those of a month's end; no row: there are fewer. */
export const selectEndOfCards = (month: string, after: number, most: number): string =>
  `SELECT card_id FROM report_month_cards WHERE month_end = ${text(month)} AND card_id > ${integer(after)}
   ORDER BY card_id LIMIT 1 OFFSET ${integer(most - 1)}`

const CARDS = 'month_end, card_id, issue_id, sold_in, sold_on, valid_until, moved_on, ledger'

/** Cards after one, up to another (null: all), as they were a month before, with their last day as it is now. */
export const carryCards = (before: string, month: string, after: number, until: number | null): string =>
  `INSERT INTO report_month_cards (${CARDS})
   SELECT ${text(month)}, p.card_id, p.issue_id, p.sold_in, p.sold_on, c.valid_until, p.moved_on, p.ledger
   FROM report_month_cards p JOIN cards c ON c.id = p.card_id
   WHERE p.month_end = ${text(before)} AND p.card_id > ${integer(after)} ${until === null ? '' : `AND p.card_id <= ${integer(until)}`}`

/** Adds the transfers of some days, which come after those that were added before. */
export const addDays = (month: string, after: string | null, until: string): string =>
  `INSERT INTO report_month_cards (${CARDS})
   SELECT ${text(month)}, a.account, c.issue_id, COALESCE(s.sold_in, ''), s.sold_on, c.valid_until, a.day, a.amount
   FROM (${sidesOf({ after, until })}) AS a
   JOIN cards c ON c.id = a.account LEFT JOIN report_sales s ON s.card_id = a.account
   ON DUPLICATE KEY UPDATE ledger = report_month_cards.ledger + VALUES(ledger), moved_on = VALUES(moved_on),
     sold_in = VALUES(sold_in), sold_on = VALUES(sold_on), valid_until = VALUES(valid_until)`

/** The next days with transfers, and how many. */
export const selectNextDays = (after: string | null, until: string): string =>
  `SELECT day, transfers FROM report_days WHERE transfers <> 0 AND day <= ${text(until)} ${after === null ? '' : `AND day > ${text(after)}`}
   ORDER BY day LIMIT 31`

/** A lot of the cards of a month's end: after one, up to another (null: all). */
export type CardRange = { readonly month: string; readonly after: number; readonly until: number | null }

const inRange = ({ month, after, until }: CardRange): string =>
  `month_end = ${text(month)} AND card_id > ${integer(after)}${until === null ? '' : ` AND card_id <= ${integer(until)}`}`

/** Those of them that were sold again after it. */
export const selectSoldAfter = (range: CardRange): string =>
  `SELECT card_id FROM report_month_cards WHERE ${inRange(range)} AND sold_on > month_end AND ledger <> 0`

export const setSale = (month: string, card: number, soldIn: string, soldOn: string): string =>
  `UPDATE report_month_cards SET sold_in = ${text(soldIn)}, sold_on = ${text(soldOn)}
   WHERE month_end = ${text(month)} AND card_id = ${integer(card)}`

export const dropEmptyCards = (range: CardRange): string =>
  `DELETE FROM report_month_cards WHERE ${inRange(range)} AND ledger = 0`

/** The column of a month's end from which each age is counted. */
export const SINCE = { sale: 'sold_on', activity: 'moved_on', validity: 'valid_until' } as const satisfies Record<
  AgeBy,
  string
>
const sums = (range: CardRange, by: AgeBy): string =>
  `SELECT issue_id, sold_in, COALESCE(${SINCE[by]}, '1000-01-01') AS since, SUM(ledger) AS ledger, COUNT(*) AS cards
   FROM report_month_cards WHERE ${inRange(range)} GROUP BY issue_id, sold_in, since`

/** Adds these cards to the sums. */
export const sumUp = (range: CardRange, by: AgeBy): string =>
  `INSERT INTO report_month_sums (month_end, age_by, issue_id, sold_in, since, ledger, cards)
   SELECT ${text(range.month)}, '${by}', s.* FROM (${sums(range, by)}) AS s
   ON DUPLICATE KEY UPDATE ledger = report_month_sums.ledger + VALUES(ledger), cards = report_month_sums.cards + VALUES(cards)`

/** Sums of a month's end that are not those of its cards. */
export const selectWrongSums = (month: string, by: AgeBy): string =>
  `SELECT issue_id, sold_in, since, SUM(ledger), SUM(cards) FROM (${sums({ month, after: 0, until: null }, by)}
     UNION ALL SELECT issue_id, sold_in, since, -ledger, -cards FROM report_month_sums
       WHERE month_end = ${text(month)} AND age_by = '${by}') AS both_of
   GROUP BY issue_id, sold_in, since HAVING SUM(ledger) <> 0 OR SUM(cards) <> 0 LIMIT 20`

/**
 * Cards (after one, up to another) of which a month's end says something else than the month before it and the transfers since:
 * what it says, and what it should.
 */
export function selectWrongCards(before: string | null, month: string, after: number, until: number | null): string {
  const of = (column: string): string =>
    `${column} > ${integer(after)}${until === null ? '' : ` AND ${column} <= ${integer(until)}`}`
  return `SELECT card_id, CAST(SUM(has) AS SIGNED), CAST(SUM(wanted) AS SIGNED), MAX(has_moved), MAX(moved) FROM (
     SELECT card_id, ledger AS has, 0 AS wanted, moved_on AS has_moved, NULL AS moved FROM report_month_cards
       WHERE month_end = ${text(month)} AND ${of('card_id')}
     ${before === null ? '' : `UNION ALL SELECT card_id, 0, ledger, NULL, moved_on FROM report_month_cards WHERE month_end = ${text(before)} AND ${of('card_id')}`}
     UNION ALL SELECT a.account, 0, a.amount, NULL, a.day FROM (${sidesOf({ after: before, until: month })}) AS a WHERE ${of('a.account')}) AS both_of
   GROUP BY card_id HAVING SUM(has) <> SUM(wanted) OR (SUM(wanted) <> 0 AND NOT MAX(has_moved) <=> MAX(moved)) LIMIT 100`
}

/**
 * Cards (after one, up to another) whose sale in a month's end is not the latest one that is known: those that were sold again
 * since, and wrong ones.
 */
export const selectOtherSales = (month: string, after: number, until: number | null, most: number): string =>
  `SELECT m.card_id, m.sold_in, m.sold_on FROM report_month_cards m LEFT JOIN report_sales s ON s.card_id = m.card_id
   WHERE m.month_end = ${text(month)} AND m.card_id > ${integer(after)} ${until === null ? '' : `AND m.card_id <= ${integer(until)}`}
     AND NOT (m.sold_in = COALESCE(s.sold_in, '') AND m.sold_on <=> s.sold_on) ORDER BY m.card_id LIMIT ${integer(most)}`
