/** Requests of web shops (docs/spec/web.md, sections 4 and 5). */
export const WEB_STORIES = {
  'a confirmation for less: the rest goes back in the same step': `
    given    C1 sold 15000
    payment  P1 C1 5000 web -> approved 10000/10000
    confirm  K1 P1 web keep=5001 -> amount_differs          // more than was taken
    state    P1 unconfirmed
    confirm  K2 P1 web keep=3000 -> approved 12000/12000
    state    P1 confirmed
    confirm  K3 P1 web keep=3000 -> approved                 // again
    confirm  K4 P1 web -> approved
    confirm  K5 P1 web keep=2000 -> original_done            // again, with another amount
    confirm  K6 P1 web keep=5000 -> original_done
    card     C1 sold 12000/12000
    again    K2 -> approved
    restart
    confirm  K7 P1 web keep=3000 -> approved
    confirm  K8 P1 web keep=5000 -> original_done
    card     C1 sold 12000/12000`,

  'a confirmation for less is no refund: what is left can be refunded or cancelled': `
    given    C1 sold 15000
    payment  P1 C1 5000 web -> approved
    confirm  K1 P1 web keep=3000 -> approved
    refund   R1 C1 3001 receipt=P1 web final -> amount_differs
    cancel   X1 P1 within=30d web final -> approved 15000/15000
    state    P1 cancelled
    payment  P2 C1 5000 web -> approved
    confirm  K2 P2 web keep=3000 -> approved
    refund   R2 C1 1000 receipt=P2 web final -> approved 13000/13000
    cancel   X2 P2 within=30d web final -> original_spent    // not after a refund
    refund   R3 C1 2000 receipt=P2 web final -> approved 15000/15000
    refund   R4 C1 1 receipt=P2 web final -> amount_differs`,

  'nobody confirms: the timer takes it back, and no case opens; a late confirmation books it again': `
    given    C1 sold 15000
    payment  P1 C1 5000 web -> approved
    wait     121s
    timer    P1 -> approved
    case     P1 none
    again    P1 -> original_reversed
    confirm  K1 P1 web keep=4000 -> approved 11000/11000
    again    P1 -> approved                                  // it stands: the stored answer again
    confirm  K2 P1 web keep=4000 -> approved
    confirm  K3 P1 web keep=5000 -> original_done
    refund   R1 C1 4001 receipt=P1 web final -> amount_differs
    card     C1 sold 11000/11000`,

  'too late, or nothing left: the late confirmation is refused, and a case opens': `
    given    C1 sold 15000
    payment  P1 C1 5000 web -> approved
    wait     121s
    timer    P1 -> approved
    payment  P2 C1 12000 web final -> approved
    confirm  K1 P1 web -> original_reversed
    case     P1 open confirmation_after_reversal
    card     C1 sold 3000/3000`,

  'a shop takes back what it has not heard of': `
    given    C1 sold 15000
    draft    payment P0 C1 100 web
    reverse  V0 P0 web -> approved
    again    P0 -> original_reversed                         // remembered
    payment  P1 C1 1000 web -> approved
    reverse  V1 P1 web -> approved
    reverse  V2 P1 web -> approved
    again    P1 -> original_reversed
    confirm  K1 P1 web -> original_reversed                  // after it nothing books again
    state    P1 reversed
    payment  P2 C1 1000 web final -> approved 14000/14000
    reverse  V3 P2 web -> approved                           // final at once, and young
    again    P2 -> original_reversed
    state    P2 cancelled
    payment  P3 C1 99999 web -> exceeds_balance
    reverse  V4 P3 web -> approved                           // nothing to reverse
    again    P3 -> exceeds_balance
    card     C1 sold 15000/15000
    case     P2 none`,

  'a shop does not take back so what it has confirmed, what is old, or what was built on': `
    given    C1 sold 15000
    payment  P1 C1 1000 web -> approved
    confirm  K1 P1 web -> approved
    reverse  V1 P1 web -> approved_with_case
    case     P1 open reversal_too_late
    payment  P2 C1 1000 web final -> approved
    wait     15m
    reverse  V2 P2 web -> approved_with_case
    payment  P3 C1 1000 web final -> approved
    refund   R3 C1 400 receipt=P3 web final -> approved
    reverse  V3 P3 web -> approved_with_case
    reverse  V4 R3 web -> approved                           // but the refund itself
    card     C1 sold 12000/12000
    payment  P5 C1 2000 web final -> approved
    cancel   X5 P5 within=30d web final -> approved
    reverse  V5 X5 web -> approved                           // a cancellation: the payment stands again
    again    X5 -> original_reversed
    state    P5 confirmed
    card     C1 sold 10000/10000
    cancel   X6 P5 within=30d web final -> approved
    reverse  V6 P5 web -> approved                           // cancelled: nothing to reverse
    again    P5 -> approved
    card     C1 sold 12000/12000`,

  'a load of the web': `
    given    C1 sold 5000
    top_up   T1 C1 2000 web final -> approved 7000/7000
    reverse  V1 T1 web -> approved
    card     C1 sold 5000/5000
    top_up   T2 C1 2000 web final -> approved
    payment  P1 C1 6000 web final -> approved
    reverse  V2 T2 web -> approved_with_case                 // spent
    card     C1 sold 1000/1000`,

  'a virtual card gets its eCode at its sale, and is closed for good when the sale is undone': `
    given    C1 sellable issue=VIRTUAL
    sale     S1 C1 5000 web draws=1 -> approved 5000/0
    confirm  K1 S1 web -> approved
    card     C1 sold 5000/5000
    given    C2 sellable issue=VIRTUAL
    sale     S2 C2 5000 web draws=2 -> approved
    wait     121s
    timer    S2 -> approved
    card     C2 closed 0/0
    sale     S3 C2 5000 web draws=3 -> card_sold
    confirm  K2 S2 web -> original_reversed                  // nobody gets it back
    given    C3 sellable issue=VIRTUAL
    sale     S4 C3 5000 web draws=4 -> approved
    confirm  K4 S4 web -> approved
    cancel   X4 S4 within=30d web final -> approved
    card     C3 closed 0/0`,

  'a shop whose sales are refused has asked about no card: we chose it': `
    given    C1 sellable issue=VIRTUAL
    sale     S1 C1 1 web keyed -> amount_below_minimum
    sale     S2 C1 1 web keyed -> amount_below_minimum
    sale     S3 C1 1 web keyed -> amount_below_minimum
    sale     S4 C1 1 web keyed -> amount_below_minimum
    card     C1 sellable 0/0 suspectedAt=null
    sale     S5 C1 5000 web keyed draws=5 -> approved`,

  'whoever bought a card and gave it back still knows its eCode: on the web its sale is waited for': `
    given    C1 sellable
    sale     S1 C1 5000 -> approved
    reverse  V1 S1 -> approved
    balance  B1 C1 - keyed -> card_unsold                    // at a till its buyer may ask
    sale     S2 C1 5000 -> approved
    reverse  V2 S2 -> approved
    balance  B2 C1 - web ecode -> card_unsold
    sale     S3 C1 5000 -> card_to_be_checked 0/0
    clear    L1 C1 - keyed -> approved
    sale     S4 C1 5000 -> approved`,

  'a confirmation that a cancellation or a reversal overtook confirms nothing': `
    given    C1 sold 10000
    payment  P1 C1 6000 web -> approved
    cancel   X1 P1 within=30d web final -> approved
    confirm  K1 P1 web -> original_done
    payment  P2 C1 6000 web -> approved
    reverse  V2 P2 web -> approved
    confirm  K2 P2 web -> original_reversed
    card     C1 sold 10000/10000`,

  'a card that was bought by somebody else meanwhile bears nothing of its first holder': `
    given    C1 sellable
    sale     S1 C1 5000 -> approved
    confirm  K1 S1 -> approved
    payment  P1 C1 1000 web -> approved
    wait     121s
    timer    P1 -> approved
    cancel   X1 S1 -> approved
    confirm  K2 X1 -> approved
    sale     S2 C1 8000 -> approved
    confirm  K3 S2 -> approved
    confirm  K4 P1 web -> original_reversed
    card     C1 sold 8000/8000`,
} as const
