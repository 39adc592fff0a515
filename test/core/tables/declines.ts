/** Every decline, and their order if several apply (docs/spec/terminal.md, section 6). */
export const DECLINE_STORIES = {
  'a card that is not there, not ours, or not believed': `
    given    C1 sold 15000
    payment  P1 C9 100 -> unknown_card none
    payment  P2 C1 100 luhn -> unknown_card none
    payment  P3 C1 100 forged -> unknown_card none
    payment  P4 C1 100 version=1 -> unknown_card none
    payment  P5 C1 100 expiry=2712 -> unknown_card none
    payment  P6 C1 100 ecode=wrong -> wrong_ecode none
    payment  P7 C9 100 ecode -> wrong_ecode none
    payment  P8 C1 100 ecode -> approved 14900/14900`,

  'blocked, expired, unsold, sold, not activated': `
    given    C1 sold 15000 block=lost
    given    C2 sold 15000 block=stolen
    given    C3 sold 15000 block=customer
    given    C4 sold 15000 block=suspicion
    given    C5 sold 15000 until=2026-11-21
    given    C6 sold 15000 until=2026-11-22
    given    C7 sellable
    given    C8 inactive
    payment  P1 C1 100 -> card_lost 15000/15000
    payment  P2 C2 100 -> card_stolen
    payment  P3 C3 100 -> card_blocked
    payment  P4 C4 100 -> card_blocked
    payment  P5 C5 100 -> card_expired 15000/15000
    payment  P6 C6 100 -> approved              // the last day counts
    payment  P7 C7 100 -> card_unsold 0/0
    payment  P8 C8 100 -> card_unsold
    top_up   T1 C7 1000 -> card_unsold
    cash_out O1 C7 0 -> card_unsold
    sale     S1 C8 1000 -> pack_inactive
    sale     S2 C6 1000 -> card_sold
    refund   R1 C8 1000 new -> pack_inactive
    wait     1d
    payment  P9 C6 100 -> card_expired`,

  'the wrong way, the wrong issue, the wrong store': `
    given    C1 sold 15000
    given    C2 sold 5000 issue=GIFT50
    given    C3 sold 15000 issue=STRICT
    given    C4 sold 15000 issue=NUMBER
    given    C5 sellable issue=STRICT
    given    C6 sellable
    payment  P1 C1 100 keyed -> entry_not_permitted none
    payment  P2 C1 100 barcode -> entry_not_permitted
    cash_out O1 C1 100 keyed -> entry_not_permitted
    payment  P3 C4 100 keyed -> approved
    top_up   T1 C1 1000 keyed -> approved        // giving by a number harms nobody
    balance  B1 C1 - barcode -> approved
    balance  B2 C3 - keyed -> entry_not_permitted
    payment  P4 C1 100 currency=978 -> issue_not_permitted
    sale     S1 C6 5000 nominal -> issue_not_permitted
    cash_out O2 C3 100 -> issue_not_permitted
    payment  P5 C1 100 stranger -> store_not_permitted
    payment  P6 C3 100 at=X1 -> store_not_permitted
    sale     S2 C5 1000 at=X1 -> store_not_permitted
    sale     S3 C5 1000 -> approved
    top_up   T2 C2 1000 -> top_up_not_permitted
    refund   R1 C3 500 -> refund_not_permitted
    given    C7 sellable issue=STRICT
    refund   R2 C7 500 new -> refund_not_permitted`,

  'an issue that is not in the shops yet, one that is there no more, e-commerce too soon': `
    given    C1 sellable issue=MADE
    given    C2 sellable issue=CLOSED
    given    C3 sold 0 issue=CLOSED
    given    C4 sellable issue=LATER
    given    C5 sellable issue=CLOSED
    sale     S1 C1 1000 -> pack_inactive
    refund   R1 C1 1000 new -> pack_inactive
    sale     S2 C2 1000 -> issue_not_permitted
    refund   R2 C2 1000 new -> issue_not_permitted
    top_up   T1 C3 2000 at=O1 -> approved
    payment  P1 C3 1000 -> approved
    duplicate D1 C3 - onto=C5 at=O1 -> approved   // its holder has lost it
    sale     S3 C4 10000 at=O1 -> approved
    payment  P2 C4 100 ecode -> entry_not_permitted 10000/10000
    balance  B1 C4 - ecode -> approved
    payment  P3 C4 100 -> approved
    wait     23h
    payment  P4 C4 100 ecode -> entry_not_permitted
    wait     1h
    payment  P5 C4 100 ecode -> approved`,

  'the amount': `
    given    C1 sold 15000
    given    C2 sellable
    given    C3 sellable issue=GIFT50
    given    C4 sellable issue=STRICT
    given    C5 sold 190000
    payment  P1 C1 0 -> amount_invalid 15000/15000
    refund   R1 C1 0 -> amount_invalid
    top_up   T1 C1 0 -> amount_invalid
    sale     S1 C2 999 -> amount_below_minimum
    sale     S2 C2 100001 -> amount_above_maximum
    sale     S3 C2 1000 -> approved
    top_up   T2 C1 999 -> amount_below_minimum
    top_up   T3 C1 100001 -> amount_above_maximum
    sale     S4 C3 4999 nominal -> amount_not_nominal
    sale     S5 C3 5001 -> amount_not_nominal
    sale     S6 C4 1250 -> amount_off_step
    sale     S7 C4 1500 -> approved
    top_up   T4 C5 10001 -> exceeds_maximum_balance 190000/190000
    top_up   T5 C5 10000 -> approved 200000/190000
    refund   R2 C5 1 -> exceeds_maximum_balance  // the ledger balance counts: loads do not pile up unconfirmed
    refund   R3 C1 50001 -> exceeds_amount_limit // without a receipt
    refund   R4 C1 50000 -> approved
    payment  P2 C1 15001 -> exceeds_balance 65000/15000
    payment  P3 C1 15000 -> approved 50000/0`,

  'so much and so often a day, so often in a life': `
    given    C1 sold 20000 issue=STRICT
    payment  P1 C1 6001 -> exceeds_amount_limit
    payment  P2 C1 1000 -> approved
    payment  P3 C1 5001 -> exceeds_amount_limit
    payment  P4 C1 2000 -> approved
    payment  P5 C1 100 -> exceeds_count_limit
    reverse  V1 P4 -> approved                   // what did not happen does not count
    payment  P6 C1 2000 -> approved
    payment  P7 C1 100 -> exceeds_count_limit
    wait     1d
    payment  P8 C1 6000 -> approved              // another day
    top_up   T1 C1 1000 -> approved
    top_up   T2 C1 1000 -> approved
    top_up   T3 C1 1000 -> exceeds_count_limit
    reverse  V2 T2 -> approved
    top_up   T4 C1 1000 -> approved`,

  'the end of a day does not begin a card’s day anew': `
    given    C1 sold 20000 issue=STRICT
    payment  P1 C1 3000 -> approved
    payment  P2 C1 3000 day=2026-11-23 -> approved  // that till has had its end of day
    payment  P3 C1 1 day=2026-11-23 -> exceeds_amount_limit
    payment  P4 C1 1 day=2028-01-01 -> exceeds_amount_limit
    payment  P5 C1 1 at=X1 -> store_not_permitted
    reverse  V1 P2 -> approved                      // and does not count, whatever the till calls its day
    payment  P6 C1 3000 -> approved
    wait     1d
    reverse  V2 P6 -> approved                      // it was of another day: today is not wider by it
    payment  P7 C1 6000 day=2026-11-23 -> approved
    payment  P8 C1 1 -> exceeds_amount_limit`,

  'the first in the order of section 6 is the answer, whatever else is wrong': `
    given    C1 sold 15000 block=lost until=2026-11-21
    given    C2 sold 15000 until=2026-11-21
    given    C3 inactive
    given    C4 sold 15000
    given    C5 sold 190000
    given    C6 sellable until=2026-11-21
    payment  P0 C4 1000 at=O1 -> approved
    payment  P1 C1 0 forged -> unknown_card           // 14 before 41
    refund   R1 C1 2000 receipt=P0 -> amount_differs  // 64 before 41
    refund   R0 C1 2000 -> card_lost
    payment  P2 C1 0 -> card_lost                     // 41 before 54
    payment  P3 C2 0 keyed -> card_expired            // 54 before 57
    sale     S1 C6 1 -> card_expired                  // 54 before 13
    payment  P4 C3 0 keyed currency=978 -> card_unsold // 78 before 57
    payment  P5 C4 0 keyed -> entry_not_permitted     // 57 before 13
    payment  P6 C4 0 keyed stranger -> entry_not_permitted // ENTRY before STORE
    payment  P7 C4 0 currency=978 stranger -> issue_not_permitted // ISSUE before STORE
    top_up   T1 C5 100001 -> amount_above_maximum     // 13 before 61
    payment  P8 C4 0 partial -> amount_invalid        // 13 before 51
    refund   R2 C4 1001 receipt=P0 keyed -> amount_differs // 64 before everything about the card
    block    B1 C4 - block=lost -> approved
    refund   R3 C4 1001 receipt=P0 -> amount_differs  // 64 before 41
    refund   R4 C4 1000 receipt=P0 -> card_lost
    given    C7 sold 15000 issue=STRICT
    payment  P9 C7 15001 -> exceeds_amount_limit      // 61 before 51
    top_up   T2 C7 1 -> amount_below_minimum`,

  'an edge that refuses is remembered like everybody': `
    refused  R1 wrong_store -> wrong_store
    again    R1 -> wrong_store
    refused  R2 unsupported -> unsupported
    state    R2 declined
    again    R2 -> unsupported
    given    C1 sold 15000
    payment  P1 C1 100 -> approved
    refused  R3 P1 wrong_store -> wrong_store         // 03 comes before the stored answer
    again    P1 -> approved`,
} as const
