import { createHash } from 'node:crypto'
import type { WelfareRow } from '../../db/sql/welfare-rows.ts'

type RowContent = Pick<WelfareRow, 'number' | 'amount' | 'amountShown' | 'fund' | 'alreadyUsed' | 'sell' | 'cardShown'>

/** A digest of the rows' content in order, independent of the file format: the same list has the same digest. */
export function listDigest(): { readonly add: (row: RowContent) => void; readonly hex: () => string } {
  const digest = createHash('sha256')
  return {
    add: ({ number, amount, amountShown, fund, alreadyUsed, sell, cardShown }) =>
      void digest.update(JSON.stringify([number, amount ?? amountShown, fund, alreadyUsed, sell, cardShown])),
    hex: () => digest.copy().digest('hex'),
  }
}
