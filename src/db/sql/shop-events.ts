import { fromInstant, instant, integer, integerOrNull, text } from './literal.ts'
import type { Row } from './row.ts'
import { toTransaction, transactionColumns } from './transactions.ts'
import type { Transaction } from '../../core/transaction.ts'

/** An event as it is kept. `data` is JSON. */
export type ShopEventRow = {
  readonly id: number
  readonly shop: string
  readonly type: string
  readonly at: number
  readonly sequence: number
  readonly data: string
}

export type NewShopEvent = Omit<ShopEventRow, 'id'> & {
  readonly cardId: number | null
  readonly sourceId: number | null
  readonly subjectId: number | null
}

const COLUMNS = 'id, shop_code, type, at, sequence, data'

/** Inserted in this order; existing ones are kept. */
export const insertShopEvents = (events: readonly NewShopEvent[]): string =>
  `INSERT INTO shop_events (shop_code, type, at, sequence, card_id, source_id, subject_id, data) VALUES ${events
    .map(
      (event) =>
        `(${text(event.shop)},${text(event.type)},${instant(event.at)},${integer(event.sequence)},${integerOrNull(event.cardId)},${integerOrNull(event.sourceId)},${integerOrNull(event.subjectId)},${text(event.data)})`,
    )
    .join(',')} ON DUPLICATE KEY UPDATE type = VALUES(type)`

/** The id of the one event that was inserted right before. */
export const selectInsertedEvent = 'SELECT LAST_INSERT_ID()'

/** The events that follow from these transactions, in order. */
export const selectEventsFrom = (sources: readonly number[]): string =>
  `SELECT id, shop_code, type, card_id FROM shop_events WHERE source_id IN (${sources.map(integer).join(',')}) ORDER BY id`

export type EventFrom = {
  readonly id: number
  readonly shop: string
  readonly type: string
  readonly cardId: number | null
}

export function toEventFrom(row: Row): EventFrom {
  const [id, shop, type, cardId] = row as [number, string, string, number | null]
  return { id, shop, type, cardId }
}

/** Events of a shop after an id, oldest first. */
export const selectShopEvents = (shop: string, after: number, most: number): string =>
  `SELECT ${COLUMNS} FROM shop_events WHERE shop_code = ${text(shop)} AND id > ${integer(after)}
   ORDER BY id LIMIT ${integer(most)}`

export const selectShopEvent = (shop: string, id: number): string =>
  `SELECT ${COLUMNS} FROM shop_events WHERE shop_code = ${text(shop)} AND id = ${integer(id)}`

/** A shop's request is confirmed once: a repeated confirmation creates no event. */
export const selectConfirmedSubjects = (subjects: readonly number[], types: readonly string[]): string =>
  `SELECT DISTINCT subject_id FROM shop_events WHERE subject_id IN (${subjects.map(integer).join(',')})
   AND type IN (${types.map(text).join(',')})`

export const forgetShopEvents = (before: number, most: number): string =>
  `DELETE FROM shop_events WHERE at < ${instant(before)} ORDER BY at LIMIT ${integer(most)}`

export function toShopEvent(row: Row): ShopEventRow {
  const [id, shop, type, at, sequence, data] = row as [number, string, string, string, number, string]
  return { id, shop, type, at: fromInstant(at), sequence, data }
}

/** A step of a shop's request: the row of the step and the data stored with the request. */
export type ShopStep = { readonly step: Transaction; readonly data: unknown }

/** Approved steps that book, confirm or undo what shops asked for. */
export const selectShopSteps = (ids: readonly number[]): string =>
  `SELECT w.data, ${transactionColumns('t')} FROM transactions t JOIN web_requests w
     ON w.transaction_id = IF(t.role = 'books' AND t.operation <> 'refund', t.id, t.original_id)
   WHERE t.id IN (${ids.map(integer).join(',')}) AND t.role IN ('books', 'confirms', 'cancels', 'reverses', 'rebooks')
     AND t.result LIKE 'approved%' AND t.card_seq IS NOT NULL`

export const toShopStep = ([data, ...row]: Row): ShopStep => ({
  step: toTransaction(row),
  data: JSON.parse(String(data)),
})

/** Something that happened to a card that a shop sold, outside of what the shop asked for. */
export type CardStep = {
  readonly id: number
  readonly operation: string
  readonly at: number
  readonly cardId: number
  readonly seq: number
  readonly shop: string
}

export const selectCardSteps = (ids: readonly number[], operations: readonly string[]): string =>
  `SELECT t.id, t.operation, t.received_at, t.card_id, t.card_seq, w.shop_code
   FROM transactions t JOIN web_sales w ON w.held_card_id = t.card_id
   WHERE t.id IN (${ids.map(integer).join(',')}) AND t.operation IN (${operations.map(text).join(',')})
     AND t.result LIKE 'approved%' AND t.card_seq IS NOT NULL`

export function toCardStep(row: Row): CardStep {
  const [id, operation, at, cardId, seq, shop] = row as [number, string, string, number, number, string]
  return { id, operation, at: fromInstant(at), cardId, seq, shop }
}
