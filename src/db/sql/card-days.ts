import { integer, text, textOrNull } from './literal.ts'
import { sidesOf } from './report-queries.ts'
import type { Row } from './row.ts'

/** Cards of a month's end (null: there is none), and those that moved on the days since that are kept, up to one (null: none). */
export type HeldAt = { readonly base: string | null; readonly until: string | null }

/** A column of a card as it was then. */
export const held = (column: 'sold_in' | 'sold_on' | 'valid_until' | 'moved_on' | 'ledger'): string =>
  `IF(q.card_id IS NULL, p.${column}, q.${column === 'moved_on' ? 'day' : column})`

/** A day that no row has: a join that is FALSE reads the whole table, one that finds nothing is a look-up. */
const NO_DAY = '1000-01-01'

/** Joins what `held` reads of the card in a column: its latest row of a day, and of the month's end where it has none. */
export const joinHeld = (card: string, { base, until }: HeldAt): string =>
  `LEFT JOIN report_month_cards p ON p.month_end = ${text(base ?? NO_DAY)} AND p.card_id = ${card}
   LEFT JOIN report_card_days q ON q.card_id = ${card} AND q.day = ${
     until === null
       ? text(NO_DAY)
       : `(SELECT MAX(z.day) FROM report_card_days z WHERE z.card_id = ${card} AND z.day <= ${text(until)}
       AND z.day > ${text(base ?? NO_DAY)})`
   }`

/** All days with transfers up to a day: their number of transfers, and from which base and how many transfers the kept day was computed. */
export const selectDayEnds = (until: string): string =>
  `SELECT d.day, d.transfers, k.base, k.transfers FROM report_days d LEFT JOIN report_day_ends k ON k.day = d.day
   WHERE d.transfers <> 0 AND d.day <= ${text(until)} ORDER BY d.day`

/** A day with transfers. `all`: how many there are up to it. */
export type DayEnd = {
  readonly day: string
  readonly all: number
  readonly keptOn: string | null
  /** Null: it is not kept. */
  readonly kept: number | null
}

/** The rows of all days, from the first one on. */
export function toDayEnds(rows: readonly Row[]): DayEnd[] {
  let all = 0
  return rows.map((row) => {
    const [day, transfers, keptOn, kept] = row as [string, number, string | null, number | null]
    all += transfers
    return { day, all, keptOn, kept }
  })
}

/** On which base and of how many transfers a day is kept. */
export const selectDayEnd = (day: string): string =>
  `SELECT base, transfers FROM report_day_ends WHERE day = ${text(day)}`

/** How many transfers there are up to a day. */
export const selectTransfersUntil = (day: string): string =>
  `SELECT CAST(COALESCE(SUM(transfers), 0) AS SIGNED) FROM report_days WHERE day <= ${text(day)}`

/** Begins a day. Later days on the same base are recomputed. */
export const beginDayEnd = (day: string, base: string | null): string =>
  `INSERT INTO report_day_ends (day, base, transfers) VALUES (${text(day)},${textOrNull(base)},-1)
   ON DUPLICATE KEY UPDATE base = VALUES(base), transfers = -1;
   DELETE FROM report_day_ends WHERE base <=> ${textOrNull(base)} AND day > ${text(day)};
   DELETE FROM report_card_days WHERE day = ${text(day)}`

export const endDayEnd = (day: string, transfers: number): string =>
  `UPDATE report_day_ends SET transfers = ${integer(transfers)} WHERE day = ${text(day)}`

/** Days whose cards are wrong, or may be: from one on, of its base. */
export const forgetDayEnds = (day: string, base: string | null): string =>
  `DELETE FROM report_day_ends WHERE base <=> ${textOrNull(base)} AND day >= ${text(day)}`

/** The cards that moved on a day; those before it, on the same base, are kept. */
export function insertCardDays(day: string, base: string | null, dayBefore: string): string {
  const was = { base, until: dayBefore }
  return `INSERT INTO report_card_days (day, card_id, issue_id, sold_in, sold_on, valid_until, ledger, was_sold_in, was_sold_on,
     was_valid_until, was_moved_on, was_ledger)
   SELECT ${text(day)}, a.account, c.issue_id, COALESCE(s.sold_in, ''), s.sold_on, c.valid_until,
     COALESCE(${held('ledger')}, 0) + a.amount, ${held('sold_in')}, ${held('sold_on')}, ${held('valid_until')}, ${held('moved_on')},
     COALESCE(${held('ledger')}, 0)
   FROM (${sidesOf({ after: dayBefore, until: day })}) AS a JOIN cards c ON c.id = a.account
   LEFT JOIN report_sales s ON s.card_id = a.account ${joinHeld('a.account', was)}`
}

/** The cards that moved on a day and were sold again after it. */
export const selectSoldAfterDay = (day: string): string =>
  `SELECT card_id FROM report_card_days WHERE day = ${text(day)} AND sold_on > day`

export const setSaleOnDay = (day: string, card: number, soldIn: string, soldOn: string): string =>
  `UPDATE report_card_days SET sold_in = ${text(soldIn)}, sold_on = ${text(soldOn)}
   WHERE day = ${text(day)} AND card_id = ${integer(card)}`

/** Cards of a day that moved by something else than the transfers tell: what is kept, and what they tell. */
export const selectWrongMoves = (day: string, dayBefore: string): string =>
  `SELECT card_id, CAST(SUM(has) AS SIGNED), CAST(SUM(wanted) AS SIGNED) FROM (
     SELECT card_id, ledger - was_ledger AS has, 0 AS wanted, 1 AS is_kept FROM report_card_days WHERE day = ${text(day)}
     UNION ALL SELECT a.account, 0, a.amount, -1 FROM (${sidesOf({ after: dayBefore, until: day })}) AS a) AS both_of
   GROUP BY card_id HAVING SUM(has) <> SUM(wanted) OR SUM(is_kept) <> 0 LIMIT 100`

/** Cards of a day that were, before it, something else than the days before and the month's end say. */
export const selectBrokenDays = (day: string, base: string | null, dayBefore: string): string =>
  `SELECT r.card_id, r.was_ledger, COALESCE(${held('ledger')}, 0) FROM report_card_days r
   ${joinHeld('r.card_id', { base, until: dayBefore })}
   WHERE r.day = ${text(day)} AND NOT (r.was_ledger = COALESCE(${held('ledger')}, 0) AND r.was_sold_in <=> ${held('sold_in')}
     AND r.was_sold_on <=> ${held('sold_on')} AND r.was_valid_until <=> ${held('valid_until')}
     AND r.was_moved_on <=> ${held('moved_on')}) LIMIT 100`

/** Cards of a day whose sale is not the latest one that is known: those that were sold again since, and wrong ones. */
export const selectOtherSalesOfDay = (day: string): string =>
  `SELECT r.card_id, r.sold_in, r.sold_on FROM report_card_days r LEFT JOIN report_sales s ON s.card_id = r.card_id
   WHERE r.day = ${text(day)} AND NOT (r.sold_in = COALESCE(s.sold_in, '') AND r.sold_on <=> s.sold_on) ORDER BY r.card_id`
