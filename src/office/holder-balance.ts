import { type CardView, cardViewOf, entriesOf, type HistoryEntry, authenticatedCard } from './shop-cards.ts'
import type { CardReference } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { isShopNo, type ShopNo } from './shop-refusal.ts'
import type { WebOffice } from './web-office.ts'

/** Who looks at the page: `source` is the address that guesses are counted for. */
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

/** What is on a card and what happened to it, for whoever has its number and eCode. */
export async function balanceAndHistory(
  office: WebOffice,
  card: CardReference,
  holder: Holder,
): Promise<{ readonly card: CardView; readonly history: readonly HistoryEntry[] } | ShopNo> {
  const caller: ShopCaller = { ...holder, shop: PAGE, scopes: new Set(['cards']) }
  const found = await authenticatedCard(office, caller, card)
  if (isShopNo(found)) return found
  return {
    card: await cardViewOf(office, caller, found),
    history: await entriesOf(office, found, (store) => office.registry().stores.get(store)?.name ?? null),
  }
}
