import type { StageAsk } from '../../core/request.ts'
import type { ShownCard } from '../../db/sql/shown-cards.ts'

/** What the engine is asked for a row of a batch: by the check on a copy of the card, by the booking under its lock. */
export const loadAsk = (
  { numberHash, numberKey, shown }: ShownCard,
  amount: number,
  currency: number,
  sell: boolean,
): StageAsk['load'] => ({
  act: 'operation',
  operation: 'welfare_load',
  presented: {
    numberHash,
    otherHash: null,
    newestKey: numberKey,
    shown,
    luhn: true,
    by: 'keyed',
    stripe: null,
    ecodeHash: null,
  },
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
