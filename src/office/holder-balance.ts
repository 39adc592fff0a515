import { type CardView, cardViewOf, entriesOf, type HistoryEntry, believedCard } from './shop-cards.ts'
import type { CardReference } from './shop-card.ts'
import type { ShopCaller } from './shop-caller.ts'
import { isShopNo, type ShopNo } from './shop-refusal.ts'
import type { WebOffice } from './web-office.ts'

/** Who looks at the page: told apart by address. */
export type Holder = Pick<ShopCaller, 'address' | 'requestId' | 'language'>

/** The page for card holders is no shop's: its inquiries are in the journal under a store and terminal of our own. */
const PAGE_CODE = 'PAGE'
const OWN_STORE = 'AKART'

const callerOf = (holder: Holder): ShopCaller => ({
  ...holder,
  scopes: new Set(['cards']),
  shop: {
    code: PAGE_CODE,
    name: PAGE_CODE,
    store: OWN_STORE,
    state: 'open',
    confirmWithinSeconds: 900,
    cancelDays: 0,
    limits: { loadsAnHour: 0, loadsADay: 0, returnsAnHour: 0, returnsADay: 0 },
  },
  key: {
    id: 0,
    shop: PAGE_CODE,
    name: PAGE_CODE,
    kind: 'publishable', // guesses are counted by the connection's address
    digest: '',
    ending: '',
    scopes: [],
    origins: [],
    networks: [],
    expiresAt: null,
    revokedAt: null,
    createdAt: 0,
    createdBy: PAGE_CODE,
  },
})

/** What is on a card and what happened to it, for whoever has its number and eCode. */
export async function balanceAndHistory(
  office: WebOffice,
  card: CardReference,
  holder: Holder,
): Promise<{ readonly card: CardView; readonly history: readonly HistoryEntry[] } | ShopNo> {
  const caller = callerOf(holder)
  const found = await believedCard(office, caller, card)
  if (isShopNo(found)) return found
  return {
    card: await cardViewOf(office, caller, found),
    history: await entriesOf(office, found, (store) => office.registry().stores.get(store)?.name ?? null),
  }
}
