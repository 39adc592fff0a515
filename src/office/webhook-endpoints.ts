import type { Json } from '../core/attached.ts'
import { writeAudit } from '../db/audit.ts'
import type { WorkerConnection } from '../db/connection.ts'
import { dropDeliveries, hastenDeliveries } from '../db/sql/webhook-deliveries.ts'
import {
  countEndpoints,
  deleteEndpoint,
  type EndpointRow,
  type EndpointState,
  insertEndpoint,
  lockEndpoint,
  lockEndpointsOf,
  selectEndpoint,
  selectEndpoints,
  toEndpoint,
  updateEndpoint,
} from '../db/sql/webhook-endpoints.ts'
import type { Actor } from './actor.ts'
import { objectId, rowIdOf } from './object-id.ts'
import type { Office } from './office.ts'
import type { ShopCaller } from './shop-caller.ts'
import { isShopRefusal, refuseShop, type ShopRefusal } from './shop-refusal.ts'
import { newSalt, secretFrom } from './webhook-secret.ts'

/** The maximum of a shop; each event is delivered to each endpoint. */
export const MOST_ENDPOINTS = 16
/** How long after a rotation the previous secret signs too. */
const BOTH_SECRETS_MS = 24 * 3_600_000

export type EndpointView = {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly state: EndpointState
}
/** With the secret, which is shown when it is made and never again. */
export type EndpointWithSecret = EndpointView & { readonly secret: string }

/** A shop, and its actor: its program, unless a person is named. */
export type ActingShop = Pick<ShopCaller, 'shop'> & { readonly person?: Pick<Actor, 'login' | 'channel'> }

export const endpointView = (
  { keys }: Pick<Office, 'keys'>,
  { id, url, events, state }: EndpointRow,
): EndpointView => ({ id: objectId(keys(), 'endpoint', id), url, events, state })

/** The door has checked that the address is permitted. */
export async function addEndpoint(
  office: Office,
  caller: ActingShop,
  input: { readonly url: string; readonly events: readonly string[] },
): Promise<EndpointWithSecret | ShopRefusal> {
  const { code: shop } = caller.shop
  const endpoint = { ...input, id: office.nextId(), shop, state: 'active', salt: newSalt(), old: null } as const
  return inShop(office, async (connection) => {
    const [, [count] = []] = await connection.send(`${lockEndpointsOf([shop])};${countEndpoints(shop)}`)
    if (Number(count?.[0]) >= MOST_ENDPOINTS) return refuseShop('too_many_endpoints')
    await connection.send(insertEndpoint(endpoint, office.clock()))
    await audited(office, caller, connection, 'webhooks.add', endpoint)
    return { ...endpointView(office, endpoint), secret: secretFrom(office.keys(), endpoint.salt) }
  })
}

/** The newest first. Null: the cursor is none of ours. */
export async function listEndpoints(
  office: Office,
  { shop }: ActingShop,
  { cursor, limit }: { readonly cursor: string | null; readonly limit: number },
): Promise<{ readonly items: readonly EndpointView[]; readonly next: string | null } | null> {
  const before = cursor === null ? null : rowIdOf(office.keys(), 'endpoint', cursor)
  if (cursor !== null && before === null) return null
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectEndpoints(shop.code, before, limit + 1)),
  )
  const items = rows.slice(0, limit).map((row) => endpointView(office, toEndpoint(row)))
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

export async function findEndpoint(
  office: Office,
  { shop }: ActingShop,
  id: string,
): Promise<EndpointRow | ShopRefusal> {
  const rowId = rowIdOf(office.keys(), 'endpoint', id)
  if (rowId === null) return refuseShop('not_found')
  const [[row] = []] = await office.db.use((connection) => connection.send(selectEndpoint(shop.code, rowId)))
  return row === undefined ? refuseShop('not_found') : toEndpoint(row)
}

export type EndpointChange = {
  readonly url?: string
  readonly events?: readonly string[]
  readonly state?: 'active' | 'disabled'
}

/**
 * Absent settings are kept. If it was moved or enabled, waiting messages are sent at once; a disabled endpoint gets
 * none.
 */
export async function changeEndpoint(
  office: Office,
  caller: ActingShop,
  id: string,
  change: EndpointChange,
): Promise<EndpointView | ShopRefusal> {
  return onEndpoint(office, caller, id, async (connection, before) => {
    const moved = change.url !== undefined && change.url !== before.url
    const state = change.state ?? (moved && before.state === 'failing' ? 'active' : before.state)
    const after = { ...before, ...change, state }
    await connection.send(updateEndpoint(after))
    if (state === 'disabled') await connection.send(dropDeliveries(before.id))
    else if (moved || change.state === 'active') await connection.send(hastenDeliveries(before.id, office.clock()))
    await audited(office, caller, connection, 'webhooks.change', after)
    return endpointView(office, after)
  })
}

export async function removeEndpoint(office: Office, caller: ActingShop, id: string): Promise<true | ShopRefusal> {
  return onEndpoint<true>(office, caller, id, async (connection, endpoint) => {
    await connection.send(deleteEndpoint(endpoint.id))
    await audited(office, caller, connection, 'webhooks.remove', endpoint)
    return true
  })
}

/** Makes a new secret. The previous one signs too for a day; an older one ends at once. */
export async function rotateSecret(
  office: Office,
  caller: ActingShop,
  id: string,
): Promise<EndpointWithSecret | ShopRefusal> {
  return onEndpoint(office, caller, id, async (connection, before) => {
    const old = { salt: before.salt, until: office.clock() + BOTH_SECRETS_MS }
    const after = { ...before, salt: newSalt(), old }
    await connection.send(updateEndpoint(after))
    await audited(office, caller, connection, 'webhooks.rotate', after)
    return { ...endpointView(office, after), secret: secretFrom(office.keys(), after.salt) }
  })
}

/** One of the shop's, locked. */
export async function onEndpoint<Result>(
  office: Office,
  { shop }: ActingShop,
  id: string,
  work: (connection: WorkerConnection, endpoint: EndpointRow) => Promise<Result | ShopRefusal>,
): Promise<Result | ShopRefusal> {
  const rowId = rowIdOf(office.keys(), 'endpoint', id)
  if (rowId === null) return refuseShop('not_found')
  return inShop(office, async (connection) => {
    const [[row] = []] = await connection.send(lockEndpoint(shop.code, rowId))
    return row === undefined ? refuseShop('not_found') : work(connection, toEndpoint(row))
  })
}

/** One database transaction; a refusal rolls it back. */
export const inShop = <Result>(
  { db }: Pick<Office, 'db'>,
  work: (connection: WorkerConnection) => Promise<Result | ShopRefusal>,
): Promise<Result | ShopRefusal> => db.transaction(work, (result) => !isShopRefusal(result))

async function audited(
  office: Office,
  { shop, person }: ActingShop,
  connection: WorkerConnection,
  action: string,
  { id, url, events, state }: EndpointRow,
): Promise<void> {
  const details: { readonly [name: string]: Json } = { url, events, state }
  await writeAudit(connection, {
    id: office.nextId(),
    at: office.clock(),
    who: person?.login ?? shop.code,
    channel: person?.channel ?? 'web',
    action,
    object: { kind: 'webhook-endpoint', id: String(id) },
    store: shop.store,
    outcome: 'done',
    details,
  })
}
