import type { CardMove } from '../../core/reports/card-moves.ts'
import { integer, text } from './literal.ts'
import { list } from './report-queries.ts'
import type { Row } from './row.ts'

/** Cards of an issue in one state, with one block ('': none). */
export type CardCount = {
  readonly issueId: number
  readonly state: string
  readonly block: string
  readonly cards: number
  readonly ledger: number
}

const tuple = (issueId: number, state: string, block: string, cards: number, ledger: number): string =>
  `(${integer(issueId)},${text(state)},${text(block)},${integer(cards)},${integer(ledger)})`

export const insertCardMoves = (moves: readonly CardMove[]): string =>
  `INSERT INTO report_card_moves (issue_id, state, block, cards, ledger) VALUES ${moves
    .map(({ issueId, state, block, cards, ledger }) => tuple(issueId, state, block ?? '', cards, ledger))
    .join(',')}`

/** Whether cards are counted, and since when, in seconds; NULL: they are not. */
export const selectIsCounted =
  'SELECT TIMESTAMPDIFF(SECOND, counted_at, UTC_TIMESTAMP(3)) FROM report_card_counts WHERE id = 1'

/** No row where another process counts cards, adds to the counts, or keeps cards of a day. */
export const lockCardCounts = 'SELECT id FROM report_card_counts WHERE id = 1 FOR UPDATE SKIP LOCKED'

export const setCounted = 'UPDATE report_card_counts SET counted_at = UTC_TIMESTAMP(3) WHERE id = 1'
export const setNotCounted = 'UPDATE report_card_counts SET counted_at = NULL WHERE id = 1'

/** The counts, with what is not added to them yet. */
export const selectCardCounts = (issues: readonly number[] | null): string => {
  const of = (table: string): string =>
    `SELECT issue_id, state, block, cards, ledger FROM ${table}${issues === null ? '' : ` WHERE issue_id IN (${list(issues)})`}`
  return `SELECT issue_id, state, block, CAST(SUM(cards) AS SIGNED), CAST(SUM(ledger) AS SIGNED)
    FROM (${of('report_card_states')} UNION ALL ${of('report_card_moves')}) AS counted GROUP BY issue_id, state, block`
}

export function toCardCount(row: Row): CardCount {
  const [issueId, state, block, cards, ledger] = row as [number, string, string | null, number, number]
  return { issueId, state, block: block ?? '', cards, ledger }
}

/** The oldest of what is not added yet. */
export const selectCardMoves = (most: number): string =>
  `SELECT id, issue_id, state, block, cards, ledger FROM report_card_moves ORDER BY id LIMIT ${integer(most)}`
export const selectCardMoveIds = 'SELECT id FROM report_card_moves ORDER BY id'
export const deleteCardMoves = (ids: readonly number[]): string =>
  `DELETE FROM report_card_moves WHERE id IN (${list(ids)})`

export const deleteCardCounts = 'DELETE FROM report_card_states'
export const addCardCounts = (counts: readonly CardCount[]): string =>
  `INSERT INTO report_card_states (issue_id, state, block, cards, ledger) VALUES ${counts
    .map((c) => tuple(c.issueId, c.state, c.block, c.cards, c.ledger))
    .join(',')}
   ON DUPLICATE KEY UPDATE cards = cards + VALUES(cards), ledger = ledger + VALUES(ledger)`

/** The card that ends a lot of all; no row: there are fewer. */
export const selectEndOfCards = (after: number, most: number): string =>
  `SELECT id FROM cards WHERE id > ${integer(after)} ORDER BY id LIMIT 1 OFFSET ${integer(most - 1)}`

/** A lot of the cards, counted: after one, up to another (null: all). */
export const countCards = (after: number, until: number | null): string =>
  `SELECT issue_id, state, COALESCE(block, ''), COUNT(*), CAST(SUM(IF(state = 'sold' AND block IS NULL, 0, ledger)) AS SIGNED)
   FROM cards FORCE INDEX (PRIMARY) WHERE id > ${integer(after)}${until === null ? '' : ` AND id <= ${integer(until)}`}
   GROUP BY issue_id, state, COALESCE(block, '')`

/** Loads that are booked and not applied yet, by what their cards are. */
export const selectBookedByState = (issues: readonly number[] | null): string =>
  `SELECT c.issue_id, c.state, COALESCE(c.block, ''), 0, CAST(SUM(s.amount) AS SIGNED) FROM staged_loads s
   JOIN staged_batches b ON b.id = s.batch_id AND b.state = 'booked' JOIN cards c ON c.id = s.card_id
   ${issues === null ? '' : `WHERE c.issue_id IN (${list(issues)})`} GROUP BY c.issue_id, c.state, COALESCE(c.block, '')`
