// Section 5, "Reversal" and "Partial approval".
export const reversals: Readonly<Record<string, string>> = {
  'of a payment': `
    A=payment 100 sold              -> 00 50/50
    R=reverse A                     -> 00
    balance sold                    -> 00 150/150
    repeat R                        -> same
    reverse A                       -> 00
    repeat A                        -> 21 REVERSED
    again A                         -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'of a top-up': `
    A=topup 100 sold                -> 00 250/150
    reverse A                       -> 00
    balance sold                    -> 00 150/150`,
  'of a refund': `
    A=refund 100 sold               -> 00 250/150
    reverse A                       -> 00
    balance sold                    -> 00 150/150`,
  'of a cash-out': `
    A=payment 146 sold              -> 00 4/4
    B=cashout 4 sold                -> 00 0/0
    reverse B                       -> 00
    balance sold                    -> 00 4/4`,
  'of a sale leaves the card sellable': `
    A=sale 50 sellable              -> 00 50/0
    reverse A                       -> 00
    balance sellable                -> 78 UNSOLD 0/0
    payment 10 sellable             -> 78 UNSOLD 0/0
    B=sale 70 sellable              -> 00 70/0
    confirm B                       -> 00
    balance sellable                -> 00 70/70`,
  'of a nominal sale': `
    A=nominal giftNew               -> 00 50/0 took=50
    reverse A                       -> 00
    nominal giftNew                 -> 00 50/0 took=50`,
  'of a refund onto a new card': `
    A=refund 30 sellable onto-new   -> 00 30/0
    reverse A                       -> 00
    balance sellable                -> 78 UNSOLD 0/0`,
  'with the right amount and card': `
    A=payment 100 sold              -> 00 50/50
    reverse A 100 sold              -> 00
    balance sold                    -> 00 150/150`,
  'naming the card by its number': `
    A=payment 100 sold              -> 00 50/50
    reverse A sold keyed            -> 00
    balance sold                    -> 00 150/150`,
  'with another amount': `
    A=payment 100 sold              -> 00 50/50
    R=reverse A 99.99               -> 00 CASE
    repeat R                        -> same
    balance sold                    -> 00 50/50`,
  'with an amount of zero, which was neither asked nor taken': `
    A=payment 100 sold              -> 00 50/50
    reverse A 0                     -> 00 CASE
    balance sold                    -> 00 50/50`,
  'with another card': `
    A=payment 100 sold              -> 00 50/50
    reverse A sold2                 -> 00 CASE
    balance sold                    -> 00 50/50
    balance sold2                   -> 00 150/150`,
  'after the confirmation': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    R=reverse A                     -> 00 CASE
    repeat R                        -> same
    balance sold                    -> 00 50/50
    repeat A                        -> same`,
  'of a confirmed load': `
    A=topup 100 sold                -> 00 250/150
    confirm A                       -> 00
    reverse A                       -> 00 CASE
    balance sold                    -> 00 250/250`,
  'of a sale when more is on the card': `
    A=sale 50 sellable              -> 00 50/0
    B=topup 20 sellable             -> 00 70/0
    reverse A                       -> 00 CASE
    balance sellable                -> 00 70/0
    reverse B                       -> 00
    balance sellable                -> 00 50/0`,
  'of a partial approval, by what was asked': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    reverse A 200                   -> 00
    balance sold                    -> 00 150/150`,
  'of a partial approval, by what was taken': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    reverse A 150                   -> 00
    balance sold                    -> 00 150/150`,
  'of a partial approval, by something else': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    reverse A 100                   -> 00 CASE
    balance sold                    -> 00 0/0`,
  'of one of two payments': `
    A=payment 10 sold               -> 00 140/140
    B=payment 20 sold               -> 00 120/120
    reverse A                       -> 00
    balance sold                    -> 00 130/130
    confirm B                       -> 00
    balance sold                    -> 00 130/130`,
  'of a decline moves nothing': `
    A=payment 999 sold              -> 51 150/150
    reverse A                       -> 00
    balance sold                    -> 00 150/150`,
  'from another terminal is of another request': `
    A=payment 10 sold               -> 00 140/140
    reverse A at=DEMO0006           -> 00
    balance sold                    -> 00 140/140
    repeat A                        -> same`,
  'before its original, and then other questions about it': `
    A=later payment 10 sold
    reverse A                       -> 00
    confirm A                       -> 21 REVERSED | 25 | 25 CASE
    cancel A                        -> 21 REVERSED | 25
    again A                         -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'a payment is reversed although the card was then emptied and filled': `
    A=payment 100 sold              -> 00 50/50
    payment 50 sold                 -> 00 0/0
    reverse A                       -> 00
    balance sold                    -> 00 100/100`,
}
