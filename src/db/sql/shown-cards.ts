import { shownNumber } from '../../cards/number.ts'
import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A card as jobs and people name it to the engine: by the hash that it is kept under. */
export type ShownCard = {
  readonly id: number
  readonly issueId: number
  readonly numberHash: string
  /** The id of the PAN key. */
  readonly numberKey: number
  /** First six and last four. */
  readonly shown: string
}

/** Of `cards c`. */
export const SHOWN = 'c.id, c.issue_id, c.number_hash, c.number_key, c.first_six, c.last_four'

export function toShownCard(row: Row): ShownCard {
  const [id, issueId, hash, numberKey, firstSix, lastFour] = row as [number, number, Buffer, number, string, string]
  return { id, issueId, numberHash: hash.toString('hex'), numberKey, shown: shownNumber(firstSix, lastFour) }
}

/** The position of a walk through the cards past their last day. */
export type OverduePlace = { readonly day: string; readonly id: number }
export const OVERDUE_BEGIN: OverduePlace = { day: '0001-01-01', id: 0 }

/** Cards past their last day, those with something unconfirmed left out, in the order of `cards_overdue`. */
export const selectOverdue = (today: string, after: OverduePlace, most: number): string =>
  `SELECT ${SHOWN}, c.valid_until FROM cards c
   WHERE c.state = 'sold' AND c.valid_until < ${text(today)} AND c.valid_until >= ${text(after.day)}
     AND (c.valid_until > ${text(after.day)} OR c.id > ${integer(after.id)})
     AND NOT EXISTS (SELECT 1 FROM transactions t WHERE t.card_id = c.id AND t.state = 'unconfirmed')
   ORDER BY c.valid_until, c.id LIMIT ${integer(most)}`

/**
 * The number of cards that {@link selectOverdue} finds, including those with unconfirmed transactions; for a progress
 * line.
 */
export const countOverdue = (today: string): string =>
  `SELECT COUNT(*) FROM cards WHERE state = 'sold' AND valid_until < ${text(today)}`

export const placeOf = (row: Row): OverduePlace => ({ day: String(row[6]), id: Number(row[0]) })
