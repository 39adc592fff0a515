import { boolean, fromInstant, instant, integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A proposal by one person for another to decide. */
export type ProposalRow = {
  readonly id: number
  readonly kind: string
  readonly subject: number
  /** JSON. */
  readonly input: string
  readonly reason: string
  readonly by: string
  readonly at: number
  readonly decidedBy: string | null
}

const SELECT = 'SELECT id, kind, subject, wish, reason, by_login, at, decided_by FROM proposals'

export function toProposal(row: Row): ProposalRow {
  const [id, kind, subject, input, reason, by, at, decidedBy] = row as [
    number, string, number, string, string, string, string, string | null,
  ] // prettier-ignore
  return { id, kind, subject, input, reason, by, at: fromInstant(at), decidedBy }
}

/** Error 1062: one of this kind about this is open already. */
export const insertProposal = (p: Omit<ProposalRow, 'decidedBy'>): string =>
  `INSERT INTO proposals (id, kind, subject, open_for, wish, reason, by_login, at) VALUES (${integer(p.id)},
   ${text(p.kind)},${integer(p.subject)},${integer(p.subject)},${text(p.input)},${text(p.reason)},${text(p.by)},${instant(p.at)})`
/** Open proposals of one kind, oldest first. */
export const selectOpenProposals = (kind: string): string =>
  `${SELECT} WHERE kind = ${text(kind)} AND open_for IS NOT NULL ORDER BY id LIMIT 1000`
export const lockProposal = (id: number): string => `${SELECT} WHERE id = ${integer(id)} FOR UPDATE`
export const selectProposalOf = (kind: string, subject: number): string =>
  `${SELECT} WHERE kind = ${text(kind)} AND open_for = ${integer(subject)}`
/** The newest approval of a kind about this, asked for by that person and given since. */
export const selectApprovalOf = (kind: string, subject: number, by: string, since: number): string =>
  `${SELECT} WHERE kind = ${text(kind)} AND subject = ${integer(subject)} AND by_login = ${text(by)} AND approved = 1
   AND decided_at >= ${instant(since)} ORDER BY id DESC LIMIT 1`
export const decideProposalRow = (id: number, who: string, at: number, approved: boolean): string =>
  `UPDATE proposals SET open_for = NULL, decided_by = ${text(who)}, decided_at = ${instant(at)},
   approved = ${boolean(approved)} WHERE id = ${integer(id)}`

/** A recorded refusal of something that is proposed elsewhere, so that it is not shown again. */
export const insertRefusal = (
  p: Omit<ProposalRow, 'decidedBy'> & { readonly decidedBy: string; readonly decidedAt: number },
): string =>
  `INSERT INTO proposals (id, kind, subject, open_for, wish, reason, by_login, at, decided_by, decided_at, approved) VALUES
   (${integer(p.id)},${text(p.kind)},${integer(p.subject)},NULL,${text(p.input)},${text(p.reason)},${text(p.by)},
   ${instant(p.at)},${text(p.decidedBy)},${instant(p.decidedAt)},0)`

/** The latest decisions of these kinds. */
export const selectDecidedProposals = (kinds: readonly string[], most: number): string =>
  `SELECT id, kind, subject, wish, reason, by_login, at, decided_by, decided_at, approved FROM proposals
   WHERE decided_at IS NOT NULL AND kind IN (${['', ...kinds].map(text).join(',')}) ORDER BY decided_at DESC, id DESC LIMIT ${integer(most)}`

export type DecidedProposal = ProposalRow & { readonly decidedAt: number; readonly approved: boolean }
export function toDecidedProposal(row: Row): DecidedProposal {
  const [decidedAt, approved] = row.slice(8) as [string, number]
  return { ...toProposal(row), decidedAt: fromInstant(decidedAt), approved: approved === 1 }
}
