import { type CardView, cardViewOf, entriesOf, type HistoryEntry, authenticatedCard } from './shop-cards.ts'
import type { CardReference, WebCard } from './shop-card.ts'
import { timeView } from './shop-answers.ts'
import type { ShopCaller } from './shop-caller.ts'
import { isShopNo, type ShopNo } from './shop-refusal.ts'
import type { WebOffice } from './web-office.ts'

/** The visitor of the page: `source` is the address for counting guesses. */
export type Holder = Pick<ShopCaller, 'source' | 'requestId' | 'language'>

/** The page for card holders is no shop's: its inquiries are in the journal under a store and terminal of our own. */
const PAGE = {
  code: 'PAGE',
  name: 'PAGE',
  store: 'AKART',
  state: 'open',
  confirmWithinSeconds: 900,
  cancelDays: 0,
  limits: { loadsAnHour: 0, loadsADay: 0, returnsAnHour: 0, returnsADay: 0 },
} as const satisfies ShopCaller['shop']

/** The uses of a card by the rules of its issue. Amounts are minor units of its currency. */
export type CardUses = {
  /** Names of the stores that take it, in order; null: all of them. */
  readonly stores: readonly string[] | null
  /** RFC 3339: when it opens for web shops, where that is yet to come. */
  readonly onlineFrom: string | null
  readonly topUp: { readonly minimum: number; readonly maximum: number } | null
  /** A rest up to this is paid out in cash; null: none is. */
  readonly cashOutMaximum: number | null
}

export type HolderBalance = {
  readonly card: CardView
  readonly uses: CardUses
  readonly history: readonly HistoryEntry[]
}

/** Balance, uses and history of a card for somebody with its number and eCode. */
export async function balanceAndHistory(
  office: WebOffice,
  card: CardReference,
  holder: Holder,
): Promise<HolderBalance | ShopNo> {
  const caller: ShopCaller = { ...holder, shop: PAGE, scopes: new Set(['cards']) }
  const found = await authenticatedCard(office, caller, card)
  if (isShopNo(found)) return found
  return {
    card: await cardViewOf(office, caller, found),
    uses: usesOf(office, found),
    history: await entriesOf(office, found, (store) => office.registry().stores.get(store)?.name ?? null),
  }
}

const HOUR_MS = 3_600_000

function usesOf(office: WebOffice, { issueId, soldAt }: WebCard): CardUses {
  const { acceptingStores, ecommerceAfterHours, topUp, cashOutMaximum } = office.issue(issueId)
  const { stores } = office.registry()
  const opensAt = (soldAt ?? 0) + ecommerceAfterHours * HOUR_MS
  return {
    stores:
      acceptingStores === null ? null : [...acceptingStores].map((code) => stores.get(code)?.name ?? code).toSorted(),
    onlineFrom: opensAt > office.clock() ? timeView(opensAt) : null,
    topUp,
    cashOutMaximum: cashOutMaximum > 0 ? cashOutMaximum : null,
  }
}
