import { Type } from 'typebox'
import { TRANSACTION_STATES } from '../../core/transaction.ts'
import { Count, Why } from './cards.ts'
import { Done } from './problem.ts'
import type { Route } from './route.ts'
import {
  ApprovalId, Code, Cursor, Day, Handle, Id, Limit, List, MaskedNumber, members, Minor, Money, Named, oneOf, opt, orNull, page, Reason,
  LocalizedText, Time,
} from './values.ts' // prettier-ignore

export const TransactionCriteria = {
  number: opt(Handle),
  card: opt(Id),
  firstSix: opt(Type.String({ pattern: '^[0-9]{6}$' })),
  lastFour: opt(Type.String({ pattern: '^[0-9]{4}$' })),
  /** Instants. */
  from: opt(Time),
  to: opt(Time),
  /** The business day. */
  day: opt(Day),
  store: List,
  terminal: opt(Code),
  issue: List,
  operation: List,
  /** Results by commas, or DE 39 codes of two characters. */
  response: List,
  state: List,
  amountFrom: opt(Minor),
  amountTo: opt(Minor),
  entryMode: List,
  reference: opt(Type.String({ pattern: '^[A-Za-z0-9]{1,12}$' })),
  approvalCode: opt(Type.String({ pattern: '^[A-Za-z0-9]{6}$' })),
  stan: opt(Type.Integer({ minimum: 0, maximum: 999_999 })),
  original: opt(Id),
  who: opt(Code),
  channel: List,
  hasCase: opt(Type.Boolean()),
}

const TransactionRow = members({
  id: Id,
  at: Time,
  businessDay: Day,
  store: Named,
  timeZone: Type.String(),
  terminal: Type.String(),
  operation: orNull(Type.String()),
  role: oneOf(['books', 'confirms', 'undoes']),
  card: orNull(members({ id: Id, number: MaskedNumber })),
  asked: orNull(Money),
  /** From the card's view: minus takes; null: no money moved. */
  amount: orNull(Money),
  result: Type.String(),
  response: Type.String(),
  state: oneOf(TRANSACTION_STATES),
  reference: Type.String(),
  approvalCode: Type.String(),
  stan: Type.Integer(),
  entryMode: Type.String(),
  channel: Type.String(),
  who: orNull(Type.String()),
  hasCase: Type.Boolean(),
})

const Linked = members({
  id: Id,
  at: Time,
  what: Type.String(),
  state: Type.String(),
  amount: orNull(Money),
  who: orNull(Type.String()),
})

const ofId = members({ id: Id })

export const TRANSACTIONS = {
  'transactions.list': {
    method: 'GET',
    path: '/api/transactions',
    access: ['transactions.find'],
    query: members({
      ...TransactionCriteria,
      order: opt(oneOf(['time', 'amount'])),
      descending: opt(Type.Boolean()),
      limit: Limit,
      cursor: Cursor,
    }),
    answer: page(TransactionRow),
  },
  'transactions.count': {
    method: 'GET',
    path: '/api/transactions/count',
    access: ['transactions.find'],
    query: members(TransactionCriteria),
    answer: Count,
  },
  'transactions.show': {
    method: 'GET',
    path: '/api/transactions/:id',
    access: ['transactions.find'],
    params: ofId,
    answer: members({
      ...TransactionRow.properties,
      issue: orNull(Named),
      responseText: LocalizedText,
      /** Of every response, approvals too. */
      why: Why,
      /** The transfer; null: no money moved. */
      postings: orNull(members({ debit: LocalizedText, credit: LocalizedText, amount: Money })),
      before: orNull(members({ ledger: Money, available: Money })),
      after: orNull(members({ ledger: Money, available: Money })),
      undoneBy: orNull(Type.String()),
      confirmBy: orNull(Time),
      returned: Money,
      original: orNull(Linked),
      followers: Type.Array(Linked),
      case: orNull(members({ id: Id, reason: Type.String(), open: Type.Boolean() })),
      trace: Type.String(),
      line: Type.String(),
      localTime: Type.String(),
      /** As received, masked. */
      fields: Type.Array(members({ field: Type.String(), name: Type.String(), value: Type.String() })),
    }),
  },
} as const satisfies Record<string, Route>

/** The bearer of the amount that the card cannot cover. */
const Bearer = oneOf(['store', 'issuer'])

