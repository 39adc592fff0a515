/** Reversals, before, during and after their originals (docs/spec/terminal.md, section 5). */
export const REVERSAL_STORIES = {
  'one that cannot be understood is answered all the same, once, and a person looks': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    unclear  V1 -> approved_with_case
    case     V1 open reversal_unclear
    again    V1 -> approved_with_case
    case     V1 open reversal_unclear
    card     C1 sold 14000/14000
    resolve  D1 V1 confirm -> approved
    case     V1 closed clerk_confirmed
    unclear  V2 -> approved_with_case
    resolve  D2 V2 reverse -> approved
    case     V2 closed clerk_reversed
    card     C1 sold 14000/14000`,

  'a reversal undoes what took and what gave, once': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 -> approved
    reverse  V2 P1 -> approved                     // said again: nothing moves
    state    P1 reversed
    card     C1 sold 15000/15000
    top_up   T1 C1 1000 -> approved
    reverse  V3 T1 -> approved
    refund   R1 C1 1000 -> approved
    reverse  V4 R1 amount=1000 card=C1 -> approved
    card     C1 sold 15000/15000
    sale     S1 C2 5000 -> approved
    reverse  V5 S1 -> approved
    card     C2 sellable 0/0
    sale     S2 C2 6000 -> approved                // an undone sale leaves the card sellable
    case     P1 none
    case     S1 none`,

  'before its original: whichever comes first, there is nothing at the end': `
    given    C1 sold 15000
    draft payment P1 C1 1000
    reverse  V1 P1 -> approved
    again    P1 -> original_reversed
    again    P1 -> original_reversed
    again    P1 content=other -> original_reversed // it knows no content
    reverse  V2 P1 -> approved
    restart
    again    P1 -> original_reversed
    confirm  K1 P1 -> original_reversed
    case     P1 open confirmation_after_reversal
    card     C1 sold 15000/15000
    draft cancel X1 P1
    reverse  V3 X1 -> approved                     // a cancellation can be forestalled too
    again    X1 -> original_reversed
    draft balance B1 C1 -
    reverse  V4 B1 -> approved
    again    B1 -> original_reversed
    draft block L1 C1 - block=lost
    reverse  V5 L1 -> approved                     // nor does a block come after its reversal
    again    L1 -> original_reversed
    card     C1 sold 15000/15000`,

  'after the confirmation nothing moves: a case': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    reverse  V1 P1 -> approved_with_case
    again    V1 -> approved_with_case
    case     P1 open reversal_too_late
    reverse  V2 P1 -> approved_with_case
    case     P1 open reversal_too_late +reversal_too_late
    card     C1 sold 14000/14000
    payment  P2 C1 1000 at=O1 -> approved
    reverse  V3 P2 at=O1 -> approved_with_case`,

  'another amount or another card is not meant: a case': `
    given    C1 sold 15000
    given    C2 sold 15000
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 amount=1001 -> approved_with_case
    case     P1 open reversal_disagrees
    reverse  V2 P1 card=C2 -> approved_with_case
    card     C1 sold 14000/14000
    state    P1 unconfirmed
    reverse  V3 P1 amount=1000 card=C1 keyed -> approved
    card     C1 sold 15000/15000`,

  'what was declined or asked nothing of the money: 00, and nothing moves': `
    given    C1 sold 15000
    payment  P1 C1 99999 -> exceeds_balance
    reverse  V1 P1 -> approved
    case     P1 none
    again    P1 -> exceeds_balance
    balance  B1 C1 - -> approved
    reverse  V2 B1 -> approved
    payment  P2 C9 100 -> unknown_card
    reverse  V3 P2 -> approved`,

  'a sale with more than the sale on the card is not undone by a reversal': `
    given    C1 sellable
    sale     S1 C1 5000 -> approved
    top_up   T1 C1 1000 at=O1 -> approved 6000/1000
    reverse  V1 S1 -> approved_with_case
    case     S1 open reversal_too_late
    card     C1 sold 6000/1000
    state    S1 unconfirmed
    payment  P1 C1 1000 at=O1 -> approved 5000/0
    reverse  V2 S1 -> approved                     // just the sale again
    card     C1 sellable 0/0`,

  'a moved-on card: the timer takes this money back and leaves the rest': `
    given    C1 sellable
    given    C2 sellable
    sale     S1 C1 5000 -> approved
    top_up   T1 C1 1000 at=O1 -> approved 6000/1000
    wait     121s
    timer    S1 -> approved
    state    S1 reversed
    case     S1 open unconfirmed
    card     C1 sold 1000/1000
    confirm  K1 S1 -> original_reversed            // the card is not what it was: a person decides
    case     S1 open unconfirmed +confirmation_after_reversal
    refund   R1 C2 5000 new -> approved
    top_up   T2 C2 1000 at=O1 -> approved
    timer    R1 -> approved
    card     C2 sold 1000/1000`,

  'during: a payment follows upon a load that waits': `
    given    C1 sold 15000
    top_up   T1 C1 5000 -> approved 20000/15000
    payment  P1 C1 15000 -> approved 5000/0
    reverse  V1 T1 -> approved
    card     C1 sold 0/0
    reverse  V2 P1 -> approved
    card     C1 sold 15000/15000`,
} as const
