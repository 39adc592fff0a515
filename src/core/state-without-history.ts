import type { Card } from './card.ts'
import type { Pack } from './pack.ts'
import type { State } from './state.ts'

/**
 * A state for evaluating the rules where the engine has loaded nothing: these cards as they are now, without history.
 */
export const stateWithoutHistory = (
  issues: State['issues'],
  cards: readonly { readonly card: Card; readonly numberHash: string }[],
  packs: readonly Pack[],
  batches: State['stagedBatches'] = new Map(),
): State => ({
  issues,
  cards: new Map(cards.map(({ card }) => [card.id, card])),
  cardsByHash: new Map(cards.map(({ card, numberHash }) => [numberHash, card])),
  packs: new Map(packs.map((pack) => [pack.id, pack])),
  transactions: new Map(),
  transactionsById: new Map(),
  paymentsByRrn: new Map(),
  tries: new Map(),
  unknownCards: new Map(),
  enumerating: new Set<string>(),
  marksUsedUp: () => false,
  dayCounts: new Map(),
  lookups: new Map(),
  awaitingNext: new Map(),
  storesByStamp: new Map(),
  routed: new Map(),
  decidedLoads: [],
  stagedBatches: batches,
  stagedLines: new Set(),
})
