// Section 5: the policies `none` and `next`; `explicit` is what the other tables play under.
export const policies: Readonly<Record<string, string>> = {
  'none: a load is available at once': `
    A=topup 100 sold at=DEMO0004    -> 00 250/250
    payment 250 sold at=DEMO0004    -> 00 0/0
    confirm A                       -> 00`,
  'none: a sale is available at once': `
    A=sale 50 sellable at=DEMO0004  -> 00 50/50
    payment 50 sellable             -> 00 0/0`,
  'none: a cancellation is available at once': `
    A=payment 100 sold at=DEMO0004  -> 00 50/50
    cancel A                        -> 00 150/150 took=100`,
  'none: a load that is spent is not taken back': `
    A=topup 100 sold at=DEMO0004    -> 00 250/250
    payment 200 sold at=DEMO0004    -> 00 50/50
    reverse A                       -> 00 CASE
    balance sold                    -> 00 50/50`,
  'next: neither does a balance inquiry as 0200 confirm': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    payment sold2 3=316000 at=DEMO0005 -> 00 150/150
    balance sold                    -> 00 250/150
    advice 10 sold2 at=DEMO0005     -> 00 140/140
    balance sold                    -> 00 250/250`,
  'next: by the cancellation of another': `
    A=payment 10 sold2 at=DEMO0005  -> 00 140/140
    B=topup 100 sold at=DEMO0005    -> 00 250/150
    cancel A                        -> 00 150/140 took=10
    balance sold                    -> 00 250/250`,
  'next: the next new request confirms, also of another card': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    balance sold at=DEMO0005        -> 00 250/150
    repeat A                        -> same
    balance sold                    -> 00 250/150
    payment 10 sold2                -> 00 140/140
    balance sold                    -> 00 250/150
    payment 10 sold2 at=DEMO0005    -> 00 130/130
    balance sold                    -> 00 250/250
    reverse A                       -> 00 CASE
    balance sold                    -> 00 250/250`,
  'next: it is confirmed before the request that confirms it': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    payment 250 sold at=DEMO0005    -> 00 0/0`,
  'next: a decline confirms too': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    payment 999 sold2 at=DEMO0005   -> 51 150/150
    balance sold                    -> 00 250/250`,
  'next: a reversal does not confirm what it reverses': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    reverse A                       -> 00
    payment 10 sold2 at=DEMO0005    -> 00 140/140
    balance sold                    -> 00 150/150
    repeat A                        -> 21 REVERSED`,
  'next: by an 0202': `
    A=topup 100 sold at=DEMO0005    -> 00 250/150
    confirm A                       -> 00
    balance sold                    -> 00 250/250`,
  'next: by the cancellation of it, which the next request confirms': `
    A=payment 100 sold at=DEMO0005  -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    payment 10 sold2 at=DEMO0005    -> 00 140/140
    balance sold                    -> 00 150/150
    confirm C                       -> 00`,
}
