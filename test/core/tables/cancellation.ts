/** Cancellations, and the cancellations of cancellations (docs/spec/terminal.md, section 5). */
export const CANCELLATION_STORIES = {
  'the cashier undoes it, once, in full': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 1000 -> approved
    cancel   X1 P1 amount=1000 card=C1 -> approved 15000/14000
    state    P1 cancelled
    confirm  K1 X1 -> approved
    card     C1 sold 15000/15000
    cancel   X2 P1 -> original_done
    top_up   T1 C1 1000 -> approved
    confirm  K2 T1 -> approved
    cancel   X3 T1 -> approved 15000/15000
    refund   R1 C1 1000 -> approved 16000/15000
    cancel   X4 R1 -> approved 15000/15000         // unconfirmed yet: the 0400 confirms it first
    sale     S1 C2 5000 -> approved
    confirm  K3 S1 -> approved
    cancel   X5 S1 -> approved 0/0
    card     C2 sellable 0/0
    sale     S2 C2 6000 -> approved`,

  'an approved cancellation confirms its original': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    cancel   X1 P1 -> approved
    confirm  K1 P1 -> approved
    case     P1 none
    reverse  V1 P1 -> approved_with_case
    case     P1 open reversal_too_late
    timer    P1 -> approved
    card     C1 sold 15000/14000
    confirm  K2 X1 -> approved
    card     C1 sold 15000/15000`,

  'what cannot be undone, and why': `
    given    C1 sold 15000
    given    C2 sold 15000
    cancel   X1 unknown -> original_not_found none
    cancel   X2 unknown card=C1 -> original_not_found 15000/15000
    payment  P1 C1 1000 -> approved
    cancel   X3 P1@E2 at=E2 -> original_not_found   // another terminal of the store has no such original
    cancel   XS P1@X1 at=X1 -> store_not_permitted  // another store: not its own
    cancel   X4 P1 card=C2 -> unknown_card
    cancel   X5 P1 card=C1 forged -> unknown_card none
    cancel   X6 P1 card=C9 -> unknown_card
    cancel   X7 P1 card=C1 ecode=wrong -> wrong_ecode
    cancel   X8 P1 amount=999 -> amount_differs 14000/14000
    state    P1 unconfirmed
    reverse  V1 P1 -> approved
    cancel   X9 P1 -> original_reversed
    payment  P2 C1 99999 -> exceeds_balance
    cancel   XA P2 -> original_done
    balance  B1 C1 - -> approved
    cancel   XB B1 -> original_not_found
    payment  P3 C1 1000 -> approved
    wait     121s
    timer    P3 -> approved
    cancel   XC P3 -> original_reversed
    draft payment P6 C1 1000
    reverse  V2 P6 -> approved
    cancel   XH P6 -> original_reversed             // before it came
    again    P6 -> original_reversed
    cancel   XI P6 card=C1 -> original_reversed 15000/15000
    payment  P4 C1 1000 -> approved
    wait     1d
    cancel   XD P4 -> original_late
    cancel   XE P4 day=2026-11-22 -> approved       // the business day of the terminal, not the clock
    cancel   XF XE -> original_not_found            // a cancellation is reversed, not cancelled
    payment  P7 C1 1000 -> approved
    wait     60s
    cancel   XJ P7 within=60s -> original_late
    cancel   XK P7 within=2d day=2026-11-24 -> approved // a window instead of the business day
    block    B2 C1 - block=lost -> approved
    payment  P5 C2 1000 -> approved
    block    B3 C2 - block=lost -> approved
    cancel   XG P5 -> approved                      // a block does not stop the undoing`,

  'several objections: 14 before 21 before 64': `
    given    C1 sold 15000
    given    C2 sold 15000
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 -> approved
    cancel   X1 P1 card=C2 amount=999 -> unknown_card
    cancel   X2 P1 card=C1 amount=999 -> original_reversed
    top_up   T1 C1 1000 at=O1 -> approved
    payment  P2 C1 16000 at=O1 -> approved
    cancel   X3 T1 at=O1 amount=999 -> original_spent`,

  'a load that is partly spent, a sale with more than the sale on the card': `
    given    C1 sellable
    given    C2 sold 1000
    sale     S1 C1 5000 at=O1 -> approved
    payment  P1 C1 1 at=O1 -> approved
    cancel   X1 S1 at=O1 -> original_spent 4999/4999
    top_up   T1 C1 1000 at=O1 -> approved
    cancel   X2 S1 at=O1 -> original_spent 5999/5999
    top_up   T2 C2 2000 at=O1 -> approved
    payment  P2 C2 1001 at=O1 -> approved
    cancel   X3 T2 at=O1 -> original_spent 1999/1999
    cancel   X4 P2 at=O1 -> approved 3000/3000
    cancel   X5 T2 at=O1 -> approved 1000/1000`,

  'a cancellation reversed by the terminal: the original stands confirmed': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 1000 -> approved
    cancel   X1 P1 -> approved 15000/14000
    reverse  V1 X1 amount=1000 -> approved
    state    X1 reversed
    state    P1 confirmed
    card     C1 sold 14000/14000
    case     X1 none
    cancel   X2 P1 -> approved                      // and may be cancelled after all
    confirm  K1 X2 -> approved
    card     C1 sold 15000/15000
    sale     S1 C2 5000 -> approved
    cancel   X3 S1 -> approved
    reverse  V2 X3 -> approved
    card     C2 sold 5000/5000
    payment  P2 C2 5000 -> approved`,

  'a cancellation reversed by the timer: the same, with a case': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    cancel   X1 P1 -> approved 15000/14000
    wait     121s
    timer    X1 -> approved
    case     X1 open unconfirmed
    state    P1 confirmed
    card     C1 sold 14000/14000
    confirm  K2 X1 -> approved                      // late: it happened after all
    case     X1 closed confirmed_late
    state    P1 cancelled
    card     C1 sold 15000/15000
    confirm  K3 X1 -> approved
    card     C1 sold 15000/15000
    cancel   X2 P1 -> original_done`,

  'a cancelled sale, sold again: its cancellation stands': `
    given    C1 sellable
    sale     S1 C1 5000 -> approved
    cancel   X1 S1 -> approved 0/0
    sale     S2 C1 6000 -> approved 6000/0
    reverse  V1 X1 -> approved_with_case
    case     X1 open reversal_too_late
    timer    X1 -> approved
    state    X1 confirmed
    case     X1 open reversal_too_late +unconfirmed
    confirm  K1 S2 -> approved
    card     C1 sold 6000/6000
    again    X1 -> approved 0/0`,

  'a sale that is given back has its validity again': `
    given    C1 sellable issue=GIFT50
    sale     S1 C1 5000 -> approved
    cancel   X1 S1 -> approved
    card     C1 sellable 0/0 validUntil=null
    reverse  V1 X1 -> approved
    card     C1 sold 5000/5000 validUntil=2027-11-22`,

  'what was booked late can be cancelled': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    wait     121s
    timer    P1 -> approved
    confirm  K1 P1 -> approved
    cancel   X1 P1 -> approved 15000/14000
    confirm  K2 X1 -> approved
    card     C1 sold 15000/15000
    cancel   X2 P1 -> original_done`,

  'money that comes back to a card that is not sold any more makes it a sold one again': `
    given    C1 sellable
    sale     S1 C1 5000 at=O1 -> approved
    top_up   T1 C1 1000 at=O1 -> approved
    payment  P1 C1 1000 -> approved
    cancel   X1 S1 at=O1 -> approved 0/0             // just the sale is left on it
    card     C1 sellable 0/0
    reverse  V1 P1 -> approved                       // but the payment did not happen
    card     C1 sold 1000/1000
    given    C2 sellable
    sale     S2 C2 5000 at=O1 -> approved
    top_up   T2 C2 1000 at=O1 -> approved
    payment  P2 C2 1000 at=O1 -> approved
    cancel   X2 S2 at=O1 -> approved 0/0
    cancel   X3 P2 at=O1 -> approved 1000/1000       // nor this one
    card     C2 sold 1000/1000
    given    C3 sellable
    sale     S3 C3 5000 -> approved
    confirm  K1 S3 -> approved
    top_up   T3 C3 1000 -> approved
    cancel   X4 T3 -> approved 5000/5000
    cancel   X5 S3 -> approved 0/0
    timer    X4 -> approved
    card     C3 sold 1000/1000
    state    T3 confirmed`,
} as const
