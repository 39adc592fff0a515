/** Cards of other hosts: recorded as pending, sent, answered; and what meets them in between. H1, H2: such cards. */
export const ROUTING_STORIES = {
  'approved by its host, then confirmed: the host is told': `
    payment P1 H1 5000 via -> upstream_silent
    state   P1 pending
    owed    P1 none
    answer  A1 P1 approved -> approved
    state   P1 unconfirmed
    again   P1 -> approved
    confirm K1 P1 -> approved
    state   P1 confirmed
    owed    P1 202
    confirm K2 P1 -> approved
    owed    P1 202`,

  'a host that wants no confirmations gets none': `
    payment P1 H1 5000 via=deaf -> upstream_silent
    answer  A1 P1 approved -> approved
    confirm K1 P1 -> approved
    owed    P1 none`,

  'each operation, and none for the policy that confirms nothing': `
    sale    S1 H1 5000 via at=O1 -> upstream_silent
    answer  A1 S1 approved -> approved
    state   S1 confirmed
    top_up  T1 H1 5000 via at=O1 -> upstream_silent
    answer  A2 T1 approved -> approved
    cash_out C1 H1 5000 via at=O1 -> upstream_silent
    answer  A3 C1 approved -> approved
    refund  R1 H1 5000 via at=O1 -> upstream_silent
    answer  A4 R1 approved -> approved
    balance B1 H1 - via -> upstream_silent
    answer  A5 B1 approved -> approved
    state   B1 confirmed
    owed    S1 none`,

  'what is refused here is not sent': `
    payment P1 H1 0 via -> amount_invalid
    payment P2 H1 - via -> amount_invalid
    payment P3 H1 100 via stranger -> store_not_permitted
    payment P4 H1 100 via nowhere -> issue_not_permitted
    state   P4 declined
    payment P5 H1 0 via advice -> amount_invalid
    case    P5 open advice_refused`,

  'declined by its host, and the repeat gets the same': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 declined=card_expired -> card_expired
    state   P1 declined
    again   P1 -> card_expired
    again   P1 content=x -> key_reused
    reverse V1 P1 -> approved
    owed    P1 none
    cancel  X1 P1 -> original_not_found`,

  'while the first is with the host, other content is 94 and its repeat finds it pending': `
    payment P1 H1 5000 via -> upstream_silent
    again   P1 content=x -> key_reused
    again   P1 -> upstream_silent
    state   P1 pending
    confirm K1 P1 -> original_not_found
    cancel  X1 P1 -> original_not_found
    resolve D1 P1 confirm -> original_not_found
    resolve D2 P1 reverse -> original_not_found
    state   P1 pending`,

  'a silent host: 91, a reversal that it is owed, a case until it has it': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 silent -> upstream_silent
    state   P1 declined
    owed    P1 420
    case    P1 open upstream_silent
    again   P1 -> upstream_silent
    reverse V1 P1 -> approved
    owed    P1 420`,

  'a late answer is recorded and never booked': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 silent -> upstream_silent
    answer  A2 P1 approved -> upstream_silent
    state   P1 declined
    answer  A3 P1 approved -> upstream_silent
    owed    P1 420`,

  'settled twice: the second one changes nothing': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    answer  A2 P1 silent -> approved
    answer  A3 P1 declined=card_expired -> approved
    state   P1 unconfirmed
    owed    P1 none`,

  'never written: 91, and nothing is owed': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 not_sent -> upstream_silent
    state   P1 declined
    owed    P1 none
    case    P1 none`,

  'an inquiry has nothing to undo': `
    balance B1 H1 - via -> upstream_silent
    reverse V1 B1 -> approved
    state   B1 pending
    answer  A1 B1 silent -> upstream_silent
    owed    B1 none
    case    B1 none`,

  'an advice that the host does not answer stays for a person to look at': `
    payment P1 H1 5000 via advice -> upstream_silent
    answer  A1 P1 silent -> upstream_silent
    case    P1 open advice_refused
    owed    P1 420
    payment P2 H1 5000 via advice -> upstream_silent
    answer  A2 P2 declined=exceeds_balance -> exceeds_balance
    case    P2 open advice_refused
    payment P3 H1 5000 via advice -> upstream_silent
    answer  A3 P3 approved -> approved
    state   P3 confirmed`,

  'an 0420 while the host is at work: reversed, whatever it says': `
    payment P1 H1 5000 via -> upstream_silent
    reverse V1 P1 amount=4000 -> approved_with_case
    reverse V2 P1 card=H2 -> approved_with_case
    reverse V3 P1 amount=5000 card=H1 -> approved
    state   P1 reversed
    owed    P1 420
    again   P1 -> original_reversed
    answer  A1 P1 approved -> original_reversed
    state   P1 reversed
    reverse V4 P1 -> approved
    confirm K1 P1 -> original_reversed`,

  'an 0420 before its original: it is never sent': `
    draft   payment P1 H1 5000 via
    reverse V1 P1 -> approved
    again   P1 -> original_reversed
    owed    P1 none`,

  'an 0420 after the approval, and after the confirmation': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    reverse V1 P1 -> approved
    state   P1 reversed
    owed    P1 420
    again   P1 -> original_reversed
    payment P2 H1 5000 via -> upstream_silent
    answer  A2 P2 approved -> approved
    confirm K1 P2 -> approved
    reverse V2 P2 -> approved_with_case
    owed    P2 202`,

  'the timer reverses it at its host too, and nothing books it again from here': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    wait    121s
    timer   P1 -> approved
    state   P1 reversed
    owed    P1 420
    case    P1 open unconfirmed
    confirm K1 P1 -> original_reversed
    case    P1 open unconfirmed +confirmation_after_reversal`,

  'a clerk who has agreed with the host books it here': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    timer   P1 -> approved
    resolve D1 P1 confirm -> approved
    case    P1 closed clerk_confirmed
    confirm K1 P1 -> approved
    payment P2 H1 5000 via -> upstream_silent
    answer  A2 P2 approved -> approved
    confirm K2 P2 -> approved
    reverse V2 P2 -> approved_with_case
    resolve D2 P2 reverse -> approved
    owed    P2 202 420`,

  'less than was asked': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved amount=3000 partial -> approved_partially
    reverse V1 P1 amount=3000 -> approved
    payment P2 H1 5000 via -> upstream_silent
    answer  A2 P2 approved amount=3000 -> exceeds_balance
    owed    P2 420`,

  'an amount that nobody asked for is no answer': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved amount=5001 -> upstream_silent
    owed    P1 420
    top_up  T1 H1 5000 via -> upstream_silent
    answer  A2 T1 approved amount=4999 partial -> upstream_silent
    owed    T1 420
    payment P2 H1 5000 via -> upstream_silent
    answer  A3 P2 approved amount=0 partial -> upstream_silent
    owed    P2 420`,

  'a nominal sale without an amount is as much as the host says': `
    sale    S1 H1 - via nominal -> upstream_silent
    answer  A1 S1 approved amount=5000 -> approved
    sale    S2 H2 - via nominal -> upstream_silent
    answer  A2 S2 approved -> upstream_silent
    owed    S2 420`,

  'cancelled at its host': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    cancel  X0 P1 amount=4999 -> amount_differs
    cancel  X1 P1 card=H2 -> unknown_card
    cancel  X2 P1 amount=5000 card=H1 -> upstream_silent
    state   X2 pending
    state   P1 unconfirmed
    cancel  X3 P1 -> overloaded
    timer   P1 -> overloaded
    reverse V1 P1 -> approved_with_case
    answer  A2 X2 approved -> approved
    state   X2 unconfirmed
    state   P1 cancelled
    confirm K1 P1 -> approved
    confirm K2 X2 -> approved
    owed    X2 202
    owed    P1 none
    cancel  X4 P1 -> original_done`,

  'the host does not cancel it': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    cancel  X1 P1 -> upstream_silent
    answer  A2 X1 declined=original_late -> original_late
    state   P1 unconfirmed
    cancel  X2 P1 -> upstream_silent
    answer  A3 X2 silent -> upstream_silent
    owed    X2 420
    state   P1 unconfirmed
    cancel  X3 P1 day=2026-11-23 -> original_late
    cancel  X4 P1 alone -> upstream_silent
    state   X4 declined`,

  'a cancellation is reversed: the original stands': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    cancel  X1 P1 -> upstream_silent
    answer  A2 X1 approved -> approved
    reverse V1 X1 -> approved
    state   X1 reversed
    state   P1 confirmed
    owed    X1 420
    owed    P1 none`,

  'undone here while the host cancels it: the host gets it back': `
    payment P1 H1 5000 via -> upstream_silent
    answer  A1 P1 approved -> approved
    cancel  X1 P1 -> upstream_silent
    resolve D1 P1 reverse -> approved
    answer  A2 X1 approved -> original_done
    owed    X1 420
    owed    P1 420`,

  'policy next: the next request confirms it, at its host too': `
    payment P1 H1 5000 via at=N1 -> upstream_silent
    answer  A1 P1 approved -> approved
    balance B1 H1 - via at=N1 -> upstream_silent
    state   P1 unconfirmed
    payment P2 H1 100 via at=N1 -> upstream_silent
    state   P1 confirmed
    owed    P1 202
    answer  A2 P2 approved -> approved
    state   P2 unconfirmed
    payment P3 H1 100 via at=N1 -> upstream_silent
    state   P2 confirmed`,

  'all of it survives a restart': `
    payment P1 H1 5000 via -> upstream_silent
    restart
    again   P1 -> upstream_silent
    answer  A1 P1 approved -> approved
    restart
    reverse V1 P1 -> approved
    restart
    owed    P1 420
    again   P1 -> original_reversed`,
} as const