const CaseRow = members({
  id: Id,
  openedAt: Time,
  amount: Money,
  card: orNull(members({ id: Id, number: MaskedNumber })),
  store: Named,
  terminal: Type.String(),
  reason: Type.String(),
  /** Seconds since it was opened. */
  age: Type.Integer(),
  transaction: Id,
  operation: orNull(Type.String()),
  closedAt: orNull(Time),
  resolution: orNull(Type.String()),
  closedBy: orNull(Type.String()),
  /** The amount that the card lacked at the decision, and its bearer. */
  borne: orNull(members({ by: Bearer, amount: Money })),
  /** A decision that waits for a second person. */
  approval: orNull(ApprovalId),
})

const Balances = members({ ledger: Money, available: Money })
const Decision = oneOf(['happened', 'didNotHappen'])

export const CASES = {
  'cases.list': {
    method: 'GET',
    path: '/api/cases',
    access: ['cases.find'],
    query: members({
      open: opt(Type.Boolean()),
      store: opt(Code),
      reason: opt(Type.String({ maxLength: 40 })),
      order: opt(oneOf(['age', 'amount'])),
      limit: Limit,
      cursor: Cursor,
    }),
    answer: page(CaseRow),
  },
  'cases.show': {
    method: 'GET',
    path: '/api/cases/:id',
    access: ['cases.find'],
    params: ofId,
    answer: members({
      ...CaseRow.properties,
      note: orNull(Type.String()),
      /** The facts of the switch and the claims of the terminal, one sentence each. */
      known: Type.Array(members({ at: Time, what: LocalizedText })),
      said: Type.Array(members({ at: Time, what: LocalizedText })),
      cardNow: orNull(Balances),
      /** The card after either decision; `missing`: the amount that it lacks and somebody else bears. */
      happened: orNull(members({ after: Balances, missing: Money })),
      didNotHappen: orNull(members({ after: Balances, missing: Money })),
      /** The missing amount of "it happened" can be borne by the store or the issuer. */
      shareable: Type.Boolean(),
      secondPerson: Type.Boolean(),
      transactionState: Type.String(),
    }),
  },
  'cases.decide': {
    method: 'POST',
    path: '/api/cases/:id/decision',
    access: ['cases.decide'],
    params: ofId,
    body: members({ decision: Decision, reason: Reason, bearer: opt(Bearer) }),
    answer: Done,
  },
  /** How the columns of a store's journal were mapped last. */
  'journals.mapping': {
    method: 'GET',
    path: '/api/journals/mapping/:store',
    access: ['cases.decide'],
    params: members({ store: Code }),
    answer: members({ mapping: orNull(Type.Record(Type.String(), Type.String())) }),
  },
  /** A till's journal, CSV or XLSX, base64; without a mapping only its columns and first rows are answered. */
  'journals.upload': {
    method: 'POST',
    path: '/api/journals',
    access: ['cases.decide'],
    body: members({
      store: Code,
      fileName: Type.String({ minLength: 1, maxLength: 200 }),
      content: Type.String({ maxLength: 8_000_000 }),
      /** The columns that are `terminal`, `stan`, `time`, `amount`, `lastFour`, `outcome`. */
      mapping: opt(Type.Record(Type.String(), Type.String({ maxLength: 100 }))),
    }),
    answer: members({
      id: orNull(Id),
      columns: Type.Array(Type.String()),
      sample: Type.Array(Type.Array(Type.String())),
      mapping: orNull(Type.Record(Type.String(), Type.String())),
    }),
  },
  'journals.show': {
    method: 'GET',
    path: '/api/journals/:id',
    access: ['cases.decide', 'cases.approve'],
    params: ofId,
    answer: members({
      id: Id,
      store: Named,
      fileName: Type.String(),
      sha256: Type.String(),
      by: Type.String(),
      at: Time,
      rows: Type.Array(
        members({
          row: Type.Integer(),
          terminal: Type.String(),
          stan: orNull(Type.Integer()),
          at: orNull(Type.String()),
          amount: orNull(Money),
          lastFour: orNull(Type.String()),
          happened: orNull(Type.Boolean()),
          case: orNull(Id),
          match: oneOf(['exact', 'likely', 'none', 'several']),
          proposal: orNull(Decision),
          /** The decision, or the reason for none; null: not yet. */
          result: orNull(Type.String()),
        }),
      ),
    }),
  },
  /** Decides many rows at once; the result of each is stored. Above the limit a second person approves all of it. */
  'journals.decide': {
    method: 'POST',
    path: '/api/journals/:id/decision',
    access: ['cases.decide'],
    params: ofId,
    body: members({
      rows: Type.Array(members({ row: Type.Integer(), decision: Decision }), { minItems: 1, maxItems: 1000 }),
      reason: Reason,
    }),
    answer: members({ decided: Type.Integer(), failed: Type.Integer(), approval: orNull(ApprovalId) }),
  },
} as const satisfies Record<string, Route>
