import t from 'tap'
import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { faultOf } from '../../src/http/body-fault.ts'
import { API, ROUTE_NAMES } from '../../src/menu/api.ts'
import type { Route } from '../../src/menu/api/route.ts'
import { faultText, FORMATS, RULES } from '../../src/menu/fault-text.ts'
import { Problem } from '../../src/menu/api/problem.ts'
import { RIGHT_NAMES } from '../../src/office/rights-table.ts'

const routes = ROUTE_NAMES.map((name): [string, Route] => [name, API[name]])

t.test('every path is one route, and names its parameters', async (t) => {
  t.same(
    routes.length,
    new Set(routes.map(([, { method, path }]) => `${method} ${path.replace(/:\w+/g, ':')}`)).size,
    'no two routes have a method and path in common',
  )
  for (const [name, { path, params }] of routes) {
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, word]) => word)
    t.same(inPath, Object.keys(params?.properties ?? {}), name)
  }
})

t.test('reading changes nothing, changing has a body that is checked', async (t) => {
  for (const [name, { method, body, query }] of routes) {
    t.equal(
      body === undefined,
      method === 'GET' || method === 'DELETE',
      `${name}: a body where there is something to say`,
    )
    if (query !== undefined) t.equal(method, 'GET', `${name}: queries are for reading`)
  }
})

t.test('rights that routes ask for exist', async (t) => {
  for (const [name, { access }] of routes) {
    if (typeof access === 'string') continue
    t.same(
      access.filter((right) => !RIGHT_NAMES.includes(right)),
      [],
      name,
    )
  }
})

t.test('members that no schema names are refused, in every body and query', async (t) => {
  for (const [name, { body, query }] of routes) {
    for (const schema of [body, query]) if (schema !== undefined) t.same(openObjects(schema, name), [])
  }
  t.same(openObjects(Problem, 'problem'), ['problem'], 'an open one is seen')
})

t.test('what a schema asks for has words in both languages', async (t) => {
  for (const [name, { body, query, params }] of routes) {
    for (const schema of [body, query, params]) if (schema !== undefined) t.same(wordless(schema), [], name)
  }
  t.same(wordless(Type.Object({ a: Type.String({ pattern: '^x$', format: 'uri' }) })), ['pattern ^x$', 'format'])
})

const SAVED = { list: 'cards', name: 'Mine', query: '', columns: [], sharedWith: null }

/** Names of what annotates or holds schemas, and forbids nothing by itself. */
const NO_RULES = ['properties', 'items', 'anyOf', 'patternProperties', 'required']

/** Rules of a schema, and of those within it, that a refusal could only say in the words of the schema. */
function wordless(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(wordless)
  if (typeof schema !== 'object' || schema === null) return []
  const own = Object.entries(schema).flatMap(([rule, value]) =>
    rule === 'pattern' && !(value in FORMATS)
      ? [`pattern ${value}`]
      : rule in RULES || NO_RULES.includes(rule)
        ? []
        : [rule],
  )
  const {
    properties = {},
    items = [],
    anyOf = [],
  } = schema as {
    properties?: Record<string, unknown>
    items?: unknown
    anyOf?: unknown
  }
  return [...own, ...[...Object.values(properties), items, anyOf].flatMap(wordless)]
}

t.test('a wrong value is answered with what was expected', async (t) => {
  const said = (schema: TSchema, value: unknown) => {
    const fault = faultOf(Compile(schema).Errors(value))
    return [faultText(fault, 'en'), faultText(fault, 'pl')]
  }
  const { query } = API['transactions.list']
  t.same(said(query, { firstSix: '12' }), ['/firstSix must be six digits.', '/firstSix: oczekiwano: sześć cyfr.'])
  t.same(said(query, { limit: 0 }), ['/limit must be at least 1.', '/limit: oczekiwano: co najmniej 1.'])
  t.same(said(query, { stan: 'x' }), ['/stan must be a whole number.', '/stan: oczekiwano: liczba całkowita.'])
  t.same(said(query, { colour: 'red' }), ['/colour is not known here.', '/colour: nieznana nazwa.'])
  const { body } = API['searches.save']
  t.same(said(body, { ...SAVED, list: 'shops' }), [
    '/list must be one of cards, transactions.',
    '/list: oczekiwano: cards, transactions.',
  ])
  t.same(said(body, { ...SAVED, name: '' }), [
    '/name must have at least 1 character.',
    '/name: najmniejsza liczba znaków: 1.',
  ])
  t.same(said(Type.String({ pattern: '^x$' }), 'y'), [
    'The request must be of the form ^x$.',
    'Żądanie: oczekiwano: zapis zgodny z ^x$.',
  ])
})

/** Where a schema of an object with named members takes others too. */
function openObjects(schema: TSchema, at: string): string[] {
  const { properties, additionalProperties, items, anyOf } = schema as TSchema & {
    properties?: Record<string, TSchema>
    additionalProperties?: unknown
    items?: TSchema
    anyOf?: TSchema[]
  }
  const inner = [
    ...Object.entries(properties ?? {}),
    ...(items === undefined ? [] : [['[]', items] as const]),
    ...(anyOf ?? []).map((one) => ['|', one] as const),
  ]
  const isOpen = properties !== undefined && additionalProperties !== false
  return [
    ...(isOpen ? [at] : []),
    ...inner.flatMap(([name, one]) => openObjects(one, `${at}.${name}`)).filter(() => !isOpen),
  ]
}
