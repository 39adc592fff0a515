import { Type } from 'typebox'
import { PACK_STATES } from '../../core/pack.ts'
import { Waiting } from './issues.ts'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Code,
  Cursor,
  Handle,
  Id,
  Limit,
  members,
  Money,
  None,
  oneOf,
  opt,
  orNull,
  page,
  Reason,
  Time,
} from './values.ts'

const ofId = members({ id: Id })

const PackRow = {
  id: Id,
  issue: Type.String(),
  recipient: members({ kind: oneOf(['store', 'counterparty']), code: Type.String(), name: Type.String() }),
  state: oneOf(PACK_STATES),
  cards: Type.Integer(),
  /** A second person has let its cards be sold, or none needs to. */
  authorised: Type.Boolean(),
}

const File = members({
  name: Type.String({ minLength: 1, maxLength: 200 }),
  content: Type.String({ maxLength: 20_000_000 }),
})

/** At most a pack that is scanned card by card; a larger one comes from a file of the scanner. */
const Handles = Type.Array(Handle, { maxItems: 2_000 })

const Selection = {
  issue: Code,
  /** `1-500,700`. */
  serials: Type.String({ maxLength: 200_000 }),
  scanned: Handles,
  file: orNull(File),
}

const Finding = members({
  finding: Type.String(),
  count: Type.Integer(),
  first: Type.Array(Type.String()),
  more: Type.Boolean(),
  /** The pack can be made in spite of it, if the user agrees. */
  allowable: Type.Boolean(),
})

const Plan = { cards: Type.Integer(), ranges: Type.Integer(), findings: Type.Array(Finding) }
const Asked = { reason: Reason, skip: opt(Type.Boolean()) }
const step = (path: `/api/${string}`, right: 'packs.dispatch' | 'packs.activate' | 'packs.return' | 'packs.kill') =>
  ({ method: 'POST', path, access: [right], params: ofId, body: members(Asked), answer: None }) as const

export const PACKS = {
  'packs.list': {
    method: 'GET',
    path: '/api/packs',
    access: ['packs.find'],
    query: members({
      issue: opt(Code),
      recipient: opt(Code),
      state: opt(oneOf(PACK_STATES)),
      limit: Limit,
      cursor: Cursor,
    }),
    answer: page(members(PackRow)),
  },
  'packs.show': {
    method: 'GET',
    path: '/api/packs/:id',
    access: ['packs.find'],
    params: ofId,
    answer: members({
      ...PackRow,
      issueState: Type.String(),
      states: Type.Array(members({ state: Type.String(), count: Type.Integer() })),
      sale: orNull(
        members({ each: Money, total: Money, askedBy: orNull(Type.String()), approvedBy: orNull(Type.String()) }),
      ),
      currency: members({ letters: Type.String(), exponent: Type.Integer() }),
      events: Type.Array(
        members({
          at: Time,
          who: Type.String(),
          event: Type.String(),
          reason: orNull(Type.String()),
          detail: orNull(Type.String()),
        }),
      ),
      /** Each step: null where it is next, the steps that it would leave out, or why it can't be taken. */
      steps: Type.Array(members({ step: Type.String(), skips: Type.Array(Type.String()), possible: Type.Boolean() })),
      approvals: Type.Array(Waiting),
    }),
  },
  /** The answer to a scan: is the card in this pack, or could it go into a new one? */
  'packs.scan': {
    method: 'POST',
    path: '/api/packs/scans',
    access: ['packs.receive', 'packs.make'],
    body: members({ text: Type.String({ minLength: 1, maxLength: 200 }), pack: orNull(Id), issue: orNull(Code) }),
    answer: members({ handle: Handle, card: Type.String(), shown: Type.String(), finding: Type.String() }),
  },
  /** All cards that a search of `/cards` finds, as serials of their one issue. */
  'packs.serials': {
    method: 'POST',
    path: '/api/packs/serials',
    access: ['packs.make'],
    body: members({ query: Type.String({ maxLength: 2_000 }) }),
    answer: members({ issue: Code, serials: Type.String(), cards: Type.Integer() }),
  },
  'packs.plan': {
    method: 'POST',
    path: '/api/packs/plan',
    access: ['packs.make'],
    body: members(Selection),
    answer: members(Plan),
  },
  'packs.make': {
    method: 'POST',
    path: '/api/packs',
    access: ['packs.make'],
    body: members({
      ...Selection,
      recipient: members({ kind: oneOf(['store', 'counterparty']), code: Code }),
      allowed: Type.Array(oneOf(['overlap', 'gap']), { maxItems: 2 }),
      reason: Reason,
    }),
    /** `pack` null: nothing was made, because of the findings. */
    answer: members({ ...Plan, pack: orNull(Id) }),
  },
  'packs.dispatch': step('/api/packs/:id/dispatch', 'packs.dispatch'),
  'packs.activate': step('/api/packs/:id/activation', 'packs.activate'),
  'packs.return': step('/api/packs/:id/return', 'packs.return'),
  'packs.kill': { ...step('/api/packs/:id/killing', 'packs.kill'), proof: 'byRight' },
  'packs.receive': {
    method: 'POST',
    path: '/api/packs/:id/receipt',
    access: ['packs.receive'],
    params: ofId,
    body: members({
      scanned: Handles,
      file: orNull(File),
      missingAreLost: Type.Boolean(),
      reason: Type.String({ maxLength: 200 }),
      skip: opt(Type.Boolean()),
    }),
    answer: members({
      received: Type.Boolean(),
      lost: Type.Integer(),
      missing: members({ count: Type.Integer(), cards: Type.Array(Type.String()) }),
      surplus: members({ count: Type.Integer(), cards: Type.Array(Type.String()) }),
    }),
  },
  /** A second person decides. Minor units on each card; null: the nominal. */
  'packs.sell': {
    method: 'POST',
    path: '/api/packs/:id/sale',
    access: ['packs.sell'],
    params: ofId,
    body: members({ amount: orNull(Type.Integer({ minimum: 1, maximum: 999_999_999_999 })), reason: Reason }),
    answer: members({ approval: ApprovalId }),
  },
} as const satisfies Record<string, Route>
