// Section 4, one message after another; the races are in once.test.ts.
export const onceStories: Readonly<Record<string, string>> = {
  'a repeat, x1 or plain, gets the same bytes': `
    A=payment 10 sold               -> 00 140/140
    repeat A                        -> same
    again A                         -> same
    payment 20 sold                 -> 00 120/120
    repeat A                        -> same
    balance sold                    -> 00 120/120`,
  'the x1 may be the first to arrive': `
    A=later payment 10 sold
    B=repeat A                      -> 00 140/140
    again B                         -> same
    balance sold                    -> 00 140/140`,
  'the card is the card, whichever track is read': `
    A=payment 10 sold               -> 00 140/140
    repeat A sold track1            -> same
    balance sold                    -> 00 140/140`,
  'other content under the key is 94, and the first stands': `
    A=payment 10 sold               -> 00 140/140
    again A 10.01                   -> 94
    repeat A 9                      -> 94
    repeat A sold2                  -> 94
    again A 3=210060                -> 94
    again A 3=001122                -> 94
    again A 48=P                    -> 94
    repeat A 49=978                 -> 94
    repeat A                        -> same
    again A                         -> same
    balance sold                    -> 00 140/140
    balance sold2                   -> 00 150/150`,
  'other content of a confirmation and of a cancellation': `
    A=payment 10 sold               -> 00 140/140
    B=payment 20 sold               -> 00 120/120
    C=confirm A                     -> 00
    again C 90=020099999911221730050000000000000000000000 -> 94
    repeat C                        -> same
    D=cancel A                      -> 00 130/120 took=10
    again D 90=020099999911221730050000000000000000000000 -> 94
    again D 9                       -> 94
    repeat D                        -> same`,
  'declines are answered again as they were': `
    A=payment 200 sold              -> 51 150/150
    B=topup 100 sold                -> 00 250/150
    confirm B                       -> 00
    repeat A                        -> same
    again A                         -> same
    payment 200 sold                -> 00 50/50`,
  'each decline that is stored': `
    A=payment 10 sellable           -> 78 UNSOLD
    B=payment 10 sold keyed         -> 57 ENTRY
    C=topup 9.99 sold               -> 13 MIN
    D=balance sold unknown          -> 14
    E=balance sellable              -> 78 UNSOLD
    F=topup 10 gift                 -> 57 TOPUP
    G=balance sold badCode          -> 55
    S=sale 50 sellable              -> 00 50/0
    confirm S                       -> 00
    repeat A                        -> same
    repeat B                        -> same
    repeat C                        -> same
    repeat D                        -> same
    repeat E                        -> same
    repeat F                        -> same
    repeat G                        -> same`,
  'a code that nobody supports is stored': `
    A=payment 10 sold 3=990000      -> 12
    repeat A                        -> same
    again A 3=006000                -> 94`,
  'after 30 the request may come again': `
    A=payment 10 sold swipeWithNumber -> 30
    B=again A sold                  -> 00 140/140
    repeat B                        -> same
    C=payment 10 sold -49           -> 30
    again C 49=985                  -> 00 130/130`,
  'a balance inquiry is a request too': `
    A=balance sold                  -> 00 150/150
    payment 10 sold                 -> 00 140/140
    repeat A                        -> same
    balance sold                    -> 00 140/140`,
  'a reversed request is answered 21': `
    A=payment 10 sold               -> 00 140/140
    reverse A                       -> 00
    repeat A                        -> 21 REVERSED 150/150
    again A 11                      -> 94
    repeat A                        -> 21 REVERSED`,
  'a reversal before its payment': `
    A=later payment 10 sold
    R=reverse A                     -> 00
    cancel A                        -> 21 REVERSED
    again A                         -> 21 REVERSED
    repeat A                        -> 21 REVERSED
    cancel A                        -> 21 REVERSED
    repeat R                        -> same
    reverse A                       -> 00
    balance sold                    -> 00 150/150
    payment 10 sold                 -> 00 140/140`,
  'a reversal before the repeat of a payment that was lost': `
    A=later payment 10 sold
    reverse A                       -> 00
    repeat A                        -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'a reversal before its sale': `
    A=later sale 50 sellable
    reverse A                       -> 00
    again A                         -> 21 REVERSED
    balance sellable                -> 78 UNSOLD 0/0
    sale 50 sellable                -> 00 50/0`,
  'a reversal before its top-up': `
    A=later topup 50 sold
    reverse A 50 sold               -> 00
    again A                         -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'a reversal before its cancellation': `
    A=payment 100 sold              -> 00 50/50
    C=later cancel A
    reverse C                       -> 00
    again C                         -> 21 REVERSED
    balance sold                    -> 00 50/50
    cancel A                        -> 00 150/50 took=100`,
}
