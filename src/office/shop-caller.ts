import { isIP } from 'node:net'
import { countedAs } from '../core/counted-address.ts'
import type { ShopRecord } from '../db/sql/shops.ts'
import type { Scope } from './api-key.ts'

/** A program of a shop that signed in with its key: the actor of AkartWeb's use cases. */
export type ShopCaller = {
  readonly shop: ShopRecord
  readonly scopes: ReadonlySet<Scope>
  /** Under which name wrong eCodes are counted (docs/spec/web.md, section 7), at most 45 characters: `sourceOfShop`, or an address alone. */
  readonly source: string
  /** Stored with the request and repeated with the answer. */
  readonly requestId: string
  readonly language: 'en' | 'pl'
}

/**
 * A shop's customers are distinguished by the address that the shop gives; null: none was given, and all share one
 * source.
 */
export const sourceOfShop = (shop: string, address: string | null): string =>
  address === null ? shop : `${shop} ${address}`

/** The address by which tries are counted: of IPv6 the first 64 bits. Null: not an address. */
export const countedAddress = (text: string): string | null => (isIP(text) === 0 ? null : countedAs(text))
