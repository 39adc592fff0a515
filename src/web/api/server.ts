/** Mounts the HTTP API: authentication, budgets, idempotency, and the answers of the endpoints. */

import type { FastifyInstance } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { countedAddress, type ShopCaller, sourceOfShop } from '../../office/shop-caller.ts'
import { type SignedIn, signInShop } from '../../office/shop-sign-in.ts'
import type { RefusedCalls } from '../../office/refused-calls.ts'
import type { WebOffice } from '../../office/web-office.ts'
import type { CardAsker, GuessBudgets } from '../guess-budgets.ts'
import { type HttpAnswer, sendAnswer } from '../../http/answer.ts'
import type { ApiRequest, DirectRoutes } from '../../http/direct.ts'
import { languageOf, problem, type Problem, problemAnswer } from '../problem.ts'
import { PROBLEMS } from '../problems.ts'
import { bodyReader } from '../read-body.ts'
import { problemOfError, type ReadJson } from '../site.ts'
import { RETRY_AFTER_SECONDS } from '../../http/site.ts'
import type { ApiAnswer, Call, CallBudgets, Endpoint } from './endpoint.ts'
import { badQuery } from './query.ts'
import { openApiOf } from './openapi.ts'
import { listedOrigins } from '../../office/shop-sign-in.ts'
import { isMoneyScope, type Scope } from '../../office/api-key.ts'
import { isDatabaseUnavailable } from '../../office/database-unavailable.ts'
import { holdsCardNumber } from '../../office/card-in-text.ts'
import { nameOfGuess } from '../../office/shop-card.ts'

export const API_BASE = '/api/v1'

export type ApiParts = {
  readonly office: WebOffice
  readonly budgets: GuessBudgets
  readonly callBudgets: CallBudgets
  /** Why nothing may be sent to a URL; null: it may. */
  readonly urlFault: Call<unknown>['urlFault']
  /** Keeps the calls that were refused before they reached the books. */
  readonly refusedCalls?: RefusedCalls
  /** ms after which an undecided outcome is reported as unknown. */
  readonly outcomeMs: number
  readonly readJson: ReadJson
}

/** The least time in ms until an unrecognised card is answered, so that the time reveals nothing about the card. */
const UNRECOGNISED_MS = 300

/**
 * Each endpoint is a route of Fastify. Those that are called by POST are direct routes as well (`http/direct.ts`): both call
 * the same function.
 */
export function mountApi(
  app: FastifyInstance,
  direct: DirectRoutes,
  parts: ApiParts,
  endpoints: readonly Endpoint[],
): void {
  const running: Running = new Map()
  for (const endpoint of endpoints) {
    const url = `${API_BASE}${endpoint.path.replace(/\{(\w+)\}/gu, ':$1')}`
    const answer = answerOf(parts, running, endpoint)
    app.route({
      method: endpoint.method,
      url,
      handler: async (request, reply) => {
        const { id, headers, ip, body } = request
        const params = request.params as ApiRequest['params']
        return sendAnswer(reply, await answer({ id, url: request.url, headers, address: ip, params }, body))
      },
    })
    if (endpoint.method === 'POST') direct.add(url, afterReading(parts, answer))
  }
  mountCors(app, parts)
  const document = openApiOf(endpoints, API_BASE)
  app.get(`${API_BASE}/openapi.json`, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(document)),
  )
}

/** @param body undefined: none */
type Answering = (request: ApiRequest, body: unknown) => Promise<HttpAnswer>

/** A body that cannot be read ends the connection, as with Fastify. */
const afterReading =
  ({ office, readJson }: ApiParts, answer: Answering): Parameters<DirectRoutes['add']>[1] =>
  async (request, bytes) => {
    const read = readJson(bytes)
    if ('value' in read) return answer(request, read.value)
    const refused = problemAnswer(problemOfError(office.log, read.error, request), request)
    return { ...refused, headers: { ...refused.headers, connection: 'close' } }
  }

