/** Web shops: their settings, limits and API keys. */

import { writeAudit } from '../db/audit.ts'
import type { WorkerConnection } from '../db/connection.ts'
import type { Json } from '../core/attached.ts'
import {
  type ApiKeyRecord,
  insertApiKey,
  insertShop,
  type KeyKind,
  lockApiKey,
  lockShop,
  revokeApiKeyAt,
  selectApiKeysOf,
  selectShop,
  selectShops,
  selectTerminalNamed,
  type ShopRecord,
  toApiKey,
  toShop,
  updateShop,
} from '../db/sql/shops.ts'
import type { Actor } from './actor.ts'
import { digestOf, endingOf, isMoneyScope, newApiKey, type Scope } from './api-key.ts'
import { networksObjection } from './networks.ts'
import { inTransaction, type Office } from './office.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDo } from './rights.ts'
import { thenForgetKeys } from './shop-sign-in.ts'
import { NO_LIMITS, partsOfChange, proposeApiKey, proposeRest, wantsSecond, withdrawApiKey } from './shop-approvals.ts'

export const SHOP_CODE = /^[A-Z0-9][A-Z0-9-]{0,7}$/u

/** The defaults of a shop. */
export const SHOP_DEFAULTS = { confirmWithinSeconds: 900, cancelDays: 30 } as const

export type NewShop = Pick<ShopRecord, 'code' | 'name' | 'store'> & Partial<ShopSettings>
export type ShopSettings = Omit<ShopRecord, 'code' | 'store'>

/** The present shop. `waits`: the number of the proposal for a second person; null: everything took effect. */
export type ChangedShop = ShopRecord & { readonly waits: number | null }

export async function addShop(office: Office, actor: Actor, input: NewShop): Promise<ChangedShop | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  if (!SHOP_CODE.test(input.code)) return refused('shop_code_invalid', { code: input.code })
  if (!office.registry().stores.has(input.store)) return refused('no_such_store', { store: input.store })
  const { limits = NO_LIMITS, ...rest } = input
  const asked: ShopRecord = { state: 'open', ...SHOP_DEFAULTS, ...rest, limits }
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const [taken = [], there = []] = await connection.send(`${selectTerminalNamed(input.code)};${lockShop(input.code)}`)
    if (taken.length > 0 || there.length > 0) return refused('shop_code_taken', { code: input.code })
    const bare = { ...asked, limits: NO_LIMITS }
    const parts = await partsOfChange(connection, office, bare, asked)
    await connection.send(insertShop(parts.now, at, actor.login))
    await audited(office, actor, connection, 'shops.add', parts.now, at)
    return proposeRest(connection, office, actor, parts)
  })
}

/** Absent settings are kept. Changes that relax a check wait for a second person. */
export async function changeShop(
  office: Office,
  actor: Actor,
  { code, change }: { readonly code: string; readonly change: Partial<ShopSettings> },
): Promise<ChangedShop | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  const at = office.clock()
  return thenForgetKeys(
    office,
    inTransaction(office, async (connection) => {
      const [[row] = []] = await connection.send(lockShop(code))
      if (row === undefined) return refused('no_such_shop', { shop: code })
      const before = toShop(row)
      const parts = await partsOfChange(connection, office, before, { ...before, ...change })
      await connection.send(updateShop(parts.now))
      await audited(office, actor, connection, 'shops.change', parts.now, at)
      return proposeRest(connection, office, actor, parts)
    }),
  )
}

export async function listShops(office: Office, actor: Actor): Promise<readonly ShopRecord[] | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  const [rows = []] = await office.db.use((connection) => connection.send(selectShops))
  return rows.map(toShop)
}

export type NewApiKey = {
  readonly shop: string
  readonly name: string
  readonly kind: KeyKind
  readonly scopes: readonly Scope[]
  readonly origins: readonly string[]
  readonly networks: readonly string[]
  /** ms since 1970; null: no end. */
  readonly expiresAt: number | null
}

/**
 * The key itself is returned here once; the database has its digest. `waits`: the number of the proposal; the key
 * cannot be used before its approval.
 */
export type IssuedApiKey = { readonly key: string; readonly record: ApiKeyRecord; readonly waits: number | null }

