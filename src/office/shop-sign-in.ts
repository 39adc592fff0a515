/** Authenticates a web shop by its API key. */

import type { Database } from '../db/database.ts'
import { gather, oneForEach } from '../db/gather.ts'
import { type ApiKeyRecord, type ShopRecord, selectKeysAndShops, toKeyAndShop } from '../db/sql/shops.ts'
import { digestOf, isApiKey, isScope, type Scope } from './api-key.ts'
import { mayComeFrom } from './networks.ts'
import type { Office } from './office.ts'

export type SignedIn = {
  readonly shop: ShopRecord
  readonly key: ApiKeyRecord
  readonly scopes: ReadonlySet<Scope>
}

/** Every call signs in: those of one moment with one statement. */
const keysOf = oneForEach(({ use }: Database) =>
  gather(async (digests) => {
    const [rows = []] = await use((connection) => connection.send(selectKeysAndShops(digests)))
    return new Map(rows.map(toKeyAndShop).map((found) => [found.key.digest, found]))
  }),
)

/** The shop of a key; null for any fault, so that nobody learns about keys by trying them. */
export async function signInShop(office: Office, apiKey: string, address: string): Promise<SignedIn | null> {
  if (!isApiKey(apiKey)) return null
  const found = await keysOf(office.db)(digestOf(apiKey))
  if (found === null) return null
  const { key, shop } = found
  const isOver = key.waiting || key.revokedAt !== null || (key.expiresAt !== null && office.clock() >= key.expiresAt)
  if (isOver || shop.state !== 'open' || !mayComeFrom(key.networks, address)) return null
  return { shop, key, scopes: new Set(key.scopes.filter(isScope)) }
}
