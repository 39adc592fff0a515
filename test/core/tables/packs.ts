/** The effect of packs and issues on their cards, with the pack's one row changed between two requests. */
export const PACK_STORIES = {
  'a pack of a store: its cards can be sold once it is activated': `
    pack     7 store made
    given    C1 inactive pack=7
    given    C2 inactive pack=7
    sale     S1 C1 1000 -> pack_inactive
    refund   R1 C1 1000 new -> pack_inactive
    payment  P1 C1 100 -> card_unsold
    pack     7 store dispatched
    sale     S2 C1 1000 -> pack_inactive
    pack     7 store received
    sale     S3 C1 1000 -> pack_inactive
    pack     7 store active
    sale     S4 C1 1000 at=O1 -> approved 1000/1000
    refund   R2 C2 1000 new at=O1 -> approved 1000/1000
    payment  P2 C1 400 -> approved 600/600`,

  'a sale that is undone leaves the card sellable, as long as its pack is active': `
    pack     7 store active
    given    C1 inactive pack=7
    sale     S1 C1 1000 -> approved
    reverse  V1 S1 -> approved
    sale     S2 C1 2000 -> approved
    cancel   X1 S2 -> approved
    pack     7 store returned
    sale     S3 C1 2000 -> pack_inactive
    balance  B1 C1 - -> card_unsold`,

  'authorisation for sale is a step of its own where the issue says so': `
    pack     7 store active
    given    C1 inactive pack=7 issue=GUARDED
    given    C2 inactive pack=7
    sale     S1 C1 1000 -> pack_inactive
    sale     S2 C2 1000 -> approved                // the other issue does not ask
    pack     7 store active authorised
    sale     S3 C1 1000 -> approved`,

  'a pack that is killed has its cards stolen, those that were sold before it are not': `
    pack     7 store active
    given    C1 inactive pack=7
    given    C2 inactive pack=7
    sale     S1 C1 1000 at=O1 -> approved
    pack     7 store killed
    payment  P1 C1 100 -> approved 900/900
    sale     S2 C2 1000 -> card_stolen
    payment  P2 C2 100 -> card_stolen
    top_up   T1 C2 1000 -> card_stolen
    balance  B1 C2 - -> card_unsold
    unblock  U1 C2 - -> card_stolen
    block    B2 C2 - block=customer -> approved
    sale     S3 C2 1000 -> card_stolen
    sale     S4 C1 1000 -> card_sold`,

  'a pack that is sold whole: no card of it is good before all are': `
    pack      7 counterparty active
    given     C1 inactive pack=7
    given     C2 inactive pack=7 block=customer
    sale      S1 C1 1000 -> pack_inactive           // at no till
    pack_sale L1 C1 5000 keyed -> pack_inactive
    pack      7 counterparty selling
    pack_sale L2 C1 5000 keyed -> approved 5000/5000
    again     L2 -> approved 5000/5000
    card      C1 sold 5000/5000 bound=true
    payment   P1 C1 100 -> card_unsold
    balance   B1 C1 - -> card_unsold
    top_up    T1 C1 1000 -> card_unsold
    sale      S2 C1 1000 -> pack_inactive
    pack_sale L3 C1 5000 keyed -> card_sold
    pack_sale L4 C2 5000 keyed -> approved         // a block does not keep the pack from being sold; it stays
    pack      7 counterparty sold
    payment   P2 C1 100 -> approved 4900/4900
    payment   P3 C2 100 -> card_blocked
    card      C1 sold 4900/4900 bound=false`,

  'a sold pack that is stolen takes with it what nobody has used': `
    pack      7 counterparty selling
    given     C1 inactive pack=7
    given     C2 inactive pack=7
    given     C3 sellable
    pack_sale L1 C1 5000 keyed -> approved
    pack_sale L2 C2 5000 keyed -> approved
    pack      7 counterparty sold
    top_up    T1 C1 1000 at=O1 -> approved 6000/6000
    pack      7 counterparty killed
    payment   P1 C1 6000 -> approved
    payment   P2 C2 100 -> card_stolen
    balance   B1 C2 - -> approved_though_blocked 5000/5000
    card      C2 sold 5000/5000 block=null          // its row says nothing of it
    duplicate D1 C2 - onto=C3 -> card_stolen
    duplicate D2 C2 - onto=C3 keyed office -> approved // the money can be had back, by a person
    card      C3 sold 5000/5000`,

  'an issue without packs is activated and authorised as a whole': `
    given    C1 inactive issue=WHOLE
    given    C2 inactive issue=UNHEARD
    given    C3 sellable issue=CLOSED
    given    C4 sellable issue=UNHEARD
    sale     S1 C1 1000 -> approved
    sale     S2 C2 1000 -> pack_inactive
    sale     S3 C3 1000 -> issue_not_permitted
    sale     S4 C4 1000 -> pack_inactive`,

  'a duplicate goes onto a card that may be sold': `
    pack      7 store received
    given     C1 sold 15000
    given     C2 inactive pack=7
    duplicate D1 C1 - onto=C2 -> pack_inactive
    pack      7 store killed
    duplicate D2 C1 - onto=C2 -> card_stolen
    pack      7 store active
    duplicate D3 C1 - onto=C2 at=O1 -> approved 0/0
    card      C2 sold 15000/15000`,
} as const
