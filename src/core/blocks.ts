/**
 * The blocks of a card: which of them refuses what, which replaces which, and which a till may undo
 * (docs/spec/terminal.md, sections 3 and 6).
 */

import type { Block, Card, CardSettings } from './card.ts'
import { isAtTerminal } from './channel.ts'
import type { Case } from './operation-case.ts'
import type { Result } from './result.ts'

export const BLOCK_RESULTS = {
  lost: 'card_lost',
  stolen: 'card_stolen',
  customer: 'card_blocked',
  suspicion: 'card_blocked',
} as const satisfies Record<Block, Result>

/** The more severe block stays. */
const GRAVITY = { customer: 1, suspicion: 2, lost: 3, stolen: 4 } as const satisfies Record<Block, number>

/**
 * Blocks that a till may undo if its store has set them; for a lost or stolen card the holder goes to the back office.
 */
const UNDONE_BY_STORE: ReadonlySet<Block> = new Set(['customer', 'suspicion'])

/** 41, 43, 62: at a terminal only what its own store has set is undone. */
export function isUndoable({ block, card, request }: Case): Result | null {
  if (block === null || !isAtTerminal(request.requester)) return null
  const isOwn = card.blockStore === request.key.store
  return UNDONE_BY_STORE.has(block) && isOwn ? null : BLOCK_RESULTS[block]
}

/** The change that a block makes; null: an equal or graver block is already set. The back office may set any block. */
export function blocked({ ask, card, request }: Case): Partial<CardSettings> | null {
  const { block } = ask
  if (block === null) return null
  if (!isAtTerminal(request.requester)) return { block, blockStore: null }
  if (card.block !== null && GRAVITY[block] <= GRAVITY[card.block]) return null
  return { block, blockStore: ownerOf(card, request.key.store) }
}

/** A store gets no right to undo a block that another store or the back office has set. */
const ownerOf = ({ block, blockStore }: Card, store: string): string | null =>
  block === null || blockStore === store ? store : null
