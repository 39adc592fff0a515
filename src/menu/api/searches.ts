import { Type } from 'typebox'
import type { Route } from './route.ts'
import { Code, Id, members, Money, oneOf, opt, orNull } from './values.ts'

/** Saved searches: own ones, and those shared with a role. A search with a whole number or eCode is never saved. */
const SavedSearch = members({
  id: Id,
  list: oneOf(['cards', 'transactions']),
  name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
  /** The query of the list's URL, without `?`. */
  query: Type.String({ maxLength: 1000 }),
  columns: Type.Array(Type.String({ maxLength: 30 }), { maxItems: 40 }),
  sharedWith: orNull(Code),
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
