import { createHash } from 'node:crypto'
import type { WelfareRow } from '../../db/sql/welfare-rows.ts'

type RowContent = Pick<WelfareRow, 'number' | 'amount' | 'amountShown' | 'fund' | 'alreadyUsed' | 'sell' | 'cardShown'>

export type ListDigest = {
  readonly add: (row: RowContent) => void
  /** The digest of the rows, whatever their order. */
  readonly hex: () => string
  /** All digests under which the same list may be stored: older lists have a digest that depends on the order of their rows. */
  readonly any: () => readonly string[]
}

/** A digest of the rows' content, independent of their order and of the file format: the same list has the same digest. */
export function listDigest(): ListDigest {
  const inOrder = createHash('sha256')
  let sum = 0n
  let rows = 0
  const hex = (): string =>
    createHash('sha256')
      .update(`${rows} ${sum.toString(16)}`)
      .digest('hex')
  return {
    add({ number, amount, amountShown, fund, alreadyUsed, sell, cardShown }) {
      const content = JSON.stringify([number, amount ?? amountShown, fund, alreadyUsed, sell, cardShown])
      inOrder.update(content)
      sum = BigInt.asUintN(256, sum + BigInt(`0x${createHash('sha256').update(content).digest('hex')}`))
      rows += 1
    },
    hex,
    any: () => [hex(), inOrder.copy().digest('hex')],
  }
}
