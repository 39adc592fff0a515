import type { Actor } from './actor.ts'
import { needsSecond } from './case-limit.ts'
import { caseRow, type CaseRow } from './case-page.ts'
import { decideCase } from './cases.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, type Refused } from './refusal.ts'
import { mayDoAnywhere } from './rights.ts'

export type CaseWish = { readonly id: number; readonly happened: boolean; readonly reason: string }

/** Decides at once up to the limit; above it a second person decides. Returns the proposal's number, null where it is done. */
export async function decideOrPropose(
  office: Office,
  actor: Actor,
  wish: CaseWish,
): Promise<{ readonly waits: number | null } | Refused> {
  const no = mayDoAnywhere(actor, 'cases.decide')
  if (no !== null) return no
  const row = await caseRow(office, actor, wish.id)
  if (isRefused(row)) return row
  if (row.closedAt === null && (await needsSecond(office, actor, row))) {
    const waits = await proposeDecision(office, actor, row, wish)
    return isRefused(waits) ? waits : { waits }
  }
  const decision = wish.happened ? 'confirm' : 'reverse'
  const decided = await decideCase(office, actor, { case: wish.id, decision, reason: wish.reason })
  return isRefused(decided) ? decided : { waits: null }
}

const proposeDecision = (office: Office, actor: Actor, row: CaseRow, { id: subject, happened, reason }: CaseWish) =>
  inTransaction(office, (connection) =>
    propose(connection, office, actor, {
      kind: 'case',
      subject,
      wish: { happened },
      reason,
      details: { happened, amount: row.amount },
      store: row.store,
    }),
  )

export type CaseProposal = ProposalRow & { readonly happened: boolean; readonly row: CaseRow }

export async function openCaseProposals(office: Office, actor: Actor): Promise<CaseProposal[]> {
  const all: CaseProposal[] = []
  for (const proposal of await openProposals(office, 'case')) {
    const row = await caseRow(office, actor, proposal.subject)
    if (!isRefused(row)) all.push({ ...proposal, happened: happenedOf(proposal), row })
  }
  return all
}

const happenedOf = ({ wish }: ProposalRow): boolean => (JSON.parse(wish) as { happened: boolean }).happened

/** The second person's word: the decision is theirs, and booked under their name. */
export async function decideCaseProposal(
  office: Office,
  actor: Actor,
  wish: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<{ readonly id: number } | Refused> {
  const found = await decideProposal(office, actor, { kind: 'case', ...wish })
  if (isRefused(found) || !wish.approve) return found
  const decision = happenedOf(found) ? 'confirm' : 'reverse'
  return decideCase(office, actor, { case: found.subject, decision, reason: found.reason })
}
