import { BLOCKS, CARD_STATES, type Block, type CardState } from '../../core/card.ts'
import { conditionsOf, type CardCriteria } from './card-search.ts'
import { boolean, fromInstant, instant, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const BULK_ACTIONS = ['block', 'unblock', 'extend'] as const
export type BulkAction = (typeof BULK_ACTIONS)[number]
export const BULK_STATES = ['previewed', 'proposed', 'running', 'done', 'undoing', 'undone', 'refused'] as const
export type BulkState = (typeof BULK_STATES)[number]

/** One action on many cards. */
export type BulkRow = {
  readonly id: number
  readonly action: BulkAction
  readonly block: Block | null
  readonly until: string | null
  readonly state: BulkState
  readonly cards: number
  /** JSON. */
  readonly money: string
  readonly skipped: string
  readonly second: boolean
  readonly by: string
  readonly at: number
  readonly reason: string | null
}

export const insertBulk = (b: BulkRow): string =>
  `INSERT INTO bulks (id, action, block, until_day, state, cards, money, skipped, second, by_login, at, reason) VALUES
   (${integer(b.id)},${text(b.action)},${textOrNull(b.block)},${textOrNull(b.until)},${text(b.state)},${integer(b.cards)},
   ${text(b.money)},${text(b.skipped)},${boolean(b.second)},${text(b.by)},${instant(b.at)},${textOrNull(b.reason)})`

const SELECT =
  'SELECT id, action, block, until_day, state, cards, money, skipped, second, by_login, at, reason FROM bulks'

export const selectBulk = (id: number): string => `${SELECT} WHERE id = ${integer(id)}`
export const lockBulk = (id: number): string => `${selectBulk(id)} FOR UPDATE`

export function toBulk(row: Row): BulkRow {
  const [id, action, block, until, state, cards, money, skipped, second, by, at, reason] = row as [
    number, string, string | null, string | null, string, number, string, string, number, string, string, string | null,
  ] // prettier-ignore
  return {
    id, action: oneOf(BULK_ACTIONS, action), block: block === null ? null : oneOf(BLOCKS, block),
    until: until?.slice(0, 10) ?? null, state: oneOf(BULK_STATES, state), cards, money, skipped, second: second === 1, by,
    at: fromInstant(at), reason,
  } // prettier-ignore
}

export const setBulkState = (id: number, state: BulkState): string =>
  `UPDATE bulks SET state = ${text(state)} WHERE id = ${integer(id)}`
export const setBulkReason = (id: number, reason: string): string =>
  `UPDATE bulks SET reason = ${text(reason)} WHERE id = ${integer(id)}`

/** A card that may be taken into a bulk action. */
export type BulkCandidate = {
  readonly id: number
  readonly currency: number
  readonly state: CardState
  readonly block: Block | null
  readonly validUntil: string | null
  readonly available: number
  /** This clerk revealed or cleared it lately. */
  readonly handled: boolean
}

export const selectCandidates = (criteria: CardCriteria, who: string, since: number, most: number): string => {
  const where = conditionsOf(criteria)
  return `SELECT c.id, i.currency, c.state, c.block, c.valid_until, c.available, EXISTS (SELECT 1 FROM audit a
    WHERE a.object_kind = 'card' AND a.object_id = CAST(c.id AS CHAR CHARACTER SET ascii) AND a.who = ${text(who)}
    AND a.action IN ('cards.reveal', 'cards.clear') AND a.at >= ${instant(since)})
    FROM cards c JOIN issues i ON i.id = c.issue_id ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
    ORDER BY c.id LIMIT ${integer(most)}`
}

/** Issue and serial of the cards that a search finds. */
export const selectMatchingSerials = (criteria: CardCriteria, most: number): string => {
  const where = conditionsOf(criteria)
  return `SELECT i.code, c.serial FROM cards c JOIN issues i ON i.id = c.issue_id
    ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY c.issue_id, c.serial LIMIT ${integer(most)}`
}

export function toCandidate(row: Row): BulkCandidate {
  const [id, currency, state, block, validUntil, available, handled] = row as [
    number, number, string, string | null, string | null, number, number,
  ] // prettier-ignore
  return {
    id, currency, state: oneOf(CARD_STATES, state), block: block === null ? null : oneOf(BLOCKS, block),
    validUntil: validUntil?.slice(0, 10) ?? null, available, handled: handled === 1,
  } // prettier-ignore
}

export const insertBulkCards = (
  bulk: number,
  first: number,
  cards: readonly Pick<BulkCandidate, 'id' | 'block' | 'validUntil'>[],
): string =>
  `INSERT INTO bulk_cards (bulk_id, position, card_id, block_before, valid_before) VALUES ${cards
    .map(
      ({ id, block, validUntil }, at) =>
        `(${integer(bulk)},${integer(first + at)},${integer(id)},${textOrNull(block)},${textOrNull(validUntil)})`,
    )
    .join(',')}`

/** A card of a bulk action beside the card as it is now. */
export type BulkCard = {
  readonly position: number
  readonly card: number
  readonly firstSix: string
  readonly lastFour: string
  readonly blockBefore: Block | null
  readonly validBefore: string | null
  readonly result: string | null
  readonly block: Block | null
  readonly validUntil: string | null
  /** Something happened to it since it was done. */
  readonly touched: boolean
}

/** The cards after a position, in order. An act by a request of the same instant counts as a change, to be safe. */
export const selectBulkCards = (bulk: number, after: number, most: number): string =>
  `SELECT b.position, b.card_id, c.first_six, c.last_four, b.block_before, b.valid_before, b.result, c.block,
   c.valid_until, b.done_at IS NOT NULL AND (
     EXISTS (SELECT 1 FROM transactions t WHERE t.card_id = b.card_id AND t.received_at > b.done_at AND t.state <> 'declined')
     OR EXISTS (SELECT 1 FROM card_events e WHERE e.card_id = b.card_id AND e.at > b.done_at))
   FROM bulk_cards b JOIN cards c ON c.id = b.card_id WHERE b.bulk_id = ${integer(bulk)} AND b.position > ${integer(after)}
   ORDER BY b.position LIMIT ${integer(most)}`

export function toBulkCard(row: Row): BulkCard {
  const [position, card, firstSix, lastFour, blockBefore, validBefore, result, block, validUntil, touched] = row as [
    number, number, string, string, string | null, string | null, string | null, string | null, string | null, number,
  ] // prettier-ignore
  const blockOf = (word: string | null): Block | null => (word === null ? null : oneOf(BLOCKS, word))
  return {
    position, card, firstSix, lastFour, blockBefore: blockOf(blockBefore), validBefore: validBefore?.slice(0, 10) ?? null,
    result, block: blockOf(block), validUntil: validUntil?.slice(0, 10) ?? null, touched: touched === 1,
  } // prettier-ignore
}

/** `at`: when it was done; null: it was not. */
export const setBulkResult = (bulk: number, position: number, result: string, at: number | null): string =>
  `UPDATE bulk_cards SET result = ${text(result)}${at === null ? '' : `, done_at = ${instant(at)}`}
   WHERE bulk_id = ${integer(bulk)} AND position = ${integer(position)}`

export const countBulkResults = (bulk: number): string =>
  `SELECT COALESCE(SUM(result IN ('done', 'undone')), 0), COALESCE(SUM(result NOT IN ('done', 'undone', 'sent', 'undo_sent')), 0)
   FROM bulk_cards WHERE bulk_id = ${integer(bulk)}`
