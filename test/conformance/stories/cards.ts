// Sections 3 and 6: how cards are presented, the states they can be in, terminals, stores and what is not supported.
export const cardStories: Readonly<Record<string, string>> = {
  'a balance inquiry, by whatever is at hand': `
    balance sold                    -> 00 150/150
    balance sold swipeD             -> 00 150/150
    balance sold track1             -> 00 150/150
    balance sold keyed              -> 00 150/150
    balance sold barcode            -> 00 150/150
    balance sold ecode              -> 00 150/150
    balance sold 22=011 35= -35 -2  -> 30`,
  'a balance inquiry without currency': `
    balance sold -49                -> 00 150/150`,
  'money by track 1': `
    A=payment 10 sold track1        -> 00 140/140
    confirm A                       -> 00`,
  'payment by a typed number or a barcode is not allowed': `
    payment 10 sold keyed           -> 57 ENTRY
    payment 10 sold barcode         -> 57 ENTRY
    balance sold                    -> 00 150/150`,
  'a blocked card': `
    payment 10 blocked              -> 62 BLOCKED 150/150
    topup 10 blocked                -> 62 BLOCKED 150/150
    refund 10 blocked               -> 62 BLOCKED 150/150
    cashout 150 blocked             -> 62 BLOCKED 150/150
    sale 10 blocked                 -> 62 BLOCKED 150/150
    balance blocked                 -> 00 150/150`,
  'an expired card': `
    payment 10 expired              -> 54 150/150
    topup 10 expired                -> 54 150/150
    refund 10 expired               -> 54 150/150
    sale 10 expired                 -> 54 150/150
    balance expired                 -> 00 150/150`,
  'a card whose pack is not activated': `
    sale 50 inactive                -> 78 PACK 0/0
    payment 10 inactive             -> 78 UNSOLD 0/0 | 78 PACK 0/0
    topup 10 inactive               -> 78 UNSOLD 0/0 | 78 PACK 0/0
    balance inactive                -> 78 UNSOLD`,
  'a card not yet sold': `
    payment 10 sellable             -> 78 UNSOLD 0/0
    topup 10 sellable               -> 78 UNSOLD 0/0
    cashout 0 sellable              -> 78 UNSOLD 0/0
    balance sellable                -> 78 UNSOLD 0/0
    sale 10 sellable                -> 00 10/0`,
  'a card that was asked about before it was sold': `
    balance sellable keyed          -> 78 UNSOLD 0/0
    sale 10 sellable                -> 78 CHECK 0/0`,
  'a wrong number, check digit or check value is 14, not distinguished': `
    balance sold badDigit           -> 14
    balance sold unknown            -> 14
    balance sold unknownSwipe       -> 14
    balance sold badBarcode         -> 14
    balance sold2 badValue          -> 14
    payment 10 sold2 badValue       -> 14
    payment 10 sold3 badValue1      -> 14
    payment 10 sold3 badExpiry      -> 14
    payment 10 sold2                -> 00 140/140`,
  'an eCode': `
    balance sold ecode              -> 00 150/150
    balance sold badCode            -> 55
    balance sold unknownCode        -> 55
    payment 10 sold2 ecode          -> 00 140/140 | 57 ENTRY 150/150
    payment 10 sold badCode         -> 55
    balance sellable badCode        -> 55
    balance sold                    -> 00 150/150`,
  'entry mode and data disagree': `
    payment 10 sold swipeWithNumber  -> 30
    payment 10 sold swipeWithNothing -> 30
    payment 10 sold keyedWithTrack   -> 30
    payment 10 sold barcodeWithTrack -> 30
    payment 10 sold webWithoutCode   -> 30
    payment 10 sold webWithTrack     -> 30
    balance sold swipeWithNumber     -> 30
    balance sold                     -> 00 150/150`,
  'unknown terminal, store that is not its own': `
    payment 10 sold at=NOSUCH01               -> 58 TERMINAL
    payment 10 sold 42=000000000000002        -> 03 STORE
    payment 10 sold 42=000000000000099        -> 03 STORE
    balance sold 42=000000000000002           -> 03 STORE
    payment 10 sold at=DEMO0006 42=000000000000001 -> 03 STORE
    balance sold at=NOSUCH01                  -> 58 TERMINAL
    balance sold                              -> 00 150/150`,
  'the second store': `
    A=sale 20 sellable at=DEMO0006  -> 00 20/0
    confirm A                       -> 00
    payment 5 sellable              -> 00 15/15
    payment 5 sellable at=DEMO0006  -> 00 10/10`,
  'processing codes nobody supports': `
    payment 10 sold 3=990000        -> 12
    payment 10 sold 3=010000        -> 12
    balance 10 sold 3=370000        -> 12
    balance sold                    -> 00 150/150`,
  "a currency that is not the card's moves nothing": `
    payment 10 sold 49=978          -> 57 ISSUE 150/150 | 12 | 13 AMOUNT 150/150 | 57 ENTRY | 57 STORE
    balance sold                    -> 00 150/150`,
  'what a terminal wants to keep is echoed': `
    payment 1 sold 59=till_7/cashier_12 37=ABC123456789 -> 00 149/149
    balance sold 59=x                                   -> 00 149/149
    payment 999 sold 59=x                               -> 51 149/149
    payment 1 sold 25=00                                -> 00 148/148`,
  'advice is booked if the rules allow, confirmed at once': `
    A=advice 40 sold                -> 00 110/110
    repeat A                        -> same
    advice 110.01 sold              -> 51 110/110
    advice 10 sold 3=200060         -> 00 120/120
    payment 120 sold                -> 00 0/0`,
}
