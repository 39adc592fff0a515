import type { WorkerConnection } from '../db/connection.ts'
import {
  forgetShopEvents,
  insertShopEvents,
  selectInsertedEvent,
  selectShopEvent,
  selectShopEvents,
  toShopEvent,
} from '../db/sql/shop-events.ts'
import {
  type DeliveryRow,
  insertDeliveries,
  resendDelivery,
  selectDeliveries,
  toDelivery,
} from '../db/sql/webhook-deliveries.ts'
import { lockEndpointsOf, toEndpoint } from '../db/sql/webhook-endpoints.ts'
import { objectId, rowIdOf } from './object-id.ts'
import type { Office } from './office.ts'
import { timeView } from './shop-answers.ts'
import { eventView, type EventView, TEST_EVENT } from './shop-event.ts'
import { refuseShop, type ShopRefusal } from './shop-refusal.ts'
import { type ActingShop, endpointView, findEndpoint, inShop, onEndpoint } from './webhook-endpoints.ts'

const DAY_MS = 86_400_000
const KEPT_MS = 90 * DAY_MS
const FORGOTTEN_AT_ONCE = 1_000

type Page<Item> = { readonly items: readonly Item[]; readonly next: string | null }

/** The events of a shop that follow event `after`, the oldest first. Null: `after` is not the id of an event. */
export async function listEvents(
  office: Office,
  { shop }: ActingShop,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<Page<EventView> | null> {
  const from = after === null ? 0 : rowIdOf(office.keys(), 'event', after)
  if (from === null) return null
  const [rows = []] = await office.db.use((connection) => connection.send(selectShopEvents(shop.code, from, limit + 1)))
  const items = rows.slice(0, limit).map((row) => eventView(office, toShopEvent(row)))
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** A test event for an endpoint. It waits for no other event. */
export async function testEndpoint(office: Office, caller: ActingShop, id: string): Promise<EventView | ShopRefusal> {
  return onEndpoint(office, caller, id, async (connection, endpoint) => {
    if (endpoint.state === 'disabled') return refuseShop('endpoint_disabled')
    // Adding events of a shop locks its endpoints, so that the ids are in the order of the commits.
    await connection.send(lockEndpointsOf([caller.shop.code]))
    const at = office.clock()
    const row = {
      shop: caller.shop.code,
      type: TEST_EVENT,
      at,
      sequence: 0,
      data: JSON.stringify(endpointView(office, endpoint)),
    }
    const event = await insertEvent(connection, row)
    await connection.send(insertDeliveries([{ endpoint: endpoint.id, event, cardId: null, first: true }], at))
    return eventView(office, { ...row, id: event })
  })
}

async function insertEvent(
  connection: WorkerConnection,
  row: Omit<Parameters<typeof insertShopEvents>[0][number], 'cardId' | 'sourceId' | 'subjectId'>,
): Promise<number> {
  const event = { ...row, cardId: null, sourceId: null, subjectId: null }
  const [[id] = []] = await connection.send(`${insertShopEvents([event])};${selectInsertedEvent}`)
  return Number(id?.[0])
}

/** Sends an event again to every endpoint of the shop that subscribes to its type, even if it was delivered before. */
export async function resendEvent(office: Office, { shop }: ActingShop, id: string): Promise<EventView | ShopRefusal> {
  const rowId = rowIdOf(office.keys(), 'event', id)
  if (rowId === null) return refuseShop('not_found')
  return inShop(office, async (connection) => {
    const [endpoints = [], [row] = []] = await connection.send(
      `${lockEndpointsOf([shop.code])};${selectShopEvent(shop.code, rowId)}`,
    )
    if (row === undefined) return refuseShop('not_found')
    const event = toShopEvent(row)
    for (const { id: endpoint, state, events } of endpoints.map(toEndpoint)) {
      const isWanted = events.length === 0 || events.includes(event.type)
      if (state !== 'disabled' && isWanted) await connection.send(resendDelivery(endpoint, rowId, office.clock()))
    }
    return eventView(office, event)
  })
}

export type DeliveryView = {
  readonly event: string
  readonly type: string
  readonly state: DeliveryRow['state']
  readonly tries: number
  readonly triedAt: string | null
  /** The receiver's last status, or the fault before it answered. */
  readonly status: number | null
  readonly fault: string | null
  readonly nextTryAt: string | null
}

/** The log of an endpoint's deliveries, the newest event first. Null: the cursor is not the id of an event. */
export async function listDeliveries(
  office: Office,
  caller: ActingShop,
  { id, cursor, limit }: { readonly id: string; readonly cursor: string | null; readonly limit: number },
): Promise<Page<DeliveryView> | ShopRefusal | null> {
  const endpoint = await findEndpoint(office, caller, id)
  if ('refusedAs' in endpoint) return endpoint
  const before = cursor === null ? null : rowIdOf(office.keys(), 'event', cursor)
  if (cursor !== null && before === null) return null
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectDeliveries(endpoint.id, before, limit + 1)),
  )
  const items = rows.slice(0, limit).map((row) => deliveryView(office, toDelivery(row)))
  return { items, next: rows.length > limit ? (items.at(-1)?.event ?? null) : null }
}

const timeOrNull = (at: number | null): string | null => (at === null ? null : timeView(at))

export const deliveryView = (
  { keys }: Pick<Office, 'keys'>,
  { eventId, type, state, tries, triedAt, status, fault, dueAt }: DeliveryRow,
): DeliveryView => ({
  event: objectId(keys(), 'event', eventId),
  type,
  state,
  tries,
  triedAt: timeOrNull(triedAt),
  status,
  fault,
  nextTryAt: timeOrNull(dueAt),
})

/** Deletes events older than 90 days with their deliveries. @returns whether there are more to delete */
export async function forgetOldEvents(office: Pick<Office, 'db' | 'clock'>): Promise<boolean> {
  const before = office.clock() - KEPT_MS
  const [[row] = []] = await office.db.use((connection) =>
    connection.send(`${forgetShopEvents(before, FORGOTTEN_AT_ONCE)};SELECT ROW_COUNT()`),
  )
  return Number(row?.[0]) === FORGOTTEN_AT_ONCE
}
