import { Type } from 'typebox'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Cursor,
  Day,
  Id,
  Limit,
  members,
  Money,
  Named,
  None,
  oneOf,
  opt,
  orNull,
  page,
  LocalizedText,
  Time,
} from './values.ts'

const ofId = members({ id: Id })

const PerMinute = members({
  /** In the last whole minute, and since the installation's midnight. */
  now: Type.Integer(),
  today: Type.Integer(),
  /** The last 30 minutes, the oldest first. */
  minutes: Type.Array(Type.Integer()),
})

export const TODAY = {
  /** Limited to own stores for persons who see only those. At most 2 s old. */
  'today.show': {
    method: 'GET',
    path: '/api/today',
    access: ['today.see'],
    answer: members({
      at: Time,
      day: Day,
      payments: PerMinute,
      sales: PerMinute,
      topUps: PerMinute,
      declines: PerMinute,
      declinesByResult: Type.Array(
        members({
          result: Type.String(),
          response: Type.String(),
          text: LocalizedText,
          /** In the last 60 seconds, and since the installation's midnight. */
          now: Type.Integer(),
          count: Type.Integer(),
        }),
      ),
      money: Type.Array(members({ operation: Type.String(), count: Type.Integer(), amount: Money })),
      unconfirmed: Type.Integer(),
      casesOpen: Type.Integer(),
      approvalsWaiting: Type.Integer(),
      storeAndForward: Type.Integer(),
      /** The first active terminals that have not been heard of today though they were in the last seven days, and how many. */
      silentTerminals: Type.Array(members({ terminal: Type.String(), store: Named, lastAt: orNull(Time) })),
      silentTerminalsCount: Type.Integer(),
      /** Listeners on which no terminal sent a message today, though one did in the last seven days; for persons who see all stores. */
      silentLines: Type.Array(members({ name: Type.String(), lastAt: orNull(Time) })),
      alertsOpen: Type.Integer(),
      /** The latest of the last seven days, for issuers. */
      killedPacks: Type.Array(members({ pack: Id, at: Time })),
      /** The latest, as they come in. */
      latest: Type.Array(
        members({
          id: Id,
          at: Time,
          operation: orNull(Type.String()),
          role: oneOf(['books', 'confirms', 'undoes']),
          store: Named,
          amount: orNull(Money),
          result: Type.String(),
          response: Type.String(),
        }),
      ),
    }),
  },
} as const satisfies Record<string, Route>

const Approval = members({
  id: ApprovalId,
  kind: oneOf([
    'adjustment',
    'limits',
    'issueAuthorisation',
    'packAuthorisation',
    'packSale',
    'makerKey',
    'case',
    'card',
    'bulk',
    'grant',
    'welfare',
    'recall',
    'journal',
    'terminal',
    'setting',
    'apiKey',
    'shop',
    'ecard',
    'payment',
    'creditLimit',
    'employer',
    'userMap',
    'role',
    'settlement',
    'erasure',
  ]),
  /** The object in words, and its page. */
  subject: LocalizedText,
  to: orNull(Type.String()),
  by: Type.String(),
  at: Time,
  reason: Type.String(),
  changes: Type.Array(
    members({
      name: LocalizedText,
      before: orNull(Type.String()),
      after: orNull(Type.String()),
      money: orNull(members({ before: orNull(Money), after: orNull(Money) })),
      /** What `before` and `after` are codes of; null: they are shown as they are. */
      values: orNull(oneOf(['flag', 'block', 'terminalState', 'confirmation', 'language', 'role', 'day', 'time'])),
    }),
  ),
  /** Money or cards appear from nothing. */
  createsMoney: Type.Boolean(),
  /** Sent back with the decision, so that the shown version is approved. */
  version: Type.String(),
  /** Null: I may; else why not (my own, no right). */
  refused: orNull(LocalizedText),
  own: Type.Boolean(),
  decidedBy: orNull(Type.String()),
  decidedAt: orNull(Time),
  approved: orNull(Type.Boolean()),
})

export const APPROVALS = {
  'approvals.list': {
    method: 'GET',
    path: '/api/approvals',
    access: 'signedIn',
    query: members({ open: opt(Type.Boolean()) }),
    answer: members({ items: Type.Array(Approval) }),
  },
  'approvals.decide': {
    method: 'POST',
    path: '/api/approvals/:id/decision',
    proof: 'always',
    access: 'signedIn',
    params: members({ id: ApprovalId }),
    body: members({
      approve: Type.Boolean(),
      reason: Type.String({ maxLength: 200 }),
      version: Type.String({ maxLength: 64 }),
    }),
    answer: members({
      done: Type.Boolean(),
      /** The code that the second administrator hands to the person, shown once; null for everything else. */
      code: orNull(Type.String()),
    }),
  },
} as const satisfies Record<string, Route>

