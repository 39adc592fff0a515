import { CHANNELS } from '../../core/channel.ts'
import { CONTRA_ACCOUNTS } from '../../core/money.ts'
import { OPERATION_NAMES, type Operation } from '../../core/operations.ts'
import type { Fact } from '../../core/reports/fact.ts'
import { type Role, ROLES } from '../../core/role.ts'
import { fromInstant, integer, text } from './literal.ts'
import { oneOf, type Row } from './row.ts'
import { BY_OTHER_CARD } from './search.ts'

/** A refused request, for the report of declines. */
export type Decline = {
  readonly id: number
  readonly day: string
  readonly store: string
  readonly terminal: string
  readonly reason: string
}

const among = (alias: string, ids: readonly number[]): string =>
  `${alias}.id IN (${ids.length === 0 ? 'NULL' : ids.map(integer).join(',')})`
const between = (alias: string, from: number, until: number): string =>
  `${alias}.id >= ${integer(from)} AND ${alias}.id < ${integer(until)}`

/** The transactions to read: by ids, a range of ids, a day, cards, or all. */
export type Which =
  | { readonly ids: readonly number[] }
  | { readonly from: number; readonly until: number }
  | { readonly day: string }
  | { readonly cards: readonly number[] }

function where(alias: string, which: Which): string {
  if ('ids' in which) return among(alias, which.ids)
  // Folded transactions have a search row, which has the day.
  if ('day' in which)
    return `${alias}.id IN (SELECT s.id FROM search_transactions s WHERE s.business_date = ${text(which.day)})`
  if ('from' in which) return between(alias, which.from, which.until)
  return `${alias}.card_id IN (${which.cards.length === 0 ? 'NULL' : which.cards.map(integer).join(',')})`
}

/** Accounts of stores and counterparties: their bookings belong to the owner, wherever they were requested. */
const OWNED = "'store_receivable', 'store_payable', 'counterparty_receivable'"

/** Undoing transactions; the late booking of a cancellation undoes too. */
const UNDOES = `(t.role IN ('cancels','reverses','confirms') OR (t.role = 'rebooks' AND COALESCE(o.role = 'cancels', FALSE)))`

/** The account beside the card's is the credited one; of another host's two accounts the store's counts. */
const CREDITED = `(ca.kind LIKE 'store%' OR (ca.id IS NOT NULL AND da.kind NOT LIKE 'store%') OR da.id IS NULL)`

/** A staged load's key names its batch, a recall's the recall. */
const BATCH = `CASE WHEN t.terminal_code = 'STAGED' THEN t.transmitted
  WHEN t.terminal_code = 'RECALL' THEN (SELECT b.staged_id FROM welfare_recalls w JOIN welfare_batches b ON b.id = w.batch_id
    WHERE w.id = t.stan) END`

/**
 * Transfers as facts. Account ids above a million are cards. A pending row moves money once it is answered. For an
 * undoing, the original's day is read; for the undoing of a cancellation, the day of the cancelled transaction.
 */
export const selectFacts = (which: Which): string =>
  `SELECT t.id, t.business_date, IF(${UNDOES}, COALESCE(g.business_date, o.business_date, t.business_date), t.business_date),
    IF(ca.kind IN (${OWNED}), ca.owner, IF(da.kind IN (${OWNED}), da.owner, COALESCE(t.for_store, t.store_code))),
    t.card_id, c.issue_id, COALESCE(t.card_seq, 0), COALESCE(i.currency, ca.currency, da.currency), t.channel, t.operation, t.role,
    t.debit_account, t.credit_account, t.amount, t.sells,
    IF(${CREDITED}, ca.id, da.id), IF(${CREDITED}, ca.kind, da.kind), IF(${CREDITED}, ca.owner, da.owner),
    t.original_id, COALESCE(t.other_seq, 0), t.available_seq, ${UNDOES}, ${BATCH}, t.received_at
   FROM transactions t
   LEFT JOIN cards c ON c.id = t.card_id LEFT JOIN issues i ON i.id = c.issue_id
   LEFT JOIN accounts ca ON ca.id = t.credit_account LEFT JOIN accounts da ON da.id = t.debit_account
   LEFT JOIN transactions o ON o.id = t.original_id
   LEFT JOIN transactions g ON g.id = o.original_id AND o.role = 'cancels'
   WHERE ${where('t', which)} AND t.amount > 0 AND t.state <> 'pending'`

