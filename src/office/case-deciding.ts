/** Decisions about cases: at once up to a clerk's limit, above it as a proposal. */

import { amountText, amountTextPl } from '../core/currency.ts'
import type { Bearer, Rest } from '../core/shortfall.ts'
import type { Actor } from './actor.ts'
import { needsSecond } from './case-limit.ts'
import { caseRow, missingOf, type CaseRow } from './case-page.ts'
import { decideCase } from './cases.ts'
import { inTransaction, type Office } from './office.ts'
import { decideProposal, openProposals, propose, type ProposalRow } from './proposals.ts'
import { isRefused, refused, type Refused } from './refusal.ts'
import { mayDoAnywhere } from './rights.ts'

export type CaseInput = {
  readonly id: number
  readonly happened: boolean
  readonly reason: string
  /** The bearer of the amount that the card cannot cover; null: none chosen. */
  readonly bearer: Bearer | null
}

/** Decides at once up to the limit; above it a second person decides. Returns the proposal's number, null where it is done. */
export async function decideOrPropose(
  office: Office,
  actor: Actor,
  input: CaseInput,
): Promise<{ readonly waits: number | null } | Refused> {
  const no = mayDoAnywhere(actor, 'cases.decide')
  if (no !== null) return no
  const row = await caseRow(office, actor, input.id)
  if (isRefused(row)) return row
  const rest = row.closedAt === null ? sharedBy(row, input) : null
  if (isRefused(rest)) return rest
  // An amount borne by the issuer is an adjustment, which always needs two persons.
  const isAlone = actor.nobodyElse === true
  if (row.closedAt === null && (rest?.bearer === 'issuer' || (!isAlone && (await needsSecond(office, actor, row))))) {
    const waits = await proposeDecision(office, actor, row, input, rest)
    return isRefused(waits) ? waits : { waits }
  }
  const decision = input.happened ? 'confirm' : 'reverse'
  const decided = await decideCase(office, actor, { case: input.id, decision, reason: input.reason, rest })
  return isRefused(decided) ? decided : { waits: null }
}

/** The split of the amount; null: the card has enough, or nothing happened. */
function sharedBy(row: CaseRow, { happened, bearer }: CaseInput): Rest | Refused | null {
  const amount = happened ? missingOf(row) : 0
  if (bearer !== null && (amount === null || amount === 0)) return refused('case_nothing_to_bear', { case: row.id })
  if (amount === null || amount === 0) return null
  if (bearer === null) {
    const missing = { en: amountText(amount, row.currency), pl: amountTextPl(amount, row.currency) }
    return refused('case_bearer_needed', { missing })
  }
  return { bearer, amount }
}

const proposeDecision = (
  office: Office,
  actor: Actor,
  row: CaseRow,
  { id: subject, happened, reason }: CaseInput,
  rest: Rest | null,
) =>
  inTransaction(office, (connection) =>
    propose(connection, office, actor, {
      kind: 'case',
      subject,
      input: { happened, rest },
      reason,
      details: { happened, amount: row.amount, ...(rest === null ? {} : { bearer: rest.bearer, rest: rest.amount }) },
      store: row.store,
    }),
  )

type Proposed = { readonly happened: boolean; readonly rest: Rest | null }
export type CaseProposal = ProposalRow & Proposed & { readonly row: CaseRow }

export async function openCaseProposals(office: Office, actor: Actor): Promise<CaseProposal[]> {
  const all: CaseProposal[] = []
  for (const proposal of await openProposals(office, 'case')) {
    const row = await caseRow(office, actor, proposal.subject)
    if (!isRefused(row)) all.push({ ...proposal, ...proposedIn(proposal), row })
  }
  return all
}

function proposedIn({ input }: ProposalRow): Proposed {
  const { happened, rest = null } = JSON.parse(input) as { happened: boolean; rest?: Rest | null }
  return { happened, rest }
}

/** The second person's approval: the decision is booked under their name. */
export async function decideCaseProposal(
  office: Office,
  actor: Actor,
  input: { readonly id: number; readonly approve: boolean; readonly reason: string },
): Promise<{ readonly id: number } | Refused> {
  const found = await decideProposal(office, actor, { kind: 'case', ...input })
  if (isRefused(found) || !input.approve) return found
  const { happened, rest } = proposedIn(found)
  const decision = happened ? 'confirm' : 'reverse'
  return decideCase(office, actor, { case: found.subject, decision, reason: found.reason, rest })
}
