import { Type } from 'typebox'
import { Done } from './problem.ts'
import type { Route } from './route.ts'
import {
  ApprovalId,
  Cursor,
  Day,
  Id,
  Limit,
  members,
  Money,
  oneOf,
  opt,
  orNull,
  Reason,
  LocalizedText,
  Time,
} from './values.ts'

const ofId = members({ id: Id })
const Text = (most: number) => Type.String({ maxLength: most })
const EmployerCode = Type.String({ pattern: '^[A-Z0-9]{1,15}$' })
const Email = Type.String({ minLength: 3, maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' })
const EmployeeNumber = Type.String({ minLength: 1, maxLength: 40 })

/** A number, a serial such as OPEN:17, or what a stripe reader types. */
const CardText = Type.String({ minLength: 1, maxLength: 200 })

const Batch = members({
  id: Id,
  employer: Type.String(),
  state: oneOf(['reading', 'checked', 'proposed', 'approved', 'booked', 'refused', 'withdrawn', 'failed']),
  fileName: Type.String(),
  rows: Type.Integer(),
  amount: Money,
  /** Rows that have to be corrected. */
  stops: Type.Integer(),
  preparedBy: Type.String(),
  preparedAt: Time,
  proposedBy: orNull(Type.String()),
  reason: orNull(Type.String()),
  decidedBy: orNull(Type.String()),
  decision: orNull(Type.String()),
  bookedAt: orNull(Time),
})

const Recall = members({
  id: Id,
  employer: Type.String(),
  batch: orNull(Id),
  state: oneOf(['proposed', 'approved', 'booked', 'refused']),
  cards: Type.Integer(),
  unspent: Money,
  taken: Money,
  reason: Type.String(),
  proposedBy: Type.String(),
  proposedAt: Time,
  decidedBy: orNull(Type.String()),
})

/** 20 MB as base64, and some more: what is too large is told so. */
const Content = Type.String({ maxLength: 29_500_000 })
const file = { fileName: Type.String({ minLength: 1, maxLength: 200 }), content: Content }
const Format = members({ format: opt(oneOf(['csv', 'xlsx'])) })

export const WELFARE = {
  'welfare.list': {
    method: 'GET',
    path: '/api/welfare',
    access: ['welfare.find'],
    query: members({ limit: Limit, cursor: Cursor }),
    answer: members({
      employers: Type.Array(
        members({
          code: Type.String(),
          name: Type.String(),
          yearlyLimit: Money,
          legalNote: Type.String(),
          paidFirst: Type.Boolean(),
          language: oneOf(['en', 'pl']),
          email: orNull(Type.String()),
          /** Settings that a second person has to approve. */
          waiting: orNull(members({ yearlyLimit: Money, paidFirst: Type.Boolean(), by: Type.String() })),
        }),
      ),
      batches: Type.Array(Batch),
      /** The cursor of the next page of batches; null: this is the last one. */
      next: orNull(Type.String()),
      recalls: Type.Array(Recall),
    }),
  },
  /** Makes an open counterparty an employer, or changes what holds for it; its currency stays. */
  'welfare.makeEmployer': {
    method: 'POST',
    path: '/api/welfare/employers',
    access: ['welfare.prepare'],
    body: members({
      code: EmployerCode,
      /** Minor units, for an employee, a fund and a calendar year. */
      yearlyLimit: Type.Integer({ minimum: 1, maximum: 999_999_999_999 }),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
      legalNote: Text(300),
      paidFirst: Type.Boolean(),
      language: oneOf(['en', 'pl']),
      email: orNull(Email),
    }),
    answer: Done,
  },
  'welfare.employees': {
    method: 'GET',
    path: '/api/welfare/employers/:code/employees',
    access: ['welfare.find'],
    params: members({ code: EmployerCode }),
    /** `q`: a name or number begins with it. */
    query: members({ q: opt(Text(100)), after: opt(Text(40)), limit: Limit }),
    answer: members({
      items: Type.Array(
        members({
          number: Type.String(),
          name: Type.String(),
          email: orNull(Type.String()),
          state: oneOf(['active', 'left']),
          card: orNull(members({ id: Id, shown: Type.String() })),
        }),
      ),
    }),
  },
  'welfare.addEmployee': {
    method: 'POST',
    path: '/api/welfare/employers/:code/employees',
    access: ['welfare.prepare'],
    params: members({ code: EmployerCode }),
    body: members({
      number: EmployeeNumber,
      name: Type.String({ minLength: 1, maxLength: 100 }),
      email: orNull(Email),
      card: orNull(CardText),
    }),
    answer: null,
  },
  /** A list of employees, CSV or XLSX, base64: all rows or none. */
  'welfare.importEmployees': {
    method: 'POST',
    path: '/api/welfare/employers/:code/list',
    access: ['welfare.prepare'],
    params: members({ code: EmployerCode }),
    body: members(file),
    answer: members({ added: Type.Integer(), linked: Type.Integer(), unchanged: Type.Integer() }),
  },
  /** Loads, recalls and unspent money of each employee. */
  'welfare.statement': {
    method: 'GET',
    path: '/api/welfare/employers/:code/statement',
    access: ['welfare.find'],
    params: members({ code: EmployerCode }),
    query: members({ from: Day, to: Day, format: opt(oneOf(['csv', 'xlsx'])) }),
    answer: null,
  },
  /** Links another card, or none; the former one keeps its balance. */
  'welfare.link': {
    method: 'POST',
    path: '/api/welfare/employers/:code/card',
    access: ['welfare.prepare'],
    params: members({ code: EmployerCode }),
    body: members({ number: EmployeeNumber, card: orNull(CardText) }),
    answer: null,
  },
  /** Nothing more is loaded for them. */
  'welfare.leave': {
    method: 'POST',
    path: '/api/welfare/employers/:code/leave',
    access: ['welfare.prepare'],
    params: members({ code: EmployerCode }),
    body: members({ number: EmployeeNumber }),
    answer: null,
  },
  'welfare.template': {
    method: 'GET',
    path: '/api/welfare/template',
    access: ['welfare.find'],
    query: Format,
    answer: null,
  },
  /** A list, CSV or XLSX, base64: checked, and kept as a batch. */
  'welfare.upload': {
    method: 'POST',
    path: '/api/welfare',
    access: ['welfare.prepare'],
    body: members({ employer: EmployerCode, ...file }),
    answer: members({ id: Id }),
  },
  'welfare.show': {
    method: 'GET',
    path: '/api/welfare/:id',
    access: ['welfare.find'],
    params: ofId,
    query: members({ after: opt(Type.Integer({ minimum: 0 })) }),
    answer: members({
      batch: Batch,
      /** Rows that the check at work has done; null: none is. */
      working: orNull(Type.Integer()),
      /** Rows that are prepared of a batch that is being booked; null: none is. */
      staged: orNull(Type.Integer()),
      /** The end of the last one, if it was not reported to the person who started it. */
      ended: orNull(LocalizedText),
      readAs: members({
        format: Type.String(),
        separator: orNull(Type.String()),
        encoding: orNull(Type.String()),
        decimal: orNull(Type.String()),
        sheet: orNull(Type.String()),
      }),
      found: Type.Array(
        members({
          code: Type.String(),
          weight: oneOf(['stop', 'warning']),
          rows: Type.Integer(),
          /** Of a warning, to be accepted by it. */
          name: orNull(LocalizedText),
        }),
      ),
      findings: Type.Array(
        members({
          row: Type.Integer(),
          column: Type.String(),
          value: Type.String(),
          code: Type.String(),
          weight: oneOf(['stop', 'warning']),
          text: LocalizedText,
          remedy: LocalizedText,
        }),
      ),
    }),
  },
  'welfare.wrongRows': {
    method: 'GET',
    path: '/api/welfare/:id/wrong-rows',
    access: ['welfare.find'],
    params: ofId,
    query: Format,
    answer: null,
  },
  /** Who gets how much, on which card: to be seen before it is proposed or approved. */
  'welfare.rows': {
    method: 'GET',
    path: '/api/welfare/:id/rows',
    access: ['welfare.find'],
    params: ofId,
    query: Format,
    answer: null,
  },
  /** Cards that changed since each employee's last load: to be seen by the approver. */
  'welfare.changedCards': {
    method: 'GET',
    path: '/api/welfare/:id/changed-cards',
    access: ['welfare.find'],
    params: ofId,
    query: Format,
    answer: null,
  },
  'welfare.correct': {
    method: 'POST',
    path: '/api/welfare/:id/rows',
    access: ['welfare.prepare'],
    params: ofId,
    body: members(file),
    answer: null,
  },
  'welfare.propose': {
    method: 'POST',
    path: '/api/welfare/:id/proposal',
    access: ['welfare.prepare'],
    params: ofId,
    body: members({ reason: Reason, accept: Type.Array(Text(40), { maxItems: 50 }) }),
    /** `working`: it is still being checked, and proposed where that finds nothing. */
    answer: members({ approval: ApprovalId, working: Type.Boolean() }),
  },
  'welfare.withdraw': {
    method: 'POST',
    path: '/api/welfare/:id/withdrawal',
    access: ['welfare.prepare'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: null,
  },
  'welfare.result': {
    method: 'GET',
    path: '/api/welfare/:id/result',
    access: ['welfare.find'],
    params: ofId,
    query: Format,
    answer: null,
  },
  /** Of a batch, or of employees; a second person approves. */
  'welfare.recall': {
    method: 'POST',
    path: '/api/welfare/recalls',
    access: ['welfare.recall'],
    body: members({
      employer: EmployerCode,
      batch: orNull(Id),
      employees: orNull(Type.Array(EmployeeNumber, { minItems: 1, maxItems: 1_000 })),
      reason: Reason,
    }),
    answer: members({ approval: ApprovalId }),
  },
} as const satisfies Record<string, Route>
