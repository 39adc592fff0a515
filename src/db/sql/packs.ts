import { PACK_STATES, type Pack, type PackState } from '../../core/pack.ts'
import { integer } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/**
 * The packs that have a say in what cards of a batch may do, locked so that none of them changes before the batch is
 * committed: who returns or kills a pack waits for the sales under way, and finds them. Others read it at the same time.
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
