/** Acts on cards beside payments: suspicion, e-commerce, new plastic, extension. */
export const UPKEEP_STORIES = {
  'who asks about a card before it was ever sold may be waiting to drain it': `
    given    C1 sellable
    balance  B1 C1 - keyed -> card_unsold
    sale     S1 C1 1000 -> card_to_be_checked 0/0
    refund   R1 C1 1000 new -> card_to_be_checked
    clear    L1 C1 - keyed -> approved
    sale     S2 C1 1000 -> approved
    given    C2 sellable
    balance  B2 C2 - barcode -> card_unsold
    wait     23h
    sale     S3 C2 1000 -> card_to_be_checked
    balance  B3 C2 - keyed -> card_unsold           // asked again: the day does not begin anew
    wait     1h
    sale     S4 C2 1000 -> approved
    given    C3 sellable
    payment  P1 C3 100 ecode -> card_unsold
    sale     S5 C3 1000 -> card_to_be_checked
    given    C4 sellable
    given    C5 sold 15000
    balance  B4 C4 - keyed -> card_unsold
    duplicate D1 C5 - onto=C4 -> card_to_be_checked`,

  'the card itself at the till, a wrong eCode, and a card that was sold before are no suspicion': `
    given    C1 sellable
    balance  B1 C1 - -> card_unsold                 // its genuine stripe
    payment  P1 C1 100 -> card_unsold
    payment  P3 C1 100 ecode=wrong -> wrong_ecode
    sale     S1 C1 1000 -> approved
    reverse  V1 S1 -> approved
    balance  B2 C1 - keyed -> card_unsold           // it was sold, and that was undone
    sale     S2 C1 1000 -> approved
    balance  B3 C1 - keyed -> approved`,

  'nobody can have a shop blocked with a list of numbers': `
    given    C1 sellable
    given    C2 sellable
    given    C3 sellable
    given    C4 sold 15000
    balance  B1 C1 - keyed -> card_unsold
    balance  B2 C1 - keyed -> card_unsold
    balance  B3 C1 - keyed -> card_unsold
    balance  B4 C1 - keyed -> card_unsold
    balance  B5 C1 - keyed -> card_unsold
    balance  B6 C1 - keyed -> card_unsold
    balance  B7 C1 - keyed -> card_unsold
    balance  B8 C1 - keyed -> card_unsold
    balance  B9 C1 - keyed -> card_unsold
    balance  Q1 C1 - keyed -> card_unsold           // the tenth
    balance  Q2 C2 - keyed -> too_many_numbers none
    balance  Q3 C2 - ecode -> too_many_tries none
    restart
    balance  Q4 C2 - keyed -> too_many_numbers
    balance  Q5 C4 - keyed -> too_many_numbers none // nothing tells a card in use from another number
    payment  Q9 C99 100 keyed -> too_many_numbers   // or from none
    balance  R1 C4 - ecode -> approved              // cards in use that show their eCode are not meant
    balance  Q6 C2 - -> card_unsold                 // nor is the stripe
    sale     S1 C2 1000 -> approved
    balance  Q7 C3 - keyed at=E2 -> card_unsold     // nor who else asks
    wait     15m
    balance  Q8 C1 - keyed -> card_unsold`,

  'the second lock is twice as long, and a day of quiet is forgiven': `
    given    C1 sellable
    balance  A1 C1 - keyed -> card_unsold
    balance  A2 C1 - keyed -> card_unsold
    balance  A3 C1 - keyed -> card_unsold
    balance  A4 C1 - keyed -> card_unsold
    balance  A5 C1 - keyed -> card_unsold
    balance  A6 C1 - keyed -> card_unsold
    balance  A7 C1 - keyed -> card_unsold
    balance  A8 C1 - keyed -> card_unsold
    balance  A9 C1 - keyed -> card_unsold
    balance  A0 C1 - keyed -> card_unsold
    wait     15m
    balance  B1 C1 - keyed -> card_unsold
    balance  B2 C1 - keyed -> card_unsold
    balance  B3 C1 - keyed -> card_unsold
    balance  B4 C1 - keyed -> card_unsold
    balance  B5 C1 - keyed -> card_unsold
    balance  B6 C1 - keyed -> card_unsold
    balance  B7 C1 - keyed -> card_unsold
    balance  B8 C1 - keyed -> card_unsold
    balance  B9 C1 - keyed -> card_unsold
    balance  B0 C1 - keyed -> card_unsold
    wait     29m
    balance  C0 C1 - keyed -> too_many_numbers
    wait     1m
    balance  D1 C1 - keyed -> card_unsold
    wait     2d
    balance  D2 C1 - keyed -> card_unsold`,

  'a new version of the number: the old plastic dies, and is no guess': `
    given       C1 sold 15000
    new_version N1 C1 - keyed plastic=1 -> approved 15000/15000
    card        C1 sold 15000/15000 version=1
    new_version N2 C1 - keyed plastic=1 -> issue_not_permitted  // another clerk was faster
    payment     P1 C1 100 -> unknown_card none
    payment     P2 C1 100 -> unknown_card
    payment     P3 C1 100 -> unknown_card
    payment     P4 C1 100 -> unknown_card
    payment     P5 C1 100 -> unknown_card
    payment     P6 C1 100 version=1 -> approved 14900/14900
    payment     P7 C1 100 ecode -> wrong_ecode      // the eCode was on the old plastic
    given       C2 sellable
    new_version N3 C2 - keyed plastic=1 -> card_unsold`,

  'expiry leaves to the next night what is unconfirmed': `
    given    C1 sold 15000 until=2026-11-22
    top_up   T1 C1 1000 -> approved 16000/15000
    wait     1d
    expiry   E1 C1 - keyed -> exceeds_balance 16000/15000
    timer    T1 -> approved
    expiry   E2 C1 - keyed -> approved 0/0
    card     C1 expired 0/0
    state    E2 confirmed`,

  'an extension brings back what expiry took, once, by a transfer of its own': `
    given     C1 sold 15000 until=2026-11-21
    given     C2 sold 15000 until=2026-11-21
    given     C3 sold 1000 until=2026-11-21
    expiry    E1 C1 - keyed -> approved 0/0
    expiry    E2 C2 - keyed -> approved 0/0
    extension X1 C1 - keyed until=2027-01-31 expiry=E2 -> original_not_found
    extension X2 C1 - keyed until=2027-01-31 -> original_not_found
    extension X3 C1 - keyed until=2027-01-31 expiry=E1 -> approved 15000/15000
    again     X3 -> approved 15000/15000
    card      C1 sold 15000/15000 validUntil=2027-01-31
    state     E1 cancelled
    extension X4 C1 - keyed until=2027-02-28 expiry=E1 -> approved 15000/15000
    card      C1 sold 15000/15000 validUntil=2027-02-28
    payment   P1 C1 15000 -> approved 0/0
    extension X5 C3 - keyed until=2027-01-31 -> approved 1000/1000   // not expired yet
    card      C3 sold 1000/1000 validUntil=2027-01-31
    given     C4 sellable
    extension X6 C4 - keyed until=2027-01-31 -> card_unsold
    given     C5 sold 0 until=2026-11-21
    expiry    E3 C5 - keyed -> approved 0/0
    extension X7 C5 - keyed until=2027-01-31 expiry=E3 -> approved 0/0
    card      C5 sold 0/0`,
} as const
