import { Type } from 'typebox'
import type { Route } from './route.ts'
import { Code, Day, List, members, oneOf, opt, orNull, Said } from './values.ts'

const Report = members({ report: Code })

/** Which days, stores and issues; stores and issues by commas. */
const Filter = {
  from: opt(Day),
  to: opt(Day),
  asOf: opt(Day),
  store: List,
  issue: List,
  byOriginalDay: opt(Type.Boolean()),
  age: opt(oneOf(['sale', 'validity'])),
}

const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()])
const Row = Type.Array(Cell)

export const REPORTS = {
  'reports.list': {
    method: 'GET',
    path: '/api/reports',
    access: ['reports.see'],
    answer: members({ items: Type.Array(members({ report: Type.String(), title: Said, about: Said })) }),
  },
  'reports.show': {
    method: 'GET',
    path: '/api/reports/:report',
    access: ['reports.see'],
    params: Report,
    query: members(Filter),
    answer: members({
      report: Type.String(),
      title: Said,
      about: Said,
      definition: Type.Integer(),
      time: oneOf(['period', 'day', 'now']),
      exactAsOf: members({ at: Type.String(), rows: Type.Integer(), sum: Type.Integer() }),
      filter: members({ from: orNull(Day), to: orNull(Day), asOf: orNull(Day) }),
      columns: Type.Array(
        members({ name: Type.String(), kind: oneOf(['text', 'day', 'count', 'money', 'ratio']), title: Said }),
      ),
      /** In the order of the columns; money in minor units of the row's currency. */
      rows: Type.Array(Row),
      totals: Type.Array(Row),
      matrix: Type.Array(
        members({ origin: Type.String(), spentIn: Type.String(), currency: Type.String(), amount: Type.Integer() }),
      ),
      notes: Type.Array(Said),
      /** What the chart draws; null: it has none. */
      chart: orNull(members({ by: Type.String(), value: Type.String() })),
      /** How many decimals money has, by currency. */
      exponents: Type.Array(members({ currency: Type.String(), exponent: Type.Integer() })),
    }),
  },
  /** The file itself, not JSON. */
  'reports.file': {
    method: 'GET',
    path: '/api/reports/:report/file',
    access: ['reports.see'],
    params: Report,
    query: members({
      ...Filter,
      format: opt(oneOf(['csv', 'xlsx', 'pdf', 'json'])),
      preset: opt(oneOf(['en', 'pl', 'windows-1250'])),
    }),
    answer: null,
  },
} as const satisfies Record<string, Route>
