import { binary, fromInstant, instant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const ENDPOINT_STATES = ['active', 'failing', 'disabled'] as const
export type EndpointState = (typeof ENDPOINT_STATES)[number]

export type EndpointRow = {
  readonly id: number
  readonly shop: string
  readonly url: string
  /** Types of events; empty: all. */
  readonly events: readonly string[]
  readonly state: EndpointState
  /** 32 hex digits. */
  readonly salt: string
  /** The one before the last rotation, and until when it signs too. */
  readonly old: { readonly salt: string; readonly until: number } | null
}

const COLUMNS = 'id, shop_code, url, events, state, salt, old_salt, old_until'

export const insertEndpoint = ({ id, shop, url, events, state, salt }: EndpointRow, at: number): string =>
  `INSERT INTO webhook_endpoints (id, shop_code, url, events, state, salt, created_at) VALUES (${integer(id)},${text(shop)},
   ${text(url)},${text(events.join(' '))},${text(state)},${binary(salt)},${instant(at)})`

export const updateEndpoint = ({ id, url, events, state, salt, old }: EndpointRow): string =>
  `UPDATE webhook_endpoints SET url = ${text(url)}, events = ${text(events.join(' '))}, state = ${text(state)},
     salt = ${binary(salt)}, old_salt = ${old === null ? 'NULL' : binary(old.salt)},
     old_until = ${old === null ? 'NULL' : instant(old.until)} WHERE id = ${integer(id)}`

export const deleteEndpoint = (id: number): string => `DELETE FROM webhook_endpoints WHERE id = ${integer(id)}`

/** The newest first. */
export const selectEndpoints = (shop: string, before: number | null, most: number): string =>
  `SELECT ${COLUMNS} FROM webhook_endpoints WHERE shop_code = ${text(shop)}
   ${before === null ? '' : `AND id < ${integer(before)}`} ORDER BY id DESC LIMIT ${integer(most)}`

export const selectEndpoint = (shop: string, id: number): string =>
  `SELECT ${COLUMNS} FROM webhook_endpoints WHERE shop_code = ${text(shop)} AND id = ${integer(id)}`
export const lockEndpoint = (shop: string, id: number): string => `${selectEndpoint(shop, id)} FOR UPDATE`
/**
 * Locks the endpoints of shops: adding and ending deliveries wait for each other, so that a delivery behind another one
 * of its card always gets a due time.
 */
export const lockEndpointsOf = (shops: readonly string[]): string =>
  `SELECT ${COLUMNS} FROM webhook_endpoints WHERE shop_code IN (${shops.map(text).join(',')}) ORDER BY id FOR UPDATE`

export const countEndpoints = (shop: string): string =>
  `SELECT COUNT(*) FROM webhook_endpoints WHERE shop_code = ${text(shop)}`

export const setEndpointState = (id: number, state: EndpointState): string =>
  `UPDATE webhook_endpoints SET state = ${text(state)} WHERE id = ${integer(id)}`

export function toEndpoint(row: Row): EndpointRow {
  const [id, shop, url, events, state, salt, oldSalt, oldUntil] = row as [
    number, string, string, string, string, Buffer, Buffer | null, string | null,
  ] // prettier-ignore
  return {
    id,
    shop,
    url,
    events: events.split(' ').filter((type) => type !== ''),
    state: oneOf(ENDPOINT_STATES, state),
    salt: salt.toString('hex'),
    old: oldSalt === null || oldUntil === null ? null : { salt: oldSalt.toString('hex'), until: fromInstant(oldUntil) },
  }
}

/** Endpoints that something is due for and that no process sends to. */
export const selectEndpointsDue = (now: number, most: number): string =>
  `SELECT e.id FROM webhook_endpoints e WHERE e.state <> 'disabled' AND e.leased_until < UTC_TIMESTAMP(3)
   AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.endpoint_id = e.id AND d.due_at <= ${instant(now)})
   ORDER BY e.id LIMIT ${integer(most)}`

/** Takes an endpoint for this process, or keeps it; no row: another process has it, or it is gone. */
export const leaseEndpoint = (id: number, owner: string, seconds: number): string =>
  `UPDATE webhook_endpoints SET owner = ${text(owner)}, leased_until = UTC_TIMESTAMP(3) + INTERVAL ${integer(seconds)} SECOND
   WHERE id = ${integer(id)} AND (owner = ${text(owner)} OR leased_until NOT BETWEEN UTC_TIMESTAMP(3)
     AND UTC_TIMESTAMP(3) + INTERVAL ${integer(seconds)} SECOND);
   SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = ${integer(id)} AND owner = ${text(owner)}`

export const returnEndpoint = (id: number, owner: string): string =>
  `UPDATE webhook_endpoints SET owner = NULL, leased_until = '2000-01-01' WHERE id = ${integer(id)} AND owner = ${text(owner)}`

/** Held until the end of the transaction; no row: it is another process's by now. */
export const lockOwnEndpoint = (id: number, owner: string): string =>
  `SELECT ${COLUMNS} FROM webhook_endpoints WHERE id = ${integer(id)} AND owner = ${text(owner)} FOR UPDATE`
