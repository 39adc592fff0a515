import type { StageAsk } from '../../core/request.ts'
import type { ShownCard } from '../../db/sql/shown-cards.ts'
import { presentedCard } from '../presented-card.ts'

/**
 * The request to the engine for a row of a batch: the check decides it on a copy of the card, the booking under the card's
 * lock.
 */
export const loadAsk = (card: ShownCard, amount: number, currency: number, sell: boolean): StageAsk['load'] => ({
  act: 'operation',
  operation: 'welfare_load',
  presented: presentedCard(card),
  nominal: false,
  amount,
  currency,
  partial: false,
  ontoNew: sell,
  block: null,
  successor: null,
  receipt: null,
  office: null,
})
