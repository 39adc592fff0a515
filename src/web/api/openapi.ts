import type { TSchema } from 'typebox'
import { PROBLEMS } from '../problems.ts'
import { ANSWERS, EVENT } from './answers.ts'
import type { Endpoint } from './endpoint.ts'
import { EXAMPLES } from './examples.ts'
import { QUERY_PARAMETERS, type QueryParameter } from './query.ts'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type Components = Map<string, Json>

/** The OpenAPI 3.1 document, generated from the schemas that validate requests, so that both always agree. */
export function openApiOf(endpoints: readonly Endpoint[], base: string): Json {
  const components: Components = new Map()
  const paths: Record<string, Record<string, Json>> = {}
  for (const endpoint of endpoints) {
    const operations = (paths[endpoint.path] ??= {})
    operations[endpoint.method.toLowerCase()] = operationOf(endpoint, components)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'AkartWeb',
      version: '1',
      description: 'Gift cards on the Internet: balance, payments, refunds, top-ups. Money is in minor units.',
    },
    servers: [{ url: base }],
    security: [{ key: [] }],
    paths: paths as Json,
    webhooks: { event: { post: DELIVERED } },
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'a key of your shop: akart_live_…' } },
      schemas: { ...Object.fromEntries(components), Problem: PROBLEM },
    },
  }
}

function operationOf(endpoint: Endpoint, components: Components): Json {
  const { method, path, summary, scopes, idempotent, query, body, answers } = endpoint
  const name = `${method} ${path}`
  const example = EXAMPLES[name]
  const parameters = [...path.matchAll(/\{(\w+)\}/gu)].map(([, name = '']) => parameter(name, 'path'))
  return {
    summary,
    description: `Scope: ${scopes.join(' or ')}.`,
    operationId: `${method.toLowerCase()}${path.replace(/[^a-z]+(\w)/giu, (_, letter: string) => letter.toUpperCase()).replace(/\W/gu, '')}`,
    parameters: [...parameters, ...(idempotent ? [IDEMPOTENCY_KEY] : []), ...(query ?? []).map(inQuery)],
    ...(body === null
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': withExample(shared(body, components), example) },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          schema === null
            ? { description: 'done' }
            : {
                description: 'done',
                content: {
                  'application/json': withExample(shared(schema, components), ANSWERS[name] as Json | undefined),
                },
              },
        ]),
      ),
      default: { description: 'refused', content: { 'application/problem+json': { schema: ref('Problem') } } },
    },
  }
}

const inQuery = (name: QueryParameter): Json => parameter(name, 'query', QUERY_PARAMETERS[name])

const withExample = (schema: Json, example: Json | undefined): Json => ({
  schema,
  ...(example === undefined ? {} : { example }),
})

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

const parameter = (name: string, where: 'path' | 'query', schema: Json = { type: 'string' }): Json => ({
  name,
  in: where,
  required: where === 'path',
  schema,
})

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: '1 to 64 visible ASCII characters, once per shop; the same with every repeat of the request',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,64}$' },
}

const DELIVERED: Json = {
  summary: 'An event, sent to each of your webhook endpoints',
  requestBody: { required: true, content: { 'application/json': withExample(ref('Event'), EVENT) } },
  responses: { '2XX': { description: 'handled: it is not sent again' }, '410': { description: 'send nothing more' } },
}

const PROBLEM: Json = {
  title: 'Problem',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEMS) },
    requestId: { type: 'string' },
    responseCode: { type: 'string', description: 'DE 39 of ISO 8583' },
    reason: { type: 'string', description: 'DE 44 of ISO 8583' },
    pointer: { type: 'string', description: 'JSON pointer to the wrong or missing member' },
  },
}

/** A schema with a title becomes a component, and so do titled schemas inside it. */
function shared(schema: TSchema, components: Components): Json {
  const plain = JSON.parse(JSON.stringify(schema)) as Json
  return withComponents(plain, components)
}

function withComponents(value: Json, components: Components): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withComponents(item, components))
  if (typeof value !== 'object' || value === null) return value
  const members = value as { readonly [name: string]: Json }
  const inside = Object.fromEntries(
    Object.entries(members).map(([name, inner]) => [name, withComponents(inner, components)]),
  )
  const { title } = members
  if (typeof title !== 'string') return inside
  components.set(title, inside)
  return ref(title)
}
