import { Type } from 'typebox'
import { ExactAsOf, Figures, FileFormat, Matrix } from './figures.ts'
import type { Route } from './route.ts'
import { Code, Day, Id, members, Money, oneOf, opt, orNull, Reason, LocalizedText, Time } from './values.ts'

const ofId = members({ id: Id })

const Settlement = {
  id: Id,
  number: orNull(Type.Integer()),
  state: oneOf(['proposed', 'closed', 'refused']),
  from: Day,
  to: Day,
  stores: Type.Array(Type.String()),
  net: Type.Array(Money),
  corrections: Type.Integer(),
  proposedBy: Type.String(),
  proposedAt: Time,
  closedBy: orNull(Type.String()),
  closedAt: orNull(Time),
}

export const SETTLEMENTS = {
  'settlements.list': {
    method: 'GET',
    path: '/api/settlements',
    access: ['reports.see'],
    answer: members({ items: Type.Array(members(Settlement)) }),
  },
  'settlements.propose': {
    method: 'POST',
    path: '/api/settlements',
    access: ['settlement.close'],
    proof: 'byRight',
    body: members({
      from: Day,
      to: Day,
      /** Null: all. */
      stores: orNull(Type.Array(Code, { minItems: 1, maxItems: 500 })),
      reason: Reason,
    }),
    answer: members({ id: Id }),
  },
  'settlements.show': {
    method: 'GET',
    path: '/api/settlements/:id',
    access: ['reports.see'],
    params: ofId,
    answer: members({
      settlement: members(Settlement),
      title: LocalizedText,
      ...Figures,
      matrix: Matrix,
      exactAsOf: ExactAsOf,
      digest: Type.String(),
      /** The transactions of its late lines; `settlement`: the number of the one that has their day. */
      late: Type.Array(
        members({
          id: Id,
          settlement: Type.Integer(),
          store: Type.String(),
          day: Day,
          operation: Type.String(),
          receivable: Money,
          payable: Money,
        }),
      ),
      /** They add up to the late lines. */
      isAllNamed: Type.Boolean(),
    }),
  },
  /** The settlement, or its bookings, as a file. */
  'settlements.file': {
    method: 'GET',
    path: '/api/settlements/:id/file',
    access: ['reports.see'],
    params: ofId,
    query: members({ ...FileFormat, what: opt(oneOf(['settlement', 'ledger'])) }),
    answer: null,
  },
  /** Notes for stores, a PDF; of one, or of all with a page for each. */
  'settlements.notes': {
    method: 'GET',
    path: '/api/settlements/:id/notes',
    access: ['reports.see'],
    params: ofId,
    query: members({ store: opt(Code) }),
    answer: null,
  },
  /** Bookings of a month for the general ledger. */
  'ledger.month': {
    method: 'GET',
    path: '/api/general-ledger/:month',
    access: ['reports.see'],
    params: members({ month: Type.String({ pattern: '^\\d{4}-\\d\\d$' }) }),
    query: members(FileFormat),
    answer: null,
  },
  'ledger.accounts': {
    method: 'GET',
    path: '/api/general-ledger',
    access: ['reports.see'],
    answer: members({
      items: Type.Array(members({ account: Type.String(), value: Type.String(), who: orNull(Type.String()) })),
    }),
  },
  'ledger.setAccounts': {
    method: 'POST',
    path: '/api/general-ledger',
    access: ['reports.inputs'],
    body: members({ values: Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 40 })) }),
    answer: null,
  },
} as const satisfies Record<string, Route>
