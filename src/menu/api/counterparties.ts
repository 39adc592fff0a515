import { Type } from 'typebox'
import { ExactAsOf, Figures, FileFormat } from './figures.ts'
import type { Route } from './route.ts'
import { ApprovalId, Code, Day, Id, members, Money, None, opt, orNull, Reason, Time } from './values.ts'

const ofCode = members({ code: Code })
const Currency = Type.String({ pattern: '^[A-Z]{3}$' })
const Note = Type.String({ maxLength: 200 })
const Amount = Type.Integer({ minimum: -99_999_999_999, maximum: 99_999_999_999 })

const Credit = members({
  /** Its debt; below zero: paid in advance. */
  owed: Money,
  /** Approved and not booked yet. */
  committed: Money,
  limit: orNull(Money),
})

const Counterparty = members({
  code: Type.String(),
  name: Type.String(),
  state: Type.String(),
  credits: Type.Array(Credit),
})

const Payment = members({
  id: Id,
  paidOn: Day,
  reference: Type.String(),
  amount: Money,
  note: Type.String(),
  corrects: orNull(Id),
  enteredBy: Type.String(),
  /** Null: it waits for a second person. */
  approvedBy: orNull(Type.String()),
  at: Time,
})

const Period = { from: opt(Day), to: opt(Day) }

export const COUNTERPARTIES = {
  'counterparties.list': {
    method: 'GET',
    path: '/api/counterparties',
    access: ['counterparties.find'],
    answer: members({ items: Type.Array(Counterparty) }),
  },
  'counterparties.add': {
    method: 'POST',
    path: '/api/counterparties',
    access: ['counterparties.edit'],
    body: members({
      code: Type.String({ pattern: '^[A-Z0-9]{1,15}$' }),
      name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S' }),
    }),
    answer: members({ code: Type.String() }),
  },
  'counterparties.show': {
    method: 'GET',
    path: '/api/counterparties/:code',
    access: ['counterparties.find'],
    params: ofCode,
    answer: members({
      counterparty: Counterparty,
      payments: Type.Array(Payment),
      packs: Type.Array(
        members({
          id: Id,
          issue: Type.String(),
          state: Type.String(),
          cards: Type.Integer(),
          amount: orNull(Money),
          soldBy: orNull(Type.String()),
        }),
      ),
    }),
  },
  'counterparties.close': {
    method: 'POST',
    path: '/api/counterparties/:code/closing',
    access: ['counterparties.edit'],
    params: ofCode,
    body: None,
    answer: None,
  },
  'counterparties.pay': {
    method: 'POST',
    path: '/api/counterparties/:code/payments',
    access: ['counterparties.payments'],
    params: ofCode,
    body: members({
      amount: Amount,
      currency: Currency,
      paidOn: Day,
      reference: Type.String({ minLength: 1, maxLength: 35 }),
      note: Note,
    }),
    answer: members({ approval: ApprovalId }),
  },
  'counterparties.correct': {
    method: 'POST',
    path: '/api/payments/:id/correction',
    access: ['counterparties.payments'],
    params: members({ id: Id }),
    body: members({ reason: Reason }),
    answer: members({ approval: ApprovalId }),
  },
  /** A bank's CSV file, in base64. */
  'counterparties.import': {
    method: 'POST',
    path: '/api/payments',
    access: ['counterparties.payments'],
    body: members({
      fileName: Type.String({ minLength: 1, maxLength: 200 }),
      content: Type.String({ maxLength: 7_000_000 }),
    }),
    answer: members({ approval: ApprovalId, payments: Type.Integer() }),
  },
  'counterparties.limit': {
    method: 'POST',
    path: '/api/counterparties/:code/limit',
    access: ['counterparties.edit'],
    params: ofCode,
    body: members({
      /** Null: as much as it likes. */
      amount: orNull(Type.Integer({ minimum: 0, maximum: 99_999_999_999 })),
      currency: Currency,
      reason: Reason,
    }),
    answer: members({ approval: ApprovalId }),
  },
  'counterparties.statement': {
    method: 'GET',
    path: '/api/counterparties/:code/statement',
    access: ['counterparties.find'],
    params: ofCode,
    query: members(Period),
    answer: members({ ...Figures, exactAsOf: ExactAsOf, from: Day, to: Day }),
  },
  /** The file itself, not JSON. */
  'counterparties.statementFile': {
    method: 'GET',
    path: '/api/counterparties/:code/statement/file',
    access: ['counterparties.find'],
    params: ofCode,
    query: members({ ...Period, ...FileFormat }),
    answer: null,
  },
} as const satisfies Record<string, Route>
