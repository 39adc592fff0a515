import type { Movement } from '../../core/portions.ts'
import { integer } from './literal.ts'
import type { Row } from './row.ts'
import { BY_OTHER_CARD } from './search.ts'

/** The cards that stand in the place of these, one after the other, with these: `id, replaced_by, seq, available, ledger`. */
export const selectStanding = (cards: readonly number[]): string =>
  `WITH RECURSIVE standing (id, generation) AS (
     SELECT id, 0 FROM cards WHERE id IN (${cards.map(integer).join(',')})
     UNION SELECT c.replaced_by, generation + 1 FROM standing s JOIN cards c ON c.id = s.id
     WHERE c.replaced_by IS NOT NULL AND generation < 50)
   SELECT DISTINCT c.id, c.replaced_by, c.seq, c.available, c.ledger, c.staged FROM standing s JOIN cards c ON c.id = s.id`

export type Standing = {
  readonly id: number
  readonly replacedBy: number | null
  readonly seq: number
  readonly available: number
  readonly staged: number
}

export function toStanding(row: Row): Standing {
  const [id, replacedBy, seq, available, , staged] = row as [number, number | null, number, number, number, number]
  return { id, replacedBy, seq, available, staged }
}

/** Every card that these employees have had. */
export const selectCardsOf = (employees: readonly number[]): string =>
  `SELECT card_id FROM employees WHERE id IN (${employees.map(integer).join(',')}) AND card_id IS NOT NULL
   UNION SELECT card_id FROM employee_links WHERE employee_id IN (${employees.map(integer).join(',')}) AND card_id IS NOT NULL`

/** The cards that these have replaced, as far as is folded into the search rows: `new, old`. */
export const selectReplacedBy = (cards: readonly number[]): string =>
  `SELECT DISTINCT s.other_card_id, s.card_id FROM search_transactions s ${BY_OTHER_CARD}
   WHERE s.other_card_id IN (${cards.map(integer).join(',')}) AND s.operation = 'duplicate' AND s.role = 'books'
     AND s.state IN ('unconfirmed', 'confirmed')`

/** The movements of these cards. A staged load's key names its batch and line, a recall's the recall. */
export const selectMovements = (cards: readonly number[]): string =>
  `SELECT t.id, t.card_id, t.operation, COALESCE(t.role, 'books'), t.amount, t.debit_account, t.credit_account,
     t.original_id, t.card_seq, t.other_seq, t.available_seq,
     CASE WHEN t.terminal_code = 'STAGED' THEN t.transmitted
          WHEN t.terminal_code = 'RECALL' THEN (SELECT b.staged_id FROM welfare_recalls w
            JOIN welfare_batches b ON b.id = w.batch_id WHERE w.id = t.stan) END,
     IF(t.terminal_code = 'STAGED', t.stan, NULL)
   FROM transactions t WHERE t.card_id IN (${cards.map(integer).join(',')}) AND t.amount > 0 AND t.card_seq IS NOT NULL`

const UNDOES: ReadonlySet<string> = new Set(['confirms', 'cancels', 'reverses'])

export function toMovement(row: Row): Movement {
  const [id, cardId, operation, role, amount, debit, credit, originalId, cardSeq, otherSeq, availableSeq, batchId, line] =
    row as [
      number, number, string, string, number, number, number, number | null, number, number | null, number | null,
      number | null, number | null,
    ] // prettier-ignore
  const undoes = UNDOES.has(role)
  return { id, cardId, operation, undoes, amount, debit, credit, originalId, cardSeq, otherSeq, availableSeq, batchId, line } // prettier-ignore
}
