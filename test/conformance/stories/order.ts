// Section 6: "when several apply, the first in this order is the answer".
export const orderOfFaults: Readonly<Record<string, string>> = {
  '30 comes first': `
    payment 10 sold -3 at=NOSUCH01            -> 30
    payment 10 sold -4 42=000000000000099     -> 30
    payment 10 sold swipeWithNumber 3=990000  -> 30
    payment 10 sold webWithoutCode badDigit   -> 30`,
  "a terminal's name is matched exactly": `
    payment 10 sold 41=demo0001     -> 58 TERMINAL
    payment 10 sold 41=DEMO001_     -> 58 TERMINAL`,
  'then an unknown terminal': `
    payment 10 sold 42=000000000000099 at=NOSUCH01 -> 58 TERMINAL
    payment 10 sold 3=990000 at=NOSUCH01           -> 58 TERMINAL
    payment 10 sold badValue at=NOSUCH01           -> 58 TERMINAL`,
  'then the store': `
    payment 10 sold 3=990000 42=000000000000099    -> 03 STORE
    payment 10 sold badValue 42=000000000000099    -> 03 STORE
    payment 0 sold 42=000000000000002              -> 03 STORE`,
  'then what is not supported, the stored answer and 94, then the card': `
    A=payment 10 sold               -> 00 140/140
    again A 3=990000                -> 12
    again A sold2 badValue          -> 94
    again A 0                       -> 94
    payment 10 sold2 badValue 3=990000 -> 12
    again A                         -> same`,
  '14 before the rest': `
    payment 0 sold badValue         -> 14
    payment 10 sold unknown         -> 14
    payment 999 sold badDigit       -> 14
    sale 10 blocked badValue        -> 14
    payment 10 expired badValue     -> 14`,
  '55 before the rest': `
    payment 0 sold badCode          -> 55
    payment 10 blocked badCode      -> 55
    payment 10 sellable badCode     -> 55`,
  'a block before the rest': `
    payment 10 blocked keyed        -> 62 BLOCKED
    payment 0 blocked               -> 62 BLOCKED
    payment 999 blocked             -> 62 BLOCKED
    topup 1000.01 blocked           -> 62 BLOCKED
    refund 10 blocked onto-new      -> 62 BLOCKED`,
  'expiry before the rest': `
    payment 10 expired keyed        -> 54
    payment 0 expired               -> 54
    payment 999 expired             -> 54
    refund 10 expired onto-new      -> 54`,
  'the state before entry, amount, limit and balance': `
    payment 10 sellable keyed       -> 78 UNSOLD
    payment 0 sellable              -> 78 UNSOLD
    topup 9.99 sellable             -> 78 UNSOLD
    sale 9.99 sold                  -> 78 SOLD
    nominal 49 gift                 -> 78 SOLD
    refund 501 sellable             -> 78 UNSOLD`,
  '57 before 13, 61, 51': `
    payment 0 sold keyed            -> 57 ENTRY
    payment 999 sold barcode        -> 57 ENTRY
    topup 0 gift                    -> 57 TOPUP
    topup 1000.01 gift              -> 57 TOPUP`,
  '13 before 61': `
    A=topup 1000 sold               -> 00 1150/150
    topup 1000.01 sold              -> 13 MAX 1150/150
    topup 900 sold                  -> 61 BALANCE 1150/150`,
  '64 before the state of the card': `
    A=payment 10 sold               -> 00 140/140
    confirm A                       -> 00
    refund 10.01 sold receipt=A     -> 64
    refund 10.01 sold keyed receipt=A -> 64`,
}
