import { fromInstant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Data of a card's page beside the card itself. */

export type CardEntryRow = {
  readonly id: number
  readonly at: number
  readonly kind: 'transaction' | 'event' | 'pack' | 'case' | 'adjustment'
  readonly what: string
  readonly role: string | null
  readonly amount: number | null
  readonly asked: number | null
  readonly balance: number | null
  readonly result: string | null
  readonly state: string | null
  readonly store: string | null
  readonly terminal: string | null
  readonly reference: string | null
  readonly who: string | null
  readonly reason: string | null
  readonly detail: string | null
  readonly originalId: number | null
  readonly undoneBy: string | null
}

/** Where a page of a story ended. */
export type StoryPlace = { readonly at: string; readonly id: number; readonly kind: string }

const inStores = (column: string, stores: 'all' | ReadonlySet<string>): string =>
  stores === 'all' ? '' : `AND ${column} IN (${['', ...stores].map(text).join(',')})`

/**
 * Everything that happened to a card, one list, newest first: transactions (undoings are rows of their own), events, its
 * pack's steps, cases, adjustments that were asked for. `stores`: only transactions of these.
 */
export function selectStory(
  card: { readonly id: number; readonly packId: number | null },
  stores: 'all' | ReadonlySet<string>,
  before: StoryPlace | null,
  most: number,
): string {
  const id = integer(card.id)
  const past =
    before === null
      ? ''
      : `WHERE (at < ${before.at} OR (at = ${before.at} AND (id < ${integer(before.id)}
         OR (id = ${integer(before.id)} AND kind > ${text(before.kind)}))))`
  const pack =
    card.packId === null
      ? ''
      : `UNION ALL SELECT id, at, 'pack', event, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, who, reason, detail, NULL, NULL
         FROM pack_events WHERE pack_id = ${integer(card.packId)}`
  return `SELECT * FROM (
    SELECT t.id, t.received_at AS at, IF(e.id IS NOT NULL AND t.amount = 0, 'event', 'transaction') AS kind,
      IF(e.id IS NOT NULL AND t.amount = 0, e.event, COALESCE(t.operation, '')) AS what, t.role,
      CASE WHEN t.amount = 0 THEN NULL WHEN t.credit_account = ${id} THEN t.amount WHEN t.debit_account = ${id} THEN -t.amount END AS amount,
      t.amount_asked AS asked, t.ledger_after AS balance, t.result, t.state, COALESCE(t.for_store, t.store_code) AS store,
      t.terminal_code AS terminal, t.rrn AS reference, COALESCE(t.who, e.who) AS who, e.reason AS reason, e.detail AS detail, t.original_id, t.undone_by
      FROM transactions t LEFT JOIN card_events e ON e.id = t.id AND e.card_id = t.card_id WHERE t.card_id = ${id} ${inStores('COALESCE(t.for_store, t.store_code)', stores)}
    UNION ALL SELECT id, at, 'event', event, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, who, reason, detail, NULL, NULL
      FROM card_events e WHERE card_id = ${id} AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.id = e.id AND t.card_id = e.card_id)
    UNION ALL SELECT id, opened_at, 'case', reason, NULL, NULL, NULL, NULL, NULL,
      IF(closed_at IS NULL, 'open', 'closed'), NULL, NULL, NULL, closed_by, note, resolution, transaction_id, NULL
      FROM cases WHERE card_id = ${id}
    UNION ALL SELECT id, asked_at, 'adjustment', 'adjustment', NULL, amount, NULL, NULL, NULL,
      IF(decided_at IS NULL, 'waiting', IF(approved = 1, 'approved', 'refused')), NULL, NULL, NULL, asked_by, reason, decided_by, NULL, NULL
      FROM adjustments WHERE card_id = ${id}
    ${pack}) story ${past} ORDER BY at DESC, id DESC, kind LIMIT ${integer(most)}`
}

export function toCardEntry(row: Row): CardEntryRow {
  const [id, at, kind, what, role, amount, asked, balance, result, state, store, terminal, reference, who, reason, detail,
    originalId, undoneBy] = row as [
    number, string, CardEntryRow['kind'], string, string | null, number | null, number | null, number | null,
    string | null, string | null, string | null, string | null, string | null, string | null, string | null,
    string | null, number | null, string | null,
  ] // prettier-ignore
  return {
    id: Number(id), at: fromInstant(at), kind, what, role, amount: amount === null ? null : Number(amount), asked, balance, result, state,
    store, terminal, reference, who, reason, detail, originalId, undoneBy,
  } // prettier-ignore
}

/** A card's unconfirmed transactions, open cases, predecessor, and the recipient of its pack. */
export const selectBesideCard = (id: number, packId: number | null): string =>
  `SELECT id, COALESCE(operation, ''), amount, terminal_code, confirm_by, credit_account = ${integer(id)} FROM transactions
     WHERE card_id = ${integer(id)} AND state = 'unconfirmed' AND amount > 0 ORDER BY id;
   SELECT id FROM cases WHERE card_id = ${integer(id)} AND open_for IS NOT NULL ORDER BY id;
   SELECT id FROM cards WHERE replaced_by = ${integer(id)};
   SELECT p.store_code, p.counterparty_code, COALESCE(s.name, k.name), p.state FROM packs p
     LEFT JOIN stores s ON s.code = p.store_code LEFT JOIN counterparties k ON k.code = p.counterparty_code
     WHERE p.id = ${integer(packId ?? 0)}`
