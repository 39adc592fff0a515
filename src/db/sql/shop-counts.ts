import type { Amount } from '../../core/money.ts'
import { binary, instant, integer, text } from './literal.ts'

export type CountKind = 'load' | 'return'

export type ShopCount = {
  /** Of the request's once-only key, 64 hex digits. */
  readonly digest: string
  readonly shop: string
  readonly kind: CountKind
  readonly amount: Amount
}

export const selectShopCount = (digest: string): string =>
  `SELECT amount FROM shop_counts WHERE key_digest = ${binary(digest)}`

/** Sums since these times, ms since 1970: `hour` is the later one. */
export const selectShopSums = (
  { shop, kind }: Pick<ShopCount, 'shop' | 'kind'>,
  { hour, day }: { readonly hour: number; readonly day: number },
): string =>
  `SELECT COALESCE(SUM(CASE WHEN at > ${instant(hour)} THEN amount ELSE 0 END), 0), COALESCE(SUM(amount), 0) FROM shop_counts
   WHERE shop_code = ${text(shop)} AND kind = ${text(kind)} AND at > ${instant(day)}`

export const insertShopCount = ({ digest, shop, kind, amount }: ShopCount, at: number): string =>
  `INSERT INTO shop_counts (key_digest, shop_code, kind, amount, at)
   VALUES (${binary(digest)},${text(shop)},${text(kind)},${integer(amount)},${instant(at)})`

export const deleteShopCount = (digest: string): string =>
  `DELETE FROM shop_counts WHERE key_digest = ${binary(digest)}`

/** Deletes counts that are outside every window, a number at a time. */
export const forgetShopCounts = ({ shop, kind }: Pick<ShopCount, 'shop' | 'kind'>, before: number): string =>
  `DELETE FROM shop_counts WHERE shop_code = ${text(shop)} AND kind = ${text(kind)} AND at < ${instant(before)} LIMIT 100`
