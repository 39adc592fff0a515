import { integer } from './literal.ts'

/**
 * Of search rows that are found by their other card. Nearly all have none, and the statistics count these as one card with
 * millions of rows: for more cards than the server looks at one by one (200) it would read the whole table instead.
 */
export const BY_OTHER_CARD = 'FORCE INDEX (search_transactions_other_card)'

/**
 * Updates the search rows of these transactions; columns that never change are not written. A row without a role is
 * from before roles existed and gets both by the backfill. Account ids above a million are cards.
 */
export const upsertSearchRows = (ids: readonly number[]): string =>
  `INSERT INTO search_transactions (${COLUMNS}) ${SELECTED} WHERE t.id IN (${ids.map(integer).join(',')}) AND t.role IS NOT NULL ${CHANGED}`

/** The same of the ids from `from` up to, not including, `until`. */
export const upsertSearchRange = (from: number, until: number): string =>
  `INSERT INTO search_transactions (${COLUMNS}) ${SELECTED} WHERE t.id >= ${integer(from)} AND t.id < ${integer(until)} ${CHANGED}`

const COLUMNS = `at, id, store_code, terminal_code, business_date, card_id, other_card_id, issue_id, stan, rrn, original_id,
  role, channel, who, operation, entry_mode, result, state, undone_by, amount, amount_asked, currency`

const SELECTED = `SELECT t.received_at, t.id, COALESCE(t.for_store, t.store_code), t.terminal_code, t.business_date, t.card_id,
  CASE WHEN t.debit_account > 1000000 AND t.credit_account > 1000000
    THEN IF(t.debit_account = t.card_id, t.credit_account, t.debit_account) END,
  c.issue_id, t.stan, t.rrn, t.original_id, t.role, t.channel, t.who, t.operation, t.entry_mode, t.result, t.state,
  t.undone_by, t.amount, t.amount_asked, t.currency
  FROM transactions t LEFT JOIN cards c ON c.id = t.card_id`

// A host's answer sets the moved amount and the day; the other columns are kept.
const CHANGED = `ON DUPLICATE KEY UPDATE business_date = VALUES(business_date), result = VALUES(result),
  state = VALUES(state), undone_by = VALUES(undone_by), amount = VALUES(amount)`
