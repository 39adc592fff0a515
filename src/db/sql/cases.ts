import type { CaseChange, CaseReason } from '../../core/state.ts'
import { instant, integer, integerOrNull, text, textOrNull } from './literal.ts'

export type NewCase = {
  /** The id of the request that opens it. */
  readonly id: number
  readonly transactionId: number
  readonly cardId: number | null
  readonly reason: CaseReason
  /** The terminal's message, if nothing else of it is stored. */
  readonly came: string | null
  readonly openedAt: number
}

/** Opens cases; an open case about the same transaction gets the store's new claim instead. */
export const openCases = (cases: readonly NewCase[]): string =>
  `INSERT INTO cases (id, transaction_id, open_for, card_id, reason, came, opened_at) VALUES ${cases.map(values).join(',')}
   ON DUPLICATE KEY UPDATE claim = VALUES(reason), claimed_by = VALUES(id)`

const values = (c: NewCase): string =>
  `(${integer(c.id)},${integer(c.transactionId)},${integer(c.transactionId)},${integerOrNull(c.cardId)},${text(c.reason)},${textOrNull(c.came)},${instant(c.openedAt)})`

/** Closes the open case about a transaction. */
export const closeCase = (
  { transactionId, resolution, by, note, rest }: Extract<CaseChange, { change: 'close' }>,
  at: number,
): string =>
  `UPDATE cases SET open_for = NULL, closed_at = ${instant(at)}, resolution = ${text(resolution)},
   closed_by = ${textOrNull(by)}, note = ${textOrNull(note)}${rest == null ? '' : `, borne_by = ${text(rest.bearer)}, borne = ${integer(rest.amount)}`}
   WHERE open_for = ${integer(transactionId)}`
