import { Type } from 'typebox'
import { ISSUE_STATES } from '../../core/issue.ts'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Code,
  Id,
  members,
  Money,
  None,
  oneOf,
  opt,
  orNull,
  Reason,
  LocalizedText,
  Time,
} from './values.ts'

const ofCode = members({ code: Code })

/** Setting → text, as in a file: `saleMinimum: 49.90`. */
const Settings = Type.Record(Type.String({ maxLength: 40 }), Type.String({ maxLength: 4_000 }))

/** The first of the cards, and the last. */
const Serials = { first: Type.Integer({ minimum: 1 }), last: Type.Integer({ minimum: 1 }) }

const Progress = members({
  id: Id,
  state: oneOf(['waiting', 'running', 'done', 'failed']),
  done: Type.Integer(),
  total: Type.Integer(),
  trouble: orNull(Type.String()),
})

/** An item that waits for a second person, to be decided by `approvals.decide`. */
export const Waiting = members({
  id: ApprovalId,
  kind: Type.String(),
  by: Type.String(),
  at: Time,
  reason: Type.String(),
  version: Type.String(),
  refused: orNull(LocalizedText),
  own: Type.Boolean(),
})

const Names = Type.Array(members({ login: Type.String(), name: Type.String() }))

const Key = members({ recipient: Type.String(), by: Type.String(), decidedBy: orNull(Type.String()) })

export const ISSUES = {
  'issues.list': {
    method: 'GET',
    path: '/api/issues',
    access: ['issues.find'],
    answer: members({
      items: Type.Array(
        members({
          code: Type.String(),
          name: Type.String(),
          state: oneOf(ISSUE_STATES),
          count: Type.Integer(),
          medium: Type.String(),
          minimum: Money,
          maximum: Money,
          validUntil: orNull(Type.String()),
          validityMonths: orNull(Type.Integer()),
        }),
      ),
    }),
  },
  'issues.show': {
    method: 'GET',
    path: '/api/issues/:code',
    access: ['issues.find'],
    params: ofCode,
    answer: members({
      code: Type.String(),
      name: Type.String(),
      state: oneOf(ISSUE_STATES),
      count: Type.Integer(),
      minimum: Money,
      maximum: Money,
      settings: Settings,
      cards: Type.Array(members({ state: Type.String(), count: Type.Integer() })),
      packs: Type.Array(members({ state: Type.String(), packs: Type.Integer(), cards: Type.Integer() })),
      job: orNull(Progress),
      activatedBy: orNull(Type.String()),
      authorisedBy: orNull(Type.String()),
      events: Type.Array(members({ at: Time, who: Type.String(), event: Type.String(), note: orNull(Type.String()) })),
      exports: Type.Array(
        members({
          id: Id,
          maker: Type.String(),
          who: Type.String(),
          at: Time,
          reason: orNull(Type.String()),
          fileName: Type.String(),
          encryptedTo: orNull(Type.String()),
          ecodes: Type.Boolean(),
          cards: orNull(Type.Integer()),
          sha256: orNull(Type.String()),
        }),
      ),
      approvals: Type.Array(Waiting),
      /** The persons with each right: whom to ask. */
      people: members({ edit: Names, export: Names, packs: Names, activate: Names, authorise: Names }),
    }),
  },
  'issues.plan': {
    method: 'POST',
    path: '/api/issues',
    access: ['issues.edit'],
    body: members({ settings: Settings }),
    answer: members({ code: Type.String() }),
  },
  'issues.change': {
    method: 'PATCH',
    path: '/api/issues/:code',
    access: ['issues.edit'],
    params: ofCode,
    body: members({ settings: Settings }),
    answer: members({ code: Type.String() }),
  },
  'issues.generate': {
    method: 'POST',
    path: '/api/issues/:code/generation',
    access: ['issues.edit'],
    params: ofCode,
    body: None,
    answer: members({ job: Id }),
  },
  /** Barcodes of a few cards, for the page. */
  'issues.proofs': {
    method: 'POST',
    path: '/api/issues/:code/proofs',
    access: ['issues.export'],
    params: ofCode,
    body: members(Serials),
    answer: members({
      items: Type.Array(members({ serial: Type.Integer(), shown: Type.String(), png: Type.String() })),
    }),
  },
  /** A PDF with more barcodes. It is made for each request, which is recorded. */
  'issues.proofFile': {
    method: 'POST',
    path: '/api/issues/:code/proof-file',
    access: ['issues.export'],
    params: ofCode,
    body: members(Serials),
    answer: null,
  },
  /** The answer is the file itself, encrypted to the maker; it is kept nowhere. */
  'issues.export': {
    method: 'POST',
    path: '/api/issues/:code/exports',
    access: ['issues.export'],
    params: ofCode,
    body: members({ maker: Code, reason: Reason, newEcodes: Type.Boolean() }),
    answer: null,
  },
  'issues.activate': {
    method: 'POST',
    path: '/api/issues/:code/activation',
    access: ['issues.activate'],
    params: ofCode,
    body: members({ reason: opt(Type.String({ maxLength: 200 })) }),
    answer: None,
  },
  'issues.close': {
    method: 'POST',
    path: '/api/issues/:code/closing',
    access: ['issues.edit'],
    params: ofCode,
    body: members({ reason: Reason }),
    answer: None,
  },
  /** A second person decides. */
  'issues.limits': {
    method: 'POST',
    path: '/api/issues/:code/limits',
    access: ['issues.limits'],
    params: ofCode,
    body: members({ settings: Settings, reason: Reason }),
    answer: members({
      changes: Type.Array(members({ setting: Type.String(), from: Type.String(), to: Type.String() })),
    }),
  },
  'makers.list': {
    method: 'GET',
    path: '/api/makers',
    access: ['issues.export'],
    answer: members({
      items: Type.Array(
        members({
          name: Type.String(),
          format: orNull(Type.String()),
          columns: Type.Array(Type.String()),
          /** The layout can't be read: why. */
          fault: orNull(LocalizedText),
          key: orNull(Key),
          proposed: orNull(Key),
        }),
      ),
    }),
  },
  'makers.key': {
    method: 'POST',
    path: '/api/makers/:code/key',
    access: ['issues.export'],
    params: ofCode,
    body: members({
      publicKey: Type.String({ minLength: 10, maxLength: 8_000, pattern: '^[\\x0a\\x0d\\x20-\\x7e]+$' }),
      reason: Reason,
    }),
    answer: members({ approval: ApprovalId }),
  },
} as const satisfies Record<string, Route>
