import { integer, text } from './literal.ts'

export const selectBackfill = (name: string): string =>
  `SELECT next_id, until_id FROM backfills WHERE name = ${text(name)} AND next_id < until_id`

/** Whether any backfill is incomplete. */
export const selectIsBackfillLeft = 'SELECT EXISTS (SELECT 1 FROM backfills WHERE next_id < until_id)'

export const moveBackfill = (name: string, next: number): string =>
  `UPDATE backfills SET next_id = ${integer(next)} WHERE name = ${text(name)}`

/** The id right after `count` transactions from `from` on; no row: there are fewer before `until`. */
export const selectEndOfLot = (from: number, until: number, count: number): string =>
  `SELECT id + 1 FROM transactions WHERE id >= ${integer(from)} AND id < ${integer(until)}
   ORDER BY id LIMIT 1 OFFSET ${integer(count - 1)}`

export const selectLastId = 'SELECT MAX(id) FROM transactions'

/**
 * Fills roles and channels of transactions from before these columns existed. KIND of core/request.ts: 400
 * cancellation, 420 reversal, 202 confirmation (with money: a late booking of a reversed original), 9002 a clerk's
 * decision, 200, 220, 600, 9001 and 9003 operations. A clerk's decision without money follows from the case that it
 * closed.
 */
export const fillRoles = (from: number, until: number): string =>
  `UPDATE transactions t LEFT JOIN transactions o ON o.id = t.original_id SET
     t.role = CASE
       WHEN t.operation = 'balance' THEN 'informs'
       WHEN t.kind IN (200, 220, 600, 9001, 9003) THEN 'books'
       WHEN t.kind = 400 THEN 'cancels'
       WHEN t.kind = 420 THEN 'reverses'
       WHEN t.kind = 202 THEN IF(t.amount > 0, 'rebooks', 'confirms')
       WHEN t.kind = 9002 AND t.amount > 0 THEN IF(t.debit_account = o.debit_account, 'rebooks', 'reverses')
       WHEN t.kind = 9002 THEN IF(EXISTS (
         SELECT 1 FROM cases c WHERE c.transaction_id = t.original_id AND c.resolution = 'clerk_reversed'), 'reverses', 'confirms')
       ELSE 'informs' END,
     t.channel = CASE
       WHEN t.store_code <> 'AKART' OR t.terminal_code IN ('DAYEND', 'FOLLOW') THEN 'terminal'
       WHEN t.terminal_code IN ('CLERK', 'OFFICE', 'ADJUST', 'DEMO') THEN 'cli'
       ELSE 'job' END,
     t.for_store = IF(t.store_code = 'AKART' AND t.kind <> 9001 AND o.store_code <> 'AKART', o.store_code, NULL)
   WHERE t.id >= ${integer(from)} AND t.id < ${integer(until)} AND t.role IS NULL`
