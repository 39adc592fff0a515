import fastify, { LogController, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { randomUUID } from 'node:crypto'
import { fastifyLogger } from '../http/fastify-logger.ts'
import type { Log } from '../log.ts'
import { isProblemCode } from './problems.ts'
import { languageOf, problem, type Problem, sendProblem } from './problem.ts'
import { problemPage } from './problem-page.ts'

export type WebParts = {
  readonly log: Log
  /** Names that the Host header may have, with their ports; empty: any (a demo on loopback). */
  readonly hosts: ReadonlySet<string>
}

/** A body has at most 16 KiB (docs/spec/web.md, section 2). */
const BODY_LIMIT = 16 * 1024

/** No script, no form to elsewhere, in nobody's frame. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** AkartWeb, not yet listening: `inject()` asks it without a socket. */
export function buildWeb({ log, hosts }: WebParts): FastifyInstance {
  const app = fastify({
    loggerInstance: fastifyLogger(log),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    // Ours: an id that comes in could be anybody's (docs/spec/web.md, section 1).
    requestIdHeader: false,
    genReqId: () => `req_${randomUUID().replaceAll('-', '')}`,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
  })
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'referrer-policy': 'no-referrer',
    })
    if (hosts.size > 0 && !hosts.has((request.headers.host ?? '').toLowerCase())) {
      return sendProblem(request, reply, problem('misdirected'))
    }
    return undefined
  })
  answerOtherMethods(app)
  readNothingButJson(app)
  app.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const { code } = request.params
    if (!isProblemCode(code)) return sendProblem(request, reply, problem('not_found'))
    return reply
      .type('text/html; charset=utf-8')
      .send(problemPage(code, languageOf(request.headers['accept-language'])))
  })
  app.setErrorHandler(async (error, request, reply) => sendProblem(request, reply, problemOf(log, error, request)))
  return app
}

/** Bodies are JSON; fastify's reader of plain text would let a form of a foreign page in. */
function readNothingButJson(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain')
}

/** 404 for paths that nobody has, 405 with Allow for those that only other methods have. */
function answerOtherMethods(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>()
  app.addHook('onRoute', ({ method, url }) => {
    const known = methods.get(url) ?? new Set()
    for (const one of Array.isArray(method) ? method : [method]) known.add(one)
    methods.set(url, known)
  })
  const allowedAt = (path: string): string[] =>
    [...methods].flatMap(([url, allowed]) => (matches(url, path) ? [...allowed] : []))
  app.setNotFoundHandler(async (request: FastifyRequest, reply: FastifyReply) => {
    const allowed = allowedAt(request.url.split('?')[0] ?? '')
    if (allowed.length === 0) return sendProblem(request, reply, problem('not_found'))
    reply.header('allow', allowed.sort().join(', '))
    return sendProblem(request, reply, problem('method_not_allowed'))
  })
}

/** Does a path fit a route such as `/payments/:id/confirm`? */
function matches(route: string, path: string): boolean {
  const wanted = route.split('/')
  const given = path.split('/')
  return wanted.length === given.length && wanted.every((part, i) => part.startsWith(':') || part === given[i])
}

/** fastify's own errors, by their codes. */
const FASTIFY_ERRORS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem('unsupported_media_type'),
  FST_ERR_CTP_BODY_TOO_LARGE: problem('payload_too_large'),
  FST_ERR_CTP_EMPTY_JSON_BODY: problem('invalid_request', {
    pointer: '',
    detail: { en: 'The body is empty.', pl: 'Treść jest pusta.' },
  }),
}

const NOT_JSON = problem('invalid_request', {
  pointer: '',
  detail: { en: 'The body is not JSON.', pl: 'Treść nie jest JSON-em.' },
})

function problemOf(log: Log, error: unknown, request: FastifyRequest): Problem {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  const known = typeof code === 'string' ? FASTIFY_ERRORS[code] : undefined
  if (known !== undefined) return known
  if (typeof statusCode === 'number' && statusCode < 500) return NOT_JSON
  log.error('a web request failed', { error, request: request.id })
  return problem('internal_error')
}
