import { fromInstant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** Packs and issues that wait for a second person. */

const notRefused = (kind: string, subject: string, since: string): string =>
  `NOT EXISTS (SELECT 1 FROM proposals r WHERE r.kind = ${text(kind)} AND r.subject = ${subject} AND r.approved = 0
   AND r.decided_at >= ${since})`

const lastEvent = (column: string, event: string): string =>
  `(SELECT e.${column} FROM pack_events e WHERE e.pack_id = p.id AND e.event = ${text(event)} ORDER BY e.id DESC LIMIT 1)`

/** A pack or an issue that one person has released as far as permitted. */
export type WaitingSale = {
  readonly id: number
  readonly issue: string
  readonly currency: number
  readonly recipient: string
  readonly cards: number
  readonly by: string
  readonly at: number
  readonly reason: string
  /** Minor units on each card; null: an authorisation. */
  readonly amount: number | null
}

export function toWaitingSale(row: Row): WaitingSale {
  const [id, issue, currency, recipient, cards, by, at, reason, amount] = row as [
    number, string, number, string, number, string, string, string | null, number | null,
  ] // prettier-ignore
  return { id, issue, currency, recipient, cards, by, at: fromInstant(at), reason: reason ?? '', amount }
}

const PACK = `SELECT p.id, i.code, i.currency, COALESCE(p.store_code, p.counterparty_code), p.cards`

export const selectPacksToAuthorise = (most: number): string =>
  `${PACK}, p.activated_by, ${lastEvent('at', 'activated')}, ${lastEvent('reason', 'activated')}, NULL
   FROM packs p JOIN issues i ON i.id = p.issue_id WHERE p.state = 'active' AND i.sale_authorisation = 1
   AND p.authorised_by IS NULL AND ${notRefused('packAuthorisation', 'p.id', lastEvent('at', 'activated'))}
   ORDER BY p.id LIMIT ${integer(most)}`

export const selectPacksToSell = (most: number): string =>
  `${PACK}, p.sale_asked_by, ${lastEvent('at', 'sale_asked')}, ${lastEvent('reason', 'sale_asked')}, p.sale_amount
   FROM packs p JOIN issues i ON i.id = p.issue_id WHERE p.state = 'active' AND p.sale_amount IS NOT NULL
   AND p.sale_approved_by IS NULL ORDER BY p.id LIMIT ${integer(most)}`

const ACTIVATED = "(SELECT MAX(id) FROM issue_events a WHERE a.issue_id = i.id AND a.event = 'activated')"

export const selectIssuesToAuthorise = (most: number): string =>
  `SELECT i.id, i.code, i.currency, '', i.card_count, e.who, e.at, e.note, NULL FROM issues i
   JOIN issue_events e ON e.id = ${ACTIVATED} WHERE i.state = 'activated' AND i.packs = 0 AND i.sale_authorisation = 1
   AND i.sale_authorised_by IS NULL AND ${notRefused('issueAuthorisation', 'i.id', 'e.at')}
   ORDER BY i.id LIMIT ${integer(most)}`
