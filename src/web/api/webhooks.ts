import { Type } from 'typebox'
import { EVENT_TYPES } from '../../office/shop-event.ts'
import { listDeliveries, listEvents, resendEvent, testEndpoint } from '../../office/shop-events.ts'
import { isShopNo } from '../../office/shop-refusal.ts'
import {
  addEndpoint,
  changeEndpoint,
  endpointView,
  findEndpoint,
  listEndpoints,
  removeEndpoint,
  rotateSecret,
} from '../../office/webhook-endpoints.ts'
import { problemOfNo } from '../problem-of-result.ts'
import { problem, type Problem } from '../problem.ts'
import { CLOSED, Empty, listOf, nullable } from '../schema.ts'
import { type UrlFault } from '../webhook-connector.ts'
import { type ApiAnswer, type Call, endpoint } from './endpoint.ts'
import { badQuery, readLimit } from './query.ts'

const Url = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'https, of a public address; in a demo also http and https of this machine',
})
const EventTypes = Type.Array(Type.Enum([...EVENT_TYPES]), {
  maxItems: EVENT_TYPES.length,
  uniqueItems: true,
  description: 'types of events; empty: all',
})
const ENDPOINT = {
  id: Type.String(),
  url: Type.String(),
  events: EventTypes,
  state: Type.Enum(['active', 'failing', 'disabled']),
}
const WebhookEndpoint = Type.Object(ENDPOINT, { ...CLOSED, title: 'WebhookEndpoint' })
const WithSecret = Type.Object(
  { ...ENDPOINT, secret: Type.String({ description: 'whsec_…: shown here, never again' }) },
  { ...CLOSED, title: 'WebhookEndpointWithSecret' },
)
const time = Type.String({ format: 'date-time' })
const Event = Type.Object(
  {
    id: Type.String(),
    type: Type.Enum([...EVENT_TYPES, 'endpoint.test']),
    timestamp: time,
    sequence: Type.Integer({ description: 'rises for each card' }),
    data: Type.Unknown({
      description: 'the payment, top-up or sale as its GET shows it, or the card without its balance',
    }),
  },
  { ...CLOSED, title: 'Event' },
)
const Delivery = Type.Object(
  {
    event: Type.String(),
    type: Type.String(),
    state: Type.Enum(['waiting', 'delivered', 'dropped']),
    tries: Type.Integer(),
    triedAt: nullable(time),
    status: nullable(Type.Integer({ description: 'what your server answered last' })),
    fault: nullable(Type.String({ description: 'why there was no answer' })),
    nextTryAt: nullable(time),
  },
  { ...CLOSED, title: 'Delivery' },
)

const URL_FAULTS = {
  not_a_url: { en: 'url is not a URL.', pl: 'url nie jest adresem URL.' },
  not_https: { en: 'url must begin with https.', pl: 'url musi zaczynać się od https.' },
  has_credentials: {
    en: 'url may not hold a user name or password.',
    pl: 'url nie może zawierać użytkownika ani hasła.',
  },
  does_not_resolve: { en: 'The host of url is not found.', pl: 'Nie znaleziono hosta z url.' },
  address_not_public: {
    en: 'The host of url leads to an address that is not public.',
    pl: 'Host z url prowadzi pod adres, który nie jest publiczny.',
  },
} as const satisfies Record<UrlFault, { en: string; pl: string }>

/** Why messages cannot be sent to a URL; null: they can. */
async function urlProblem({ urlFault }: Call<unknown>, url: string): Promise<Problem | null> {
  const fault = await urlFault(url)
  return fault === null ? null : problem('invalid_request', { pointer: '/url', detail: URL_FAULTS[fault] })
}

const idOf = ({ params }: Call<unknown>): string => params['id'] ?? ''

