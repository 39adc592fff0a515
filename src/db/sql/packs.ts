import { PACK_STATES, type Pack, type PackState } from '../../core/pack.ts'
import { integer } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/**
 * Share-locks the packs of a batch's cards until it is committed. Returning or killing a pack waits for sales in
 * progress and then sees them.
 */
export const shareLockPacks = (ids: readonly number[]): string =>
  `SELECT id, IF(store_code IS NULL, 'counterparty', 'store'), state, authorised_by IS NOT NULL FROM packs
   WHERE id IN (${ids.map(integer).join(',')}) ORDER BY id LOCK IN SHARE MODE`

/** The same without a lock: for a look that decides nothing. */
export const selectPackStates = (ids: readonly number[]): string =>
  `SELECT id, IF(store_code IS NULL, 'counterparty', 'store'), state, authorised_by IS NOT NULL FROM packs
   WHERE id IN (${ids.map(integer).join(',')})`

export function toPack(row: Row): Pack {
  const [id, recipient, state, authorised] = row as [number, string, string, number]
  return {
    id,
    recipient: oneOf(['store', 'counterparty'] as const, recipient),
    state: oneOf<PackState>(PACK_STATES, state),
    authorised: authorised === 1,
  }
}
