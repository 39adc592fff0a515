import { createHash } from 'node:crypto'
import type { WelfareRow } from '../../db/sql/welfare-rows.ts'

type Said = Pick<WelfareRow, 'number' | 'amount' | 'amountShown' | 'fund' | 'alreadyUsed' | 'sell' | 'cardShown'>

/** Of what the rows of a list say, in their order, whatever the file around them looks like: the same list, the same digest. */
export function listDigest(): { readonly add: (row: Said) => void; readonly hex: () => string } {
  const digest = createHash('sha256')
  return {
    add: ({ number, amount, amountShown, fund, alreadyUsed, sell, cardShown }) =>
      void digest.update(JSON.stringify([number, amount ?? amountShown, fund, alreadyUsed, sell, cardShown])),
    hex: () => digest.copy().digest('hex'),
  }
}