const ENDPOINTS = [
  endpoint({
    method: 'POST',
    path: '/webhook-endpoints',
    summary: 'Have events sent to a URL of yours',
    scopes: ['webhooks'],
    body: Type.Object({ url: Url, events: Type.Optional(EventTypes) }, CLOSED),
    answers: { 201: WithSecret },
    async handle(call) {
      const { url, events = [] } = call.body
      const wrong = await urlProblem(call, url)
      if (wrong !== null) return wrong
      const made = await addEndpoint(call.office, call.caller, { url: new URL(url).href, events })
      return isShopNo(made) ? problemOfNo(made) : { status: 201, body: made }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/webhook-endpoints',
    summary: 'Your endpoints, the newest first',
    scopes: ['webhooks'],
    body: null,
    answers: { 200: listOf(WebhookEndpoint) },
    query: ['limit', 'cursor'],
    async handle({ office, caller, query }) {
      const limit = readLimit(query)
      if (limit === null) return badQuery('limit')
      const page = await listEndpoints(office, caller, { cursor: query.get('cursor') ?? null, limit })
      return page === null ? badQuery('cursor') : { status: 200, body: page }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/webhook-endpoints/{id}',
    summary: 'An endpoint, without its secret',
    scopes: ['webhooks'],
    body: null,
    answers: { 200: WebhookEndpoint },
    async handle(call) {
      const found = await findEndpoint(call.office, call.caller, idOf(call))
      return isShopNo(found) ? problemOfNo(found) : { status: 200, body: endpointView(call.office, found) }
    },
  }),
  endpoint({
    method: 'PATCH',
    path: '/webhook-endpoints/{id}',
    summary: 'Change where events are sent, which, and whether',
    scopes: ['webhooks'],
    body: Type.Object(
      {
        url: Type.Optional(Url),
        events: Type.Optional(EventTypes),
        state: Type.Optional(Type.Enum(['active', 'disabled'], { description: 'disabled: nothing is sent' })),
      },
      CLOSED,
    ),
    answers: { 200: WebhookEndpoint },
    async handle(call) {
      const { url, ...rest } = call.body
      const wrong = url === undefined ? null : await urlProblem(call, url)
      if (wrong !== null) return wrong
      const change = url === undefined ? rest : { ...rest, url: new URL(url).href }
      const done = await changeEndpoint(call.office, call.caller, idOf(call), change)
      return isShopNo(done) ? problemOfNo(done) : { status: 200, body: done }
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/webhook-endpoints/{id}',
    summary: 'Send nothing to it any more, and forget it',
    scopes: ['webhooks'],
    body: null,
    answers: { 204: null },
    async handle(call) {
      const done = await removeEndpoint(call.office, call.caller, idOf(call))
      return isShopNo(done) ? problemOfNo(done) : { status: 204, body: null }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/webhook-endpoints/{id}/rotate',
    summary: 'A new secret; the one before signs too for 24 hours',
    scopes: ['webhooks'],
    body: Empty,
    answers: { 200: WithSecret },
    async handle(call) {
      const done = await rotateSecret(call.office, call.caller, idOf(call))
      return isShopNo(done) ? problemOfNo(done) : { status: 200, body: done }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/webhook-endpoints/{id}/test',
    summary: 'Have an event endpoint.test sent to it',
    scopes: ['webhooks'],
    body: Empty,
    answers: { 202: Event },
    handle: (call) => sending(call, () => testEndpoint(call.office, call.caller, idOf(call))),
  }),
]

const EVENTS = [
  endpoint({
    method: 'GET',
    path: '/webhook-endpoints/{id}/deliveries',
    summary: 'What became of the events for it, the newest first',
    scopes: ['webhooks'],
    body: null,
    answers: { 200: listOf(Delivery) },
    query: ['limit', 'cursor'],
    async handle(call) {
      const limit = readLimit(call.query)
      if (limit === null) return badQuery('limit')
      const input = { id: idOf(call), cursor: call.query.get('cursor') ?? null, limit }
      const page = await listDeliveries(call.office, call.caller, input)
      if (page === null) return badQuery('cursor')
      return isShopNo(page) ? problemOfNo(page) : { status: 200, body: page }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/events',
    summary: 'Events of the last 90 days after one of them, the oldest first',
    scopes: ['webhooks'],
    body: null,
    answers: { 200: listOf(Event) },
    query: ['limit', 'after', 'cursor'],
    async handle({ office, caller, query }) {
      const limit = readLimit(query)
      if (limit === null) return badQuery('limit')
      const after = query.get('cursor') ?? query.get('after') ?? null
      const page = await listEvents(office, caller, { after, limit })
      return page === null ? badQuery('after') : { status: 200, body: page }
    },
  }),
  endpoint({
    method: 'POST',
    path: '/events/{id}/resend',
    summary: 'Have an event sent once more',
    scopes: ['webhooks'],
    body: Empty,
    answers: { 202: Event },
    handle: (call) => sending(call, () => resendEvent(call.office, call.caller, idOf(call))),
  }),
]

/** Runs `work`, which sends a message, within the shop's budget of messages a minute. */
async function sending(call: Call<unknown>, work: () => ReturnType<typeof testEndpoint>): Promise<ApiAnswer | Problem> {
  const retryAfterSeconds = call.budgets.sending.take(call.caller.shop.code)
  if (retryAfterSeconds !== null) return problem('too_many_requests', { retryAfterSeconds })
  const done = await work()
  return isShopNo(done) ? problemOfNo(done) : { status: 202, body: done }
}

export const WEBHOOK_ENDPOINTS = [...ENDPOINTS, ...EVENTS]
