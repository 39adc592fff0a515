import { Type } from 'typebox'
import { ExactAsOf, Figures, FileFormat, Matrix } from './figures.ts'
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
  gross: opt(Type.Boolean()),
  age: opt(oneOf(['sale', 'activity', 'validity'])),
}

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
      exactAsOf: ExactAsOf,
      filter: members({ from: orNull(Day), to: orNull(Day), asOf: orNull(Day) }),
      ...Figures,
      matrix: Matrix,
      notes: Type.Array(Said),
      /** What the chart draws; null: it has none. */
      chart: orNull(members({ by: Type.String(), value: Type.String() })),
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
      ...FileFormat,
    }),
    answer: null,
  },
} as const satisfies Record<string, Route>
