// Section 5, "Confirmation".
export const confirmations: Readonly<Record<string, string>> = {
  'twice, and its repeat': `
    A=payment 10 sold               -> 00 140/140
    B=confirm A                     -> 00
    confirm A                       -> 00
    repeat B                        -> same
    again B                         -> same
    balance sold                    -> 00 140/140`,
  'of an unknown original': `
    A=payment 10 sold               -> 00 140/140
    confirm A 90=020099999911221730050000000000000000000000 -> 25 | 25 CASE
    confirm A at=DEMO0004           -> 25 | 25 CASE`,
  'after a reversal': `
    A=topup 10 sold                 -> 00 160/150
    reverse A                       -> 00
    confirm A                       -> 21 REVERSED
    balance sold                    -> 00 150/150`,
  'makes each load available': `
    A=refund 20 sold                -> 00 170/150
    confirm A                       -> 00
    B=topup 30 sold                 -> 00 200/170
    confirm B                       -> 00
    balance sold                    -> 00 200/200`,
  'with DE39 only as 00': `
    A=topup 10 sold                 -> 00 160/150
    confirm A 39=05                 -> 30
    balance sold                    -> 00 160/150
    confirm A 39=00                 -> 00
    balance sold                    -> 00 160/160`,
  'only by the kind it names': `
    A=topup 10 sold                 -> 00 160/150
    B=cancel A                      -> 00 150/150 took=10
    confirm B                       -> 00`,
}