/** A live key that moves money wants a shop with limits: what a stolen key can do is bounded (docs/spec/abuse.md, 13). */
export async function addApiKey(office: Office, actor: Actor, input: NewApiKey): Promise<IssuedApiKey | Refused> {
  const objection = mayDo(actor, 'shops.edit') ?? mismatch(input) ?? networksObjection(input.networks) ?? tooLong(input)
  if (objection !== null) return objection
  const key = newApiKey(input.kind, office.demo)
  const at = office.clock()
  return inTransaction(office, async (connection) => {
    const shop = await shopNamed(connection, input.shop)
    if (isRefused(shop)) return shop
    const movesMoney = input.scopes.some(isMoneyScope)
    if (movesMoney && !office.demo && Object.values(shop.limits).includes(null)) {
      return refused('shop_without_limits', { shop: shop.code })
    }
    const waiting = movesMoney && (await wantsSecond(connection, office, 'api_key_alone', shop.code))
    const record: ApiKeyRecord = {
      ...input,
      id: office.nextId(),
      digest: digestOf(key),
      ending: endingOf(key),
      revokedAt: null,
      createdAt: at,
      createdBy: actor.login,
      waiting,
    }
    await connection.send(insertApiKey(record))
    await audited(office, actor, connection, 'api-keys.add', shop, at, keyFacts(record))
    const waits = waiting ? await proposeApiKey(connection, office, actor, record) : null
    return isRefused(waits) ? waits : { key, record, waits }
  })
}

/** The lengths of the columns; lists are stored joined. */
export const API_KEY_LENGTHS = { name: 40, origins: 1_000 } as const

function tooLong({ name, origins }: NewApiKey): Refused | null {
  const said = { name, origins: origins.join(' ') }
  for (const what of ['name', 'origins'] as const) {
    const length = Array.from(said[what]).length
    if (length > API_KEY_LENGTHS[what])
      return refused('api_key_too_long', { what, length, most: API_KEY_LENGTHS[what] })
  }
  return null
}

/** A publishable key is for the pages of its origins and can only make tokens; a secret one is for its scopes. */
function mismatch({ kind, scopes, origins }: NewApiKey): Refused | null {
  if (kind === 'publishable' && (origins.length === 0 || scopes.length > 0)) return refused('key_wants_origins')
  if (kind === 'secret' && (origins.length > 0 || scopes.length === 0)) return refused('key_wants_scopes')
  return null
}

export async function revokeApiKey(
  office: Office,
  actor: Actor,
  { id, reason }: { readonly id: number; readonly reason: string },
): Promise<ApiKeyRecord | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  const at = office.clock()
  return thenForgetKeys(
    office,
    inTransaction(office, async (connection) => {
      const [[row] = []] = await connection.send(lockApiKey(id))
      if (row === undefined) return refused('no_such_api_key', { id })
      const record = toApiKey(row)
      if (record.revokedAt !== null) return record
      const shop = await shopNamed(connection, record.shop)
      if (isRefused(shop)) return shop
      await connection.send(revokeApiKeyAt(id, at))
      await withdrawApiKey(connection, actor, id, at)
      await audited(office, actor, connection, 'api-keys.revoke', shop, at, { ...keyFacts(record), reason })
      return { ...record, revokedAt: at }
    }),
  )
}

/** The newest first; the keys themselves are nowhere. */
export async function listApiKeys(
  office: Office,
  actor: Actor,
  { shop }: { readonly shop: string },
): Promise<readonly ApiKeyRecord[] | Refused> {
  const objection = mayDo(actor, 'shops.edit')
  if (objection !== null) return objection
  return office.db.use(async (connection) => {
    const found = await shopNamed(connection, shop)
    if (isRefused(found)) return found
    const [rows = []] = await connection.send(selectApiKeysOf(shop))
    return rows.map(toApiKey)
  })
}

async function shopNamed(connection: WorkerConnection, code: string): Promise<ShopRecord | Refused> {
  const [[row] = []] = await connection.send(selectShop(code))
  return row === undefined ? refused('no_such_shop', { shop: code }) : toShop(row)
}

const keyFacts = ({ id, name, kind, ending, scopes, origins, networks, expiresAt }: ApiKeyRecord) => ({
  key: id,
  name,
  kind,
  ending,
  scopes,
  origins,
  networks,
  expiresAt,
})

const shopFacts = ({ name, state, confirmWithinSeconds, cancelDays, limits }: ShopRecord) => ({
  name,
  state,
  confirmWithinSeconds,
  cancelDays,
  ...limits,
})

/** In the transaction of the change itself. */
const audited = (
  office: Office,
  { login, channel }: Actor,
  connection: WorkerConnection,
  action: string,
  shop: ShopRecord,
  at: number,
  details: { readonly [name: string]: Json } = shopFacts(shop),
): Promise<void> =>
  writeAudit(connection, {
    id: office.nextId(),
    at,
    who: login,
    channel,
    action,
    object: { kind: 'shop', id: shop.code },
    store: shop.store,
    outcome: 'done',
    details,
  })
