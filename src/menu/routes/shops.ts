import { currencyOf } from '../../core/currency.ts'
import { addKiosk, listKiosks, removeKiosk } from '../../office/kiosks.ts'
import type { Office } from '../../office/office.ts'
import { isRefused } from '../../office/refusal.ts'
import { type ShopCall, type ShopPage, showShop } from '../../office/shop-page.ts'
import { addApiKey, addShop, changeShop, listShops, revokeApiKey } from '../../office/shops.ts'
import { sendAgain, setEndpoint } from '../../office/webhook-administration.ts'
import type { Handlers } from '../call.ts'
import { money, storeNamed, time, timeOrNull } from '../format.ts'

type ShopRoutes = Pick<Handlers, Extract<keyof Handlers, `shops.${string}` | `kiosks.${string}`>>

const shopAnswer = (office: Office, shop: ShopPage['shop']) => {
  const { letters, exponent } = currencyOf(office.registry().stores.get(shop.store)?.currency ?? 0)
  const { code, name, state, confirmWithinSeconds, cancelDays, limits } = shop
  return {
    code,
    name,
    store: storeNamed(office, shop.store),
    state,
    confirmWithinSeconds,
    cancelDays,
    limits: { ...limits },
    currency: { letters, exponent },
  }
}

const keyAnswer = ({ id, shop: _shop, digest: _digest, ...key }: ShopPage['keys'][number]) => ({
  ...key,
  id: String(id),
  scopes: [...key.scopes],
  origins: [...key.origins],
  networks: [...key.networks],
  expiresAt: timeOrNull(key.expiresAt),
  revokedAt: timeOrNull(key.revokedAt),
  createdAt: time(key.createdAt),
})

const endpointAnswer = ({ id, url, events, state, deliveries }: ShopPage['endpoints'][number]) => ({
  id,
  url,
  events: [...events],
  state,
  deliveries: deliveries.map(({ event, type, state: how, tries, triedAt, status, fault }) => {
    return { event, type, state: how, tries, triedAt, status, fault }
  }),
})

const callAnswer = ({ at, operation, result, state, amount, currency }: ShopCall) => ({
  at: time(at),
  operation,
  result,
  state,
  amount: money(amount, currency),
})

const waits = (proposal: number | null, kind: 'shop' | 'apiKey') => (proposal === null ? null : `${kind}-${proposal}`)

export const shopRoutes: ShopRoutes = {
  async 'shops.list'({ office, actor }) {
    const shops = await listShops(office, actor)
    return isRefused(shops) ? shops : { items: shops.map((shop) => shopAnswer(office, shop)) }
  },
  async 'shops.show'({ office, actor, parts, params: { code } }) {
    const page = await showShop(office, actor, code)
    if (isRefused(page)) return page
    return {
      ...shopAnswer(office, page.shop),
      keys: page.keys.map(keyAnswer),
      endpoints: page.endpoints.map(endpointAnswer),
      calls: page.calls.map(callAnswer),
      refusedCalls: parts.refusedCalls(code).map(({ at, ...call }) => ({ at: time(at), ...call })),
    }
  },
  async 'shops.add'({ office, actor, body }) {
    const added = await addShop(office, actor, body)
    return isRefused(added) ? added : { code: added.code }
  },
  async 'shops.change'({ office, actor, params: { code }, body }) {
    const changed = await changeShop(office, actor, { code, change: body })
    return isRefused(changed) ? changed : { approval: waits(changed.waits, 'shop') }
  },
  async 'shops.addKey'({ office, actor, params: { code }, body }) {
    const added = await addApiKey(office, actor, { shop: code, ...body, expiresAt: null })
    return isRefused(added) ? added : { key: added.key, approval: waits(added.waits, 'apiKey') }
  },
  async 'shops.revokeKey'({ office, actor, params: { id }, body: { reason } }) {
    const revoked = await revokeApiKey(office, actor, { id: Number(id), reason })
    return isRefused(revoked) ? revoked : {}
  },
  async 'shops.endpoint'({ office, actor, params: { code, endpoint }, body: { state } }) {
    const changed = await setEndpoint(office, actor, { shop: code, id: endpoint, change: { state } })
    return isRefused(changed) ? changed : {}
  },
  async 'shops.resend'({ office, actor, params: { code, event } }) {
    const sent = await sendAgain(office, actor, { shop: code, id: event })
    return isRefused(sent) ? sent : {}
  },
  async 'kiosks.list'({ office, actor }) {
    const kiosks = await listKiosks(office, actor)
    if (isRefused(kiosks)) return kiosks
    return {
      items: kiosks.map(({ store, networks, ...kiosk }) => ({
        ...kiosk,
        store: storeNamed(office, store),
        networks: [...networks],
      })),
    }
  },
  async 'kiosks.add'({ office, actor, body }) {
    const added = await addKiosk(office, actor, body)
    return isRefused(added) ? added : { enrolment: added.enrolment }
  },
  async 'kiosks.remove'({ office, actor, params: { code } }) {
    const removed = await removeKiosk(office, actor, { code })
    return isRefused(removed) ? removed : {}
  },
}
