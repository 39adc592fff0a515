import { Type } from 'typebox'
import { BLOCKS, CARD_STATES } from '../../core/card.ts'
import type { Route } from './route.ts'
import { Done } from './problem.ts'
import {
  Code, Cursor, Day, Handle, Id, Limit, List, MaskedNumber, members, Minor, Money, Named, oneOf, opt, orNull, page,
  Reason, Said, Time,
} from './values.ts' // prettier-ignore

/** What the find box was given, and how: typed, by a scanner, by a swipe. Never part of a URL or a log. */
export const FIND = {
  'find.search': {
    method: 'POST',
    path: '/api/find',
    access: ['cards.find', 'transactions.find', 'stores.find', 'issues.find', 'packs.find'],
    body: members({
      text: Type.String({ minLength: 1, maxLength: 200 }),
      by: opt(oneOf(['typed', 'scan', 'swipe'])),
    }),
    answer: members({
      /** One hit is opened at once. `to` is a path of the app, free of numbers. */
      hits: Type.Array(
        members({
          kind: oneOf([
            'card',
            'transaction',
            'case',
            'store',
            'terminal',
            'issue',
            'pack',
            'employee',
            'cards',
            'transactions',
          ]),
          to: Type.String(),
          title: Type.String(),
          detail: Type.String(),
          card: orNull(MaskedNumber),
        }),
      ),
      /** Stands for the number, barcode or eCode that was given, for criteria `number`, in this session. */
      handle: orNull(Handle),
    }),
  },
  /** What filters offer. */
  'choices.show': {
    method: 'GET',
    path: '/api/choices',
    access: 'signedIn',
    answer: members({
      stores: Type.Array(
        members({ code: Type.String(), name: Type.String(), timeZone: Type.String(), currency: Type.String() }),
      ),
      terminals: Type.Array(members({ code: Type.String(), store: Type.String() })),
      issues: Type.Array(members({ code: Type.String(), name: Type.String(), currency: Type.String() })),
      counterparties: Type.Array(Named),
      operations: Type.Array(Type.String()),
      /** Results with their DE 39 and both texts. */
      responses: Type.Array(members({ result: Type.String(), response: Type.String(), text: Said })),
      entryModes: Type.Array(members({ code: Type.String(), text: Said })),
    }),
  },
} as const satisfies Record<string, Route>

export const CARD_ORDERS = ['sold', 'used', 'available', 'serial', 'validUntil'] as const

/** Every criterion, any combination. Days are of the installation's zone, both ends included. */
export const CardCriteria = {
  number: opt(Handle),
  firstSix: opt(Type.String({ pattern: '^[0-9]{6}$' })),
  lastFour: opt(Type.String({ pattern: '^[0-9]{4}$' })),
  serialFrom: opt(Type.Integer({ minimum: 1 })),
  serialTo: opt(Type.Integer({ minimum: 1 })),
  issue: List,
  pack: opt(Type.Integer({ minimum: 1 })),
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

/** `slow`: no index helps with these criteria; say so before asking. `count` null: above 10,000. */
export const Count = members({ count: orNull(Type.Integer()), slow: Type.Boolean() })

const Action = oneOf(['block', 'unblock', 'duplicate', 'extend', 'adjust', 'reveal', 'clear'])

export const StoryEntry = members({
  id: Type.String(),
  at: Time,
  kind: oneOf(['made', 'pack', 'transaction', 'event', 'case', 'adjustment', 'try', 'view']),
  /** The pack's event, the operation, the card's event, the case's reason. */
  what: Type.String(),
  /** A transaction's confirmation, cancellation, reversal: what it did to its original. */
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
  /** Ids of entries: what it undoes or confirms, what undid it. */
  original: orNull(Type.String()),
  followers: Type.Array(Type.String()),
})

/** Why, in one sentence with this record's figures; the rule behind it; what helps. */
export const Why = members({ sentence: Said, rule: Said, remedy: Said })

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
  /** What I may do with it. `refused` null: now; else why not. `secondPerson`: it becomes a proposal. */
  actions: Type.Array(members({ action: Action, refused: orNull(Said), secondPerson: Type.Boolean() })),
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
    answer: page(CardRow),
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
  /** What a payment of this amount by stripe would be told now, and why. */
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

/** Saved searches: own ones, and those shared with a role. A search with a whole number or eCode is never saved. */
const SavedSearch = members({
  id: Id,
  list: oneOf(['cards', 'transactions']),
  name: Type.String({ minLength: 1, maxLength: 60 }),
  /** The query of the list's URL, without `?`. */
  query: Type.String({ maxLength: 1000 }),
  columns: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 40 }),
  sharedWith: orNull(Type.String({ maxLength: 40 })),
  own: Type.Boolean(),
  by: Type.String(),
})
const { list, name, query, columns, sharedWith } = SavedSearch.properties

