import t from 'tap'
import { ENDPOINTS } from '../../src/web/api/endpoints.ts'
import { EXAMPLES } from '../../src/web/api/examples.ts'
import { once, webSetting } from './api-setting.ts'

/* The OpenAPI document: every endpoint is in it, and every example of it works. */

const web = await webSetting(t)
const shop = await web.shop('DOCS')

type Operation = {
  readonly parameters: readonly { readonly name: string }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly example?: object } } }
  readonly responses: Readonly<Record<string, unknown>>
}
type Document = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

const answer = await shop.call('GET', '/openapi.json')
const document = answer.body as unknown as Document

void t.test('every endpoint is in the document, with its key and its answers', async (t) => {
  t.equal(document.openapi, '3.1.0')
  for (const { method, path, idempotent, answers, body } of ENDPOINTS) {
    const operation = document.paths[path]?.[method.toLowerCase()]
    if (operation === undefined) {
      t.fail(`${method} ${path}`)
      continue
    }
    const names = operation.parameters.map(({ name }) => name)
    t.equal(names.includes('Idempotency-Key'), idempotent, `${method} ${path}`)
    for (const status of Object.keys(answers)) t.ok(status in operation.responses)
    if (body !== null) t.same(operation.requestBody?.content['application/json'].example, EXAMPLES[`${method} ${path}`])
  }
})

void t.test('what the document refers to is in it', async (t) => {
  const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/gu)].map(
    ([, name = '']) => name,
  )
  t.ok(references.length > 10)
  t.same(
    references.filter((name) => !(name in document.components.schemas)),
    [],
  )
})

void t.test('every example works', async (t) => {
  const card = web.card()
  const send = async (name: string, path: string, status: number, headers: Record<string, string> = once()) => {
    const example = EXAMPLES[name] as { card?: object }
    const body = example.card === undefined ? example : { ...example, card }
    const sent = await shop.call('POST', path, body, headers)
    t.equal(sent.status, status, `${name}: ${JSON.stringify(sent.body)}`)
    return String(sent.body['id'])
  }
  await send('POST /card-tokens', '/card-tokens', 201)
  await send('POST /balance', '/balance', 200)
  await send('POST /history', '/history', 200)
  const key = { 'idempotency-key': 'basket-4711-payment-1' }
  const id = await send('POST /payments', '/payments', 201, key)
  await send('POST /payments/{id}/confirm', `/payments/${id}/confirm`, 200)
  await send('POST /payments/{id}/refunds', `/payments/${id}/refunds`, 201)
  await send('POST /reversals', '/reversals', 200)
  const other = await send('POST /payments', '/payments', 201)
  await send('POST /payments/{id}/cancel', `/payments/${other}/cancel`, 200)
  const topUp = await send('POST /top-ups', '/top-ups', 201)
  await send('POST /top-ups/{id}/confirm', `/top-ups/${topUp}/confirm`, 200)
  await send('POST /top-ups/{id}/cancel', `/top-ups/${topUp}/cancel`, 200)
  const sale = await send('POST /sales', '/sales', 201)
  await send('POST /sales/{id}/confirm', `/sales/${sale}/confirm`, 200)
  await send('POST /sales/{id}/cancel', `/sales/${sale}/cancel`, 200)
  const endpoint = await send('POST /webhook-endpoints', '/webhook-endpoints', 201)
  const path = `/webhook-endpoints/${endpoint}`
  const change = EXAMPLES['PATCH /webhook-endpoints/{id}'] as object
  t.equal((await shop.call('PATCH', path, change)).status, 200)
  await send('POST /webhook-endpoints/{id}/rotate', `${path}/rotate`, 200)
  const event = await send('POST /webhook-endpoints/{id}/test', `${path}/test`, 202)
  await send('POST /events/{id}/resend', `/events/${event}/resend`, 202)
  for (const one of [path, `${path}/deliveries`, '/webhook-endpoints', '/events']) {
    t.equal((await shop.call('GET', one)).status, 200, one)
  }
  t.equal((await shop.call('DELETE', path)).status, 204)
  t.equal((await shop.call('GET', `/sales/${sale}`)).status, 200)
  t.equal((await shop.call('GET', '/sales')).status, 200)
  t.equal((await shop.call('GET', `/payments/${id}`)).status, 200)
  t.equal((await shop.call('GET', '/payments')).status, 200)
  t.equal((await shop.call('GET', `/top-ups/${topUp}`)).status, 200)
  t.equal((await shop.call('GET', '/top-ups')).status, 200)
  t.equal((await shop.call('GET', '/requests/basket-4711-payment-1')).status, 200)
})
