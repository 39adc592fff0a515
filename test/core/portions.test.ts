import t from 'tap'
import { type Movement, portionsOf } from '../../src/core/portions.ts'

const CARD = 5_000_001
const movement = (about: Pick<Movement, 'id' | 'operation' | 'amount' | 'cardSeq'> & Partial<Movement>): Movement => {
  const takes = about.operation === 'payment'
  return {
    cardId: CARD, undoes: false, debit: takes ? CARD : 7, credit: takes ? 7 : CARD, originalId: null, otherSeq: null,
    availableSeq: takes ? null : about.cardSeq, batchId: null, line: null, ...about,
  } // prettier-ignore
}
const left = (movements: readonly Movement[]) =>
  portionsOf([CARD], movements)
    ?.get(CARD)
    ?.map((portion) => [portion.origin.id, portion.left])

t.test('a payment spends what it has confirmed, whichever process gave its id', (t) => {
  for (const payment of [1, 70_000]) {
    const movements = [
      movement({ id: 50_001, operation: 'top_up', amount: 300, cardSeq: 1, availableSeq: 2 }),
      movement({ id: payment, operation: 'payment', amount: 200, cardSeq: 2 }),
      movement({ id: 50_002, operation: 'welfare_load', amount: 100, cardSeq: 3 }),
    ]
    t.same(left(movements), [[50_001, 100], [50_002, 100]], `payment ${payment}`) // prettier-ignore
  }
  t.end()
})