export function toFact(row: Row): Fact {
  const [
    id, day, originalDay, store, cardId, issueId, seq, currency, channel, operation, role,
    debit, credit, amount, sells, contraId, kind, owner, originalId,
    otherSeq, availableSeq, undoes, batch, receivedAt,
  ] = row as [
    number, string, string, string, number | null, number | null, number, number, string, string, string,
    number, number, number, number, number | null, string | null, string | null, number | null,
    number, number | null, number, number | null, string,
  ] // prettier-ignore
  return {
    id,
    at: fromInstant(receivedAt),
    day,
    originalDay,
    store,
    card: cardId === null || issueId === null ? null : { id: cardId, issueId, seq },
    currency,
    channel: oneOf(CHANNELS, channel),
    operation: oneOf<Operation>(OPERATION_NAMES, operation),
    role: oneOf<Role>(ROLES, role),
    debit,
    credit,
    amount,
    sells: sells === 1,
    contra:
      contraId === null || kind === null || owner === null
        ? null
        : { id: contraId, kind: oneOf(CONTRA_ACCOUNTS, kind), owner },
    originalId,
    otherSeq,
    availableSeq,
    undoes: undoes === 1,
    batch,
  }
}

/** Loads of a booked batch whose cards were not used since: their booking day is that of the batch. */
export const selectBookedLoads = `SELECT s.id, b.business_date, b.business_date, a.owner, s.card_id, c.issue_id, c.seq + 1, i.currency,
   b.channel, b.operation, 'books', b.account, s.card_id, s.amount, 0, a.id, a.kind, a.owner, NULL, 0, c.seq + 1, 0, s.batch_id, b.booked_at
   FROM staged_loads s JOIN staged_batches b ON b.id = s.batch_id AND b.state = 'booked'
   JOIN cards c ON c.id = s.card_id JOIN issues i ON i.id = c.issue_id JOIN accounts a ON a.id = b.account ORDER BY s.id`

export const selectDeclines = (which: Which): string =>
  `SELECT t.id, t.business_date, t.store_code, t.terminal_code, t.result FROM transactions t
   WHERE ${where('t', which)} AND t.state = 'declined'`

export function toDecline(row: Row): Decline {
  const [id, day, store, terminal, reason] = row as [number, string, string, string, string]
  return { id, day, store, terminal, reason }
}

/** A sale of a card: the transfer that made it a sold one. A duplicate keeps the sale of the card before it. */
export type CardSale = {
  readonly cardId: number
  readonly transactionId: number
  readonly seq: number
  readonly soldIn: string
  readonly soldOn: string
}

/** The latest known sale of these cards. */
export const selectSales = (cards: readonly number[]): string =>
  `SELECT card_id, transaction_id, seq, sold_in, sold_on FROM report_sales
   WHERE card_id IN (${cards.length === 0 ? 'NULL' : cards.map(integer).join(',')})`

export function toSale(row: Row): CardSale {
  const [cardId, transactionId, seq, soldIn, soldOn] = row as [number, number, number, string, string]
  return { cardId, transactionId, seq, soldIn, soldOn }
}

/**
 * All sales of these cards, from the transactions: where a figure is about a time before a card's latest sale. The sale of a
 * duplicate is found from its other card.
 */
export const selectSalesOf = (cards: readonly number[]): string => {
  const ids = cards.length === 0 ? 'NULL' : cards.map(integer).join(',')
  return `SELECT t.id FROM transactions t WHERE t.card_id IN (${ids}) AND t.sells = 1 AND t.amount > 0
     AND t.operation NOT IN ('duplicate', 'extension') AND t.role IN ('books', 'rebooks')
   UNION SELECT s.id FROM search_transactions s ${BY_OTHER_CARD}
     WHERE s.other_card_id IN (${ids}) AND s.operation = 'duplicate' AND s.role IN ('books', 'rebooks')`
}

/** All of them, by card. */
export const selectSalesAfter = (card: number, most: number): string =>
  `SELECT card_id, transaction_id, seq, sold_in, sold_on FROM report_sales WHERE card_id > ${integer(card)}
   ORDER BY card_id LIMIT ${integer(most)}`

export const deleteSales = (cards: readonly number[]): string =>
  `DELETE FROM report_sales WHERE card_id IN (${cards.length === 0 ? 'NULL' : cards.map(integer).join(',')})`

/** Only a later sale takes the place of an earlier one, in whichever order they are folded. */
export const upsertSales = (sales: readonly CardSale[]): string =>
  `INSERT INTO report_sales (card_id, transaction_id, seq, sold_in, sold_on) VALUES ${sales
    .map(
      (s) => `(${integer(s.cardId)},${integer(s.transactionId)},${integer(s.seq)},${text(s.soldIn)},${text(s.soldOn)})`,
    )
    .join(',')}
   ON DUPLICATE KEY UPDATE
     sold_in = IF(${IS_LATER}, VALUES(sold_in), sold_in), sold_on = IF(${IS_LATER}, VALUES(sold_on), sold_on),
     transaction_id = IF(${IS_LATER}, VALUES(transaction_id), transaction_id),
     seq = GREATEST(seq, VALUES(seq))`

const IS_LATER = '(VALUES(seq), VALUES(transaction_id)) >= (seq, transaction_id)'
