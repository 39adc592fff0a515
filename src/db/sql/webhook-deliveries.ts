import { fromInstant, instant, integer, integerOrNull, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'
import { type ShopEventRow, toShopEvent } from './shop-events.ts'

export const DELIVERY_STATES = ['waiting', 'delivered', 'dropped'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

/** One event for one endpoint, as the log of deliveries shows it. */
export type DeliveryRow = {
  readonly eventId: number
  readonly type: string
  readonly state: DeliveryState
  readonly tries: number
  readonly triedAt: number | null
  readonly status: number | null
  readonly fault: string | null
  readonly dueAt: number | null
}

export type NewDelivery = {
  readonly endpoint: number
  readonly event: number
  /** Null: it waits for no other one. */
  readonly cardId: number | null
  /** Due at once; otherwise it waits for an earlier event of its card. */
  readonly first: boolean
}

export const insertDeliveries = (deliveries: readonly NewDelivery[], at: number): string =>
  `INSERT INTO webhook_deliveries (endpoint_id, event_id, card_id, state, due_at, made_at) VALUES ${deliveries
    .map(
      ({ endpoint, event, cardId, first }) =>
        `(${integer(endpoint)},${integer(event)},${integerOrNull(cardId)},'waiting',${first ? instant(at) : 'NULL'},${instant(at)})`,
    )
    .join(',')} ON DUPLICATE KEY UPDATE made_at = made_at`

/** Endpoints and cards for which something waits. */
export const selectWaitingCards = (endpoints: readonly number[], cards: readonly number[]): string =>
  `SELECT DISTINCT endpoint_id, card_id FROM webhook_deliveries WHERE endpoint_id IN (${endpoints.map(integer).join(',')})
   AND card_id IN (${cards.map(integer).join(',')}) AND state = 'waiting'`

/** Sends the event now, whether the endpoint had it before or not, and before other events of its card. */
export const resendDelivery = (endpoint: number, event: number, at: number): string =>
  `INSERT INTO webhook_deliveries (endpoint_id, event_id, card_id, state, due_at, made_at)
   VALUES (${integer(endpoint)},${integer(event)},NULL,'waiting',${instant(at)},${instant(at)})
   ON DUPLICATE KEY UPDATE card_id = IF(state = 'waiting', card_id, NULL), tries = IF(state = 'waiting', tries, 0),
     due_at = IF(state = 'waiting' AND due_at IS NULL, NULL, ${instant(at)}), state = 'waiting'`

/** A delivery that may be sent, with its event. */
export type DueDelivery = { readonly event: ShopEventRow; readonly cardId: number | null; readonly tries: number }

const DUE = `SELECT d.card_id, d.tries, v.id, v.shop_code, v.type, v.at, v.sequence, v.data
   FROM webhook_deliveries d`
const EVENT = 'JOIN shop_events v ON v.id = d.event_id'

/** Due deliveries of an endpoint, oldest first. */
export const selectDueDeliveries = (endpoint: number, now: number, most: number, except: readonly number[]): string =>
  `${DUE} ${EVENT} WHERE d.endpoint_id = ${integer(endpoint)} AND d.due_at <= ${instant(now)}
     AND d.event_id NOT IN (${[0, ...except].map(integer).join(',')}) ORDER BY d.due_at, d.event_id LIMIT ${integer(most)}`

/** Some deliveries per card that wait behind a due one, in order: one index walk per card, however many wait. */
export const selectFollowers = (endpoint: number, cards: readonly number[], most: number): string =>
  cards
    .map(
      (card) => `(${DUE} FORCE INDEX (webhook_deliveries_card) ${EVENT}
   WHERE d.endpoint_id = ${integer(endpoint)} AND d.card_id = ${integer(card)} AND d.state = 'waiting' AND d.due_at IS NULL
   ORDER BY d.event_id LIMIT ${integer(most)})`,
    )
    .join(' UNION ALL ')

export function toDueDelivery([cardId, tries, ...event]: Row): DueDelivery {
  return { event: toShopEvent(event), cardId: cardId as number | null, tries: Number(tries) }
}

/** Attempted deliveries of an endpoint and their outcome. */
export type Tried = {
  readonly endpoint: number
  readonly events: readonly number[]
  readonly at: number
  /** HTTP status; null: there was no answer. */
  readonly status: number | null
  readonly fault: string | null
}

const TRIED = ({ at, status, fault }: Tried): string =>
  `tries = tries + 1, tried_at = ${instant(at)}, status = ${integerOrNull(status)}, fault = ${textOrNull(fault)}`
const WHICH = ({ endpoint, events }: Tried): string =>
  `endpoint_id = ${integer(endpoint)} AND event_id IN (${events.map(integer).join(',')}) AND state = 'waiting'`

/** They are done with, one way or the other. */
export const endDeliveries = (tried: Tried, state: 'delivered' | 'dropped'): string =>
  `UPDATE webhook_deliveries SET ${TRIED(tried)}, state = '${state}', due_at = NULL WHERE ${WHICH(tried)}`

export const repeatDeliveries = (tried: Tried, due: number): string =>
  `UPDATE webhook_deliveries SET ${TRIED(tried)}, due_at = ${instant(due)} WHERE ${WHICH(tried)}`

/** The next one of each of these cards may go. */
export const releaseNextOfCards = (endpoint: number, cards: readonly number[], at: number): string =>
  `UPDATE webhook_deliveries d JOIN (${cards
    .map(
      (card) => `(SELECT event_id FROM webhook_deliveries FORCE INDEX (webhook_deliveries_card)
   WHERE endpoint_id = ${integer(endpoint)} AND card_id = ${integer(card)} AND state = 'waiting' ORDER BY event_id LIMIT 1)`,
    )
    .join(' UNION ALL ')}) AS next ON next.event_id = d.event_id
   SET d.due_at = COALESCE(d.due_at, ${instant(at)}) WHERE d.endpoint_id = ${integer(endpoint)}`

/** Deliveries that wait for a retry become due now. */
export const hastenDeliveries = (endpoint: number, at: number): string =>
  `UPDATE webhook_deliveries SET due_at = ${instant(at)} WHERE endpoint_id = ${integer(endpoint)} AND due_at > ${instant(at)}`

/** The undelivered events of a disabled endpoint. */
export const dropDeliveries = (endpoint: number): string =>
  `UPDATE webhook_deliveries SET state = 'dropped', due_at = NULL WHERE endpoint_id = ${integer(endpoint)}
   AND state = 'waiting'`

/** The newest first. */
export const selectDeliveries = (endpoint: number, before: number | null, most: number): string =>
  `SELECT d.event_id, v.type, d.state, d.tries, d.tried_at, d.status, d.fault, d.due_at
   FROM webhook_deliveries d JOIN shop_events v ON v.id = d.event_id WHERE d.endpoint_id = ${integer(endpoint)}
   ${before === null ? '' : `AND d.event_id < ${integer(before)}`} ORDER BY d.event_id DESC LIMIT ${integer(most)}`

export function toDelivery(row: Row): DeliveryRow {
  const [eventId, type, state, tries, triedAt, status, fault, dueAt] = row as [
    number, string, string, number, string | null, number | null, string | null, string | null,
  ] // prettier-ignore
  return {
    eventId,
    type,
    state: oneOf(DELIVERY_STATES, state),
    tries,
    triedAt: triedAt === null ? null : fromInstant(triedAt),
    status,
    fault,
    dueAt: dueAt === null ? null : fromInstant(dueAt),
  }
}

/** Seconds by which the most overdue delivery is late; no row: none is due. */
export const selectUnsentAge = `SELECT TIMESTAMPDIFF(MICROSECOND, d.due_at, UTC_TIMESTAMP(3)) / 1000000
  FROM webhook_endpoints e JOIN webhook_deliveries d ON d.endpoint_id = e.id
  WHERE e.state <> 'disabled' AND d.due_at <= UTC_TIMESTAMP(3) ORDER BY d.due_at LIMIT 1`

/** Seconds for which the oldest delivery has been waiting for a receiver that takes it. */
export const selectUndeliveredAge = `SELECT TIMESTAMPDIFF(MICROSECOND, made_at, UTC_TIMESTAMP(3)) / 1000000
  FROM webhook_deliveries WHERE state = 'waiting' ORDER BY made_at LIMIT 1`
