/** Refunds with a receipt: never more than the payment took, and what undoes one gives that back. */
export const REFUND_STORIES = {
  'the refunds of one payment never exceed what it took': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    refund   R1 C1 1001 receipt=P1 -> amount_differs
    refund   R2 C1 600 receipt=P1 -> approved 14600/14000
    refund   R3 C1 401 receipt=P1 -> amount_differs
    refund   R4 C1 400 receipt=P1 -> approved 15000/14000
    refund   R5 C1 1 receipt=P1 -> amount_differs
    confirm  K2 R2 -> approved
    confirm  K3 R4 -> approved
    card     C1 sold 15000/15000
    cancel   X1 P1 -> original_spent                 // it was given back already
    reverse  V1 P1 -> approved_with_case`,

  'with a receipt the limit of refunds without one does not hold': `
    given    C1 sold 100000
    payment  P1 C1 60000 -> approved
    confirm  K1 P1 -> approved
    refund   R1 C1 60000 -> exceeds_amount_limit
    refund   R2 C1 60000 receipt=P1 -> approved`,

  'without a receipt there is a limit for each, for a card and day, and for a terminal and its day': `
    given    C1 sold 10000
    given    C2 sold 10000
    given    C3 sold 10000
    given    C4 sold 10000
    refund   R1 C1 50001 -> exceeds_amount_limit
    refund   R2 C1 50000 -> approved
    refund   R3 C1 10001 at=E2 -> exceeds_amount_limit   // of this card, wherever
    refund   R4 C1 10000 at=X1 -> approved
    refund   R5 C1 1 -> exceeds_amount_limit
    reverse  V1 R4 -> approved                      // what did not happen does not count for the card
    cancel   X1 R2 -> approved
    refund   R6 C1 50000 -> approved
    reverse  V2 X1 -> approved                      // an undo is not asked
    restart
    refund   R7 C2 50000 -> approved
    refund   R8 C3 1 -> exceeds_amount_limit        // of this terminal; what it had undone counts
    refund   R9 C3 50000 at=E2 -> approved
    payment  P1 C3 1000 -> approved
    refund   S1 C3 1000 receipt=P1 -> approved      // with a receipt neither holds
    refund   S2 C4 1000 day=2026-11-23 -> approved  // another business day of the terminal
    refund   S3 C3 10001 day=2026-11-23 -> exceeds_amount_limit // and the same day for the card
    wait     1d
    refund   S4 C3 50000 -> approved`,

  'a new card wants its stripe or its eCode, with a receipt or without': `
    given    C1 sellable
    given    C2 sold 10000
    given    C3 sellable
    given    C5 sellable
    refund   R1 C1 1000 new ecode -> approved 1000/0
    refund   R2 C5 1000 new keyed ecode -> approved 1000/0
    payment  P1 C2 1000 at=O1 -> approved
    given    C6 sellable
    refund   R5 C6 1000 new keyed receipt=P1 -> entry_not_permitted
    refund   R3 C3 1000 new keyed ecode receipt=P1 -> approved
    given    C4 sellable
    refund   R4 C4 1000 new -> approved`,

  'a refund that is reversed or cancelled can be given again': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    refund   R1 C1 1000 receipt=P1 -> approved
    reverse  V1 R1 -> approved
    refund   R2 C1 1000 receipt=P1 -> approved
    cancel   X1 R2 -> approved
    refund   R3 C1 1000 receipt=P1 -> approved
    timer    R3 -> approved
    refund   R4 C1 1000 receipt=P1 -> approved
    refund   R5 C1 1 receipt=P1 -> amount_differs
    confirm  K2 R3 -> original_reversed              // given back to somebody else by now
    card     C1 sold 15000/14000`,

  'a cancelled refund that was given again cannot be reinstated': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    refund   R1 C1 1000 receipt=P1 -> approved
    cancel   X1 R1 -> approved
    refund   R2 C1 1000 receipt=P1 -> approved
    reverse  V1 X1 -> approved_with_case
    timer    X1 -> approved
    state    X1 confirmed
    confirm  K2 R2 -> approved
    card     C1 sold 15000/15000`,

  'nothing is given back for what did not happen': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 -> approved
    refund   R1 C1 1 receipt=P1 -> amount_differs
    payment  P2 C1 1000 -> approved
    timer    P2 -> approved
    refund   R2 C1 1 receipt=P2 -> amount_differs
    payment  P3 C1 1000 -> approved
    cancel   X1 P3 -> approved
    refund   R3 C1 1 receipt=P3 -> amount_differs
    reverse  V2 X1 -> approved
    refund   R4 C1 1000 receipt=P3 -> approved       // the payment stands again
    payment  P4 C1 1000 -> approved
    timer    P4 -> approved
    confirm  K1 P4 -> approved
    refund   R5 C1 1000 receipt=P4 -> approved       // and so does one that was booked late`,

  'onto a new card with the receipt of the old one': `
    given    C1 sold 15000
    given    C2 sellable
    given    C3 sellable
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    refund   R1 C2 1001 new receipt=P1 -> amount_differs
    refund   R2 C2 1000 new receipt=P1 -> approved 1000/0
    refund   R3 C3 1 new receipt=P1 -> amount_differs
    reverse  V1 R2 -> approved
    card     C2 sellable 0/0
    refund   R4 C3 1000 new receipt=P1 -> approved
    confirm  K2 R4 -> approved
    card     C3 sold 1000/1000
    payment  P2 C3 1000 -> approved 0/0`,

  'one receipt is given back once, on whichever card; that of another store is only a reference': `
    given    C1 sold 15000
    given    C2 sold 15000
    payment  P1 C1 1000 at=O1 -> approved
    refund   R1 C2 1001 receipt=P1 -> amount_differs
    refund   R2 C2 600 receipt=P1 -> approved 15600/15000
    refund   R3 C1 401 receipt=P1 -> amount_differs
    refund   R4 C1 400 receipt=P1 -> approved
    cancel   X1 P1 at=O1 -> original_spent
    payment  P2 C1 1000 at=X1 -> approved
    refund   R5 C2 2000 receipt=P2 -> approved`,

  'a payment reversed by the timer after part of it was given back: the rest comes back, and no more': `
    given    C1 sold 10000
    payment  P1 C1 10000 -> approved 0/0
    refund   R1 C1 6000 receipt=P1 at=O1 -> approved 6000/6000
    reverse  V1 P1 -> approved_with_case
    wait     121s
    timer    P1 -> approved
    card     C1 sold 10000/10000
    case     P1 open reversal_too_late +unconfirmed
    confirm  K1 P1 -> original_reversed              // taking all of it would be 6000 too much
    card     C1 sold 10000/10000
    refund   R2 C1 1 receipt=P1 -> amount_differs`,
} as const
