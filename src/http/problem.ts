import type { FastifyReply } from 'fastify'

/** The body of a problem (RFC 9457); `type` and `requestId` are added when it is sent. */
export type ProblemBody = {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly [member: string]: unknown
}

export const sendProblem = (reply: FastifyReply, problem: ProblemBody): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: `/problems/${problem.code}`, ...problem, requestId: reply.request.id }))

type Plain = { readonly code: string; readonly title: string; readonly detail: string }

/** Refusals by HTTP itself, before a route is reached. */
const PLAIN: Readonly<Record<number, Plain>> = {
  400: { code: 'invalid_request', title: 'Invalid request', detail: 'The request cannot be read.' },
  404: { code: 'not_found', title: 'Not found', detail: 'There is no such thing here.' },
  405: { code: 'method_not_allowed', title: 'Method not allowed', detail: 'This path has no such method.' },
  408: { code: 'too_slow', title: 'Request Timeout', detail: 'The request did not come in time.' },
  413: { code: 'too_large', title: 'Too large', detail: 'The body is too large.' },
  415: { code: 'unsupported_media_type', title: 'Unsupported media type', detail: 'Send application/json.' },
  421: { code: 'misdirected', title: 'Misdirected request', detail: 'This host name is not served here.' },
  429: { code: 'too_many_requests', title: 'Too many requests', detail: 'Come again later.' },
  431: { code: 'invalid_request', title: 'Request Header Fields Too Large', detail: 'The headers are too large.' },
  500: { code: 'internal_error', title: 'Internal error', detail: 'Nothing was changed. The error is in the log.' },
  503: { code: 'unavailable', title: 'Unavailable', detail: 'Come again later.' },
}

/** A problem for a bare status; a status without a row is reported as 400 or 500. */
export const plainProblem = (status: number): ProblemBody => {
  const plain = PLAIN[status] ?? PLAIN[status < 500 ? 400 : 500]
  if (plain === undefined) throw new Error(`no problem for ${status}`)
  return { status, ...plain }
}
