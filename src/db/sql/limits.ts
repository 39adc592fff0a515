import type { SettingName } from '../../cards/issue-settings.ts'
import { SETTING_COLUMNS } from './issues.ts'
import { fromInstant, integer, integerOrNull, text } from './literal.ts'
import type { Row } from './row.ts'

/** A proposed change of one limit: setting, old and new value, in minor units or a count; null: no limit. */
export type LimitChange = { readonly setting: SettingName; readonly from: number | null; readonly to: number | null }

export type NewProposal = {
  readonly id: number
  readonly issueId: number
  readonly who: string
  readonly reason: string
}

/** Error 1062: one is open already. */
export const insertProposal = ({ id, issueId, who, reason }: NewProposal): string =>
  `INSERT INTO limit_proposals (id, issue_id, open_for, proposed_by, proposed_at, reason) VALUES
   (${integer(id)},${integer(issueId)},${integer(issueId)},${text(who)},UTC_TIMESTAMP(3),${text(reason)})`

export const insertLimitValues = (id: number, changes: readonly LimitChange[]): string =>
  `INSERT INTO limit_values (proposal_id, setting, old_value, new_value) VALUES ${changes
    .map(
      ({ setting, from, to }) =>
        `(${integer(id)},${text(columnOf(setting))},${integerOrNull(from)},${integerOrNull(to)})`,
    )
    .join(',')}`

export type OpenProposal = { readonly id: number; readonly proposedBy: string }

export const selectOpenProposal = (issueId: number): string =>
  `SELECT id, proposed_by FROM limit_proposals WHERE open_for = ${integer(issueId)} FOR UPDATE`

export function toOpenProposal(row: Row): OpenProposal {
  const [id, proposedBy] = row as [number, string]
  return { id, proposedBy }
}

export const selectLimitValues = (id: number): string =>
  `SELECT setting, old_value, new_value FROM limit_values WHERE proposal_id = ${integer(id)} ORDER BY setting`

export function toLimitChange(row: Row): LimitChange {
  const [column, from, to] = row as [string, number | null, number | null]
  const setting = (Object.keys(SETTING_COLUMNS) as (keyof typeof SETTING_COLUMNS)[]).find(
    (name) => SETTING_COLUMNS[name] === column,
  )
  if (setting === undefined) throw new Error(`the database holds a limit that this version does not know: ${column}`)
  return { setting, from, to }
}

export const decideProposal = (id: number, who: string, approved: boolean): string =>
  `UPDATE limit_proposals SET open_for = NULL, decided_by = ${text(who)}, decided_at = UTC_TIMESTAMP(3),
   approved = ${approved ? '1' : '0'} WHERE id = ${integer(id)}`

export const setLimits = (issueId: number, changes: readonly LimitChange[]): string =>
  `UPDATE issues SET ${changes.map(({ setting, to }) => `${columnOf(setting)} = ${integerOrNull(to)}`).join(', ')}
   WHERE id = ${integer(issueId)}`

function columnOf(setting: SettingName): string {
  const column = setting === 'soldIn' || setting === 'acceptedIn' ? undefined : SETTING_COLUMNS[setting]
  if (column === undefined) throw new Error(`${setting} is no limit`)
  return column
}

export type OpenProposalView = OpenProposal & {
  readonly issue: string
  readonly by: string
  readonly at: number
  readonly reason: string
}

/** Of all issues, the oldest first. */
export const selectOpenProposals = `SELECT p.id, p.proposed_by, i.code, p.proposed_at, p.reason FROM limit_proposals p
  JOIN issues i ON i.id = p.issue_id WHERE p.open_for IS NOT NULL ORDER BY p.id`

export function toOpenProposalView(row: Row): OpenProposalView {
  const [id, proposedBy, issue, at, reason] = row as [number, string, string, string, string]
  return { id, proposedBy, issue, by: proposedBy, at: fromInstant(at), reason }
}
