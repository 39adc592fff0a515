import { selectShop, toShop } from '../db/sql/shops.ts'
import type { Actor } from './actor.ts'
import type { Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { type DeliveryView, listDeliveries, resendEvent } from './shop-events.ts'
import type { EventView } from './shop-event.ts'
import { isShopRefusal, type ShopRefusal } from './shop-refusal.ts'
import {
  type ActingShop,
  changeEndpoint,
  type EndpointChange,
  type EndpointView,
  listEndpoints,
  MOST_ENDPOINTS,
  removeEndpoint,
} from './webhook-endpoints.ts'

/** An operator's acts on a shop's webhooks. Shops use the API. */

export const showEndpoints = (office: Office, actor: Actor, shop: string): Promise<readonly EndpointView[] | Refused> =>
  forShop(office, actor, { shop, id: '' }, async (acting) => {
    const page = await listEndpoints(office, acting, { cursor: null, limit: MOST_ENDPOINTS })
    return page?.items ?? []
  })

/** The newest ones. */
export const showDeliveries = (
  office: Office,
  actor: Actor,
  input: { readonly shop: string; readonly id: string; readonly limit: number },
): Promise<readonly DeliveryView[] | Refused> =>
  forShop(office, actor, input, async (acting) => {
    const page = await listDeliveries(office, acting, { id: input.id, cursor: null, limit: input.limit })
    return isShopRefusal(page) ? page : (page?.items ?? [])
  })

type Named = { readonly shop: string; readonly id: string }

export const setEndpoint = (
  office: Office,
  actor: Actor,
  { change, ...named }: Named & { readonly change: EndpointChange },
): Promise<EndpointView | Refused> =>
  forShop(office, actor, named, (acting) => changeEndpoint(office, acting, named.id, change))

export const dropEndpoint = (office: Office, actor: Actor, named: Named): Promise<true | Refused> =>
  forShop(office, actor, named, (acting) => removeEndpoint(office, acting, named.id))

export const sendAgain = (office: Office, actor: Actor, named: Named): Promise<EventView | Refused> =>
  forShop(office, actor, named, (acting) => resendEvent(office, acting, named.id))

async function forShop<Result>(
  office: Office,
  actor: Actor,
  { shop, id }: Named,
  work: (acting: ActingShop) => Promise<Result | ShopRefusal>,
): Promise<Result | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  const [[row] = []] = await office.db.use((connection) => connection.send(selectShop(shop)))
  if (row === undefined) return refused('no_such_shop', { shop })
  const done = await work({ shop: toShop(row), person: actor })
  if (isRefused(done)) return done
  return isShopRefusal(done) ? refused('no_such_webhook', { shop, id }) : (done as Result)
}
