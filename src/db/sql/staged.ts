import { CHANNELS, type Requester } from '../../core/channel.ts'
import { OPERATION_NAMES, type Operation } from '../../core/operations.ts'
import type { StagedBatch, StagedLoad } from '../../core/staged-load.ts'
import { fromInstant, instant, integer, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

const LOAD = 's.id, s.spare_id, s.batch_id, s.line, s.card_id, s.amount'
const BATCH = 'b.id, b.operation, b.account, b.state, b.booked_at, b.business_date, b.channel, b.who'

/** Decided loads of these cards. Read under the cards' locks, so that earlier bookings are seen. */
export const selectDecidedLoads = (cards: readonly number[]): string =>
  `SELECT ${LOAD} FROM staged_loads s JOIN staged_batches b ON b.id = s.batch_id
   WHERE s.card_id IN (${cards.map(integer).join(',')}) AND b.state <> 'staging' ORDER BY s.id`

export const selectBatchesOfCards = (cards: readonly number[]): string =>
  `SELECT ${BATCH} FROM staged_batches b WHERE b.id IN (
     SELECT s.batch_id FROM staged_loads s WHERE s.card_id IN (${cards.map(integer).join(',')}))`

/** Holds off the decision about these batches until the end of the transaction: nothing is staged after it. */
export const shareLockBatches = (ids: readonly number[]): string =>
  `SELECT ${BATCH} FROM staged_batches b WHERE b.id IN (${ids.map(integer).join(',')}) ORDER BY b.id LOCK IN SHARE MODE`

export const selectLines = (lines: readonly { readonly batchId: number; readonly line: number }[]): string =>
  `SELECT batch_id, line FROM staged_loads
   WHERE (batch_id, line) IN (${lines.map(({ batchId, line }) => `(${integer(batchId)},${integer(line)})`).join(',')})`

export const insertStagedLoads = (loads: readonly StagedLoad[]): string =>
  `INSERT INTO staged_loads (id, spare_id, batch_id, line, card_id, amount) VALUES ${loads
    .map((l) => `(${[l.id, l.spareId, l.batchId, l.line, l.cardId, l.amount].map(integer).join(',')})`)
    .join(',')}`

export const deleteStagedLoads = (ids: readonly number[]): string =>
  `DELETE FROM staged_loads WHERE id IN (${ids.map(integer).join(',')})`

/** Under the locks of both cards. */
export const moveStagedLoads = (from: number, to: number): string =>
  `UPDATE staged_loads SET card_id = ${integer(to)} WHERE card_id = ${integer(from)}`

export type NewBatch = Pick<StagedBatch, 'id' | 'operation' | 'account'> & { readonly loads: number }

export const insertBatch = ({ id, operation, account, loads }: NewBatch): string =>
  `INSERT INTO staged_batches (id, operation, account, state, loads)
   VALUES (${integer(id)},${text(operation)},${integer(account)},'staging',${integer(loads)})`

/** `state`, how many loads it shall have, and how many are staged; locked, so that none is added. */
export const lockBatch = (id: number): string =>
  `SELECT b.state, b.loads, (SELECT COUNT(*) FROM staged_loads s WHERE s.batch_id = b.id) FROM staged_batches b
   WHERE b.id = ${integer(id)} FOR UPDATE`

export type Booking = Requester & { readonly at: number; readonly businessDate: string }

export const bookBatch = (id: number, { at, businessDate, channel, who }: Booking): string =>
  `UPDATE staged_batches SET state = 'booked', booked_at = ${instant(at)}, business_date = ${text(businessDate)},
   channel = ${text(channel)}, who = ${textOrNull(who)} WHERE id = ${integer(id)} AND state = 'staging'`

export const dropBatch = (id: number): string =>
  `UPDATE staged_batches SET state = 'dropped' WHERE id = ${integer(id)} AND state = 'staging'`

/** How many of a batch are staged so far. */
export const countStaged = (batchId: number): string =>
  `SELECT COUNT(*) FROM staged_loads WHERE batch_id = ${integer(batchId)}`

/** Decided batches of which loads are still staged. */
export const selectUnappliedBatches = `SELECT b.id FROM staged_batches b
   WHERE b.state <> 'staging' AND EXISTS (SELECT 1 FROM staged_loads s WHERE s.batch_id = b.id) ORDER BY b.id`

/**
 * Line and card of unapplied loads of a decided batch whose cards were not used since. By the index of lines: in the
 * order of ids, all of them would be sorted for each lot.
 */
export const selectUnapplied = (batchId: number, after: number, most: number): string =>
  `SELECT s.line, s.card_id FROM staged_loads s FORCE INDEX (staged_loads_once)
   WHERE s.batch_id = ${integer(batchId)} AND s.line > ${integer(after)} ORDER BY s.line LIMIT ${integer(most)}`

/** The cards of this list, or their replacements, that have an unapplied load. */
export const selectStagedCards = (cards: readonly number[]): string =>
  `WITH RECURSIVE standing (id) AS (
     SELECT id FROM cards WHERE id IN (${cards.map(integer).join(',')})
     UNION SELECT c.replaced_by FROM standing s JOIN cards c ON c.id = s.id WHERE c.replaced_by IS NOT NULL)
   SELECT DISTINCT l.card_id FROM staged_loads l JOIN standing s ON s.id = l.card_id`

/** The unapplied loads of a card: a displayed balance is the card's plus this. */
export const bookedFor = (card: string): string =>
  `(SELECT CAST(COALESCE(SUM(s.amount), 0) AS SIGNED) FROM staged_loads s JOIN staged_batches b ON b.id = s.batch_id
    WHERE s.card_id = ${card} AND b.state = 'booked')`

export function toStagedLoad(row: Row): StagedLoad {
  const [id, spareId, batchId, line, cardId, amount] = row as [number, number, number, number, number, number]
  return { id, spareId, batchId, line, cardId, amount }
}

export function toStagedBatch(row: Row): StagedBatch {
  const [id, operation, account, state, at, businessDate, channel, who] = row as [
    number, string, number, string, string | null, string | null, string | null, string | null,
  ] // prettier-ignore
  return {
    id,
    operation: oneOf<Operation>(OPERATION_NAMES, operation),
    account,
    state: oneOf(['staging', 'booked', 'dropped'] as const, state),
    booked:
      at === null || businessDate === null || channel === null
        ? null
        : { at: fromInstant(at), businessDate, channel: oneOf(CHANNELS, channel), who },
  }
}
