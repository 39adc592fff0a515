/** One web shop for AkartMenu. */

import { type ShopCall, selectCallsOf, toShopCall } from '../db/sql/shop-calls.ts'
import { type ApiKeyRecord, selectShop, type ShopRecord, toShop } from '../db/sql/shops.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import type { DeliveryView } from './shop-events.ts'
import { listApiKeys } from './shops.ts'
import { showDeliveries, showEndpoints } from './webhook-administration.ts'
import type { EndpointView } from './webhook-endpoints.ts'

export type { ShopCall }

export type ShopPage = {
  readonly shop: ShopRecord
  readonly keys: readonly ApiKeyRecord[]
  readonly endpoints: readonly (EndpointView & { readonly deliveries: readonly DeliveryView[] })[]
  /** The newest first. */
  readonly calls: readonly ShopCall[]
}

const DELIVERIES = 20
const CALLS = 30
const MONTH_MS = 31 * 24 * 3_600_000

/** A web shop: its keys, its webhook endpoints with their state, and its latest requests. */
export async function showShop(office: Office, actor: Actor, code: string): Promise<ShopPage | Refused> {
  const no = mayDo(actor, 'shops.edit')
  if (no !== null) return no
  const since = office.clock() - MONTH_MS
  const [[row] = [], calls = []] = await office.db.use((connection) =>
    connection.send(`${selectShop(code)};${selectCallsOf(code, since, CALLS)}`),
  )
  if (row === undefined) return refused('no_such_shop', { shop: code })
  const keys = await listApiKeys(office, actor, { shop: code })
  if (isRefused(keys)) return keys
  const found = await showEndpoints(office, actor, code)
  if (isRefused(found)) return found
  const endpoints = await Promise.all(
    found.map(async (endpoint) => {
      const deliveries = await showDeliveries(office, actor, { shop: code, id: endpoint.id, limit: DELIVERIES })
      return { ...endpoint, deliveries: isRefused(deliveries) ? [] : deliveries }
    }),
  )
  return { shop: toShop(row), keys, endpoints, calls: calls.map(toShopCall) }
}