/** Answers the requests to an endpoint. Never rejects. */
function answerOf(parts: ApiParts, running: Running, endpoint: Endpoint): Answering {
  const read = endpoint.body === null ? null : bodyReader(endpoint.body)
  return async (request, body) => {
    const arrived = performance.now()
    let cors = NO_HEADERS
    try {
      const identified = await callerOf(parts, endpoint, request)
      const { shop, known } = identified
      cors = identified.headers
      const answer = 'problem' in known ? known : await answerTo(parts, running, endpoint, read, request, body, known)
      noteRefusal(parts, endpoint, request, shop, answer)
      if ('problem' in answer && answer.problem === 'card_not_recognised') {
        await sleep(Math.max(0, UNRECOGNISED_MS - (performance.now() - arrived)))
      }
      return withHeaders(answerWith(answer, request), cors)
    } catch (error) {
      return withHeaders(problemAnswer(problemOfError(parts.office.log, error, request), request), cors)
    }
  }
}

/** Records a refusal, unless the engine declined the request, which has its row already. */
function noteRefusal(
  { office, refusedCalls }: ApiParts,
  endpoint: Endpoint,
  request: ApiRequest,
  shop: string | null,
  answer: ApiAnswer | Problem,
): void {
  if (!('problem' in answer) || answer.responseCode !== undefined || shop === null) return
  const { method, path } = endpoint
  const { status } = PROBLEMS[answer.problem]
  refusedCalls?.note(shop, { at: office.clock(), method, path, status, problem: answer.problem, requestId: request.id })
}

type Reader = ReturnType<typeof bodyReader>

/** The requests in progress: shop and Idempotency-Key → the scopes that permit such a request. */
type Running = Map<string, readonly Scope[]>

/** Checks a request in this order and answers with the first fault. */
async function answerTo(
  parts: ApiParts,
  running: Running,
  endpoint: Endpoint,
  read: Reader | null,
  request: ApiRequest,
  sent: unknown,
  { caller, asker }: Known,
): Promise<ApiAnswer | Problem> {
  const prefixes = await parts.office.prefixes()
  const idempotencyKey = endpoint.idempotent ? idempotencyKeyOf(request, prefixes) : ''
  if (typeof idempotencyKey !== 'string') return idempotencyKey
  const body = bodyOf(read, sent, prefixes)
  if ('problem' in body) return body
  const query = queryOf(request)
  const strange = endpoint.query === null ? undefined : [...query.keys()].find((name) => !isIn(endpoint.query, name))
  if (strange !== undefined) return badQuery(strange)
  const call: Call<unknown> = {
    office: parts.office,
    caller,
    body: body.value,
    params: request.params,
    query,
    budgets: parts.callBudgets,
    urlFault: parts.urlFault,
    isUnderway: (key) => running.get(`${caller.shop.code} ${key}`)?.some((scope) => caller.scopes.has(scope)) === true,
    idempotencyKey,
    method: endpoint.method,
    path: (request.url.split('?')[0] ?? '').slice(API_BASE.length),
  }
  const { outcomeMs } = parts
  if (!endpoint.namesCard) return settled(running, endpoint, call, outcomeMs)
  const namesNumber = isByNumber(body.value)
  const allowed = namesNumber ? parts.budgets.mayAsk(asker) : ({ ok: true } as const)
  if (!allowed.ok) return problem('too_many_requests', { retryAfterSeconds: allowed.retryAfterSeconds })
  if (!namesNumber) return settled(running, endpoint, call, outcomeMs)
  try {
    const answer = await settled(running, endpoint, call, outcomeMs)
    const isMiss = 'problem' in answer && answer.problem === 'card_not_recognised'
    if (isMiss) parts.budgets.missed(asker, nameOfGuess(parts.office, numberIn(body.value)))
    return answer
  } finally {
    parts.budgets.done(asker)
  }
}

/**
 * Waits `outcomeMs` for the outcome; after that it is reported as unknown. A second request under the same key waits for
 * the first.
 */
