import type { Amount } from '../../core/money.ts'
import { boolean, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'
import { SHOWN, type ShownCard, toShownCard } from './shown-cards.ts'

/** A correction that one person asked for. `amount` below zero takes from the card. */
export type Adjustment = {
  readonly id: number
  readonly card: ShownCard
  readonly currency: number
  readonly amount: Amount
  readonly reason: string
  readonly askedBy: string
  readonly askedAt: string
  readonly decidedBy: string | null
  readonly approved: boolean | null
}

export type NewAdjustment = {
  readonly id: number
  readonly cardId: number
  readonly amount: Amount
  readonly reason: string
  readonly who: string
  readonly at: number
}

export const insertAdjustment = ({ id, cardId, amount, reason, who, at }: NewAdjustment): string =>
  `INSERT INTO adjustments (id, card_id, amount, reason, asked_by, asked_at) VALUES (${integer(id)},
   ${integer(cardId)},${integer(amount)},${text(reason)},${text(who)},${instant(at)})`

const SELECT = `SELECT ${SHOWN}, a.id, i.currency, a.amount, a.reason, a.asked_by, a.asked_at, a.decided_by, a.approved
  FROM adjustments a JOIN cards c ON c.id = a.card_id JOIN issues i ON i.id = c.issue_id`

/** Undecided ones, oldest first. */
export const selectOpenAdjustments = (most: number): string =>
  `${SELECT} WHERE a.decided_at IS NULL ORDER BY a.id DESC LIMIT ${integer(most)}`

export const selectAdjustment = (id: number): string => `${SELECT} WHERE a.id = ${integer(id)}`

export const lockAdjustment = (id: number): string => `SELECT id FROM adjustments WHERE id = ${integer(id)} FOR UPDATE`

export function toAdjustment(row: Row): Adjustment {
  const [id, currency, amount, reason, askedBy, askedAt, decidedBy, approved] = row.slice(6) as [
    number, number, number, string, string, string, string | null, number | null,
  ] // prettier-ignore
  const decision = approved === null ? null : approved === 1
  return { id, card: toShownCard(row), currency, amount, reason, askedBy, askedAt, decidedBy, approved: decision }
}

/** The database itself refuses a decision by the person who asked (adjustments_four_eyes). */
export const updateDecision = (id: number, approved: boolean, who: string, at: number): string =>
  `UPDATE adjustments SET decided_by = ${text(who)}, decided_at = ${instant(at)}, approved = ${boolean(approved)}
   WHERE id = ${integer(id)} AND decided_at IS NULL`
