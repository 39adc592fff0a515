import { createHash } from 'node:crypto'
import { amountText, amountTextPl } from '../core/currency.ts'
import { selectDecidedGrants, toGrant, type GrantRow } from '../db/sql/grants.ts'
import { selectOpenProposals, selectLimitValues, toLimitChange, toOpenProposalView } from '../db/sql/limits.ts'
import { selectBalances } from '../db/sql/card-balances.ts'
import { type Actor, isSamePerson } from './actor.ts'
import { decideCaseProposal, openCaseProposals } from './case-page.ts'
import { decideAdjustment, listAdjustments } from './adjustments.ts'
import { decideGrant, dependenceObjection, waitingGrants } from './grants.ts'
import { decideLimits } from './limits.ts'
import type { Office } from './office.ts'
import { isRefused, refused, refusalText, type Refused, type Words } from './refusal.ts'
import type { Right } from './rights-table.ts'

export const APPROVAL_KINDS = ['adjustment', 'limits', 'grant', 'case'] as const
export type ApprovalKind = (typeof APPROVAL_KINDS)[number]

export type Change = {
  readonly name: Words
  readonly before: string | null
  readonly after: string | null
  readonly money: { readonly before: number | null; readonly after: number | null; readonly currency: number } | null
}

/** What one person asked for and another one decides. */
export type Approval = {
  readonly kind: ApprovalKind
  readonly id: number
  readonly subject: Words
  /** The page about it. */
  readonly to: string | null
  readonly by: string
  readonly at: number
  readonly reason: string
  readonly changes: readonly Change[]
  readonly createsMoney: boolean
  /** What was shown, as a digest: what is approved is what was seen. */
  readonly version: string
  /** Why this person may not approve it; null: they may. */
  readonly refused: Words | null
  readonly own: boolean
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly approved: boolean | null
}

const MOST = 500

/** What this person may decide or has asked for. */
export async function listApprovals(
  office: Office,
  actor: Actor,
  { open }: { readonly open: boolean },
): Promise<Approval[]> {
  const all = open
    ? [
        ...(await adjustments(office, actor)),
        ...(await limits(office, actor)),
        ...(await grants(office, actor)),
        ...(await caseDecisions(office, actor)),
      ]
    : await decided(office, actor)
  return all.toSorted((a, b) => b.at - a.at)
}

type Draft = Omit<Approval, 'version' | 'refused' | 'own' | 'decidedBy' | 'decidedAt' | 'approved'> & {
  readonly right: Right
}

/** Whether it is shown, and why it may not be approved by this actor. */
function shown(actor: Actor, { right, ...draft }: Draft, alsoFor = false): Approval[] {
  const own = isSamePerson(actor, draft.by)
  const may = actor.rights.has(right)
  if (!own && !may && !alsoFor) return []
  const objection = own ? refused('own_request', { who: draft.by }) : may ? null : refused('right_missing', { right })
  return [
    {
      ...draft,
      own,
      version: versionOf(draft),
      refused: objection === null ? null : wordsOf(objection),
      decidedBy: null,
      decidedAt: null,
      approved: null,
    },
  ]
}

const wordsOf = (refusal: Refused): Words => ({ en: refusalText(refusal, 'en'), pl: refusalText(refusal, 'pl') })

const versionOf = ({ kind, id, changes, reason }: Pick<Approval, 'kind' | 'id' | 'changes' | 'reason'>): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, id, changes, reason]))
    .digest('hex')
    .slice(0, 32)

async function adjustments(office: Office, actor: Actor): Promise<Approval[]> {
  if (!actor.rights.has('cards.adjust') && !actor.rights.has('cards.adjust.approve')) return []
  const list = await listAdjustments(office, actor, { most: MOST })
  if (isRefused(list) || list.length === 0) return []
  const [rows = []] = await office.db.use((connection) =>
    connection.send(selectBalances(list.map(({ card }) => card.id))),
  )
  const ledgers = new Map(rows.map(([id, ledger]) => [Number(id), Number(ledger)]))
  return list.flatMap(({ id, card, currency, amount, reason, askedBy, askedAt }) => {
    const before = ledgers.get(card.id) ?? 0
    return shown(actor, {
      kind: 'adjustment',
      id,
      right: 'cards.adjust.approve',
      subject: {
        en: `${amountText(amount, currency)} on card ${card.shown}`,
        pl: `${amountTextPl(amount, currency)} na karcie ${card.shown}`,
      },
      to: `/cards/${card.id}`,
      by: askedBy,
      at: Date.parse(`${askedAt.replace(' ', 'T')}Z`),
      reason,
      changes: [
        {
          name: { en: 'Ledger balance', pl: 'Saldo księgowe' },
          before: null,
          after: null,
          money: { before, after: before + amount, currency },
        },
      ],
      createsMoney: amount > 0,
    })
  })
}

