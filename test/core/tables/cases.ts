/** A clerk decides on a case; wrong tries lock a card for a source. */
export const CASE_STORIES = {
  'it happened: booked again, once, and the case is closed': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    timer    P1 -> approved
    resolve  D1 P1 confirm -> approved
    case     P1 closed clerk_confirmed
    card     C1 sold 14000/14000
    confirm  K1 P1 -> approved                    // and the terminal is told the same
    resolve  D2 P1 confirm -> approved
    card     C1 sold 14000/14000
    payment  P2 C1 1000 -> approved
    resolve  D3 P2 confirm -> approved             // before anybody else
    state    P2 confirmed
    timer    P2 -> approved
    card     C1 sold 13000/13000`,

  'it did not happen: taken back, once, and never booked again': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    timer    P1 -> approved
    resolve  D1 P1 reverse -> approved
    case     P1 closed clerk_reversed
    confirm  K1 P1 -> original_reversed
    case     P1 closed clerk_reversed              // what a clerk has decided is not a case again
    reverse  V1 P1 -> approved
    card     C1 sold 15000/15000
    payment  P2 C1 1000 -> approved
    confirm  K2 P2 -> approved
    reverse  V2 P2 -> approved_with_case
    resolve  D2 P2 reverse -> approved
    resolve  D3 P2 reverse -> approved
    card     C1 sold 15000/15000
    payment  P3 C1 1000 -> approved
    timer    P3 -> approved
    confirm  K3 P3 -> approved
    reverse  V3 P3 -> approved_with_case
    resolve  D4 P3 reverse -> approved             // what was booked late is taken back too
    card     C1 sold 15000/15000
    payment  P4 C1 1000 -> approved
    reverse  V4 P4 amount=1 -> approved_with_case
    resolve  D5 P4 reverse -> approved
    state    P4 reversed
    card     C1 sold 15000/15000
    case     P4 closed clerk_reversed`,

  'what the money cannot follow stays open': `
    given    C1 sold 15000
    payment  P1 C1 15000 -> approved
    timer    P1 -> approved
    payment  P2 C1 1000 at=O1 -> approved
    resolve  D1 P1 confirm -> original_spent
    case     P1 open unconfirmed
    confirm  K1 unknown -> original_not_found
    resolve  D2 K1 reverse -> approved             // nothing was booked, nothing is
    case     K1 closed clerk_reversed
    draft payment P3 C1 100
    reverse  V1 P3 -> approved
    confirm  K2 P3 -> original_reversed
    case     P3 open confirmation_after_reversal
    resolve  D3 P3 confirm -> original_not_found   // it never came: there is nothing to book
    resolve  D4 P3 reverse -> approved
    case     P3 closed clerk_reversed
    card     C1 sold 14000/14000`,

  'it happened, and the card has less: the store bears the rest': `
    given    C1 sold 15000
    payment  P1 C1 15000 -> approved
    timer    P1 -> approved
    payment  P2 C1 9000 at=O1 -> approved
    resolve  D1 P1 confirm -> original_spent       // nobody said who bears it
    resolve  D2 P1 confirm store=8999 -> amount_differs
    resolve  D3 P1 reverse store=9000 -> approved  // it did not happen: there is no rest
    case     P1 closed clerk_reversed
    payment  P3 C1 6000 -> approved
    timer    P3 -> approved
    payment  P4 C1 2000 at=O1 -> approved
    resolve  D4 P3 confirm store=2000 -> approved
    case     P3 closed clerk_confirmed store=2000
    card     C1 sold 0/0
    state    P3 reversed
    confirm  K3 P3 -> approved                     // and nothing is booked twice
    resolve  D5 P3 confirm -> approved
    card     C1 sold 0/0
    cancel   X3 P3 -> approved                     // what the card paid comes back, and no more
    confirm  K4 X3 -> approved
    card     C1 sold 4000/4000`,

  'it happened, and the card has less: the issuer bears the rest': `
    given    C1 sold 10000
    payment  P1 C1 10000 -> approved
    timer    P1 -> approved
    payment  P2 C1 7000 at=O1 -> approved
    resolve  D1 P1 confirm issuer=6999 -> amount_differs
    card     C1 sold 3000/3000
    resolve  D2 P1 confirm issuer=7000 -> approved
    case     P1 closed clerk_confirmed issuer=7000
    card     C1 sold 0/0
    again    D2 -> approved
    card     C1 sold 0/0
    cancel   X1 P1 -> original_spent               // the issuer's money is not the holder's
    refund   R1 C1 3001 receipt=P1 -> amount_differs
    refund   R2 C1 3000 receipt=P1 -> approved
    confirm  K1 R2 -> approved
    card     C1 sold 3000/3000`,

  'it happened, and the card has nothing: it pays nothing': `
    given    C1 sold 5000
    payment  P1 C1 5000 -> approved
    timer    P1 -> approved
    payment  P2 C1 5000 at=O1 -> approved
    resolve  D1 P1 confirm store=5000 -> approved
    case     P1 closed clerk_confirmed store=5000
    card     C1 sold 0/0
    cancel   X1 P1 -> original_spent               // it paid nothing: nothing comes back
    resolve  D2 P1 reverse -> original_spent
    refund   R1 C1 1 receipt=P1 -> amount_differs
    given    C2 sold 5000
    payment  P3 C2 5000 -> approved
    timer    P3 -> approved
    payment  P4 C2 5000 at=O1 -> approved
    resolve  D3 P3 confirm issuer=5000 -> approved
    card     C2 sold 0/0
    given    C3 sold 5000
    payment  P5 C3 1000 -> approved
    timer    P5 -> approved
    resolve  D4 P5 confirm store=1 -> amount_differs   // nothing is missing
    resolve  D5 P5 confirm store=0 -> amount_differs
    resolve  D6 P5 confirm -> approved
    card     C3 sold 4000/4000`,

  'what nobody can bear stays open': `
    given    C1 sold 5000
    top_up   T1 C1 5000 -> approved
    timer    T1 -> approved
    resolve  D1 T1 confirm store=1 -> original_spent   // a load takes nothing from the card
    payment  P1 C1 2000 -> approved
    resolve  D2 P1 confirm store=1 -> original_spent   // it was never taken back
    given    C2 sellable
    payment  P2 C1 3000 -> approved
    timer    P2 -> approved
    duplicate U1 C1 - onto=C2 at=O1 -> approved
    resolve  D3 P2 confirm store=3000 -> original_spent   // its money is on the duplicate`,

  'a cancellation that did not happen: what it cancelled stands again': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    cancel   X1 P1 -> approved 15000/14000
    confirm  K1 X1 -> approved
    reverse  V1 X1 -> approved_with_case
    resolve  D1 X1 reverse -> approved
    card     C1 sold 14000/14000
    state    P1 confirmed
    cancel   X2 P1 -> approved
    confirm  K2 X2 -> approved
    card     C1 sold 15000/15000
    refund   R1 C1 1000 receipt=P1 -> amount_differs
    payment  P2 C1 1000 at=O1 -> approved
    refund   R2 C1 400 receipt=P2 at=O1 -> approved
    cancel   X3 R2 at=O1 -> approved
    reverse  V2 X3 at=O1 -> approved_with_case
    resolve  D2 X3 reverse -> approved
    state    R2 confirmed
    refund   R3 C1 601 receipt=P2 -> amount_differs
    refund   R4 C1 600 receipt=P2 -> approved`,

  'five wrong tries lock a card for that source, and each lock is twice as long': `
    given    C1 sold 15000
    payment  P1 C1 100 forged -> unknown_card
    payment  P2 C1 100 version=1 -> unknown_card
    payment  P3 C1 100 ecode=wrong -> wrong_ecode
    payment  P4 C1 100 forged -> unknown_card
    payment  P5 C1 100 -> approved                 // a right one: the count begins again
    payment  P6 C1 100 forged -> unknown_card
    payment  P7 C1 100 forged -> unknown_card
    payment  P8 C1 100 forged -> unknown_card
    payment  P9 C1 100 forged -> unknown_card
    payment  PA C1 100 forged -> unknown_card
    restart
    payment  PB C1 100 -> unknown_card             // right, but locked: not told apart
    payment  PC C1 100 ecode -> too_many_tries
    payment  PD C1 100 at=E2 -> approved           // a swipe at another till stays possible
    balance  B1 C1 - keyed -> approved             // a number that is keyed proves nothing and costs nothing
    confirm  K1 P5 -> approved                     // nor does a lock stop what is owed
    wait     14m
    payment  PE C1 100 -> unknown_card
    wait     1m
    payment  PF C1 100 forged -> unknown_card
    payment  PG C1 100 forged -> unknown_card
    payment  PH C1 100 forged -> unknown_card
    payment  PI C1 100 forged -> unknown_card
    payment  PJ C1 100 forged -> unknown_card
    wait     29m
    payment  PK C1 100 -> unknown_card
    wait     2m
    payment  PL C1 100 -> approved`,
} as const
