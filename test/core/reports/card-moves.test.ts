import t from 'tap'
import type { Card } from '../../../src/core/card.ts'
import { type CardBefore, cardMoves } from '../../../src/core/reports/card-moves.ts'

/* What a batch adds to the counts of cards: nothing for a payment on an ordinary card, both sides of a change of state or block. */

type Was = Omit<CardBefore, 'seq'>
const was = (state: Card['state'], ledger = 0, block: Card['block'] = null): Was => ({ state, block, ledger })
const moved = (...changes: readonly (readonly [Was, Was])[]) =>
  cardMoves(
    new Map(changes.map(([before], id) => [id, { ...before, seq: 1 }])),
    changes.map(([, after], id) => ({ id, issueId: 7, ...after }) as Card),
  ).map(({ issueId, state, block, cards, ledger }) => [issueId, state, block, cards, ledger])

t.same(moved([was('sold', 5_000), was('sold', 4_000)]), [], 'a payment')
t.same(moved([was('sold', 500, 'lost'), was('sold', 500, 'lost')]), [], 'a card that is left as it was')
t.same(
  moved([was('sellable'), was('sold', 5_000)], [was('sellable'), was('sold', 100)]),
  [
    [7, 'sellable', null, -2, 0],
    [7, 'sold', null, 2, 0],
  ],
  'sales: the money of ordinary cards is not counted',
)
t.same(
  moved([was('sold', 5_000), was('sold', 5_000, 'lost')]),
  [
    [7, 'sold', null, -1, 0],
    [7, 'sold', 'lost', 1, 5_000],
  ],
  'a block takes the money along',
)
t.same(
  moved([was('sold', 500, 'lost'), was('sold', 700, 'lost')]),
  [[7, 'sold', 'lost', 0, 200]],
  'money onto a blocked card',
)
t.same(
  moved([was('sold', 500, 'customer'), was('sold', 500, 'stolen')]),
  [
    [7, 'sold', 'customer', -1, -500],
    [7, 'sold', 'stolen', 1, 500],
  ],
  'a graver block',
)
t.same(
  moved([was('sold', 500, 'lost'), was('sold', 500)], [was('sold', 300), was('sold', 300, 'lost')]),
  [[7, 'sold', 'lost', 0, -200]],
  'what comes and goes in one batch adds up to the difference',
)
t.same(
  moved([was('sold', 500), was('expired')]),
  [
    [7, 'sold', null, -1, 0],
    [7, 'expired', null, 1, 0],
  ],
  'an expiry',
)
t.same(
  cardMoves(new Map(), [{ id: 1, issueId: 7, ...was('sold') } as Card]),
  [],
  'a card that was not locked is not told',
)
