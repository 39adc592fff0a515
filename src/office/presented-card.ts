import type { Presented } from '../core/request.ts'
import type { ShownCard } from '../db/sql/shown-cards.ts'

/** A card that Akart itself selected by its record, presented like a correctly keyed number. */
export const presentedCard = ({
  numberHash,
  numberKey,
  shown,
}: Pick<ShownCard, 'numberHash' | 'numberKey' | 'shown'>): Presented => ({
  numberHash,
  otherHash: null,
  newestKey: numberKey,
  shown,
  luhn: true,
  by: 'keyed',
  stripe: null,
  ecodeHash: null,
})
