import { fromInstant, instant, instantOrNull, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

export const RECALL_STATES = ['proposed', 'approved', 'booked', 'refused'] as const
export type RecallState = (typeof RECALL_STATES)[number]

/** A recall of unspent money: of one batch, or of all the employer's loads. */
export type Recall = {
  readonly id: number
  readonly employer: string
  readonly currency: number
  readonly batch: number | null
  readonly state: RecallState
  readonly reason: string
  readonly proposedBy: string
  readonly proposedAt: number
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly bookedAt: number | null
  readonly cards: number
  readonly unspent: number
  /** The amount taken so far. */
  readonly taken: number
}

const COLUMNS = `w.id, w.employer_code, w.currency, w.batch_id, w.state, w.reason, w.proposed_by, w.proposed_at, w.decided_by,
  w.decided_at, w.booked_at, COUNT(r.card_id), CAST(COALESCE(SUM(r.unspent), 0) AS SIGNED),
  CAST(COALESCE(SUM(r.taken), 0) AS SIGNED)
  FROM welfare_recalls w LEFT JOIN welfare_recall_rows r ON r.recall_id = w.id`

export const selectRecall = (id: number): string => `SELECT ${COLUMNS} WHERE w.id = ${integer(id)} GROUP BY w.id`

export const selectRecalls = (employer: string | null, most: number): string =>
  `SELECT ${COLUMNS} ${employer === null ? '' : `WHERE w.employer_code = ${text(employer)}`} GROUP BY w.id
   ORDER BY w.id DESC LIMIT ${integer(most)}`

export const selectRecallsIn = (state: RecallState): string =>
  `SELECT ${COLUMNS} WHERE w.state = ${text(state)} GROUP BY w.id ORDER BY w.id`

export const lockRecall = (id: number): string =>
  `SELECT state FROM welfare_recalls WHERE id = ${integer(id)} FOR UPDATE`

export type NewRecall = Pick<Recall, 'id' | 'employer' | 'currency' | 'batch' | 'reason' | 'proposedBy' | 'proposedAt'>

export const insertRecall = (r: NewRecall): string =>
  `INSERT INTO welfare_recalls (id, employer_code, currency, batch_id, state, reason, proposed_by, proposed_at)
   VALUES (${integer(r.id)},${text(r.employer)},${integer(r.currency)},${integerOrNull(r.batch)},'proposed',${text(r.reason)},${text(r.proposedBy)},${instant(r.proposedAt)})`

/** `cardId`: the loaded card; the money is taken from its current replacement. */
export type RecallRow = {
  readonly cardId: number
  readonly employeeId: number
  readonly unspent: number
  readonly taken: number | null
}

export const insertRecallRows = (id: number, rows: readonly RecallRow[]): string =>
  `INSERT INTO welfare_recall_rows (recall_id, card_id, employee_id, unspent) VALUES ${rows
    .map((r) => `(${[id, r.cardId, r.employeeId, r.unspent].map(integer).join(',')})`)
    .join(',')}`

export const selectUntaken = (id: number, most: number): string =>
  `SELECT card_id, employee_id, unspent, taken FROM welfare_recall_rows
   WHERE recall_id = ${integer(id)} AND taken IS NULL ORDER BY card_id LIMIT ${integer(most)}`

/** Whose money it takes, and how much at most: by the employees' numbers. */
export const selectRecallPeople = (id: number, most: number): string =>
  `SELECT e.number, e.name, SUM(w.unspent) FROM welfare_recall_rows w JOIN employees e ON e.id = w.employee_id
   WHERE w.recall_id = ${integer(id)} GROUP BY e.id ORDER BY e.number LIMIT ${integer(most)}`

export const setTaken = (id: number, cardId: number, taken: number): string =>
  `UPDATE welfare_recall_rows SET taken = ${integer(taken)}
   WHERE recall_id = ${integer(id)} AND card_id = ${integer(cardId)} AND taken IS NULL`

export const updateRecall = (
  id: number,
  state: RecallState,
  { by, at }: { readonly by?: string; readonly at: number },
): string =>
  state === 'booked'
    ? `UPDATE welfare_recalls SET state = 'booked', booked_at = ${instantOrNull(at)} WHERE id = ${integer(id)}`
    : `UPDATE welfare_recalls SET state = ${text(state)}, decided_by = ${textOrNull(by ?? null)},
       decided_at = ${instantOrNull(at)} WHERE id = ${integer(id)}`

/**
 * Cards that booked batches of an employer have loaded (of a batch, of employees, or all), with their holders at the
 * time.
 */
export const selectLoadedCards = (
  employer: string,
  batch: number | null,
  employees: readonly number[] | null,
): string =>
  `SELECT DISTINCT r.card_id, r.employee_id FROM welfare_batches b JOIN welfare_rows r ON r.batch_id = b.id
   WHERE b.employer_code = ${text(employer)} AND b.state = 'booked' AND r.amount > 0
   ${batch === null ? '' : `AND b.id = ${integer(batch)}`}
   ${employees === null ? '' : `AND r.employee_id IN (${employees.map(integer).join(',')})`}`

export function toRecallRow(row: Row): RecallRow {
  const [cardId, employeeId, unspent, taken] = row as [number, number, number, number | null]
  return { cardId, employeeId, unspent, taken }
}

export function toRecall(row: Row): Recall {
  const [id, employer, currency, batch, state, reason, proposedBy, proposedAt, decidedBy, decidedAt, bookedAt, cards, unspent,
    taken] = row as [
    number, string, number, number | null, string, string, string, string, string | null, string | null, string | null,
    number, number, number,
  ] // prettier-ignore
  const at = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))
  return {
    id,
    employer,
    currency,
    batch,
    state: oneOf(RECALL_STATES, state),
    reason,
    proposedBy,
    proposedAt: fromInstant(proposedAt),
    decidedBy,
    decidedAt: at(decidedAt),
    bookedAt: at(bookedAt),
    cards: Number(cards),
    unspent,
    taken,
  }
}
