import { Type } from 'typebox'
import { BLOCKS, CARD_STATES } from '../../core/card.ts'
import type { Route } from './route.ts'
import { Done } from './problem.ts'
import {
  Code, Cursor, Day, Handle, Id, Limit, List, MaskedNumber, members, Minor, Money, Named, oneOf, opt, orNull, page, Positive,
  Reason, LocalizedText, Time,
} from './values.ts' // prettier-ignore

export const CARD_ORDERS = ['sold', 'used', 'available', 'serial', 'validUntil'] as const

/** Every criterion, any combination. Days are of the installation's zone, both ends included. */
export const CardCriteria = {
  number: opt(Handle),
  firstSix: opt(Type.String({ pattern: '^[0-9]{6}$' })),
  lastFour: opt(Type.String({ pattern: '^[0-9]{4}$' })),
  serialFrom: opt(Positive),
  serialTo: opt(Positive),
  issue: List,
  pack: opt(Positive),
  /** A store's or a counterparty's code. */
  recipient: opt(Code),
  /** States by commas. */
  state: List,
  /** Blocks by commas; `any`, `none`. */
  block: List,
  balanceFrom: opt(Minor),
  balanceTo: opt(Minor),
  soldFrom: opt(Day),
  soldTo: opt(Day),
  soldIn: opt(Code),
  usedFrom: opt(Day),
  usedTo: opt(Day),
  validFrom: opt(Day),
  validTo: opt(Day),
  suspected: opt(Type.Boolean()),
}

const CardRow = members({
  id: Id,
  number: MaskedNumber,
  issue: Named,
  /** Null where the issue's serials are not for this role (docs/spec/abuse.md, 8). */
  serial: orNull(Type.Integer()),
  state: oneOf(CARD_STATES),
  block: orNull(oneOf(BLOCKS)),
  ledger: Money,
  available: Money,
  pack: orNull(Type.Integer()),
  soldAt: orNull(Time),
  soldIn: orNull(Named),
  usedAt: orNull(Time),
  validUntil: orNull(Day),
  suspectedAt: orNull(Time),
})

/**
 * `slow`: no index helps with these criteria; say so before asking. `count` null: above 10,000 (`capped`), or counting takes
 * longer than a page may.
 */
export const Count = members({ count: orNull(Type.Integer()), capped: Type.Boolean(), slow: Type.Boolean() })

const Action = oneOf(['block', 'unblock', 'duplicate', 'extend', 'adjust', 'reveal', 'clear'])

export const StoryEntry = members({
  id: Type.String(),
  at: Time,
  kind: oneOf(['made', 'pack', 'transaction', 'event', 'case', 'adjustment', 'try', 'view']),
  /** The pack's event, the operation, the card's event, the case's reason. */
  what: Type.String(),
  /** For a confirmation, cancellation or reversal: its effect on the original. */
  role: orNull(oneOf(['books', 'confirms', 'undoes'])),
  /** From the card's view: minus takes. Null: no money moved. */
  amount: orNull(Money),
  asked: orNull(Money),
  /** The ledger's balance after it. */
  balance: orNull(Money),
  result: orNull(Type.String()),
  response: orNull(Type.String()),
  state: orNull(Type.String()),
  /** Undone since, or declined: its money does not count. */
  struck: Type.Boolean(),
  store: orNull(Named),
  terminal: orNull(Type.String()),
  reference: orNull(Type.String()),
  who: orNull(Type.String()),
  reason: orNull(Type.String()),
  detail: orNull(Type.String()),
  /** Where it leads, a path of the app. */
  to: orNull(Type.String()),
  /** Ids of entries: the original, and the entry that undid this one. */
  original: orNull(Type.String()),
  followers: Type.Array(Type.String()),
})

/** Why, in one sentence with this record's figures; the rule behind it; what helps. */
export const Why = members({ sentence: LocalizedText, rule: LocalizedText, remedy: LocalizedText })

const Verdict = members({
  amount: Money,
  approved: Type.Boolean(),
  result: Type.String(),
  response: Type.String(),
  why: Why,
  after: orNull(Money),
})

