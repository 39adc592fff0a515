import type { FastifyInstance, FastifyRequest } from 'fastify'
import { isUtf8 } from 'node:buffer'
import type { ApiRequest, DirectRoutes } from '../http/direct.ts'
import type { KnownPaths } from '../http/known-paths.ts'
import { RETRY_AFTER_SECONDS, type SiteHandlers } from '../http/site.ts'
import type { Log } from '../log.ts'
import { isDatabaseUnavailable } from '../office/database-unavailable.ts'
import { languageFor, problem, type Problem, sendProblem } from './problem.ts'
import { problemPage } from './problem-page.ts'
import { isProblemCode } from './problems.ts'
import type { Theme } from './theme.ts'

/** A body has at most 16 KiB (docs/spec/web.md, section 2). */
export const WEB_BODY_LIMIT = 16 * 1024

/** One script (the price checker's), no forms to other sites, no framing. */
export const WEB_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The value of a body, undefined if it is empty; or why it cannot be read. */
export type ReadJson = (body: Buffer) => { readonly value: unknown } | { readonly error: Error }

/**
 * Only JSON bodies are accepted: fastify's parser of plain text would accept forms of foreign pages. An empty body counts as
 * an object without members, even with a Content-Type, because many clients send one with every request, also with DELETE.
 * Bytes that are not UTF-8 are refused, because Node would replace them.
 */
export function readJsonAlone(app: FastifyInstance): ReadJson {
  const parse = app.getDefaultJsonParser('error', 'error')
  const read: ReadJson = (body) => {
    if (body.length === 0) return { value: undefined }
    if (!isUtf8(body)) return { error: Object.assign(new Error('a body is not UTF-8'), { statusCode: 400 }) }
    let result: ReturnType<ReadJson> = { value: undefined }
    // fastify's parser looks at the text alone and calls back at once.
    void parse({} as FastifyRequest, body.toString(), (error, value: unknown) => {
      result = error === null ? { value } : { error }
    })
    return result
  }
  app.removeContentTypeParser(['text/plain', 'application/json'])
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    const result = read(body)
    if ('error' in result) done(result.error)
    else done(null, result.value)
  })
  return read
}

/** Answers outside of all routes are problems too: 404 for unknown paths, 405 for other methods. */
export const webHandlers = (log: Log, paths: KnownPaths, direct?: DirectRoutes): SiteHandlers => ({
  ...(direct === undefined ? {} : { direct }),
  misdirected: (request, reply) => sendProblem(request, reply, problem('misdirected')),
  notFound(request, reply) {
    const allowed = paths.at(request.url.split('?')[0] ?? '')
    if (allowed.length === 0) return sendProblem(request, reply, problem('not_found'))
    void reply.header('allow', allowed.join(', '))
    return sendProblem(request, reply, problem('method_not_allowed'))
  },
  unreadable: (request, reply) => sendProblem(request, reply, problem('not_found')),
  closing: (request, reply) =>
    sendProblem(request, reply, problem('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })),
  failed: (error, request, reply) => sendProblem(request, reply, problemOfError(log, error, request)),
})

/** fastify's own errors, by their codes. */
const FASTIFY_ERRORS: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problem('unsupported_media_type'),
  FST_ERR_CTP_BODY_TOO_LARGE: problem('payload_too_large'),
}

const COMPRESSED = problem('unsupported_media_type', {
  detail: {
    en: 'Content-Encoding is not read here: send the body plain.',
    pl: 'Content-Encoding nie jest obsługiwane: wyślij treść bez kompresji.',
  },
})

const NOT_JSON = problem('invalid_request', {
  pointer: '',
  detail: { en: 'The body is not JSON.', pl: 'Treść nie jest JSON-em.' },
})

export function problemOfError(log: Log, error: unknown, request: Pick<ApiRequest, 'id' | 'headers'>): Problem {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown }
  const known = typeof code === 'string' ? FASTIFY_ERRORS[code] : undefined
  if (known !== undefined) return known
  if (typeof statusCode === 'number' && statusCode < 500) {
    return request.headers['content-encoding'] === undefined ? NOT_JSON : COMPRESSED
  }
  if (isDatabaseUnavailable(error)) return problem('unavailable', { retryAfterSeconds: RETRY_AFTER_SECONDS })
  log.error('a web request failed', { error, request: request.id })
  return problem('internal_error')
}

/** `/problems/<code>`. */
export function mountProblemPages(app: FastifyInstance, theme: Theme): void {
  app.get<{ Params: { code: string } }>('/problems/:code', async (request, reply) => {
    const { code } = request.params
    if (!isProblemCode(code)) return sendProblem(request, reply, problem('not_found'))
    return reply.type('text/html; charset=utf-8').send(problemPage(code, languageFor(request), theme))
  })
}
