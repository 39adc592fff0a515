/**
 * The list of everything that waits for a second person, and its decision. Each kind of proposal is described in
 * `approvals/`.
 */

import { selectDecidedGrants, toGrant } from '../db/sql/grants.ts'
import { selectDecidedRoleChanges, toRoleChange } from '../db/sql/roles.ts'
import { selectDecidedProposals, toDecidedProposal, type DecidedProposal } from '../db/sql/proposals.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { ADJUSTMENTS, BULK_CHANGES, CARD_CHANGES } from './approvals/cards.ts'
import { CASES, JOURNALS } from './approvals/cases.ts'
import { CREDIT_LIMITS, PAYMENTS } from './approvals/counterparties.ts'
import { ECARDS } from './approvals/ecards.ts'
import { GRANTS, grantDraft, SETTING_CHANGES, USER_MAPS } from './approvals/people.ts'
import { ERASURES } from './approvals/persons.ts'
import { ROLE_CHANGES, roleDraft } from './approvals/roles.ts'
import { MAKER_KEYS } from './approvals/makers.ts'
import { ISSUE_AUTHORISATIONS, LIMITS, PACK_AUTHORISATIONS, PACK_SALES } from './approvals/sales.ts'
import { APPROVAL_KINDS, MOST, shown, type Approval, type ApprovalKind, type ApprovalRule } from './approvals/item.ts'
import { SETTLEMENTS } from './approvals/settlements.ts'
import { API_KEYS, SHOP_CHANGES } from './approvals/shops.ts'
import { TERMINAL_CHANGES } from './approvals/terminals.ts'
import { EMPLOYERS, WELFARE_BATCHES, WELFARE_RECALLS } from './approvals/welfare.ts'
import { dependenceObjection } from './grants.ts'
import type { Office } from './office.ts'
import { PROPOSAL_KINDS, proposalRight, type ProposalKind } from './proposals.ts'
import { refused, type Refused, type Words } from './refusal.ts'

export type { Approval }

/** Every kind of proposal. */
const APPROVALS: Readonly<Record<ApprovalKind, ApprovalRule>> = {
  adjustment: ADJUSTMENTS,
  limits: LIMITS,
  issueAuthorisation: ISSUE_AUTHORISATIONS,
  packAuthorisation: PACK_AUTHORISATIONS,
  packSale: PACK_SALES,
  makerKey: MAKER_KEYS,
  case: CASES,
  card: CARD_CHANGES,
  bulk: BULK_CHANGES,
  journal: JOURNALS,
  setting: SETTING_CHANGES,
  apiKey: API_KEYS,
  shop: SHOP_CHANGES,
  ecard: ECARDS,
  terminal: TERMINAL_CHANGES,
  grant: GRANTS,
  userMap: USER_MAPS,
  role: ROLE_CHANGES,
  welfare: WELFARE_BATCHES,
  recall: WELFARE_RECALLS,
  payment: PAYMENTS,
  creditLimit: CREDIT_LIMITS,
  employer: EMPLOYERS,
  settlement: SETTLEMENTS,
  erasure: ERASURES,
}

/** Approvals that this person may decide or has proposed, newest first. */
export async function listApprovals(
  office: Office,
  actor: Actor,
  { open }: { readonly open: boolean },
): Promise<Approval[]> {
  const all = open ? await waiting(office, actor, APPROVAL_KINDS) : await decided(office, actor)
  return all.toSorted((a, b) => b.at - a.at)
}

async function waiting(office: Office, actor: Actor, kinds: readonly ApprovalKind[]): Promise<Approval[]> {
  const all: Approval[] = []
  for (const kind of kinds) {
    const { list, isShownToAll = false } = APPROVALS[kind]
    for (const draft of await list(office, actor)) all.push(...shown(actor, kind, draft, isShownToAll))
  }
  return all
}

