// Sections 3 and 6: each operation, its amounts and its limits.
export const operationStories: Readonly<Record<string, string>> = {
  'a payment, as in the example of section 9': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    balance sold                    -> 00 50/50`,
  'payments down to nothing': `
    payment 0.01 sold               -> 00 149.99/149.99
    payment 149.99 sold             -> 00 0/0
    payment 0.01 sold               -> 51 0/0
    balance sold                    -> 00 0/0`,
  'account types are echoed and not enforced': `
    payment 1 sold 3=001122         -> 00 149/149
    balance sold 3=310000           -> 00 149/149
    balance sold 3=300000           -> 00 149/149
    topup 10 sold 3=216060          -> 00 159/149`,
  'an insufficient balance': `
    payment 150.01 sold             -> 51 150/150
    balance sold                    -> 00 150/150`,
  'amounts at the ends of n12': `
    payment 9999999999.99 sold      -> 51 150/150
    payment 9999999999.99 sold partial -> 10 0/0 took=150 asked=9999999999.99
    topup 9999999999.99 sold        -> 13 MAX 0/0
    sale 9999999999.99 sellable     -> 13 MAX 0/0`,
  'flags may be short, PIN capability may vary': `
    payment 1 sold 48=              -> 00 149/149
    payment 1 sold 22=021           -> 00 148/148
    payment 1 sold 22=020           -> 00 147/147
    payment 200 sold 48=P_          -> 10 0/0 took=147 asked=200`,
  'a partial approval': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    confirm A                       -> 00
    balance sold                    -> 00 0/0
    payment 1 sold partial          -> 51 0/0`,
  'a partial approval that is not needed': `
    payment 150 sold partial        -> 00 0/0`,
  'without P nothing partial': `
    payment 200 sold 48=_           -> 51 150/150`,
  'a sale of an open amount': `
    A=sale 50 sellable              -> 00 50/0
    payment 10 sellable             -> 51 50/0
    balance sellable                -> 00 50/0
    confirm A                       -> 00
    balance sellable                -> 00 50/50
    payment 10 sellable             -> 00 40/40`,
  'a card is sold once': `
    A=sale 50 sellable              -> 00 50/0
    sale 50 sellable                -> 78 SOLD 50/0
    confirm A                       -> 00
    sale 50 sellable                -> 78 SOLD 50/50
    sale 50 sold                    -> 78 SOLD 150/150`,
  'amounts of a sale': `
    sale 9.99 sellable              -> 13 MIN 0/0
    sale 1000.01 sellable           -> 13 MAX 0/0
    sale 0 sellable                 -> 13 AMOUNT 0/0
    A=sale 1000 sellable            -> 00 1000/0
    sale 10 sellable2               -> 00 10/0
    sale 10.01 sellable3            -> 00 10.01/0`,
  'a nominal sale without an amount': `
    A=nominal giftNew               -> 00 50/0 took=50
    confirm A                       -> 00
    balance giftNew                 -> 00 50/50`,
  'a nominal sale with amount zero, and with the nominal': `
    nominal 0 giftNew               -> 00 50/0 took=50
    nominal 50 giftNew2             -> 00 50/0 took=50`,
  'a nominal sale with another amount': `
    nominal 49.99 giftNew           -> 13 NOMINAL 0/0
    nominal 50.01 giftNew           -> 13 NOMINAL 0/0
    nominal giftNew                 -> 00 50/0 took=50
    nominal giftNew                 -> 78 SOLD 50/0`,
  'a nominal card is not sold for an open amount other than its own': `
    sale 20 giftNew                 -> 13 NOMINAL 0/0 | 57 ISSUE 0/0 | 12`,
  'a top-up is available when confirmed': `
    A=topup 100 sold                -> 00 250/150
    payment 150.01 sold             -> 51 250/150
    confirm A                       -> 00
    payment 250 sold                -> 00 0/0`,
  'amounts of a top-up': `
    topup 9.99 sold                 -> 13 MIN 150/150
    topup 1000.01 sold              -> 13 MAX 150/150
    topup 0 sold                    -> 13 AMOUNT 150/150
    topup 10 sold                   -> 00 160/150`,
  'the maximum balance counts what is unconfirmed': `
    topup 1000 sold                 -> 00 1150/150
    topup 850.01 sold               -> 61 BALANCE 1150/150
    topup 850 sold                  -> 00 2000/150
    topup 10 sold                   -> 61 BALANCE 2000/150
    refund 0.01 sold                -> 61 BALANCE 2000/150`,
  'no top-up of a nominal card': `
    topup 10 gift                   -> 57 TOPUP 50/50
    payment 50 gift                 -> 00 0/0`,
  'a refund without a receipt': `
    A=refund 20 sold                -> 00 170/150
    confirm A                       -> 00
    balance sold                    -> 00 170/170
    refund 500 sold2                -> 00 650/150
    refund 500.01 sold3             -> 61 AMOUNT 150/150 | 13 MAX 150/150
    refund 0 sold3                  -> 13 AMOUNT 150/150`,
  'refunds without a receipt have no limit by the day in the demo': `
    refund 500 sold                 -> 00 650/150
    refund 500 sold                 -> 00 1150/150
    refund 500 sold                 -> 00 1650/150`,
  'refunds of one payment never exceed it': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    B=refund 60 sold receipt=A      -> 00 110/50
    refund 40.01 sold receipt=A     -> 64 110/50
    refund 40 sold receipt=A        -> 00 150/50
    refund 0.01 sold receipt=A      -> 64 150/50`,
  'the refund of a partial approval is bound by what it took': `
    A=payment 200 sold partial      -> 10 0/0 took=150 asked=200
    confirm A                       -> 00
    refund 150.01 sold receipt=A    -> 64 0/0
    refund 150 sold receipt=A       -> 00 150/0`,
  'a refund that was reversed may come again': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    B=refund 100 sold receipt=A     -> 00 150/50
    reverse B                       -> 00
    refund 100 sold receipt=A       -> 00 150/50`,
  'refunds of one payment onto new cards are bound by it too': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    refund 60 sellable onto-new receipt=A   -> 00 60/0
    refund 40.01 sellable2 onto-new receipt=A -> 64
    refund 40.01 sold2 receipt=A    -> 64 150/150
    refund 40 sold receipt=A        -> 00 90/50`,
  'two terminals may have the same STAN in the same hour: each receipt is its own': `
    A=payment 10 sold 11=900001                -> 00 140/140
    B=payment 100 sold2 11=900001 at=DEMO0004  -> 00 50/50
    C=payment 30 sold3 11=900001 at=DEMO0006   -> 00 120/120
    confirm A                                  -> 00
    confirm C                                  -> 00
    refund 10.01 sold receipt=A                -> 64
    refund 30.01 sold3 receipt=C               -> 64
    refund 100 sold2 receipt=B at=DEMO0004     -> 00 150/150
    refund 10 sold receipt=A                   -> 00 150/140
    refund 30 sold3 receipt=C at=DEMO0006      -> 00 150/120`,
  "two cards may have paid under a reference of the till's own": `
    A=payment 10 sold 37=TILL00000001   -> 00 140/140
    B=payment 100 sold2 37=TILL00000001 -> 00 50/50
    confirm A                           -> 00
    confirm B                           -> 00
    refund 10.01 sold receipt=A         -> 64
    refund 100 sold2 receipt=B          -> 00 150/50
    refund 10 sold receipt=A            -> 00 150/140`,
  'what was cancelled or reversed is not refunded as well': `
    A=payment 100 sold              -> 00 50/50
    C=cancel A                      -> 00 150/50 took=100
    confirm C                       -> 00
    refund 100 sold receipt=A       -> 64 | 21 DONE | 25
    B=payment 100 sold              -> 00 50/50
    reverse B                       -> 00
    refund 100 sold receipt=B       -> 64 | 21 REVERSED | 25
    balance sold                    -> 00 150/150`,
  'what was refunded is not cancelled as well': `
    A=payment 100 sold              -> 00 50/50
    confirm A                       -> 00
    B=refund 60 sold receipt=A      -> 00 110/50
    confirm B                       -> 00
    cancel A                        -> 21 DONE | 21 SPENT | 64
    balance sold                    -> 00 110/110`,
  'a refund of more than 500.00 with its receipt': `
    A=topup 500 sold                -> 00 650/150
    confirm A                       -> 00
    B=payment 600 sold              -> 00 50/50
    confirm B                       -> 00
    refund 600 sold receipt=B       -> 00 650/50`,
  'a refund onto a new card sells it': `
    A=refund 30 sellable onto-new   -> 00 30/0
    confirm A                       -> 00
    balance sellable                -> 00 30/30
    sale 50 sellable                -> 78 SOLD 30/30
    refund 30 sellable onto-new     -> 78 SOLD 30/30`,
  'a refund onto a new card wants an unsold one, and says so': `
    refund 30 sold onto-new         -> 78 SOLD 150/150
    refund 30 sellable              -> 78 UNSOLD 0/0
    refund 30 sellable 48=P         -> 78 UNSOLD 0/0
    refund 30 sellable 48=PN        -> 00 30/0`,
  'a refund onto a new card wants its stripe or its eCode': `
    refund 30 sellable onto-new keyed   -> 57 ENTRY
    refund 30 sellable2 onto-new ecode  -> 00 30/0`,
  'a cash-out of a small rest': `
    A=payment 145 sold              -> 00 5/5
    cashout 4.99 sold               -> 13 AMOUNT 5/5
    cashout 5.01 sold               -> 13 AMOUNT 5/5
    B=cashout 5 sold                -> 00 0/0
    confirm B                       -> 00
    cashout 0 sold                  -> 13 AMOUNT 0/0
    topup 10 sold                   -> 00 10/0`,
  'a cash-out of more than 5.00': `
    cashout 150 sold                -> 13 MAX 150/150 | 13 AMOUNT 150/150 | 61 AMOUNT 150/150
    payment 144.99 sold             -> 00 5.01/5.01
    cashout 5.01 sold               -> 13 MAX 5.01/5.01 | 13 AMOUNT 5.01/5.01 | 61 AMOUNT 5.01/5.01`,
}
