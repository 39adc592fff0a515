import type { Amount } from '../../core/money.ts'
import { binary, boolean, fromInstant, instant, instantOrNull, integer, integerOrNull, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const SHOP_STATES = ['open', 'closed'] as const
export type ShopState = (typeof SHOP_STATES)[number]

/** The largest amounts that a shop may load and return per hour and day; null: no limit. */
export type ShopLimits = {
  readonly loadsAnHour: Amount | null
  readonly loadsADay: Amount | null
  readonly returnsAnHour: Amount | null
  readonly returnsADay: Amount | null
}

export type ShopRecord = {
  readonly code: string
  readonly name: string
  readonly store: string
  readonly state: ShopState
  readonly confirmWithinSeconds: number
  readonly cancelDays: number
  readonly limits: ShopLimits
}

export const KEY_KINDS = ['secret', 'publishable'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

export type ApiKeyRecord = {
  readonly id: number
  readonly shop: string
  readonly name: string
  readonly kind: KeyKind
  /** SHA-256, hex. */
  readonly digest: string
  readonly ending: string
  readonly scopes: readonly string[]
  readonly origins: readonly string[]
  readonly networks: readonly string[]
  /** ms since 1970; null: no end. */
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  readonly createdAt: number
  readonly createdBy: string
  /** Waits for a second person; cannot be used yet. */
  readonly waiting: boolean
}

const SHOP_COLUMNS = `code, name, store_code, state, confirm_within, cancel_days, loads_an_hour, loads_a_day, returns_an_hour,
  returns_a_day`

export const selectShops = `SELECT ${SHOP_COLUMNS} FROM shops ORDER BY code`
export const selectShop = (code: string): string => `SELECT ${SHOP_COLUMNS} FROM shops WHERE code = ${text(code)}`
export const lockShop = (code: string): string => `${selectShop(code)} FOR UPDATE`

export function toShop(row: Row): ShopRecord {
  const [code, name, store, state, confirmWithinSeconds, cancelDays, loadsAnHour, loadsADay, returnsAnHour, returnsADay] =
    row as [
      string, string, string, string, number, number, number | null, number | null, number | null, number | null,
    ] // prettier-ignore
  const limits = { loadsAnHour, loadsADay, returnsAnHour, returnsADay }
  return { code, name, store, state: oneOf(SHOP_STATES, state), confirmWithinSeconds, cancelDays, limits }
}

export const insertShop = (
  { code, name, store, state, confirmWithinSeconds, cancelDays, limits }: ShopRecord,
  at: number,
  who: string,
): string =>
  `INSERT INTO shops (${SHOP_COLUMNS}, created_at, created_by) VALUES (${text(code)},${text(name)},${text(store)},
   ${text(state)},${integer(confirmWithinSeconds)},${integer(cancelDays)},${integerOrNull(limits.loadsAnHour)},
   ${integerOrNull(limits.loadsADay)},${integerOrNull(limits.returnsAnHour)},${integerOrNull(limits.returnsADay)},
   ${instant(at)},${text(who)})`

export const updateShop = ({ code, name, state, confirmWithinSeconds, cancelDays, limits }: ShopRecord): string =>
  `UPDATE shops SET name = ${text(name)}, state = ${text(state)}, confirm_within = ${integer(confirmWithinSeconds)},
     cancel_days = ${integer(cancelDays)}, loads_an_hour = ${integerOrNull(limits.loadsAnHour)},
     loads_a_day = ${integerOrNull(limits.loadsADay)}, returns_an_hour = ${integerOrNull(limits.returnsAnHour)},
     returns_a_day = ${integerOrNull(limits.returnsADay)}
   WHERE code = ${text(code)}`

/** A shop's code names the terminal of its requests, so it may be no terminal's. */
export const selectTerminalNamed = (code: string): string => `SELECT code FROM terminals WHERE code = ${text(code)}`

const KEY_COLUMNS = `id, shop_code, name, kind, digest, ending, scopes, origins, networks, expires_at, revoked_at,
  created_at, created_by, waiting`

export const selectApiKeysOf = (shop: string): string =>
  `SELECT ${KEY_COLUMNS} FROM api_keys WHERE shop_code = ${text(shop)} ORDER BY id DESC`
export const selectApiKey = (id: number): string => `SELECT ${KEY_COLUMNS} FROM api_keys WHERE id = ${integer(id)}`
export const lockApiKey = (id: number): string => `${selectApiKey(id)} FOR UPDATE`

export const insertApiKey = (key: ApiKeyRecord): string =>
  `INSERT INTO api_keys (${KEY_COLUMNS}) VALUES (${integer(key.id)},${text(key.shop)},${text(key.name)},${text(key.kind)},
   ${binary(key.digest)},${text(key.ending)},${text(key.scopes.join(' '))},${text(key.origins.join(' '))},
   ${text(key.networks.join(' '))},${instantOrNull(key.expiresAt)},${instantOrNull(key.revokedAt)},
   ${instant(key.createdAt)},${text(key.createdBy)},${boolean(key.waiting)})`

/** Signing in with it is possible from now on. */
export const admitApiKey = (id: number): string => `UPDATE api_keys SET waiting = FALSE WHERE id = ${integer(id)}`

export const revokeApiKeyAt = (id: number, at: number): string =>
  `UPDATE api_keys SET revoked_at = ${instant(at)} WHERE id = ${integer(id)} AND revoked_at IS NULL`

export function toApiKey(row: Row): ApiKeyRecord {
  const [id, shop, name, kind, digest, ending, scopes, origins, networks, expiresAt, revokedAt, createdAt, createdBy,
    waiting] =
    row as [
      number, string, string, string, Buffer, string, string, string, string, string | null, string | null, string, string,
      number,
    ] // prettier-ignore
  return {
    id,
    shop,
    name,
    kind: oneOf(KEY_KINDS, kind),
    digest: digest.toString('hex'),
    ending,
    scopes: wordsIn(scopes),
    origins: wordsIn(origins),
    networks: wordsIn(networks),
    expiresAt: expiresAt === null ? null : fromInstant(expiresAt),
    revokedAt: revokedAt === null ? null : fromInstant(revokedAt),
    createdAt: fromInstant(createdAt),
    createdBy,
    waiting: waiting === 1,
  }
}

const wordsIn = (list: string): string[] => list.split(' ').filter((word) => word !== '')

const columnsOf = (alias: string, columns: string): string =>
  columns
    .split(',')
    .map((column) => `${alias}.${column.trim()}`)
    .join(',')

export const selectKeysAndShops = (digests: readonly string[]): string =>
  `SELECT ${columnsOf('s', SHOP_COLUMNS)},${columnsOf('k', KEY_COLUMNS)} FROM api_keys k JOIN shops s ON s.code = k.shop_code
   WHERE k.digest IN (${digests.map(binary).join(',')})`

/** Of the publishable keys that may sign in at this time. */
export const selectListedOrigins = (now: number): string =>
  `SELECT DISTINCT k.origins FROM api_keys k JOIN shops s ON s.code = k.shop_code
   WHERE k.kind = 'publishable' AND k.revoked_at IS NULL AND NOT k.waiting AND s.state = 'open'
     AND (k.expires_at IS NULL OR k.expires_at > ${instant(now)})`

export const toOrigins = ([origins]: Row): readonly string[] => wordsIn(String(origins))

const SHOP_COLUMN_COUNT = SHOP_COLUMNS.split(',').length

export const toKeyAndShop = (row: Row): { readonly shop: ShopRecord; readonly key: ApiKeyRecord } => ({
  shop: toShop(row.slice(0, SHOP_COLUMN_COUNT)),
  key: toApiKey(row.slice(SHOP_COLUMN_COUNT)),
})
