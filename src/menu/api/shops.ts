import { Type } from 'typebox'
import type { Route } from './route.ts'
import { ApprovalId, Code, Id, members, Money, Named, None, oneOf, opt, orNull, Reason, Time } from './values.ts'

const ofCode = members({ code: Code })
const EventId = Type.String({ pattern: '^[a-z]{3}_[0-9A-Za-z_-]{1,40}$' })

/** Minor units of the store's currency; null: no limit. */
const Limit = orNull(Type.Integer({ minimum: 0, maximum: 999_999_999_999 }))
const Limits = members({ loadsAnHour: Limit, loadsADay: Limit, returnsAnHour: Limit, returnsADay: Limit })

const Shop = {
  code: Type.String(),
  name: Type.String(),
  store: Named,
  state: oneOf(['open', 'closed']),
  confirmWithinSeconds: Type.Integer(),
  cancelDays: Type.Integer(),
  limits: Limits,
  currency: members({ letters: Type.String(), exponent: Type.Integer() }),
}

const Waits = members({ approval: orNull(ApprovalId) })

export const SHOPS = {
  'shops.list': {
    method: 'GET',
    path: '/api/shops',
    access: ['shops.edit'],
    answer: members({ items: Type.Array(members(Shop)) }),
  },
  'shops.show': {
    method: 'GET',
    path: '/api/shops/:code',
    access: ['shops.edit'],
    params: ofCode,
    answer: members({
      ...Shop,
      keys: Type.Array(
        members({
          id: Id,
          name: Type.String(),
          kind: oneOf(['secret', 'publishable']),
          ending: Type.String(),
          scopes: Type.Array(Type.String()),
          origins: Type.Array(Type.String()),
          networks: Type.Array(Type.String()),
          expiresAt: orNull(Time),
          revokedAt: orNull(Time),
          createdAt: Time,
          createdBy: Type.String(),
          waiting: Type.Boolean(),
        }),
      ),
      endpoints: Type.Array(
        members({
          id: Type.String(),
          url: Type.String(),
          events: Type.Array(Type.String()),
          state: Type.String(),
          deliveries: Type.Array(
            members({
              event: Type.String(),
              type: Type.String(),
              state: Type.String(),
              tries: Type.Integer(),
              triedAt: orNull(Type.String()),
              status: orNull(Type.Integer()),
              fault: orNull(Type.String()),
            }),
          ),
        }),
      ),
      /** Its latest requests in the books. */
      calls: Type.Array(
        members({ at: Time, operation: Type.String(), result: Type.String(), state: Type.String(), amount: Money }),
      ),
      /** Its refused requests that did not reach the books, in the answering process since its start. */
      refusedCalls: Type.Array(
        members({
          at: Time,
          method: Type.String(),
          path: Type.String(),
          status: Type.Integer(),
          problem: Type.String(),
          requestId: Type.String(),
        }),
      ),
    }),
  },
  'shops.add': {
    method: 'POST',
    path: '/api/shops',
    access: ['shops.edit'],
    body: members({ code: Code, name: Type.String({ minLength: 1, maxLength: 100 }), store: Code }),
    answer: members({ code: Type.String() }),
  },
  /** Changes that relax a check wait for a second person. */
  'shops.change': {
    method: 'PATCH',
    path: '/api/shops/:code',
    access: ['shops.edit'],
    params: ofCode,
    body: members({
      name: opt(Type.String({ minLength: 1, maxLength: 100 })),
      state: opt(oneOf(['open', 'closed'])),
      limits: opt(Limits),
    }),
    answer: Waits,
  },
  /** The key itself is in this answer alone. */
  'shops.addKey': {
    method: 'POST',
    path: '/api/shops/:code/keys',
    access: ['shops.edit'],
    params: ofCode,
    body: members({
      name: Type.String({ minLength: 1, maxLength: 40 }),
      kind: oneOf(['secret', 'publishable']),
      scopes: Type.Array(oneOf(['cards', 'payments', 'top-ups', 'refunds', 'sales', 'webhooks']), { maxItems: 6 }),
      origins: Type.Array(Type.String({ maxLength: 200 }), { maxItems: 20 }),
      networks: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 }),
    }),
    answer: members({ key: Type.String(), approval: orNull(ApprovalId) }),
  },
  'shops.revokeKey': {
    method: 'POST',
    path: '/api/shops/:code/keys/:id/revocation',
    access: ['shops.edit'],
    params: members({ code: Code, id: Id }),
    body: members({ reason: Reason }),
    answer: None,
  },
  'shops.endpoint': {
    method: 'PATCH',
    path: '/api/shops/:code/endpoints/:endpoint',
    access: ['shops.edit'],
    params: members({ code: Code, endpoint: EventId }),
    body: members({ state: oneOf(['active', 'disabled']) }),
    answer: None,
  },
  'shops.resend': {
    method: 'POST',
    path: '/api/shops/:code/events/:event/resending',
    access: ['shops.edit'],
    params: members({ code: Code, event: EventId }),
    body: None,
    answer: None,
  },
  'kiosks.list': {
    method: 'GET',
    path: '/api/kiosks',
    access: ['terminals.edit'],
    answer: members({
      items: Type.Array(
        members({
          code: Type.String(),
          store: Named,
          networks: Type.Array(Type.String()),
          state: oneOf(['active', 'revoked']),
          enrolled: Type.Boolean(),
        }),
      ),
    }),
  },
  /** The code that the browser of the price checker is given, good for ten minutes, in this answer alone. */
  'kiosks.add': {
    method: 'POST',
    path: '/api/kiosks',
    access: ['terminals.edit'],
    body: members({
      code: Code,
      store: Code,
      networks: Type.Array(Type.String({ maxLength: 60 }), { maxItems: 20 }),
    }),
    answer: members({ enrolment: Type.String() }),
  },
  'kiosks.remove': {
    method: 'POST',
    path: '/api/kiosks/:code/removal',
    access: ['terminals.edit'],
    params: ofCode,
    body: None,
    answer: None,
  },
} as const satisfies Record<string, Route>
