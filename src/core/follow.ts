import type { Card } from './card.ts'
import { rowOf } from './outcome.ts'
import type { Request } from './request.ts'
import { KIND, type Key } from './key.ts'
import { cardChange } from './settle.ts'
import { type Effects, NOTHING, type State } from './state.ts'

/**
 * Moves amounts that become available on a replaced card afterwards (a confirmed load, a reversed payment) to its
 * duplicate, as a transfer of its own. Null: there was none.
 *
 * @param changed the cards that the request has touched
 */
export function follow(state: State, request: Request, changed: readonly number[]): Effects | null {
  for (const id of changed) {
    const card = state.cards.get(id)
    if (card === undefined || card.state !== 'replaced' || card.available === 0) continue
    const successor = lastSuccessor(state, card)
    const amount = card.available
    const row = rowOf(request, 'approved', {
      operation: 'duplicate',
      role: 'books',
      cardId: card.id,
      transfer: { debit: card.id, credit: successor.id, amount },
      originalId: request.id,
      state: 'confirmed',
    })
    return {
      ...NOTHING,
      rows: [{ ...row, id: request.spareId, key: followKey(request.id) }],
      cards: [
        cardChange(card, { ledger: -amount, available: -amount }),
        cardChange(successor, { ledger: amount, available: amount }),
      ],
    }
  }
  return null
}

/** A request has one spare id, so one transfer follows it; should it ever touch two replaced cards, the other's money goes on with the next. */
export const followKey = (requestId: number): Key => ({
  store: 'AKART',
  terminal: 'FOLLOW',
  kind: KIND.following,
  stan: 0,
  transmitted: requestId,
})

function lastSuccessor(state: State, card: Card): Card {
  let last = card
  while (last.replacedBy !== null) {
    const next = state.cards.get(last.replacedBy)
    if (next === undefined) throw new Error(`the card in the place of card ${last.id} is not locked`)
    last = next
  }
  return last
}