function settled(
  running: Running,
  endpoint: Endpoint,
  call: Call<unknown>,
  outcomeMs: number,
): Promise<ApiAnswer | Problem> {
  const name = endpoint.idempotent ? `${call.caller.shop.code} ${call.idempotencyKey}` : null
  const isSecond = name !== null && running.has(name)
  if (name !== null && !isSecond) running.set(name, endpoint.scopes)
  // One promise for result and timeout: Promise.race and `finally` would cost each payment 2 µs.
  return new Promise((resolve, reject) => {
    const late = (): void => resolve(isSecond ? problem('in_progress') : lateAnswerOf(endpoint))
    const timer = setTimeout(late, outcomeMs).unref()
    const ended = (): void => {
      clearTimeout(timer)
      if (name !== null && !isSecond) running.delete(name)
    }
    endpoint.handle(call).then(
      (answer) => {
        ended()
        resolve(answer)
      },
      (error: unknown) => {
        ended()
        if (isDatabaseUnavailable(error) && movesMoney(endpoint)) resolve(problem('outcome_unknown'))
        else reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}

/** A query about cards, and every GET, changes nothing, so it may be repeated; the outcome of other requests is unknown. */
const lateAnswerOf = ({ method, scopes }: Endpoint): Problem =>
  method === 'GET' || scopes.every((scope) => scope === 'cards')
    ? problem('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
    : problem('outcome_unknown')

const movesMoney = ({ method, scopes }: Endpoint): boolean => method === 'POST' && scopes.some(isMoneyScope)

/** The caller, and the source by which guesses are counted. */
type Known = { readonly caller: ShopCaller; readonly asker: CardAsker }
/** `shop`: that of the API key; null: the key is not valid. */
type Identified = {
  readonly shop: string | null
  readonly known: Known | Problem
  /** Those by which a page of a listed origin may read the answer. */
  readonly headers: HttpAnswer['headers']
}

/** Identifies the caller and the source for counting guesses. */
async function callerOf(parts: ApiParts, endpoint: Endpoint, request: ApiRequest): Promise<Identified> {
  const [, apiKey = ''] = /^Bearer ([\x21-\x7e]+)$/iu.exec(request.headers.authorization ?? '') ?? []
  const signedIn = await signInShop(parts.office, apiKey, request.address)
  if (signedIn === null) return { shop: null, known: problem('unauthorised'), headers: NO_HEADERS }
  const { key, shop } = signedIn
  const { origin } = request.headers
  const isListed = origin !== undefined && key.kind === 'publishable' && isOrigin(key.origins, origin)
  return {
    shop: shop.code,
    known: knownAs(signedIn, endpoint, request, origin === undefined || isListed),
    headers: isListed && endpoint.publishable ? { ...MAY_BE_READ, 'access-control-allow-origin': origin } : NO_HEADERS,
  }
}

const NO_HEADERS: HttpAnswer['headers'] = {}

function knownAs(
  { shop, key, scopes }: SignedIn,
  endpoint: Endpoint,
  request: ApiRequest,
  isFromListed: boolean,
): Known | Problem {
  const { origin } = request.headers
  if (key.kind === 'secret' && origin !== undefined) return problem('secret_key_in_browser')
  if (key.kind === 'publishable') {
    if (!endpoint.publishable || !isFromListed) {
      return problem('scope_missing', { members: { scope: endpoint.scopes[0] } })
    }
  } else if (!endpoint.scopes.some((scope) => scopes.has(scope))) {
    return problem('scope_missing', { members: { scope: endpoint.scopes[0] } })
  }
  const said = request.headers['akart-customer-address']
  if (said !== undefined && (typeof said !== 'string' || key.kind === 'publishable' || countedAddress(said) === null)) {
    return problem('invalid_request', {
      detail: {
        en: 'Akart-Customer-Address must be one IP address, and is not taken from a publishable key.',
        pl: 'Akart-Customer-Address musi być jednym adresem IP; klucz publiczny nie może go podać.',
      },
    })
  }
  const isBrowser = key.kind === 'publishable'
  const address = isBrowser ? countedAddress(request.address) : said === undefined ? null : countedAddress(said)
  const source = isBrowser ? (address ?? request.address) : sourceOfShop(shop.code, address)
  const language = languageOf(request.headers['accept-language'])
  // Everybody can have a publishable key, so its budgets are counted by the address of the connection (docs/spec/abuse.md, 17).
  const asker = { key: isBrowser ? `from ${source}` : String(key.id), address }
  return { caller: { shop, scopes, source, requestId: request.id, language }, asker }
}

/** Headers of an answer to a page; without them its script could not read Retry-After and the id of the request. */
const MAY_BE_READ = { 'access-control-expose-headers': 'Retry-After, X-Request-Id', vary: 'Origin' } as const

/** A loopback origin may have `*` as its port, because a demo's pages may be served from any port. */
const isOrigin = (origins: readonly string[], origin: string): boolean =>
  origins.some((known) => known === origin || (known.endsWith(':*') && isAt(known.slice(0, -2), origin)))

const isAt = (base: string, origin: string): boolean =>
  origin === base || new RegExp(`^${escapeRegExp(base)}:\\d+$`, 'u').test(origin)
const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')

function idempotencyKeyOf(request: ApiRequest, prefixes: readonly string[]): string | Problem {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,64}$/u.test(key)) return problem('idempotency_key_missing')
  return holdsCardNumber(key, prefixes) ? problem('invalid_request', { detail: NO_NUMBERS }) : key
}

const NO_NUMBERS = {
  en: 'A card number stands where none may be kept.',
  pl: 'Numer karty stoi tam, gdzie nie wolno go przechowywać.',
}

function bodyOf(
  read: Reader | null,
  sent: unknown,
  prefixes: readonly string[],
): { readonly value: unknown } | Problem {
  if (read === null) return { value: null }
  // An empty request body is allowed if all members are optional: `/confirm` of the whole amount.
  const result = read(sent === undefined ? {} : sent)
  if (!('value' in result)) {
    const { pointer, text } = result
    const member = pointer === '' ? 'The body' : pointer.slice(1)
    return problem('invalid_request', {
      pointer,
      detail: {
        en: `${member} ${text}.`,
        pl: `Pole ${pointer === '' ? '(całość)' : pointer.slice(1)} jest nieprawidłowe.`,
      },
    })
  }
  const named = result.value as { readonly [name in (typeof PLAIN_TEXTS)[number]]?: unknown }
  const member = PLAIN_TEXTS.find((name) => holdsNumber(named[name], prefixes))
  return member === undefined ? result : problem('invalid_request', { pointer: `/${member}`, detail: NO_NUMBERS })
}

/** Members that must not contain a card number (docs/spec/abuse.md, 21). */
const PLAIN_TEXTS = ['orderId', 'idempotencyKey'] as const

const holdsNumber = (text: unknown, prefixes: readonly string[]): boolean =>
  typeof text === 'string' && holdsCardNumber(text, prefixes)

const NO_QUERY: ReadonlyMap<string, string> = new Map()
const queryOf = ({ url }: ApiRequest): ReadonlyMap<string, string> =>
  url.includes('?') ? new Map(new URLSearchParams(url.split('?')[1] ?? '')) : NO_QUERY

const isIn = (known: readonly string[] | null, name: string): boolean => known?.includes(name) === true

type Named = { readonly card?: { readonly number?: string } }
const isByNumber = (body: unknown): boolean => typeof (body as Named).card?.number === 'string'
const numberIn = (body: unknown): string => (body as Named).card?.number ?? ''

function answerWith(answer: ApiAnswer | Problem, request: ApiRequest): HttpAnswer {
  if ('problem' in answer) return problemAnswer(answer, request)
  const isEmpty = answer.status === 204
  return {
    status: answer.status,
    headers: answer.replayed === true ? REPLAYED : isEmpty ? NO_HEADERS : JSON_ALONE,
    body: isEmpty ? null : JSON.stringify(answer.body),
  }
}

const JSON_ALONE = { 'content-type': 'application/json; charset=utf-8' }
const REPLAYED = { ...JSON_ALONE, 'idempotent-replayed': 'true' }

const withHeaders = (answer: HttpAnswer, more: HttpAnswer['headers']): HttpAnswer =>
  more === NO_HEADERS ? answer : { ...answer, headers: { ...answer.headers, ...more } }

/** Pages of listed origins may ask for tokens, and for nothing else. */
function mountCors(app: FastifyInstance, { office }: ApiParts): void {
  const url = `${API_BASE}/card-tokens`
  app.options(url, async (request, reply) => {
    const { origin } = request.headers
    void reply.header('vary', 'Origin')
    // A preflight does not name its key: it is enough that any key lists the origin. The request itself is checked against its own key.
    const isListed = origin !== undefined && (await listedOrigins(office)).some((known) => isOrigin([known], origin))
    if (!isListed) return reply.code(204).header('allow', 'OPTIONS, POST').send()
    return reply
      .headers({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, accept-language',
        'access-control-max-age': '600',
      })
      .code(204)
      .send()
  })
}