async function limits(office: Office, actor: Actor): Promise<Approval[]> {
  if (!actor.rights.has('issues.limits') && !actor.rights.has('issues.limits.approve')) return []
  return office.db.use(async (connection) => {
    const [rows = []] = await connection.send(selectOpenProposals)
    const all: Approval[] = []
    for (const proposal of rows.map(toOpenProposalView)) {
      const [values = []] = await connection.send(selectLimitValues(proposal.id))
      const changes = values.map(toLimitChange).map(({ setting, from, to }) => ({
        name: { en: setting, pl: setting },
        before: from === null ? null : String(from),
        after: to === null ? null : String(to),
        money: null,
      }))
      const subject = { en: `Limits of ${proposal.issue}`, pl: `Limity emisji ${proposal.issue}` }
      const { id, by, at, reason, issue } = proposal
      const draft = {
        kind: 'limits',
        id,
        subject,
        to: `/issues/${issue}`,
        by,
        at,
        reason,
        changes,
        createsMoney: false,
      } as const
      all.push(...shown(actor, { ...draft, right: 'issues.limits.approve' }))
    }
    return all
  })
}

const GRANTS: Readonly<Record<GrantRow['what'], Words>> = {
  invitation: { en: 'Invitation of', pl: 'Zaproszenie:' },
  roles: { en: 'Roles of', pl: 'Role:' },
  password: { en: 'New password of', pl: 'Nowe hasło:' },
  totp: { en: 'New codes of', pl: 'Nowe kody:' },
  enabling: { en: 'Enabling', pl: 'Włączenie:' },
}

const grantDraft = ({ id, what, login, by, at, roles, stores }: GrantRow): Draft => ({
  kind: 'grant',
  id,
  right: 'users.edit',
  subject: { en: `${GRANTS[what].en} ${login}`, pl: `${GRANTS[what].pl} ${login}` },
  to: '/users',
  by,
  at,
  reason: '',
  changes: [
    { name: { en: 'Roles', pl: 'Role' }, before: null, after: roles.join(', '), money: null },
    { name: { en: 'Stores', pl: 'Sklepy' }, before: null, after: stores.join(', '), money: null },
  ],
  createsMoney: false,
})

async function grants(office: Office, actor: Actor): Promise<Approval[]> {
  return (await waitingGrants(office, actor)).flatMap((grant) => shown(actor, grantDraft(grant), true))
}

async function caseDecisions(office: Office, actor: Actor): Promise<Approval[]> {
  if (!actor.rights.has('cases.decide') && !actor.rights.has('cases.approve')) return []
  return (await openCaseProposals(office, actor)).flatMap(({ id, subject, by, at, reason, happened, row }) =>
    shown(actor, {
      kind: 'case',
      id,
      right: 'cases.approve',
      subject: {
        en: `Case ${subject}: ${amountText(row.amount, row.currency)}, ${happened ? 'it happened' : 'it did not happen'}`,
        pl: `Wyjaśnienie ${subject}: ${amountTextPl(row.amount, row.currency)}, ${happened ? 'odbyło się' : 'nie odbyło się'}`,
      },
      to: `/cases/${subject}`,
      by,
      at,
      reason,
      changes: [],
      createsMoney: false,
    }),
  )
}

async function decided(office: Office, actor: Actor): Promise<Approval[]> {
  if (!actor.rights.has('users.edit') && !actor.rights.has('audit.see')) return []
  const [rows = []] = await office.db.use((connection) => connection.send(selectDecidedGrants(MOST)))
  return rows.map(toGrant).flatMap((grant) =>
    shown(actor, grantDraft(grant), true).map((approval) => ({
      ...approval,
      reason: grant.reason ?? '',
      decidedBy: grant.decidedBy,
      decidedAt: grant.decidedAt,
      approved: grant.state !== 'refused',
    })),
  )
}

export type ApprovalDecision = {
  readonly kind: string
  readonly id: number
  readonly approve: boolean
  readonly reason: string
  readonly version: string
}

/** Approves what was shown, or refuses it. `code` is what a second administrator hands on. */
export async function decideApproval(
  office: Office,
  actor: Actor,
  { kind, id, approve, reason, version }: ApprovalDecision,
): Promise<{ readonly code: string | null } | Refused> {
  const found = (await listApprovals(office, actor, { open: true })).find((one) => one.kind === kind && one.id === id)
  if (found === undefined) return refused('no_such_approval', { id })
  if (approve && found.version !== version) return refused('changed_since')
  if (approve && found.own) return refused('own_request', { who: found.by })
  if (approve) {
    const objection = await office.db.use((connection) =>
      dependenceObjection(connection, office, actor, found.by, office.clock()),
    )
    if (objection !== null) return objection
  }
  return DECIDE[found.kind](office, actor, found, approve, reason)
}

type Decide = (
  office: Office,
  actor: Actor,
  approval: Approval,
  approve: boolean,
  reason: string,
) => Promise<{ readonly code: string | null } | Refused>

const done = (result: unknown): { readonly code: null } | Refused => (isRefused(result) ? result : { code: null })

const DECIDE = {
  adjustment: async (office, actor, { id }, approve) => done(await decideAdjustment(office, actor, { id, approve })),
  limits: async (office, actor, { to }, approve) =>
    done(await decideLimits(office, actor, { issue: to?.split('/').at(-1) ?? '', approve })),
  case: async (office, actor, { id }, approve, reason) =>
    done(await decideCaseProposal(office, actor, { id, approve, reason })),
  grant: (office, actor, { id }, approve, reason) => decideGrant(office, actor, { id, approve, reason }),
} as const satisfies Record<ApprovalKind, Decide>
