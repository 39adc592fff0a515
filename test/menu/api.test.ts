import t from 'tap'
import type { TSchema } from 'typebox'
import { API, ROUTE_NAMES } from '../../src/menu/api.ts'
import type { Route } from '../../src/menu/api/route.ts'
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
