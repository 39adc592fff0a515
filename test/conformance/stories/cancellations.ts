// Section 5, "Cancellation" and "Partial approval".
export const cancellations: Readonly<Record<string, string>> = {
  'of a payment gives back when confirmed': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    C=cancel A                      -> 00 150/50 took=100
    payment 50.01 sold              -> 51 150/50
    confirm C                       -> 00
    balance sold                    -> 00 150/150
    repeat C                        -> same
    repeat A                        -> same`,
  'of a payment with all that may be sent': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A 100 sold 49=985      -> 00 150/50 took=100
    confirm C                       -> 00`,
  'of a top-up takes it at once': `
    A=topup 100 sold                -> 00 250/150
    confirm A                       -> 00
    C=cancel A                      -> 00 150/150 took=100
    confirm C                       -> 00
    balance sold                    -> 00 150/150`,
  'of a sale leaves the card sellable': `
    A=sale 50 sellable              -> 00 50/0
    confirm A                       -> 00
    C=cancel A                      -> 00 0/0 took=50
    confirm C                       -> 00
    balance sellable                -> 78 UNSOLD 0/0
    sale 60 sellable                -> 00 60/0`,
  'of a refund': `
    A=refund 20 sold                -> 00 170/150
    confirm A                       -> 00
    C=cancel A                      -> 00 150/150 took=20
    confirm C                       -> 00
    balance sold                    -> 00 150/150`,
  'of a refund lets the payment be refunded again': `
    P=payment 100 sold              -> 00 50/50
    confirm P                       -> 00
    A=refund 100 sold receipt=P     -> 00 150/50
    confirm A                       -> 00
    C=cancel A                      -> 00 50/50 took=100
    confirm C                       -> 00
    refund 100 sold receipt=P       -> 00 150/50`,
  'of a cash-out': `
    payment 145 sold                -> 00 5/5
    A=cashout 5 sold                -> 00 0/0
    C=cancel A                      -> 00 5/0 took=5
    confirm C                       -> 00
    balance sold                    -> 00 5/5`,
  'of a partial approval gives back what was taken': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    C=cancel A                      -> 00 150/0 took=150
    confirm C                       -> 00
    balance sold                    -> 00 150/150`,
  'of a partial approval, naming what was taken': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    cancel A 150                    -> 00 150/0 took=150`,
  once: `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    cancel A                        -> 21 DONE
    confirm C                       -> 00
    cancel A                        -> 21 DONE
    balance sold                    -> 00 150/150`,
  'of what was reversed': `
    A=payment 100 sold              -> 00 50/50
    reverse A                       -> 00
    cancel A                        -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'of what nobody knows': `
    A=payment 100 sold              -> 00 50/50
    cancel A 90=020099999911221730050000000000000000000000 -> 25
    balance sold                    -> 00 50/50`,
  'of another amount': `
    A=payment 100 sold              -> 00 50/50
    cancel A 99.99                  -> 64
    cancel A 100.01                 -> 64
    balance sold                    -> 00 50/50
    cancel A 100                    -> 00 150/50 took=100`,
  'with another card': `
    A=payment 100 sold              -> 00 50/50
    cancel A sold2                  -> 14
    balance sold                    -> 00 50/50
    balance sold2                   -> 00 150/150`,
  'from another store': `
    A=payment 100 sold              -> 00 50/50
    cancel A at=DEMO0006            -> 57 STORE
    cancel A sold at=DEMO0006       -> 57 STORE 50/50
    cancel A at=DEMO0004            -> 25
    balance sold                    -> 00 50/50`,
  'of a load partly spent': `
    A=topup 100 sold                -> 00 250/150
    confirm A                       -> 00
    payment 200 sold                -> 00 50/50
    cancel A                        -> 21 SPENT
    balance sold                    -> 00 50/50`,
  'of a load partly spent is not paid by another that is unconfirmed': `
    A=topup 100 sold                -> 00 250/150
    confirm A                       -> 00
    payment 200 sold                -> 00 50/50
    topup 100 sold                  -> 00 150/50
    cancel A                        -> 21 SPENT
    balance sold                    -> 00 150/50`,
  'of a nominal sale': `
    A=nominal giftNew               -> 00 50/0 took=50
    confirm A                       -> 00
    C=cancel A                      -> 00 0/0 took=50
    confirm C                       -> 00
    nominal giftNew                 -> 00 50/0 took=50`,
  'of a refund onto a new card': `
    A=refund 30 sellable onto-new   -> 00 30/0
    confirm A                       -> 00
    C=cancel A                      -> 00 0/0 took=30
    confirm C                       -> 00
    sale 50 sellable                -> 00 50/0`,
  'reversed twice, and a confirmation for one that nobody knows': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    reverse C                       -> 00
    reverse C                       -> 00
    confirm C 90=040099999911221730050000000000000000000000 -> 25 | 25 CASE
    balance sold                    -> 00 50/50`,
  'of a sale partly spent': `
    A=sale 50 sellable              -> 00 50/0
    confirm A                       -> 00
    payment 10 sellable             -> 00 40/40
    cancel A                        -> 21 SPENT
    balance sellable                -> 00 40/40`,
  'of a sale when more is on the card': `
    A=sale 50 sellable              -> 00 50/0
    confirm A                       -> 00
    B=topup 20 sellable             -> 00 70/50
    confirm B                       -> 00
    cancel A                        -> 21 SPENT
    cancel B                        -> 00 50/50 took=20
    cancel A                        -> 00 0/0 took=50`,
  'confirms its original: a confirmation that comes late': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    confirm A                       -> 00
    confirm C                       -> 00
    balance sold                    -> 00 150/150`,
  'confirms its original: a reversal that comes late': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    reverse A                       -> 00 CASE
    balance sold                    -> 00 150/50`,
  'reversed: the original stands': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    reverse C                       -> 00
    balance sold                    -> 00 50/50
    repeat C                        -> 21 REVERSED
    confirm C                       -> 21 REVERSED
    confirm A                       -> 00
    reverse A                       -> 00 CASE
    balance sold                    -> 00 50/50`,
  'of a top-up, reversed': `
    A=topup 100 sold                -> 00 250/150
    C=cancel A                      -> 00 150/150 took=100
    reverse C                       -> 00
    balance sold                    -> 00 250/250`,
  'of a sale, reversed: the card is sold': `
    A=sale 50 sellable              -> 00 50/0
    C=cancel A                      -> 00 0/0 took=50
    reverse C                       -> 00
    balance sellable                -> 00 50/50
    sale 50 sellable                -> 78 SOLD 50/50`,
  'confirmed and then reversed': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    confirm C                       -> 00
    reverse C                       -> 00 CASE
    balance sold                    -> 00 150/150`,
  'may exceed the maximum balance': `
    A=payment 100 sold              -> 00 50/50
    topup 1000 sold                 -> 00 1050/50
    topup 950 sold                  -> 00 2000/50
    C=cancel A                      -> 00 2100/50 took=100
    confirm C                       -> 00
    balance sold                    -> 00 2100/150`,
  'with two faults': `
    A=payment 100 sold              -> 00 50/50
    cancel A sold2 99               -> 14
    cancel A sold2 badValue 90=020099999911221730050000000000000000000000 -> 14
    C=cancel A                      -> 00 150/50 took=100
    cancel A 99                     -> 21 DONE
    cancel A 42=000000000000002     -> 03 STORE
    cancel A 3=990000               -> 12 | 21 DONE`,
}
