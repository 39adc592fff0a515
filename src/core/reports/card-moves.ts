import type { Card } from '../card.ts'
import type { Amount } from '../money.ts'

/** A card as it was before a batch. */
export type CardBefore = Pick<Card, 'seq' | 'state' | 'block' | 'ledger'>

/** The change in the cards of an issue with one state and block: their number and their money. */
export type CardMove = Pick<Card, 'issueId' | 'state' | 'block'> & { readonly cards: number; readonly ledger: Amount }

/**
 * Sold and not blocked. What these cards hold is not counted: it is the rest of what all cards of their issue hold, which the
 * daily sums tell. So a payment moves nothing.
 */
export const isOrdinary = ({ state, block }: Pick<Card, 'state' | 'block'>): boolean =>
  state === 'sold' && block === null

/** What a batch moved from one count of cards to another. */
export function cardMoves(before: ReadonlyMap<number, CardBefore>, cards: readonly Card[]): CardMove[] {
  const moves = new Map<string, CardMove>()
  const add = (issueId: number, card: Pick<Card, 'state' | 'block' | 'ledger'>, sign: 1 | -1): void => {
    const { state, block } = card
    const name = `${issueId} ${state} ${block ?? ''}`
    const { cards: count, ledger } = moves.get(name) ?? { cards: 0, ledger: 0 }
    const held = isOrdinary(card) ? 0 : card.ledger
    moves.set(name, { issueId, state, block, cards: count + sign, ledger: ledger + sign * held })
  }
  for (const card of cards) {
    const was = before.get(card.id)
    if (was === undefined) continue
    const isSame = was.state === card.state && was.block === card.block
    if (isSame && (was.ledger === card.ledger || isOrdinary(card))) continue
    add(card.issueId, was, -1)
    add(card.issueId, card, 1)
  }
  return [...moves.values()].filter((move) => move.cards !== 0 || move.ledger !== 0)
}
