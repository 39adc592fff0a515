import { fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Until when each store of a settlement was looked at, before a later settlement: by itself, or by one between the two. */
export const selectSeenUntil = (settlement: number, before: number): string =>
  `SELECT t.store_code, MAX(s.exact_at) FROM settlement_seen x JOIN settlements s ON s.id = x.settlement_id
     JOIN settlement_stores t ON t.settlement_id = s.id
   WHERE x.of_settlement = ${integer(settlement)} AND s.state = 'closed' AND s.exact_at < ${instant(before)} GROUP BY t.store_code`

export const toSeenUntil = ([store, at]: Row): [store: string, at: number] => [String(store), fromInstant(String(at))]

type Arrivals = {
  /** Booking days, both included. */
  readonly from: string
  readonly to: string
  /** They came after the one instant, up to the other. */
  readonly after: number
  readonly until: number
}

/**
 * Transactions of some booking days that came between two instants, and when. The index of days has the instant too, since rows
 * lie by it: of all others of these days, and of all that came since, no row is read.
 */
export const selectArrivals = ({ from, to, after, until }: Arrivals, most: number): string =>
  `SELECT id, at FROM search_transactions FORCE INDEX (search_transactions_day) WHERE at > ${instant(after)} AND at <= ${instant(until)} AND amount > 0
     AND business_date BETWEEN ${text(from)} AND ${text(to)} ORDER BY at, id LIMIT ${integer(most)}`

export const toArrival = ([id, at]: Row): [id: number, at: number] => [Number(id), fromInstant(String(at))]
