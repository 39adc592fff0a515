import type { Amount } from '../../core/money.ts'
import { fromInstant, integer } from './literal.ts'
import type { Row } from './row.ts'

/** One transfer of a card, oldest first. */
export type CardTransfer = {
  readonly id: number
  readonly at: number
  readonly role: string
  readonly operation: string
  readonly amount: Amount
  readonly debit: number
  readonly credit: number
  readonly store: string
}

/**
 * Transfers of a card and of all cards that it replaced, oldest first: by card in the order of duplicates, then by
 * `seq`. What the books say is shown at once: search rows, which know duplicates too, may be some moments behind.
 */
export const selectCardTransfers = (cardId: number): string =>
  `WITH RECURSIVE chain (id, generation) AS (
     SELECT ${integer(cardId)}, 0 UNION ALL
     SELECT c.id, generation + 1 FROM chain JOIN cards c ON c.replaced_by = chain.id WHERE generation < 50)
   SELECT t.id, t.received_at, COALESCE(t.role, 'books'), t.operation, t.amount, t.debit_account, t.credit_account,
     COALESCE(t.for_store, t.store_code)
   FROM chain JOIN transactions t ON t.card_id = chain.id
   WHERE t.amount > 0 ORDER BY chain.generation DESC, t.card_seq, t.id`

export function toCardTransfer(row: Row): CardTransfer {
  const [id, at, role, operation, amount, debit, credit, store] = row as [
    number, string, string, string, number, number, number, string,
  ] // prettier-ignore
  return { id, at: fromInstant(at), role, operation, amount, debit, credit, store }
}
