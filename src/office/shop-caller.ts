import type { ApiKeyRecord, ShopRecord } from '../db/sql/shops.ts'
import { isIP } from 'node:net'
import { countedAs } from '../core/counted-address.ts'
import type { Scope } from './api-key.ts'

/** A program of a shop that signed in with its key: the actor of AkartWeb's use cases. */
export type ShopCaller = {
  readonly shop: ShopRecord
  readonly key: ApiKeyRecord
  readonly scopes: ReadonlySet<Scope>
  /**
   * The address that guesses are counted for, as `countedAs` has it: the holder's, as the shop says; of a publishable key
   * the connection's. Null: the shop does not say.
   */
  readonly address: string | null
  /** Kept with what it asks for, and repeated with the answer. */
  readonly requestId: string
  readonly language: 'en' | 'pl'
}

/** Under which name wrong eCodes are counted (docs/spec/web.md, section 7): of at most 45 characters. */
export const sourceOf = ({ shop, key, address }: ShopCaller): string =>
  key.kind === 'publishable' ? (address ?? 'no address') : address === null ? shop.code : `${shop.code} ${address}`

/** How an address counts: IPv6 by its first 64 bits. Null: it is none. */
export const countedAddress = (text: string): string | null => (isIP(text) === 0 ? null : countedAs(text))
