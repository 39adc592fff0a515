/** Confirmation, the timer, and policies `next` and `none` (docs/spec/terminal.md, section 5). */
export const CONFIRMATION_STORIES = {
  'a confirmation, a second one, one for nothing': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    confirm  K2 P1 -> approved
    card     C1 sold 14000/14000
    confirm  K3 unknown -> original_not_found
    case     K3 open confirmation_unknown
    confirm  K4 P1@E2 -> original_not_found       // another terminal's key
    payment  P2 C1 99999 -> exceeds_balance
    confirm  K5 P2 -> original_not_found          // what was declined cannot have been completed
    case     P2 open confirmation_unknown
    confirm  K6 K1 -> approved
    case     P1 none`,

  'after a reversal a confirmation is a contradiction': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 -> approved
    confirm  K1 P1 -> original_reversed
    case     P1 open confirmation_after_reversal
    again    K1 -> original_reversed
    confirm  K2 P1 -> original_reversed
    case     P1 open confirmation_after_reversal +confirmation_after_reversal
    card     C1 sold 15000/15000`,

  'nobody confirms: the timer reverses what took and what gave, and opens a case': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 1000 -> approved
    top_up   T1 C1 2000 -> approved 16000/14000
    sale     S1 C2 5000 -> approved
    wait     121s
    timer    P1 -> approved
    timer    T1 -> approved
    timer    S1 -> approved
    state    P1 reversed
    case     P1 open unconfirmed
    case     T1 open unconfirmed
    case     S1 open unconfirmed
    card     C1 sold 15000/15000
    card     C2 sellable 0/0
    sale     S2 C2 6000 -> approved                // an undone sale leaves the card sellable
    payment  P2 C1 1000 -> approved
    confirm  K1 P2 -> approved
    timer    P2 -> approved                        // came too late: nothing moves
    state    P2 confirmed
    case     P2 none`,

  'a late confirmation books again, once, visibly': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    wait     121s
    timer    P1 -> approved
    confirm  K1 P1 -> approved
    case     P1 closed confirmed_late
    state    P1 reversed
    state    K1 confirmed
    card     C1 sold 14000/14000
    confirm  K2 P1 -> approved                     // once
    again    K1 -> approved
    restart
    confirm  K3 P1 -> approved
    timer    P1 -> approved
    card     C1 sold 14000/14000
    reverse  V1 P1 -> approved_with_case           // it says both: a person looks
    case     P1 open reversal_too_late
    card     C1 sold 14000/14000`,

  'a late confirmation of what gave: state and maximum decide': `
    given    C1 sellable
    given    C2 sold 15000
    given    C3 sold 150000
    sale     S1 C1 5000 -> approved
    top_up   T1 C2 2000 -> approved
    top_up   T2 C3 50000 -> approved
    wait     121s
    timer    S1 -> approved
    timer    T1 -> approved
    timer    T2 -> approved
    confirm  K1 S1 -> approved
    card     C1 sold 5000/5000
    confirm  K2 T1 -> approved
    card     C2 sold 17000/17000
    top_up   T3 C3 1000 at=O1 -> approved
    confirm  K3 T2 -> original_reversed            // it would be over the maximum now
    case     T2 open unconfirmed +confirmation_after_reversal
    card     C3 sold 151000/151000`,

  'a sale that is booked late has its validity like any other': `
    given    C1 sellable issue=GIFT50
    sale     S1 C1 5000 -> approved
    card     C1 sold 5000/0 validUntil=2027-11-22
    wait     121s
    timer    S1 -> approved
    card     C1 sellable 0/0 validUntil=null
    confirm  K1 S1 -> approved
    card     C1 sold 5000/5000 validUntil=2027-11-22`,

  'too late for a late confirmation': `
    given    C1 sold 15000
    given    C2 sellable
    payment  P1 C1 15000 -> approved
    payment  P2 C1 1 partial -> exceeds_balance
    wait     121s
    timer    P1 -> approved
    payment  P3 C1 15000 at=O1 -> approved
    confirm  K1 P1 -> original_reversed            // the money is gone
    case     P1 open unconfirmed +confirmation_after_reversal
    sale     S1 C2 5000 -> approved
    wait     121s
    timer    S1 -> approved
    sale     S2 C2 6000 -> approved                // sold to somebody else
    confirm  K2 S1 -> original_reversed
    card     C2 sold 6000/0
    top_up   T1 C1 1000 -> approved
    wait     121s
    timer    T1 -> approved
    wait     24h
    confirm  K3 T1 -> original_reversed            // the window is over
    case     T1 open unconfirmed +confirmation_after_reversal
    card     C1 sold 0/0`,

  'within the window a late confirmation is booked, however late': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    wait     121s
    timer    P1 -> approved
    wait     23h
    confirm  K1 P1 -> approved
    card     C1 sold 14000/14000`,

  'the terminal reverses what the timer has reversed: agreed, and never booked again': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    wait     121s
    timer    P1 -> approved
    reverse  V1 P1 -> approved
    case     P1 closed reversed_by_terminal
    confirm  K1 P1 -> original_reversed
    case     P1 open confirmation_after_reversal
    card     C1 sold 15000/15000`,

  'policy next: the next new request confirms, a step of its own, on whatever card': `
    given    C1 sold 15000
    given    C2 sold 15000
    top_up   T1 C1 1000 at=N1 -> approved 16000/15000
    balance  B1 C1 - at=N1 -> approved 16000/15000 // an inquiry confirms nothing
    state    T1 unconfirmed
    again    T1 -> approved 16000/15000            // nor does a repeat
    state    T1 unconfirmed
    payment  P1 C2 100 at=N1 -> approved 14900/14900
    state    T1 confirmed
    card     C1 sold 16000/16000
    state    P1 unconfirmed
    reverse  V1 P1 at=N1 -> approved               // nor does its own reversal
    state    P1 reversed
    payment  P2 C1 99999 at=N1 -> exceeds_balance 16000/16000
    payment  P3 C1 1000 at=N1 -> approved
    payment  P4 C2 99999 at=N1 -> exceeds_balance  // a declined request is a request
    state    P3 confirmed
    payment  P5 C1 1000 at=N1 -> approved
    cancel   X1 P5 at=N1 -> approved 15000/14000   // the 0400 confirms its original
    state    P5 cancelled
    payment  P6 C2 100 advice at=N1 -> approved
    state    X1 confirmed
    card     C1 sold 15000/15000
    payment  P7 C1 100 at=N1 -> approved
    confirm  K1 P7 at=N1 -> approved
    state    P7 confirmed
    payment  P8 C1 100 at=N1 -> approved
    payment  P9 C1 100 -> approved                 // another terminal's request is not its own
    state    P8 unconfirmed
    refused  R1 P8 wrong_store at=N1 -> wrong_store
    state    P8 unconfirmed
    refused  R2 unsupported at=N1 -> unsupported
    state    P8 confirmed`,

  'policy next: the confirmation makes the money available to the request that brings it': `
    given    C1 sellable
    sale     S1 C1 5000 at=N1 -> approved 5000/0
    payment  P1 C1 5000 at=N1 -> approved 0/0
    state    S1 confirmed`,

  'policy none: nothing is ever unconfirmed': `
    given    C1 sellable
    sale     S1 C1 5000 at=O1 -> approved 5000/5000
    state    S1 confirmed
    payment  P1 C1 1000 at=O1 -> approved 4000/4000
    cancel   X1 P1 at=O1 -> approved 5000/5000
    state    X1 confirmed
    confirm  K1 X1 at=O1 -> approved
    reverse  V1 S1 at=O1 -> approved_with_case
    case     S1 open reversal_too_late`,
} as const
