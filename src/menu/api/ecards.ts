import { Type } from 'typebox'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Code,
  Cursor,
  Id,
  Limit,
  members,
  Minor,
  Money,
  oneOf,
  opt,
  orNull,
  page,
  Reason,
  Time,
} from './values.ts'

/** One address, without a name beside it. */
const Address = Type.String({
  maxLength: 254,
  pattern: "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*$",
})

/** Cards sold by e-mail. None of these answers has a number or an eCode in it: only the mail has. */
export const ECARDS = {
  'ecards.list': {
    method: 'GET',
    path: '/api/ecards',
    access: ['ecards.sell', 'ecards.sell.approve'],
    query: members({ cursor: Cursor, limit: Limit }),
    answer: members({
      ...page(
        members({
          id: Id,
          issue: members({ code: Type.String(), name: Type.String() }),
          amount: Money,
          buyer: members({ kind: oneOf(['store', 'counterparty']), code: Type.String() }),
          email: Type.String(),
          language: oneOf(['en', 'pl']),
          state: oneOf(['proposed', 'refused', 'sending', 'sent', 'failed']),
          proposedBy: Type.String(),
          proposedAt: Time,
          decidedBy: orNull(Type.String()),
          decidedAt: orNull(Time),
          /** The card that was sold, masked. */
          card: orNull(members({ id: Id, shown: Type.String() })),
          /** How many mails the mail server took. */
          mails: Type.Integer(),
          tries: Type.Integer(),
          sentAt: orNull(Time),
          /** When the next try is; null: none is to come. */
          dueAt: orNull(Time),
          problem: orNull(Type.String()),
        }),
      ).properties,
      /** A mail server is configured. */
      mail: Type.Boolean(),
      /** Issues that can be sold by e-mail now. */
      issues: Type.Array(
        members({
          code: Type.String(),
          currency: Type.String(),
          nominal: orNull(Money),
          minimum: Money,
          maximum: Money,
        }),
      ),
    }),
  },
  'ecards.sell': {
    method: 'POST',
    path: '/api/ecards',
    access: ['ecards.sell'],
    body: members({
      issue: Code,
      /** Minor units; null: the nominal of the issue. */
      amount: orNull(Minor),
      buyer: members({ kind: oneOf(['store', 'counterparty']), code: Code }),
      email: Address,
      language: oneOf(['en', 'pl']),
      reason: Reason,
    }),
    answer: members({ id: Id, approval: ApprovalId }),
  },
  /** With a new eCode. To the same address at once; another one waits for a second person. */
  'ecards.resend': {
    method: 'POST',
    path: '/api/ecards/:id/resending',
    access: ['ecards.sell'],
    params: members({ id: Id }),
    body: members({ email: opt(Address), reason: Reason }),
    answer: members({ approval: orNull(ApprovalId) }),
  },
} as const satisfies Record<string, Route>
