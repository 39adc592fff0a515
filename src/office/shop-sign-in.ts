/** Authenticates a web shop by its API key. */

import type { Database } from '../db/database.ts'
import { gather, oneForEach } from '../db/gather.ts'
import {
  type ApiKeyRecord,
  type ShopRecord,
  selectKeysAndShops,
  selectListedOrigins,
  toKeyAndShop,
  toOrigins,
} from '../db/sql/shops.ts'
import { lruMap, type LruMap } from '../engine/lru-map.ts'
import { digestOf, isApiKey, isScope, type Scope } from './api-key.ts'
import { mayComeFrom } from './networks.ts'
import type { Office } from './office.ts'

export type SignedIn = {
  readonly shop: ShopRecord
  readonly key: ApiKeyRecord
  readonly scopes: ReadonlySet<Scope>
}

/**
 * ms for which a key that was read stays valid in memory. A revocation in this process clears it at once
 * (`thenForgetKeys`); in another process it takes effect within this time, which is less than the revoking command takes to
 * end. A shop that calls over one connection saves three of four reads, a fifth of a payment's time.
 */
const GOOD_MS = 10
/** From this age on, ms, a key in use is read again beside the calls, so that under steady traffic none of them waits. */
const REFRESH_MS = 6
/** The number of keys in memory. */
const KEYS = 1_000

type Remembered = { readonly signedIn: SignedIn; readonly readAt: number; isBeingRead: boolean }
type Known = { keys: LruMap<Remembered>; changes: number }

const knownOf = oneForEach<Database, Known>(() => ({ keys: lruMap(KEYS), changes: 0 }))

/** Runs a change of a shop or of its keys, then clears the keys in memory, also those that are being read right now. */
export async function thenForgetKeys<T>({ db }: Pick<Office, 'db'>, change: Promise<T>): Promise<T> {
  try {
    return await change
  } finally {
    const known = knownOf(db)
    known.keys = lruMap(KEYS)
    known.changes += 1
  }
}

/** Every call authenticates: simultaneous calls share one statement. */
const keysOf = oneForEach(({ use }: Database) =>
  gather(async (digests) => {
    const [rows = []] = await use((connection) => connection.send(selectKeysAndShops(digests)))
    return new Map(rows.map(toKeyAndShop).map((found) => [found.key.digest, found]))
  }),
)

/** The shop of a key; null for any fault, so that tries reveal nothing about keys. */
export async function signInShop(office: Office, apiKey: string, address: string): Promise<SignedIn | null> {
  if (!isApiKey(apiKey)) return null
  const digest = digestOf(apiKey)
  const signedIn = remembered(office, digest) ?? (await read(office, digest))
  if (signedIn === null) return null
  const { key, shop } = signedIn
  const isOver = key.waiting || key.revokedAt !== null || (key.expiresAt !== null && office.clock() >= key.expiresAt)
  return isOver || shop.state !== 'open' || !mayComeFrom(key.networks, address) ? null : signedIn
}

function remembered(office: Office, digest: string): SignedIn | null {
  const one = knownOf(office.db).keys.get(digest)
  if (one === undefined) return null
  const age = performance.now() - one.readAt
  if (age > GOOD_MS) return null
  if (age > REFRESH_MS && !one.isBeingRead) {
    one.isBeingRead = true
    // What goes wrong here goes wrong again for the next call, which waits for it and says so.
    read(office, digest).catch(() => undefined)
  }
  return one.signedIn
}

async function read({ db }: Office, digest: string): Promise<SignedIn | null> {
  const known = knownOf(db)
  const { changes } = known
  const readAt = performance.now()
  const found = await keysOf(db)(digest)
  if (found === null) return null
  const signedIn = { ...found, scopes: new Set(found.key.scopes.filter(isScope)) }
  if (known.changes === changes) known.keys.set(digest, { signedIn, readAt, isBeingRead: false })
  return signedIn
}

/** Browsers ask without a key before they send one: those of one moment share a statement, so that asking costs little. */
const originsOf = oneForEach(({ db, clock }: Office) =>
  gather(async ([all = '']) => {
    const [rows = []] = await db.use((connection) => connection.send(selectListedOrigins(clock())))
    return new Map([[all, rows.flatMap(toOrigins)]])
  }),
)

/** The origins of all publishable keys that are good now. */
export const listedOrigins = async (office: Office): Promise<readonly string[]> =>
  (await originsOf(office)('all')) ?? []
