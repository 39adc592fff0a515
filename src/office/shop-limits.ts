import type { Amount } from '../core/money.ts'
import {
  type CountKind,
  deleteShopCount,
  forgetShopCounts,
  insertShopCount,
  selectShopCount,
  selectShopSums,
} from '../db/sql/shop-counts.ts'
import { lockShop, type ShopLimits, type ShopRecord, toShop } from '../db/sql/shops.ts'
import type { Office } from './office.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The limit that a request counts towards, and the amount. */
export type Counted = { readonly kind: CountKind; readonly amount: Amount }

/** `counted`: now, for the first time; `known`: by an earlier try of the same request, or there is no limit. */
export type Counting = 'counted' | 'known' | 'over'

const LIMITS_OF = {
  load: ({ loadsAnHour, loadsADay }: ShopLimits) => ({ hour: loadsAnHour, day: loadsADay }),
  return: ({ returnsAnHour, returnsADay }: ShopLimits) => ({ hour: returnsAnHour, day: returnsADay }),
} as const satisfies Record<CountKind, (limits: ShopLimits) => { hour: Amount | null; day: Amount | null }>

const isUnlimited = (limits: ShopLimits): boolean => Object.values(limits).every((limit) => limit === null)

/**
 * Counts a request against the shop's limits of the last hour and the last day, under the lock of the shop's row, so
 * that concurrent requests cannot pass together (docs/spec/abuse.md, 13). An exhausted limit is refused before the
 * engine is called.
 */
export async function countForShop(
  office: Pick<Office, 'db' | 'clock'>,
  shop: ShopRecord,
  digest: string,
  { kind, amount }: Counted,
): Promise<Counting> {
  if (isUnlimited(shop.limits)) return 'known'
  const at = office.clock()
  const which = { shop: shop.code, kind }
  return office.db.transaction(async (connection): Promise<Counting> => {
    const [[row] = []] = await connection.send(lockShop(shop.code))
    if (row === undefined) throw new Error(`shop ${shop.code} signed in and is not in the database`)
    // Locked first, read second.
    const [[known] = [], [sums = []] = []] = await connection.send(
      `${selectShopCount(digest)};${selectShopSums(which, { hour: at - HOUR_MS, day: at - DAY_MS })}`,
    )
    if (known !== undefined) return 'known'
    const { hour, day } = LIMITS_OF[kind](toShop(row).limits)
    const [inHour, inDay] = sums.map(Number)
    if (hour !== null && (inHour ?? 0) + amount > hour) return 'over'
    if (day !== null && (inDay ?? 0) + amount > day) return 'over'
    await connection.send(forgetShopCounts(which, at - 2 * DAY_MS))
    await connection.send(insertShopCount({ digest, ...which, amount }, at))
    return 'counted'
  })
}

/** Takes back a count, because the request was not booked or was booked long ago. */
export async function uncountForShop(office: Pick<Office, 'db'>, digest: string): Promise<void> {
  await office.db.use((connection) => connection.send(deleteShopCount(digest)))
}
