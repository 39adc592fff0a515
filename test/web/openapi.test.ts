import t from 'tap'
import { Compile } from 'typebox/compile'
import { ENDPOINTS } from '../../src/web/api/endpoints.ts'
import { ANSWERS, DECLINE, EVENT } from '../../src/web/api/answers.ts'
import { EXAMPLES } from '../../src/web/api/examples.ts'
import { Payment } from '../../src/web/schema.ts'
import { type Answer, once, webSetting } from './api-setting.ts'

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
  readonly webhooks: Readonly<Record<string, object>>
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

void t.test('every example of an answer is one by the schema', async (t) => {
  for (const { method, path, answers } of ENDPOINTS) {
    const name = `${method} ${path}`
    const [schema = null] = Object.values(answers)
    if (schema === null) t.notOk(name in ANSWERS, `${name} has no body`)
    else t.same([...Compile(schema).Errors(ANSWERS[name])], [], name)
  }
  t.same([...Compile(Payment).Errors(EVENT.data)], [], 'what the event of a payment is about')
})

/** Where an answer has other members than its example: `card.topUp`. `data` of an event is what the event is about. */
function otherMembers(real: unknown, example: unknown, at = ''): readonly string[] {
  if (Array.isArray(real) && Array.isArray(example)) {
    return real.length === 0 || example.length === 0 ? [] : otherMembers(real[0], example[0], `${at}.0`)
  }
  if (typeof real !== 'object' || typeof example !== 'object' || real === null || example === null) return []
  const [found, shown] = [real as Record<string, unknown>, example as Record<string, unknown>]
  return [...new Set([...Object.keys(found), ...Object.keys(shown)])].flatMap((name) => {
    if (!(name in found) || !(name in shown)) return [`${at}.${name}`]
    return name === 'data' ? [] : otherMembers(found[name], shown[name], `${at}.${name}`)
  })
}

void t.test('every example works, and is answered by the members of its example', async (t) => {
  const card = web.card()
  const answered = (name: string, status: number, sent: Answer) => {
    t.equal(sent.status, status, `${name}: ${JSON.stringify(sent.body)}`)
    if (status !== 204) t.same(otherMembers(sent.body, ANSWERS[name]), [], name)
  }
  const send = async (name: string, path: string, status: number, headers: Record<string, string> = once()) => {
    const example = EXAMPLES[name] as { card?: object }
    const body = example.card === undefined ? example : { ...example, card }
    const sent = await shop.call('POST', path, body, headers)
    answered(name, status, sent)
    return String(sent.body['id'])
  }
  const get = async (name: string, path = name) => answered(`GET ${name}`, 200, await shop.call('GET', path))
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
  answered('PATCH /webhook-endpoints/{id}', 200, await shop.call('PATCH', path, change))
  await send('POST /webhook-endpoints/{id}/rotate', `${path}/rotate`, 200)
  const event = await send('POST /webhook-endpoints/{id}/test', `${path}/test`, 202)
  await send('POST /events/{id}/resend', `/events/${event}/resend`, 202)
  await get('/webhook-endpoints/{id}', path)
  await get('/webhook-endpoints/{id}/deliveries', `${path}/deliveries`)
  await get('/webhook-endpoints')
  await get('/events')
  answered('DELETE /webhook-endpoints/{id}', 204, await shop.call('DELETE', path))
  await get('/sales/{id}', `/sales/${sale}`)
  await get('/sales')
  await get('/payments/{id}', `/payments/${id}`)
  await get('/payments')
  await get('/top-ups/{id}', `/top-ups/${topUp}`)
  await get('/top-ups')
  await get('/requests/{idempotencyKey}', '/requests/basket-4711-payment-1')
  const tooMuch = { card, amount: { value: 900_000, currency: 'PLN' } }
  const declined = await shop.call('POST', '/payments', tooMuch, once())
  t.equal(declined.status, DECLINE.status)
  t.same(otherMembers(declined.body, DECLINE), [], 'a decline')
})

void t.test('webhooks are in the document', async (t) => {
  t.match(document.webhooks, {
    event: { post: { requestBody: { content: { 'application/json': { example: EVENT } } } } },
  })
})
