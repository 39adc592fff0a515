import { type ApiKeyRecord, type ShopRecord, selectKeyAndShop, toKeyAndShop } from '../db/sql/shops.ts'
import { digestOf, isApiKey, isScope, type Scope } from './api-key.ts'
import { mayComeFrom } from './networks.ts'
import type { Office } from './office.ts'

export type SignedIn = {
  readonly shop: ShopRecord
  readonly key: ApiKeyRecord
  readonly scopes: ReadonlySet<Scope>
}

/** The shop behind a key; null, whatever is wrong with it: whoever tries keys learns nothing. */
export async function signInShop(office: Office, apiKey: string, address: string): Promise<SignedIn | null> {
  if (!isApiKey(apiKey)) return null
  const [[row] = []] = await office.db.use((connection) => connection.send(selectKeyAndShop(digestOf(apiKey))))
  if (row === undefined) return null
  const { key, shop } = toKeyAndShop(row)
  const isOver = key.waiting || key.revokedAt !== null || (key.expiresAt !== null && office.clock() >= key.expiresAt)
  if (isOver || shop.state !== 'open' || !mayComeFrom(key.networks, address)) return null
  return { shop, key, scopes: new Set(key.scopes.filter(isScope)) }
}