const AuditRow = members({
  id: Id,
  at: Time,
  who: Type.String(),
  channel: Type.String(),
  action: Type.String(),
  object: members({ kind: Type.String(), id: Type.String() }),
  store: orNull(Type.String()),
  outcome: Type.String(),
  details: Type.String(),
  /** Null: not in the chain yet (5 s at most). */
  chained: orNull(Type.Integer()),
})

export const AUDIT = {
  'audit.list': {
    method: 'GET',
    path: '/api/audit',
    access: ['audit.see'],
    query: members({
      from: opt(Time),
      to: opt(Time),
      who: opt(Type.String({ maxLength: 40 })),
      action: opt(Type.String({ maxLength: 60 })),
      object: opt(Type.String({ maxLength: 64 })),
      outcome: opt(Type.String({ maxLength: 40 })),
      channel: opt(Type.String({ maxLength: 10 })),
      limit: Limit,
      cursor: Cursor,
    }),
    answer: page(AuditRow),
  },
  'audit.verify': {
    method: 'POST',
    path: '/api/audit/verification',
    access: ['audit.see'],
    body: None,
    answer: members({
      rows: Type.Integer(),
      faults: Type.Array(Type.String()),
      anchoredAt: orNull(Time),
      head: Type.String(),
    }),
  },
  'alerts.list': {
    method: 'GET',
    path: '/api/alerts',
    access: ['alerts.see'],
    query: members({ limit: Limit, cursor: Cursor }),
    answer: page(
      members({
        id: Id,
        kind: Type.String(),
        text: LocalizedText,
        since: Time,
        lastAt: Time,
        count: Type.Integer(),
        to: orNull(Type.String()),
        seenBy: Type.Array(members({ login: Type.String(), at: Time })),
      }),
    ),
  },
  'alerts.see': {
    method: 'POST',
    path: '/api/alerts/:id/seen',
    access: ['alerts.see'],
    params: ofId,
    body: None,
    answer: None,
  },
} as const satisfies Record<string, Route>

const Job = members({
  id: Id,
  kind: Type.String(),
  subject: Type.String(),
  to: orNull(Type.String()),
  state: oneOf(['waiting', 'running', 'done', 'failed']),
  done: Type.Integer(),
  total: Type.Integer(),
  who: Type.String(),
  createdAt: Time,
  startedAt: orNull(Time),
  endedAt: orNull(Time),
  trouble: orNull(Type.String()),
  /** The same in both languages, where it is known in both. */
  troubleText: orNull(LocalizedText),
  own: Type.Boolean(),
})

const Setting = members({
  name: Type.String(),
  text: LocalizedText,
  value: Type.String(),
  unit: orNull(Type.String()),
  minimum: Type.Integer(),
  maximum: Type.Integer(),
  /** Changing it so relaxes a check: a second person approves. */
  relaxes: oneOf(['higher', 'lower', 'never']),
})

export const UPKEEP = {
  'jobs.list': {
    method: 'GET',
    path: '/api/jobs',
    access: 'signedIn',
    query: members({ open: opt(Type.Boolean()), limit: Limit, cursor: Cursor }),
    answer: page(Job),
  },
  'jobs.show': { method: 'GET', path: '/api/jobs/:id', access: 'signedIn', params: ofId, answer: Job },
  'settings.show': {
    method: 'GET',
    path: '/api/settings',
    access: ['settings.edit', 'audit.see'],
    answer: members({ items: Type.Array(Setting), recipients: Type.Array(Type.String()), mail: Type.Boolean() }),
  },
  'settings.change': {
    method: 'PATCH',
    path: '/api/settings',
    access: ['settings.edit'],
    body: members({
      values: opt(Type.Record(Type.String(), Type.Integer())),
      recipients: opt(Type.Array(Type.String({ maxLength: 200, pattern: '^[^\\s@]+@[^\\s@]+$' }), { maxItems: 20 })),
    }),
    answer: members({ done: Type.Boolean(), approvals: Type.Array(ApprovalId) }),
  },
} as const satisfies Record<string, Route>