async function decided(office: Office, actor: Actor): Promise<Approval[]> {
  const kinds = PROPOSAL_KINDS
  const [proposals = [], grants = [], roles = []] = await office.db.use((connection) =>
    connection.send(
      `${selectDecidedProposals(kinds, MOST)};${selectDecidedGrants(MOST)};${selectDecidedRoleChanges(MOST)}`,
    ),
  )
  const seesGrants = actor.rights.has('users.edit') || actor.rights.has('audit.see')
  return [
    ...proposals.map(toDecidedProposal).flatMap((proposal) => decidedProposal(actor, proposal)),
    ...(seesGrants ? grants : []).map(toGrant).flatMap((grant) =>
      shown(actor, 'grant', grantDraft(grant), true).map((approval) => ({
        ...approval,
        reason: grant.reason ?? '',
        decidedBy: grant.decidedBy,
        decidedAt: grant.decidedAt,
        approved: grant.state !== 'refused',
      })),
    ),
    ...(seesGrants ? roles : []).map(toRoleChange).flatMap((one) =>
      shown(actor, 'role', roleDraft(one, [], []), true).map((approval) => ({
        ...approval,
        reason: one.reason ?? '',
        decidedBy: one.decidedBy,
        decidedAt: one.decidedAt,
        approved: one.state !== 'refused',
      })),
    ),
  ]
}

const SUBJECTS: Readonly<
  Record<ProposalKind, { readonly words: Words; readonly to: string | null; readonly page?: string }>
> = {
  case: { words: { en: 'Case', pl: 'Wyjaśnienie' }, to: '/cases/' },
  card: { words: { en: 'Card', pl: 'Karta' }, to: '/cards/' },
  bulk: { words: { en: 'Change of cards', pl: 'Zmiana kart' }, to: '/bulk/' },
  journal: { words: { en: 'Journal', pl: 'Dziennik' }, to: '/journals/' },
  setting: { words: { en: 'Setting', pl: 'Ustawienie' }, to: null, page: '/settings' },
  apiKey: { words: { en: 'API key', pl: 'Klucz API' }, to: null },
  shop: { words: { en: 'Limits of a web shop', pl: 'Limity sklepu internetowego' }, to: null },
  ecard: { words: { en: 'E-card', pl: 'E-karta' }, to: null, page: '/ecards' },
  payment: {
    words: { en: 'Payments of counterparties', pl: 'Wpłaty kontrahentów' },
    to: null,
    page: '/counterparties',
  },
  creditLimit: { words: { en: 'Credit limit', pl: 'Limit kredytu' }, to: null, page: '/counterparties' },
  employer: { words: { en: 'Settings of an employer', pl: 'Ustawienia pracodawcy' }, to: null, page: '/welfare' },
  terminal: { words: { en: 'Terminal', pl: 'Terminal' }, to: null, page: '/terminals' },
  erasure: { words: { en: 'Erasure of a person', pl: 'Usunięcie danych osoby' }, to: null },
  settlement: { words: { en: 'Settlement', pl: 'Rozliczenie' }, to: '/settlements/' },
}

/** Decided proposals: the person's own, and those that they could have decided. */
function decidedProposal(actor: Actor, proposal: DecidedProposal): Approval[] {
  const { id, subject, by, at, reason, decidedBy, decidedAt, approved } = proposal
  const kind = PROPOSAL_KINDS.find((known) => known === proposal.kind)
  if (kind === undefined) return []
  const { words, to, page = null } = SUBJECTS[kind]
  const draft = {
    id,
    right: proposalRight(kind),
    subject: to === null ? words : { en: `${words.en} ${subject}`, pl: `${words.pl} ${subject}` },
    to: to === null ? page : `${to}${subject}`,
    by,
    at,
    reason,
    changes: [],
    createsMoney: false,
  }
  const mine = decidedBy !== null && isSamePerson(actor, decidedBy)
  return shown(actor, kind, draft, mine).map((approval) => ({ ...approval, decidedBy, decidedAt, approved }))
}

export type ApprovalDecision = {
  readonly kind: string
  readonly id: number
  readonly approve: boolean
  readonly reason: string
  readonly version: string
}

/** Approves the version that was shown, or refuses it. `code`: the code that a second administrator hands over. */
export async function decideApproval(
  office: Office,
  actor: Actor,
  { kind: name, id, approve, reason, version }: ApprovalDecision,
): Promise<{ readonly code: string | null } | Refused> {
  const kind = APPROVAL_KINDS.find((known) => known === name)
  if (kind === undefined) return refused('no_such_approval', { id })
  const approval = (await waiting(office, actor, [kind])).find((one) => one.id === id)
  if (approval === undefined) return refused('no_such_approval', { id })
  if (approve && approval.version !== version) return refused('changed_since')
  if (approve && approval.own) return refused('own_request', { who: approval.by })
  if (approve) {
    const objection = await office.db.use((connection) =>
      dependenceObjection(connection, office, actor, approval.by, office.clock()),
    )
    if (objection !== null) return objection
  }
  return APPROVALS[kind].decide(office, actor, { id, approve, reason, approval })
}
