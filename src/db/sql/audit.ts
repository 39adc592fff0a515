import type { AuditFacts } from '../../core/attached.ts'
import { instant, integer, text, textOrNull } from './literal.ts'

/** One thing that was done or refused. */
export type AuditRow = AuditFacts & {
  /** From the series of row ids; what the engine decides uses the id of its request. */
  readonly id: number
  /** ms since 1970. */
  readonly at: number
}

/** The column's own length, in characters. */
const DETAILS_LENGTH = 4000

export const insertAudit = (rows: readonly AuditRow[]): string =>
  `INSERT INTO audit (id, at, who, channel, action, object_kind, object_id, store_code, outcome, details) VALUES ${rows
    .map(
      (r) =>
        `(${integer(r.id)},${instant(r.at)},${text(r.who)},${text(r.channel)},${text(r.action)},${text(r.object.kind)},${text(r.object.id)},${textOrNull(r.store)},${text(r.outcome)},${text(detailsText(r))})`,
    )
    .join(',')}`

export const insertUnchained = (rows: readonly Pick<AuditRow, 'id'>[]): string =>
  `INSERT INTO audit_unchained (audit_id) VALUES ${rows.map(({ id }) => `(${integer(id)})`).join(',')}`

function detailsText({ action, details }: AuditRow): string {
  const json = JSON.stringify(details)
  if (Array.from(json).length <= DETAILS_LENGTH) return json
  throw new Error(`details of an audit row (${action}) longer than ${DETAILS_LENGTH} characters: keep lists elsewhere`)
}

/**
 * When this person did this since then. Locked until the end of the transaction, so that concurrent acts are counted.
 */
export const countActsOf = (who: string, action: string, since: number): string =>
  `SELECT at FROM audit WHERE who = ${text(who)} AND action = ${text(action)} AND at >= ${instant(since)}
   AND outcome = 'done' FOR UPDATE`

/** The same with the recorded details. */
export const selectDetailsOf = (who: string, action: string, since: number): string =>
  `SELECT at, details FROM audit WHERE who = ${text(who)} AND action = ${text(action)} AND at >= ${instant(since)}
   AND outcome = 'done' FOR UPDATE`

/** Whether anybody performed one of these acts on this object since then. */
export const selectActs = (
  who: string,
  actions: readonly string[],
  object: { readonly kind: string; readonly id: string },
  since: number,
): string =>
  `SELECT 1 FROM audit WHERE object_kind = ${text(object.kind)} AND object_id = ${text(object.id)} AND who = ${text(who)}
   AND action IN (${['', ...actions].map(text).join(',')}) AND at >= ${instant(since)} AND outcome = 'done' LIMIT 1`
