import { Readable } from 'node:stream'
import cookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'
import { type BodyFault, faultOf } from '../http/body-fault.ts'
import { plainProblem, sendProblem } from '../http/problem.ts'
import type { Actor } from '../office/actor.ts'
import { isRefused, refusalText, refused, REFUSALS, type Refused } from '../office/refusal.ts'
import { proofObjection, sessionOf, type Session } from '../office/sessions.ts'
import { digestOfToken } from '../office/tokens.ts'
import { API, ROUTE_NAMES, type RouteName } from './api.ts'
import type { Access, Route } from './api/route.ts'
import type { Call, Cookies, Handler, Handlers, Language, MenuParts } from './call.ts'
import { faultText } from './fault-text.ts'

/** The CSRF token of requests while nobody is signed in: a foreign page cannot set a header. */
export const ANONYMOUS_CSRF = 'signed-out'
export const csrfOf = (token: string | null): string =>
  token === null ? ANONYMOUS_CSRF : digestOfToken(`csrf ${token}`).slice(0, 43)

const NOBODY: Actor = { login: '', name: '', rights: new Map(), stores: new Set(), channel: 'menu' }

/** Adds the routes of the API: each is a schema, a use case and JSON. */
export async function mountApi(
  app: FastifyInstance,
  parts: MenuParts,
  handlers: Partial<Handlers>,
  secure: boolean,
): Promise<void> {
  await app.register(cookie)
  // Bodies are JSON; a form of a foreign page could send plain text.
  app.removeContentTypeParser('text/plain')
  app.setValidatorCompiler(({ schema, httpPart }) => checkerOf(schema as TSchema, httpPart === 'body'))
  for (const name of ROUTE_NAMES) {
    const handler = handlers[name]
    if (handler !== undefined) mountRoute(app, parts, name, handler as Handler<RouteName>, secure)
  }
}

/** Queries and parameters are text: they are converted before they are checked. */
function checkerOf(schema: TSchema, isBody: boolean) {
  const check = Compile(schema)
  return (given: unknown) => {
    const value: unknown = isBody ? given : Value.Convert(schema, structuredClone(given))
    if (check.Check(value)) return { value }
    return { error: Object.assign(new Error('invalid'), { statusCode: 400, fault: faultOf(check.Errors(value)) }) }
  }
}

/** Bytes of a request that carries a file, as base64. */
const FILE_LIMITS: Readonly<Partial<Record<RouteName, number>>> = {
  'journals.upload': 10_000_000,
  'welfare.upload': 30_000_000,
  'welfare.importEmployees': 30_000_000,
  'welfare.correct': 30_000_000,
  'stores.import': 30_000_000,
  'packs.plan': 21_000_000,
  'packs.make': 21_000_000,
  'packs.receive': 21_000_000,
  'counterparties.import': 10_000_000,
}

function mountRoute(
  app: FastifyInstance,
  parts: MenuParts,
  name: RouteName,
  handler: Handler<RouteName>,
  secure: boolean,
): void {
  const route: Route = API[name]
  const cookieName = secure ? '__Host-akart' : 'akart'
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: FILE_LIMITS[name] ?? 262_144,
    schema: {
      ...(route.params === undefined ? {} : { params: route.params }),
      ...(route.query === undefined ? {} : { querystring: route.query }),
      ...(route.body === undefined ? {} : { body: route.body }),
    },
    errorHandler: (error, request, reply) => void sendFault(parts, error, request, reply),
    // Before the body is read: a stranger learns nothing of what a route takes, and costs nothing.
    onRequest: async (request, reply) => {
      const token = request.cookies[cookieName] ?? null
      const session =
        token === null ? null : await sessionOf(parts.office, token, parts.idleMs, unusedMs(request.headers))
      const language = languageOf(request, session)
      const ownOrigin = parts.ownOrigin(request)
      const objection = forgery(request, ownOrigin, token, session !== null) ?? mayCall(parts, route, session)
      if (objection !== null) return sendRefusal(reply, objection, language)
      visits.set(request, { session, language, ownOrigin })
    },
    handler: async (request, reply) => {
      const { session, language, ownOrigin } = visits.get(request) ?? unvisited()
      const call = {
        parts,
        office: parts.office,
        session,
        actor: session?.state === 'signedIn' ? session.actor : NOBODY,
        origin: { address: request.ip, userAgent: request.headers['user-agent'] ?? '' },
        ownOrigin,
        language,
        cookies: cookiesOf(reply, cookieName, secure),
        reply,
        gone: goneOf(reply),
        params: request.params,
        query: request.query,
        body: request.body,
      } as Call<RouteName>
      const answer = await handler(call)
      if (reply.sent) return reply
      if (answer instanceof Readable) return reply.send(answer)
      if (isRefused(answer)) return sendRefusal(reply, answer, language)
      return route.answer === null ? reply.code(204).send() : reply.send(answer)
    },
  })
}