const Card = members({
  ...CardRow.properties,
  currency: Type.String(),
  expiry: Type.String(),
  version: Type.Integer(),
  hasEcode: Type.Boolean(),
  recipient: orNull(members({ kind: oneOf(['store', 'counterparty']), code: Type.String(), name: Type.String() })),
  packState: orNull(Type.String()),
  replacedBy: orNull(Id),
  replaces: orNull(Id),
  employee: orNull(Type.String()),
  /** Ledger less what waits for confirmation is available: the rows that explain the difference. */
  waiting: Type.Array(
    members({
      transaction: Id,
      operation: Type.String(),
      amount: Money,
      terminal: Type.String(),
      confirmBy: orNull(Time),
    }),
  ),
  openCases: Type.Array(Id),
  /** The permitted actions. `refused` null: permitted now; else the reason. `secondPerson`: it becomes a proposal. */
  actions: Type.Array(members({ action: Action, refused: orNull(LocalizedText), secondPerson: Type.Boolean() })),
})

const ofId = members({ id: Id })
const BlockKind = oneOf(BLOCKS)

export const CARDS = {
  'cards.list': {
    method: 'GET',
    path: '/api/cards',
    access: ['cards.find'],
    query: members({
      ...CardCriteria,
      order: opt(oneOf(CARD_ORDERS)),
      descending: opt(Type.Boolean()),
      limit: Limit,
      cursor: Cursor,
    }),
    answer: members({
      ...page(CardRow).properties,
      /**
       * No index has all that is asked for, and the time of a page was over at this sale: `next` goes on from there. Null: the
       * page is as full as it can be.
       */
      lookedTo: orNull(members({ soldAt: orNull(Time) })),
    }),
  },
  'cards.count': {
    method: 'GET',
    path: '/api/cards/count',
    access: ['cards.find'],
    query: members(CardCriteria),
    answer: Count,
  },
  'cards.show': { method: 'GET', path: '/api/cards/:id', access: ['cards.find'], params: ofId, answer: Card },
  /** Newest first. */
  'cards.story': {
    method: 'GET',
    path: '/api/cards/:id/story',
    access: ['cards.find'],
    params: ofId,
    query: members({ limit: Limit, cursor: Cursor }),
    answer: page(StoryEntry),
  },
  /** The present answer to a payment of this amount by stripe, with the reason. */
  'cards.wouldPay': {
    method: 'GET',
    path: '/api/cards/:id/payment',
    access: ['cards.find'],
    params: ofId,
    query: members({ amount: Type.Integer({ minimum: 1, maximum: 999_999_999_999 }), store: opt(Code) }),
    answer: Verdict,
  },
  'cards.block': {
    method: 'POST',
    path: '/api/cards/:id/block',
    access: ['cards.block'],
    params: ofId,
    body: members({ kind: BlockKind, reason: Reason }),
    answer: Done,
  },
  'cards.unblock': {
    method: 'POST',
    path: '/api/cards/:id/unblocking',
    access: ['cards.unblock'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
  'cards.duplicate': {
    method: 'POST',
    path: '/api/cards/:id/duplicate',
    access: ['cards.duplicate'],
    params: ofId,
    body: members({ onto: Handle, reason: Reason }),
    answer: Done,
  },
  'cards.extend': {
    method: 'POST',
    path: '/api/cards/:id/extension',
    access: ['cards.extend'],
    params: ofId,
    body: members({ until: Day, reason: Reason }),
    answer: Done,
  },
  /** Always a proposal. Below zero takes from the card. */
  'cards.adjust': {
    method: 'POST',
    path: '/api/cards/:id/adjustment',
    access: ['cards.adjust'],
    params: ofId,
    body: members({ amount: Minor, reason: Reason }),
    answer: Done,
  },
  'cards.clear': {
    method: 'POST',
    path: '/api/cards/:id/clearing',
    access: ['cards.clear'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
  /** The whole number, for 60 s on the screen; on record; 20 a day. */
  'cards.reveal': {
    method: 'POST',
    path: '/api/cards/:id/reveal',
    access: ['cards.reveal'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: members({ number: Type.String(), leftToday: Type.Integer() }),
  },
} as const satisfies Record<string, Route>
