import { Type } from 'typebox'
import { ExactAsOf, Figures, FileFormat, Matrix } from './figures.ts'
import type { Route } from './route.ts'
import { Code, Day, Id, List, members, oneOf, opt, orNull, LocalizedText, Time } from './values.ts'

const Report = members({ report: Code })

/** Days, stores and issues; stores and issues separated by commas. */
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

const Run = members({
  id: Id,
  dueAt: Time,
  from: Day,
  to: Day,
  state: oneOf(['waiting', 'done', 'failed']),
  tries: Type.Integer(),
  file: orNull(Type.String()),
  trouble: orNull(LocalizedText),
})

const Schedule = {
  name: Type.String({ minLength: 1, maxLength: 60, pattern: '\\S' }),
  report: Code,
  /** Null: all. */
  stores: orNull(Type.Array(Code, { minItems: 1, maxItems: 100 })),
  issues: orNull(Type.Array(Code, { minItems: 1, maxItems: 100 })),
  rhythm: oneOf(['daily', 'weekly', 'monthly']),
  /** weekly: 1 is Monday; monthly: up to 28; daily: 0. */
  onDay: Type.Integer({ minimum: 0, maximum: 28 }),
  at: Type.String({ pattern: '^\\d\\d:\\d\\d$' }),
  /** The store whose time zone applies; null: the installation's. */
  zoneOf: orNull(Code),
  format: oneOf(['csv', 'xlsx', 'pdf', 'json']),
  preset: oneOf(['en', 'pl', 'windows-1250']),
  language: oneOf(['en', 'pl']),
  place: oneOf(['directory', 'mail']),
  target: Type.String({ minLength: 1, maxLength: 200 }),
}

export const REPORTS = {
  'schedules.list': {
    method: 'GET',
    path: '/api/report-schedules',
    access: ['reports.schedule'],
    answer: members({
      items: Type.Array(
        members({
          id: Id,
          ...Schedule,
          format: Type.String(),
          preset: Type.String(),
          language: Type.String(),
          nextAt: Time,
          madeBy: Type.String(),
          last: orNull(Run),
          /** The latest that has failed, and how many have. */
          failed: orNull(Run),
          failures: Type.Integer(),
        }),
      ),
      /** Where reports may go. */
      directories: Type.Array(Type.String()),
      mailDomains: Type.Array(Type.String()),
    }),
  },
  'schedules.add': {
    method: 'POST',
    path: '/api/report-schedules',
    access: ['reports.schedule'],
    body: members(Schedule),
    answer: members({ id: Id, nextAt: Time }),
  },
  'schedules.remove': {
    method: 'DELETE',
    path: '/api/report-schedules/:id',
    access: ['reports.schedule'],
    params: members({ id: Id }),
    answer: null,
  },
  /** A run that has failed for good is tried again. */
  'schedules.retry': {
    method: 'POST',
    path: '/api/report-runs/:id/retry',
    access: ['reports.schedule'],
    params: members({ id: Id }),
    body: members({}),
    answer: null,
  },
  'reports.list': {
    method: 'GET',
    path: '/api/reports',
    access: ['reports.see'],
    answer: members({
      items: Type.Array(members({ report: Type.String(), title: LocalizedText, about: LocalizedText })),
    }),
  },
  'reports.show': {
    method: 'GET',
    path: '/api/reports/:report',
    access: ['reports.see'],
    params: Report,
    query: members(Filter),
    answer: members({
      report: Type.String(),
      title: LocalizedText,
      about: LocalizedText,
      definition: Type.Integer(),
      time: oneOf(['period', 'day', 'now']),
      /** By what its rows can be chosen. */
      filters: Type.Array(oneOf(['stores', 'counterparties', 'issues'])),
      exactAsOf: ExactAsOf,
      filter: members({ from: orNull(Day), to: orNull(Day), asOf: orNull(Day) }),
      ...Figures,
      /** `rows` are the first ones of so many. */
      rowsInAll: Type.Integer(),
      /** Whether it is short enough for a PDF. */
      hasPaper: Type.Boolean(),
      matrix: Matrix,
      notes: Type.Array(LocalizedText),
      /** The chart's columns; null: no chart. */
      chart: orNull(members({ by: Type.String(), value: Type.String() })),
      /** What it draws, of all rows: for each currency. */
      bars: Type.Array(
        members({ currency: Type.String(), bars: Type.Array(members({ name: Type.String(), value: Type.Number() })) }),
      ),
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
