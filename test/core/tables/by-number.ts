/** The operations allowed at a terminal to a person with only a card number, and the information that must not leak. */
export const BY_NUMBER_STORIES = {
  'a number alone moves no money to another card': `
    given    C1 sold 15000
    given    C2 sellable
    duplicate D1 C1 - onto=C2 keyed -> entry_not_permitted none
    duplicate D2 C1 - onto=C2 barcode at=X1 -> entry_not_permitted none
    duplicate D3 C1 - onto=C2 keyed ecode=wrong -> wrong_ecode none
    card     C1 sold 15000/15000
    card     C2 sellable 0/0
    duplicate D4 C1 - onto=C2 keyed ecode -> approved 0/0
    given    C3 sold 15000
    given    C4 sellable
    duplicate D5 C3 - onto=C4 ecode -> approved
    given    C5 sold 15000
    given    C6 sellable
    duplicate D6 C5 - onto=C6 -> approved`,

  'a duplicate at a terminal refuses any block; the back office makes one of a lost card': `
    given    C1 sold 15000 block=lost
    given    C2 sold 15000 block=stolen
    given    C3 sold 15000 block=customer
    given    C4 sold 15000 block=suspicion
    given    C9 sellable
    duplicate D1 C1 - onto=C9 -> card_lost
    duplicate D2 C2 - onto=C9 -> card_stolen
    duplicate D3 C3 - onto=C9 -> card_blocked
    duplicate D4 C4 - onto=C9 keyed ecode -> card_blocked
    duplicate D5 C1 - onto=C9 keyed office -> approved
    card     C1 replaced 0/0`,

  'unblocked at a terminal: by stripe or eCode, what its own store has set at the wish or on suspicion': `
    given    C1 sold 15000
    block    B1 C1 - block=customer -> approved
    unblock  U1 C1 - keyed -> entry_not_permitted
    unblock  U2 C1 - barcode at=X1 -> card_blocked
    unblock  U3 C1 - at=X1 -> card_blocked          // another store
    unblock  U4 C1 - at=E2 -> approved              // another till of the same
    block    B2 C1 - block=suspicion keyed -> approved
    unblock  U5 C1 - keyed ecode -> approved
    block    B3 C1 - block=lost keyed -> approved
    unblock  U6 C1 - -> card_lost
    block    B4 C1 - block=stolen -> approved
    unblock  U7 C1 - -> card_stolen
    unblock  U8 C1 - keyed office -> approved
    block    B5 C1 - block=customer keyed office -> approved
    unblock  U9 C1 - -> card_blocked
    card     C1 sold 15000/15000 block=customer
    unblock  V1 C1 - keyed office -> approved
    unblock  V2 C1 - -> approved                    // nothing to undo`,

  'over a block of the back office or another store no store gets a right to undo it': `
    given    C1 sold 15000
    block    B1 C1 - block=customer keyed office -> approved
    block    B2 C1 - block=suspicion -> approved
    unblock  U1 C1 - -> card_blocked
    card     C1 sold 15000/15000 block=suspicion
    given    C2 sold 15000
    block    B3 C2 - block=customer -> approved
    block    B4 C2 - block=suspicion at=X1 -> approved
    unblock  U2 C2 - at=X1 -> card_blocked
    unblock  U3 C2 - -> card_blocked
    given    C3 sold 15000
    block    B5 C3 - block=customer -> approved
    block    B6 C3 - block=customer at=X1 -> approved
    unblock  U4 C3 - at=X1 -> card_blocked
    unblock  U5 C3 - -> approved`,

  'a block never replaces a graver one, except by the back office': `
    given    C1 sold 15000
    block    B1 C1 - block=customer -> approved
    block    B2 C1 - block=suspicion keyed -> approved
    card     C1 sold 15000/15000 block=suspicion
    block    B3 C1 - block=customer -> approved
    card     C1 sold 15000/15000 block=suspicion
    block    B4 C1 - block=lost keyed -> approved
    block    B5 C1 - block=suspicion keyed -> approved
    block    B6 C1 - block=stolen -> approved
    block    B7 C1 - block=lost -> approved
    block    B8 C1 - block=customer -> approved
    card     C1 sold 15000/15000 block=stolen
    block    B9 C1 - block=lost keyed office -> approved
    card     C1 sold 15000/15000 block=lost`,

  'blocked by number: lost or on suspicion, a card in use, ten times a day and terminal': `
    given    C1 sold 15000
    given    C2 sellable
    given    C3 inactive
    block    A1 C1 - block=stolen keyed -> entry_not_permitted
    block    A2 C1 - block=customer barcode -> entry_not_permitted
    block    A3 C2 - block=lost keyed -> card_unsold
    block    A4 C3 - block=suspicion barcode -> card_unsold
    block    A5 C2 - block=lost keyed ecode -> approved
    block    A6 C3 - block=stolen -> approved
    block    B1 C1 - block=lost keyed -> approved
    block    B2 C1 - block=lost keyed -> approved
    block    B3 C1 - block=lost barcode -> approved
    block    B4 C1 - block=lost keyed -> approved
    block    B5 C1 - block=lost keyed -> approved
    again    B5 -> approved                         // the same once more is not another one
    block    B6 C1 - block=suspicion keyed -> approved
    block    B7 C1 - block=lost keyed -> approved
    restart
    block    B8 C1 - block=lost keyed -> approved
    block    B9 C1 - block=lost keyed -> approved
    block    C1 C1 - block=lost keyed -> approved
    block    C2 C1 - block=lost keyed -> exceeds_count_limit
    block    C3 C1 - block=stolen -> approved       // not by number
    block    C4 C1 - block=lost keyed at=E2 -> approved
    block    C5 C1 - block=lost keyed office -> approved
    wait     1d
    block    C6 C1 - block=lost keyed -> approved`,

  'cash and a refund that sells a card want more than a number, also where the issue pays by number': `
    given    C1 sold 15000 issue=NUMBER
    payment  P1 C1 14600 keyed -> approved
    given    C2 sellable
    cash_out O1 C1 400 keyed -> entry_not_permitted none
    cash_out O2 C1 400 barcode -> entry_not_permitted
    refund   R1 C2 1000 new keyed -> entry_not_permitted
    cash_out O3 C1 400 keyed ecode -> approved
    given    C3 sellable
    refund   R2 C3 1000 new -> approved
    given    C4 sold 15000
    refund   R3 C4 1000 keyed -> approved`,

  'whoever asks about an unsold card by its number is heard of, whatever he asks': `
    given    C1 sellable
    payment  P1 C1 1 keyed -> card_unsold
    sale     S1 C1 1000 -> card_to_be_checked
    given    C2 sellable
    top_up   T1 C2 1000 barcode -> card_unsold
    sale     S2 C2 1000 -> card_to_be_checked
    given    C3 sellable
    refund   R1 C3 1000 keyed -> card_unsold
    sale     S3 C3 1000 -> card_to_be_checked
    given    C4 sellable
    cash_out O1 C4 1 ecode -> card_unsold
    sale     S4 C4 1000 -> card_to_be_checked
    given    C5 sellable
    block    B1 C5 - block=lost keyed -> card_unsold
    sale     S5 C5 1000 -> card_to_be_checked
    given    C6 sellable
    refund   R2 C6 1000 new keyed -> entry_not_permitted
    sale     S6 C6 1000 -> card_to_be_checked
    given    C7 sellable
    sale     S7 C7 1000 keyed -> approved           // nobody waits for what is sold`,

  'a cashier who mistypes the amount of a sale can correct it; who tries on is waiting': `
    given    C1 sellable
    sale     S1 C1 1 keyed -> amount_below_minimum
    sale     S2 C1 1 keyed -> amount_below_minimum
    sale     S3 C1 1000 keyed -> approved
    given    C2 sellable
    sale     S4 C2 1 keyed at=E2 -> amount_below_minimum
    sale     S5 C2 1 keyed at=E2 -> amount_below_minimum
    sale     S6 C2 1 keyed at=E2 -> amount_below_minimum
    sale     S7 C2 1000 -> card_to_be_checked
    given    C3 sellable
    wait     1h
    sale     S8 C3 1 keyed at=E2 -> amount_below_minimum  // an hour of quiet: it begins anew
    sale     S9 C3 1000 keyed at=E2 -> approved`,

  'balances are for who shows a secret, or where the issue tells them by number': `
    given    C1 sold 15000 issue=STRICT
    given    C2 sold 15000
    top_up   T1 C1 1000 keyed -> approved none
    top_up   T2 C1 1000 -> approved 17000/15000
    payment  P1 C2 100 keyed -> entry_not_permitted none
    payment  P2 C2 100 keyed ecode -> approved 14900/14900
    payment  P3 C2 99999 keyed ecode -> exceeds_balance 14900/14900
    balance  B1 C1 - keyed -> entry_not_permitted none
    cancel   X1 T1 -> approved none
    cancel   X2 T2 -> approved 15000/15000
    cancel   X3 T1 -> original_done none
    cancel   X4 unknown card=C1 keyed -> original_not_found none
    cancel   X5 unknown card=C1 -> original_not_found 15000/15000
    top_up   T3 C1 1000 keyed -> approved none
    reverse  V1 T3 -> approved
    again    T3 -> original_reversed none`,

  'twenty unknown numbers, and for a minute a terminal hears the same of every number': `
    given    C1 sold 15000 issue=NUMBER
    given    C2 sellable
    given    C3 sold 15000
    payment  P1 C1 100 keyed -> approved
    balance  A1 C99 - keyed -> unknown_card
    balance  A2 C98 - keyed luhn -> unknown_card
    payment  A3 C97 100 barcode -> unknown_card
    top_up   A4 C96 1000 keyed -> unknown_card
    cancel   A5 P1 card=C95 keyed -> unknown_card
    balance  A6 C94 - ecode -> wrong_ecode
    duplicate A7 C3 - onto=C93 -> unknown_card
    block    A8 C92 - block=lost keyed -> unknown_card
    sale     A9 C91 1000 keyed -> unknown_card
    balance  B1 C99 - keyed -> unknown_card
    balance  B2 C99 - keyed -> unknown_card
    balance  B3 C99 - keyed -> unknown_card
    balance  B4 C99 - keyed -> unknown_card
    balance  B5 C99 - keyed -> unknown_card
    balance  B6 C99 - keyed -> unknown_card
    balance  B7 C99 - keyed -> unknown_card
    balance  B8 C99 - keyed -> unknown_card
    balance  B9 C99 - keyed -> unknown_card
    balance  C1 C99 - keyed -> unknown_card
    balance  C2 C99 - -> unknown_card               // a stripe is no guess
    balance  C3 C99 - keyed -> unknown_card         // the twentieth
    balance  D1 C99 - keyed -> too_many_numbers none
    balance  D2 C1 - keyed -> too_many_numbers none
    payment  D3 C1 100 barcode -> too_many_numbers none
    sale     D4 C2 1000 keyed -> too_many_numbers
    balance  D5 C3 - ecode -> approved              // an eCode is more than a number
    balance  F1 C99 - ecode -> wrong_ecode          // and says nothing about one
    balance  F2 C3 - ecode=wrong -> wrong_ecode
    cancel   D6 P1 card=C1 keyed -> too_many_numbers
    duplicate D7 C3 - onto=C1 -> unknown_card none   // it would say that there is such a card
    again    P1 -> approved                         // what is booked is booked
    payment  D8 C3 100 -> approved                  // nor does it touch a swipe
    cancel   D9 P1 -> approved
    balance  E1 C1 - keyed at=E2 -> approved
    balance  E2 C1 - keyed office -> approved
    wait     1m
    again    D3 -> approved                         // 75 was not kept
    balance  E3 C2 - keyed at=E2 -> card_unsold`,

  'a number that is no card ends as one does whose eCode is guessed': `
    given    C1 sold 15000
    balance  A1 C1 - ecode=wrong -> wrong_ecode
    balance  A2 C1 - ecode=wrong -> wrong_ecode
    balance  A3 C1 - ecode=wrong -> wrong_ecode
    balance  A4 C1 - ecode=wrong -> wrong_ecode
    balance  A5 C1 - ecode=wrong -> wrong_ecode
    balance  A6 C1 - ecode=wrong -> too_many_tries none
    balance  B1 C99 - ecode=wrong -> wrong_ecode
    balance  B2 C99 - ecode=wrong -> wrong_ecode
    balance  B3 C99 - ecode=wrong -> wrong_ecode
    balance  B4 C99 - ecode=wrong -> wrong_ecode
    balance  B5 C99 - ecode=wrong -> wrong_ecode
    balance  B6 C99 - ecode=wrong -> too_many_tries none
    balance  B7 C98 - ecode=wrong -> wrong_ecode
    balance  B8 C1 - -> unknown_card                 // while tries of this source are locked
    balance  B9 C1 - at=E2 -> approved`,
} as const
