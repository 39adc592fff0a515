/** A duplicate: the same money under another number; unconfirmed transactions follow it. */
export const DUPLICATE_STORIES = {
  'the money moves, the old plastic dies, and an undone duplicate brings it back': `
    given    C1 sold 15000
    given    C2 sellable
    duplicate D1 C1 - onto=C2 -> approved 0/0
    card     C1 replaced 0/0
    card     C2 sold 15000/0
    payment  P1 C1 100 -> unknown_card none
    confirm  K1 D1 -> approved
    payment  P2 C2 100 -> approved 14900/14900
    given    C3 sold 15000
    given    C4 sellable
    duplicate D2 C3 - onto=C4 -> approved
    reverse  V1 D2 -> approved
    card     C3 sold 15000/15000
    card     C4 sellable 0/0
    duplicate D3 C3 - onto=C4 -> approved
    cancel   X1 D3 -> original_not_found
    timer    D3 -> approved
    case     D3 open unconfirmed
    card     C3 sold 15000/15000
    confirm  K2 D3 -> approved
    card     C3 replaced 0/0
    card     C4 sold 15000/15000`,

  'what cannot be duplicated, and onto what': `
    given    C1 sold 15000
    given    C2 sold 15000
    given    C3 sellable issue=GIFT50
    given    C4 inactive
    given    C5 sellable block=stolen
    given    C6 sellable
    duplicate D1 C1 - onto=C9 -> unknown_card
    duplicate D2 C1 - onto=C1 -> unknown_card
    duplicate D3 C1 - onto=C2 -> card_sold
    duplicate D4 C1 - onto=C3 -> issue_not_permitted
    duplicate D5 C1 - onto=C4 -> pack_inactive
    duplicate D6 C1 - onto=C5 -> card_stolen
    duplicate D7 C6 - onto=C5 -> card_unsold
    payment  P1 C1 15000 at=O1 -> approved
    duplicate D8 C1 - onto=C6 -> exceeds_balance
    block    B1 C2 - block=lost -> approved
    duplicate D9 C2 - onto=C6 keyed office -> approved        // what a lost card is for`,

  'what was unconfirmed follows onto the new card': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 1000 -> approved 14000/14000
    top_up   T1 C1 2000 -> approved 16000/14000
    duplicate D1 C1 - onto=C2 at=O1 -> approved
    card     C1 replaced 2000/0
    card     C2 sold 14000/14000
    reverse  V1 P1 -> approved
    card     C1 replaced 2000/0
    card     C2 sold 15000/15000
    confirm  K1 T1 -> approved
    card     C1 replaced 0/0
    card     C2 sold 17000/17000`,
} as const
