/** The common form of everything that waits for a second person. */

import { createHash } from 'node:crypto'
import { type Actor, isSamePerson } from '../actor.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, refusalText, type Refused, type Words } from '../refusal.ts'
import type { Right } from '../rights-table.ts'

export const APPROVAL_KINDS = [
  'adjustment',
  'limits',
  'issueAuthorisation',
  'packAuthorisation',
  'packSale',
  'makerKey',
  'case',
  'card',
  'bulk',
  'journal',
  'setting',
  'apiKey',
  'shop',
  'ecard',
  'terminal',
  'grant',
  'userMap',
  'role',
  'welfare',
  'recall',
  'payment',
  'creditLimit',
  'employer',
  'settlement',
  'erasure',
] as const
export type ApprovalKind = (typeof APPROVAL_KINDS)[number]

/**
 * What the values of a change are, so that each reader gets them in words: codes of one vocabulary, with commas between
 * several, or a day or a time.
 */
export type ValueKind = 'flag' | 'block' | 'terminalState' | 'confirmation' | 'language' | 'role' | 'day' | 'time'

export type Change = {
  readonly name: Words
  readonly before: string | null
  readonly after: string | null
  readonly money: { readonly before: number | null; readonly after: number | null; readonly currency: number } | null
  /** Null: the values are shown as they are. */
  readonly values?: ValueKind | null
}

/** A proposal of one person that another one decides. */
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
  /** A digest of the shown content: the approval is for exactly this. */
  readonly version: string
  /** Why this person may not approve it; null: they may. */
  readonly refused: Words | null
  readonly own: boolean
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly approved: boolean | null
}

/** As many as are shown of one kind. */
export const MOST = 500

export type Draft = Omit<Approval, 'kind' | 'version' | 'refused' | 'own' | 'decidedBy' | 'decidedAt' | 'approved'> & {
  readonly right: Right
}

export type Decided = { readonly code: string | null } | Refused

/** How one kind of approval is listed and decided. To add a kind: its name above, its rule in a table of APPROVALS. */
export type ApprovalRule = {
  /** Waiting items of proposers or of persons with one of these rights. */
  readonly list: (office: Office, actor: Actor) => Promise<readonly Draft[]>
  /** Also shown to people who may not decide it. */
  readonly isShownToAll?: boolean
  readonly decide: (office: Office, actor: Actor, input: DecideInput) => Promise<Decided>
}

export type DecideInput = {
  readonly id: number
  readonly approve: boolean
  readonly reason: string
  readonly approval: Approval
}

/** Whether it is shown to this actor, and the reason if they may not approve it. */
export function shown(actor: Actor, kind: ApprovalKind, { right, ...draft }: Draft, toAll = false): Approval[] {
  const own = isSamePerson(actor, draft.by)
  const may = actor.rights.has(right)
  if (!own && !may && !toAll) return []
  const objection = own ? refused('own_request', { who: draft.by }) : may ? null : refused('right_missing', { right })
  return [
    {
      ...draft,
      kind,
      own,
      version: versionOf(kind, draft),
      refused: objection === null ? null : wordsOf(objection),
      decidedBy: null,
      decidedAt: null,
      approved: null,
    },
  ]
}

const wordsOf = (refusal: Refused): Words => ({ en: refusalText(refusal, 'en'), pl: refusalText(refusal, 'pl') })

const versionOf = (
  kind: ApprovalKind,
  { id, changes, reason, subject }: Pick<Draft, 'id' | 'changes' | 'reason' | 'subject'>,
): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, id, changes, reason, subject.en]))
    .digest('hex')
    .slice(0, 32)

export const decidedWithoutCode = (result: unknown): Decided => (isRefused(result) ? result : { code: null })

/** One thing that changes, in words. */
export const change = (
  name: Words,
  before: string | null,
  after: string | null,
  values: ValueKind | null = null,
): Change => ({ name, before, after, money: null, values })
