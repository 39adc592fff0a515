/** Once, exactly once (docs/spec/terminal.md, section 4). */
export const ONCE_STORIES = {
  'the same request has one effect and one answer, after a restart too': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved 14000/14000
    again    P1 -> approved 14000/14000
    payment  P2 C1 1000 -> approved 13000/13000
    again    P1 -> approved 14000/14000           // the balances of then
    restart
    again    P1 -> approved 14000/14000
    card     C1 sold 13000/13000
    payment  P3 C1 99999 -> exceeds_balance 13000/13000
    top_up   T1 C1 90000 at=O1 -> approved
    again    P3 -> exceeds_balance 13000/13000    // a decline stands, though it would go through by now
    card     C1 sold 103000/103000`,

  'another content under the same key changes nothing': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    again    P1 content=other -> key_reused
    again    P1 -> approved
    payment  P2 C1 99999 -> exceeds_balance
    again    P2 content=other -> key_reused
    card     C1 sold 14000/14000`,

  'a repeated confirmation, cancellation or reversal is answered from its own row': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    confirm  K1 P1 -> approved
    again    K1 -> approved
    cancel   X1 P1 -> approved 15000/14000
    again    X1 -> approved 15000/14000
    again    X1 content=other -> key_reused
    confirm  K2 X1 -> approved
    payment  P2 C1 1000 -> approved
    reverse  V1 P2 -> approved
    again    V1 -> approved
    restart
    again    V1 -> approved
    again    X1 -> approved 15000/14000
    card     C1 sold 15000/15000`,

  'what was reversed since is answered so, by whomever': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    reverse  V1 P1 -> approved
    again    P1 -> original_reversed 15000/15000   // the balances of now
    again    P1 content=other -> key_reused
    payment  P2 C1 1000 -> approved
    timer    P2 -> approved
    again    P2 -> original_reversed
    payment  P3 C1 1000 -> approved
    cancel   X1 P3 -> approved
    again    P3 -> approved                        // cancelled is not reversed
    reverse  V2 X1 -> approved
    again    X1 -> original_reversed
    again    P3 -> approved
    card     C1 sold 14000/14000`,

  'one key, one reversal of the timer, however many processes emit it': `
    given    C1 sold 15000
    payment  P1 C1 1000 -> approved
    timer    P1 -> approved
    timer    P1 -> approved
    restart
    timer    P1 -> approved
    card     C1 sold 15000/15000`,
} as const
