import { assert } from './assert.ts'
import type { Card } from './card.ts'
import type { Effects, State } from './state.ts'
import type { Transaction } from './transaction.ts'

/**
 * Raises `seq` of each card that a step changed and writes it to the step's row. An amount that becomes available
 * without a transfer of its own (a confirmed load) has it written to the load.
 *
 * @returns the cards whose number was raised: two at most
 */
export function numberMoves(state: State, { rows, settlements, cards }: Effects): readonly Card[] {
  const row = rows[0]
  const reported = row !== undefined && tellsShop(row) ? row.cardId : null
  if (cards.length === 0 && reported === null) return NONE

  const moved: Card[] = []
  for (const { cardId } of cards) addTo(moved, state.cards.get(cardId))
  if (reported !== null) addTo(moved, state.cards.get(reported))
  assert(moved.length <= 2, 'a step that changes more than two cards', row?.id ?? null)
  for (const card of moved) card.seq += 1

  const isGiven = (id: number): boolean => cards.some(({ cardId, available }) => cardId === id && available > 0)
  const availableSeq = ({ transfer }: Transaction): number | null =>
    transfer === null || !isGiven(transfer.credit)
      ? null
      : (moved.find(({ id }) => id === transfer.credit)?.seq ?? null)
  if (row !== undefined) {
    for (const { id, seq } of moved) {
      if (id === row.cardId) row.cardSeq = seq
      else row.otherSeq = seq
    }
    row.availableSeq = availableSeq(row)
    if (row.transfer !== null) return moved
  }
  for (const { transaction } of settlements) transaction.availableSeq ??= availableSeq(transaction)
  return moved
}

const NONE: readonly Card[] = []

function addTo(moved: Card[], card: Card | undefined): void {
  if (card !== undefined && !moved.includes(card)) moved.push(card)
}

/** A web shop hears of each step under a number of its own, though confirming a payment changes nothing of its card. */
const tellsShop = ({ role, requester, state }: Transaction): boolean =>
  role === 'confirms' && requester.channel === 'web' && state !== 'declined'
