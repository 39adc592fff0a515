/** The effect of each operation if nothing prevents it. */
export const OPERATION_STORIES = {
  'a card is sold, spent, topped up and refunded; what gives is available once it is confirmed': `
    given    C1 sellable
    payment  P1 C1 1000 -> card_unsold 0/0
    sale     S1 C1 10000 -> approved 10000/0
    card     C1 sold 10000/0
    sale     S2 C1 10000 -> card_sold          // sold from the approval on
    payment  P2 C1 1000 -> exceeds_balance     // and not to be spent before the confirmation
    confirm  K1 S1 -> approved
    card     C1 sold 10000/10000
    payment  P3 C1 3000 -> approved 7000/7000
    state    P3 unconfirmed
    confirm  K2 P3 -> approved
    state    P3 confirmed
    card     C1 sold 7000/7000
    top_up   T1 C1 2000 -> approved 9000/7000
    confirm  K3 T1 -> approved
    refund   R1 C1 500 -> approved 9500/9000
    confirm  K4 R1 -> approved
    balance  B1 C1 - -> approved 9500/9500
    state    B1 confirmed
    case     S1 none
    case     P3 none`,

  'a nominal card is sold for its nominal, with or without the amount, for twelve months': `
    given    C1 sellable issue=GIFT50
    given    C2 sellable issue=GIFT50
    given    C3 sellable issue=GIFT50
    sale     S1 C1 - nominal -> approved 5000/0
    card     C1 sold 5000/0 validUntil=2027-11-22
    sale     S2 C2 0 nominal -> approved 5000/0
    sale     S3 C3 5000 nominal at=O1 -> approved 5000/5000
    payment  P1 C3 5000 -> approved 0/0`,

  'less than was asked, where till and issue can do with it': `
    given    C1 sold 15000
    payment  P1 C1 20000 -> exceeds_balance 15000/15000
    payment  P2 C1 20000 partial -> approved_partially 0/0
    card     C1 sold 0/0
    payment  P3 C1 1 partial -> exceeds_balance
    reverse  V1 P2 amount=20000 -> approved     // the amount asked is as good as the one taken
    card     C1 sold 15000/15000
    payment  P4 C1 20000 partial -> approved_partially 0/0
    cancel   X1 P4 amount=20000 -> amount_differs
    cancel   X2 P4 amount=15000 -> approved 15000/0
    given    C2 sold 15000 issue=STRICT
    payment  P5 C2 15001 partial day=2026-11-20 -> exceeds_amount_limit`,

  'a rest is paid out, all of it': `
    given    C1 sold 1000
    cash_out O1 C1 1000 -> amount_above_maximum
    payment  P1 C1 700 at=O1 -> approved
    cash_out O2 C1 200 -> amount_invalid
    cash_out O3 C1 300 -> approved 0/0
    cash_out O4 C1 0 -> amount_invalid
    cancel   X1 O3 -> approved 300/0
    confirm  K1 X1 -> approved
    card     C1 sold 300/300`,

  'a refund onto a new card sells it': `
    given    C1 sellable
    refund   R1 C1 2000 -> card_unsold
    refund   R2 C1 2000 new -> approved 2000/0
    card     C1 sold 2000/0
    refund   R3 C1 2000 new -> card_sold
    confirm  K1 R2 -> approved
    payment  P1 C1 2000 -> approved 0/0`,

  'a balance is told of sold cards, whatever their state': `
    given    C1 sold 15000 block=customer
    given    C2 sold 15000 until=2026-11-21
    given    C3 expired
    given    C4 sellable
    given    C5 inactive
    balance  B1 C1 - -> approved_though_blocked 15000/15000
    balance  B2 C2 - keyed -> approved_though_expired 15000/15000
    balance  B3 C3 - -> approved_though_expired 0/0
    balance  B4 C4 - -> card_unsold 0/0
    balance  B5 C5 - -> card_unsold 0/0
    confirm  K1 B1 -> approved                  // nothing to confirm, nothing contradicted`,

  'an advice is booked at once if the rules allow, else it is a case': `
    given    C1 sold 15000
    given    C2 sold 15000 block=stolen
    payment  P1 C1 10000 advice -> approved 5000/5000
    state    P1 confirmed
    payment  P2 C1 10000 advice -> exceeds_balance 5000/5000
    case     P2 open advice_refused
    refund   R1 C1 1000 advice -> approved 6000/6000
    payment  P3 C2 100 advice -> card_stolen
    case     P3 open advice_refused
    payment  P4 C9 100 advice -> unknown_card
    case     P4 open advice_refused
    again    P4 -> unknown_card
    case     P4 open advice_refused             // a repeat is not another case
    cancel   X1 P1 -> approved                  // and an advice can be undone like everything else
    reverse  V1 R1 -> approved_with_case`,

  'blocking and unblocking': `
    given    C1 sold 15000
    given    C2 sellable
    block    B1 C1 - block=lost -> approved
    payment  P1 C1 100 -> card_lost
    block    B2 C1 - block=stolen -> approved
    top_up   T1 C1 1000 -> card_stolen
    unblock  U1 C1 - keyed office -> approved
    block    B3 C1 - block=customer -> approved
    refund   R1 C1 100 -> card_blocked
    block    B4 C1 - block=suspicion keyed -> approved
    payment  P2 C1 100 -> card_blocked
    unblock  U2 C1 - -> approved
    payment  P3 C1 100 -> approved 14900/14900
    block    B5 C2 - block=stolen -> approved
    sale     S1 C2 1000 -> card_stolen`,

  'a block never stops what is already owed': `
    given    C1 sellable
    sale     S1 C1 10000 -> approved
    block    B1 C1 - block=lost -> approved
    confirm  K1 S1 -> approved
    card     C1 sold 10000/10000
    unblock  U1 C1 - keyed office -> approved
    payment  P1 C1 1000 -> approved
    payment  P2 C1 2000 -> approved
    block    B2 C1 - block=lost -> approved
    reverse  V1 P1 -> approved
    timer    P2 -> approved
    card     C1 sold 10000/10000
    confirm  K2 P2 -> approved                  // booked late: a block is not asked again
    card     C1 sold 8000/8000`,

  'expiry takes what is available from a card past its last day, and only from such a one': `
    given    C1 sold 15000 until=2026-11-21
    given    C2 sold 15000 until=2026-11-22
    given    C3 sellable
    expiry   E1 C1 - keyed -> approved 0/0
    card     C1 expired 0/0
    expiry   E2 C1 - keyed -> card_expired
    expiry   E3 C2 - keyed -> issue_not_permitted
    expiry   E4 C3 - keyed -> card_unsold
    payment  P1 C1 100 -> card_expired`,

  'the back office moves money too': `
    given    C1 sold 15000
    pack     7 counterparty selling
    given    C2 inactive pack=7
    adjustment_credit A1 C1 500 keyed -> approved 15500/15500
    adjustment_debit  A2 C1 1500 keyed -> approved 14000/14000
    adjustment_debit  A3 C1 14001 keyed -> exceeds_balance
    adjustment_credit A4 C1 0 keyed -> amount_invalid
    welfare_load      W1 C1 20000 keyed -> approved 34000/34000
    welfare_load      W2 C2 20000 keyed -> card_unsold
    welfare_recall    R1 C1 4000 keyed -> approved 30000/30000
    welfare_recall    R2 C1 30001 keyed -> exceeds_balance
    pack_sale         L1 C2 10000 keyed -> approved 10000/10000
    pack_sale         L2 C2 10000 keyed -> card_sold
    state             W1 confirmed
    given             C3 sellable
    ecard_sale        E1 C3 10000 keyed -> approved 10000/10000
    ecard_sale        E2 C3 10000 keyed -> card_sold
    pack              7 counterparty sold
    payment           P1 C2 10000 -> approved 0/0`,
} as const