/** For how long nobody has used the browser: it asks for news by itself. Without the header each request is a use. */
function unusedMs({ 'x-unused-seconds': seconds }: FastifyRequest['headers']): number {
  return typeof seconds === 'string' && /^\d{1,6}$/u.test(seconds) ? Number(seconds) * 1000 : 0
}

/** The connection was closed before the answer was written: a list that was left, a search that was cancelled. */
function goneOf({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const closed = (): void => {
    if (!raw.writableFinished) gone.abort()
  }
  // The request may have been closed while its session was looked up, without another event.
  if (raw.closed || raw.destroyed) closed()
  else raw.once('close', closed)
  return gone.signal
}

/** The origin of a request, determined in its first step. */
type Visit = { readonly session: Session | null; readonly language: Language; readonly ownOrigin: string }
const visits = new WeakMap<FastifyRequest, Visit>()
const unvisited = (): never => {
  throw new Error('a handler ran before its caller was known')
}

const cookiesOf = (reply: FastifyReply, name: string, secure: boolean): Cookies => {
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure } as const
  return {
    set: (token) => void reply.setCookie(name, token, options),
    clear: () => void reply.clearCookie(name, options),
  }
}

/**
 * Checks the own Origin and the token that only our page can read: a foreign page has neither. A page whose session has
 * ended may still sign in with its token.
 */
function forgery(request: FastifyRequest, ownOrigin: string, token: string | null, isOpen: boolean): Refused | null {
  if (request.method === 'GET') return null
  const tokens = isOpen ? [csrfOf(token)] : [csrfOf(token), ANONYMOUS_CSRF]
  const given = request.headers['x-csrf-token']
  const isOwn = request.headers.origin === ownOrigin && typeof given === 'string' && tokens.includes(given)
  return isOwn ? null : refused('foreign_request')
}

function mayCall({ office }: MenuParts, { access, proof }: Route, session: Session | null): Refused | null {
  if (access === 'anyone') return null
  if (session?.state !== 'signedIn') return refused('not_signed_in')
  return hasOneOf(session.actor, access) ?? (proof === undefined ? null : proofOf(office, session, access, proof))
}

const proofOf = (office: MenuParts['office'], session: Session, access: Access, proof: 'byRight' | 'always') =>
  proof === 'always' || typeof access === 'string'
    ? office.demo || session.provenUntil !== null
      ? null
      : refused('proof_needed')
    : proofObjection(office, session, access)

function hasOneOf({ rights }: Actor, access: Access): Refused | null {
  if (typeof access === 'string' || access.some((right) => rights.has(right))) return null
  return refused('right_missing', { right: access[0] ?? '' })
}

function languageOf(request: FastifyRequest, session: Session | null): Language {
  const accepted = (request.headers['accept-language'] ?? '').trim().toLowerCase()
  return session?.user.language ?? (accepted.startsWith('pl') ? 'pl' : 'en')
}

/** A use case's no, as a problem of its code. */
export function sendRefusal(reply: FastifyReply, refusal: Refused, language: Language): FastifyReply {
  const { status } = REFUSALS[refusal.refused]
  const detail = refusalText(refusal, language)
  const details = Object.fromEntries(
    Object.entries(refusal.details).map(([name, value]) => [name, typeof value === 'object' ? value[language] : value]),
  )
  const seconds = refusal.details['seconds']
  if (typeof seconds === 'number') void reply.header('retry-after', seconds)
  const faults = refusal.faults?.map(({ pl, text, ...place }) => ({
    ...place,
    text: language === 'pl' ? (pl ?? text) : text,
  }))
  const problem = { status, code: refusal.refused, title: detail, detail, details }
  return sendProblem(reply, faults === undefined ? problem : { ...problem, faults })
}

/** Answers a refusal by HTTP or a schema, or a failure. */
function sendFault({ office }: MenuParts, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode, fault } = error as { statusCode?: unknown; fault?: BodyFault }
  const status = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500
  if (status === 500) office.log.error('a request of the menu failed', { error, request: request.id })
  const problem = { ...plainProblem(status), details: {} }
  if (fault === undefined) return sendProblem(reply, problem)
  const detail = faultText(fault, visits.get(request)?.language ?? 'en')
  return sendProblem(reply, { ...problem, pointer: fault.pointer, detail })
}