export const SEARCHES = {
  'searches.list': {
    method: 'GET',
    path: '/api/searches',
    access: ['cards.find', 'transactions.find'],
    answer: members({ items: Type.Array(SavedSearch) }),
  },
  'searches.save': {
    method: 'POST',
    path: '/api/searches',
    access: ['cards.find', 'transactions.find'],
    body: members({ list, name, query, columns, sharedWith }),
    answer: members({ id: Id }),
  },
  'searches.remove': {
    method: 'DELETE',
    path: '/api/searches/:id',
    access: ['cards.find', 'transactions.find'],
    params: members({ id: Id }),
    answer: null,
  },
  /** A file of what the list shows with this query at one instant, up to 100,000 rows. */
  'exports.make': {
    method: 'POST',
    path: '/api/exports',
    access: ['cards.find', 'transactions.find'],
    /** `cards`: those alone, of what the list shows. */
    body: members({
      list,
      query,
      columns,
      format: oneOf(['csv', 'xlsx']),
      cards: opt(Type.Array(Id, { minItems: 1, maxItems: 500 })),
    }),
    answer: members({ id: Id }),
  },
  'exports.show': {
    method: 'GET',
    path: '/api/exports/:id',
    access: ['cards.find', 'transactions.find'],
    params: members({ id: Id }),
    answer: members({
      id: Id,
      state: oneOf(['waiting', 'running', 'done', 'failed', 'cancelled']),
      rows: Type.Integer(),
      /** As many as there will be; null: not counted yet. */
      total: orNull(Type.Integer()),
      /** Of the amounts (transactions) or balances (cards), for each currency. */
      sums: Type.Array(Money),
      sha256: orNull(Type.String()),
      fileName: Type.String(),
      /** Where the file is; null until it is done. */
      file: orNull(Type.String()),
      trouble: orNull(Type.String()),
    }),
  },
  'exports.cancel': {
    method: 'DELETE',
    path: '/api/exports/:id',
    access: ['cards.find', 'transactions.find'],
    params: members({ id: Id }),
    answer: null,
  },
  /** The file itself, not JSON. */
  'exports.file': {
    method: 'GET',
    path: '/api/exports/:id/file',
    access: ['cards.find', 'transactions.find'],
    params: members({ id: Id }),
    answer: null,
  },
} as const satisfies Record<string, Route>

/** Many cards at once: a preview freezes the ids, running it makes a job. */
const BulkPreview = members({
  id: Id,
  action: oneOf(['block', 'unblock', 'extend']),
  cards: Type.Integer(),
  money: Type.Array(Money),
  skipped: Type.Array(members({ why: Said, cards: Type.Integer() })),
  secondPerson: Type.Boolean(),
})

export const BULK = {
  'bulk.preview': {
    method: 'POST',
    path: '/api/bulk',
    access: ['cards.bulk'],
    body: members({
      action: oneOf(['block', 'unblock', 'extend']),
      /** These cards, or all that match this query of the list. */
      cards: opt(Type.Array(Id, { minItems: 1, maxItems: 10_000 })),
      query: opt(Type.String({ maxLength: 1000 })),
      kind: opt(BlockKind),
      until: opt(Day),
    }),
    answer: BulkPreview,
  },
  'bulk.run': {
    method: 'POST',
    path: '/api/bulk/:id/run',
    access: ['cards.bulk'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
  'bulk.show': {
    method: 'GET',
    path: '/api/bulk/:id',
    access: ['cards.bulk', 'changes.approve'],
    params: ofId,
    query: members({ limit: Limit, cursor: Cursor }),
    answer: members({
      preview: BulkPreview,
      state: oneOf(['previewed', 'proposed', 'running', 'done', 'undone', 'refused']),
      reason: orNull(Type.String()),
      by: Type.String(),
      done: Type.Integer(),
      failed: Type.Integer(),
      rows: page(members({ card: Id, number: MaskedNumber, result: orNull(Type.String()) })),
    }),
  },
  /** Gives each card its own earlier state again, where nothing happened to it since. */
  'bulk.undo': {
    method: 'POST',
    path: '/api/bulk/:id/undo',
    access: ['cards.bulk'],
    params: ofId,
    body: members({ reason: Reason }),
    answer: Done,
  },
} as const satisfies Record<string, Route>
