import { instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/**
 * Selects the transactions that may leave the database, and their lines in the archive. A card goes with its whole
 * history and with all cards that gave it money or took it: a part of a history would be of no use.
 */

/** Instants; `until` is excluded. */
export type Span = { readonly from: number; readonly until: number }

const list = (ids: readonly number[]): string => (ids.length === 0 ? 'NULL' : ids.map(integer).join(','))

/** The last of the next cards that have transactions, of which `most` are looked at; NULL: there are none. */
export const selectEndOfCards = (after: number, most: number): string =>
  `SELECT MAX(card_id) FROM (SELECT DISTINCT card_id FROM search_transactions WHERE card_id > ${integer(after)}
     ORDER BY card_id LIMIT ${integer(most)}) AS next_ones`

/** Cards (after one, up to another) whose last transaction was in this time. An index finds the last one of each card. */
export const selectEndedIn = (after: number, to: number, { from, until }: Span): string =>
  `SELECT card_id, MAX(at) AS last FROM search_transactions WHERE card_id > ${integer(after)} AND card_id <= ${integer(to)}
   GROUP BY card_id HAVING last >= ${instant(from)} AND last < ${instant(until)} ORDER BY card_id`

/** The last transaction of each of these cards, and the number of its transactions. */
export const selectMovements = (cards: readonly number[]): string =>
  `SELECT card_id, MAX(at), COUNT(*) FROM search_transactions WHERE card_id IN (${list(cards)}) GROUP BY card_id`

/** Pairs of cards that one transaction moved, or one of whose transactions refers to one of the other card: `most` of them. */
export const selectLinkedPairs = (cards: readonly number[], most: number): string =>
  `SELECT card_id, other_card_id FROM search_transactions WHERE other_card_id IN (${list(cards)})
   UNION SELECT card_id, other_card_id FROM search_transactions WHERE card_id IN (${list(cards)}) AND other_card_id IS NOT NULL
   UNION SELECT t.card_id, o.card_id FROM transactions t JOIN transactions o ON o.id = t.original_id
     WHERE t.card_id IN (${list(cards)}) AND o.card_id <> t.card_id
   UNION SELECT t.card_id, s.card_id FROM transactions t JOIN search_transactions s ON s.original_id = t.id
     WHERE t.card_id IN (${list(cards)}) AND s.card_id <> t.card_id LIMIT ${integer(most)}`

/**
 * The cards among these that are not archived: with money on them or staged for them; with a transaction that is pending,
 * belongs to another host, is an employer's recall, or dates from before roles were kept; with a clarification case; with
 * an unfinished e-card or web shop sale.
 */
export const selectStaying = (cards: readonly number[]): string =>
  `SELECT id FROM cards WHERE id IN (${list(cards)}) AND (ledger <> 0 OR available <> 0 OR staged <> 0)
   UNION SELECT card_id FROM transactions WHERE card_id IN (${list(cards)})
     AND (confirm_by IS NOT NULL OR state IN ('pending', 'unconfirmed') OR role IS NULL OR terminal_code = 'RECALL')
   UNION SELECT t.card_id FROM transactions t JOIN routed r ON r.id = t.id WHERE t.card_id IN (${list(cards)})
   UNION SELECT card_id FROM cases WHERE card_id IN (${list(cards)})
   UNION SELECT t.card_id FROM transactions t JOIN cases k ON k.transaction_id = t.id WHERE t.card_id IN (${list(cards)})
   UNION SELECT t.card_id FROM transactions t JOIN ecards e ON e.sale_id = t.id
     WHERE t.card_id IN (${list(cards)}) AND e.state <> 'sent'
   UNION SELECT held_card_id FROM web_sales WHERE held_card_id IN (${list(cards)}) AND seed IS NOT NULL`

/** The columns of a table, in its order. */
export const selectColumns = (table: 'transactions' | 'web_requests'): string =>
  `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ${text(table)}
   ORDER BY ordinal_position`

/** All columns of the tables that a line keeps: a column that a later version adds is kept too. */
export type LineColumns = { readonly transaction: readonly string[]; readonly web: readonly string[] }

const selected = ({ transaction, web }: LineColumns): string =>
  `SELECT t.card_id, c.first_six, c.last_four, c.serial, i.code,
     ${[...transaction.map((name) => `t.\`${name}\``), ...web.map((name) => `w.\`${name}\``)].join(',')}
   FROM transactions t LEFT JOIN web_requests w ON w.transaction_id = t.id
   LEFT JOIN cards c ON c.id = t.card_id LEFT JOIN issues i ON i.id = c.issue_id`

/** All archive lines of these cards. */
export const selectLinesOfCards = (columns: LineColumns, cards: readonly number[]): string =>
  `${selected(columns)} WHERE t.card_id IN (${list(cards)}) ORDER BY t.id`

export const selectLinesByIds = (columns: LineColumns, ids: readonly number[]): string =>
  `${selected(columns)} WHERE t.id IN (${list(ids)}) ORDER BY t.id`

/** The place after which a list of transactions without a card continues. */
export type Place = { readonly at: string; readonly id: number }

/** Transactions that concern no card of ours, moved nothing and wait for nothing: `at`, id. */
export const selectCardless = ({ at, id }: Place, { until }: Span, most: number): string =>
  `SELECT s.at, s.id FROM search_transactions s JOIN transactions t ON t.id = s.id
   LEFT JOIN routed r ON r.id = t.id LEFT JOIN cases k ON k.transaction_id = t.id
   WHERE s.at >= ${text(at)} AND (s.at > ${text(at)} OR s.id > ${integer(id)}) AND s.at < ${instant(until)} AND s.card_id IS NULL
     AND t.card_id IS NULL AND t.amount = 0 AND t.confirm_by IS NULL AND t.state <> 'pending' AND t.role IS NOT NULL
     AND r.id IS NULL AND k.id IS NULL ORDER BY s.at, s.id LIMIT ${integer(most)}`

/** Locks these cards against changes, in the lock order of the engine. */
export const lockCards = (cards: readonly number[]): string =>
  `SELECT id FROM cards WHERE id IN (${list(cards)}) ORDER BY id FOR UPDATE`

/** Deletes the rows of web shop requests and of the search table first, then the transactions. */
export const deleteTransactions = (ids: readonly number[]): string =>
  [
    `DELETE FROM web_requests WHERE transaction_id IN (${list(ids)})`,
    `DELETE s FROM search_transactions s JOIN transactions t ON s.at = t.received_at AND s.id = t.id WHERE t.id IN (${list(ids)})`,
    `DELETE FROM transactions WHERE id IN (${list(ids)})`,
  ].join(';')

/** The ids among these whose transactions still exist. */
export const selectThere = (ids: readonly number[]): string => `SELECT id FROM transactions WHERE id IN (${list(ids)})`

/** The instant of the oldest transaction; no row: there is none. */
export const selectOldest = 'SELECT at FROM search_transactions ORDER BY at, id LIMIT 1'

export const toId = ([id]: Row): number => Number(id)
