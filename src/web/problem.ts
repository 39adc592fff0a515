/** Answers of the API that refuse (RFC 9457). */

import type { FastifyReply, FastifyRequest } from 'fastify'
import { type HttpAnswer, sendAnswer } from '../http/answer.ts'
import type { ApiRequest } from '../http/direct.ts'
import { PROBLEMS, type ProblemCode } from './problems.ts'

export const LANGUAGES = ['en', 'pl'] as const
export type Language = (typeof LANGUAGES)[number]

/** The details of a problem beside its code (docs/spec/web.md, section 2). */
export type ProblemDetails = {
  /** One sentence about this request, in both languages; default: the meaning of the code. */
  readonly detail?: { readonly [language in Language]: string }
  /** DE 39 and DE 44 of the engine's answer. */
  readonly responseCode?: string
  readonly reason?: string | null
  /** JSON pointer to the wrong member. */
  readonly pointer?: string
  /** The header Retry-After, in seconds. */
  readonly retryAfterSeconds?: number
  /** A replayed problem: the request id and language of the first answer. */
  readonly replay?: { readonly requestId: string; readonly language: Language }
  /** Further members that the table of the interface names: `scope`, `balance`, `minimum`, `from` … */
  readonly members?: Readonly<Record<string, unknown>>
}

/** The result of a handler that refuses. */
export type Problem = { readonly problem: ProblemCode } & ProblemDetails

export const problem = (code: ProblemCode, details: ProblemDetails = {}): Problem => ({ problem: code, ...details })

/** The language of a request: `pl` if it is preferred to English (RFC 9110, 12.5.4), else English. */
export function languageOf(header: string | undefined): Language {
  if (header === undefined) return 'en'
  const wanted = header.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
    const language = LANGUAGES.find((known) => range === known || range.startsWith(`${known}-`))
    const quality = parameters.map((parameter) => /^\s*q=([01](\.\d{0,3})?)\s*$/u.exec(parameter)?.[1]).find(Boolean)
    return language === undefined ? [] : [{ language, quality: quality === undefined ? 1 : Number(quality) }]
  })
  return wanted.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality)[0]?.language ?? 'en'
}

/** The language of a page: that of `?lang=`, else the one that the browser prefers. */
export function languageFor(request: FastifyRequest): Language {
  const asked = new URLSearchParams(request.url.split('?')[1] ?? '').get('lang')
  return asked === 'pl' || asked === 'en' ? asked : languageOf(request.headers['accept-language'])
}

/** The body of a problem (RFC 9457, section 3.1). */
export function problemBody({ problem: code, ...details }: Problem, requestId: string, language: Language): object {
  const { status, title, meaning } = PROBLEMS[code]
  const { detail, responseCode, reason, pointer, members } = details
  return {
    type: `/problems/${code}`,
    title: title[language],
    status,
    detail: namingMember((detail ?? meaning)[language], pointer),
    code,
    requestId,
    ...(responseCode === undefined ? {} : { responseCode }),
    ...(reason === undefined || reason === null ? {} : { reason }),
    ...(pointer === undefined ? {} : { pointer }),
    ...members,
  }
}

/** Adds the name of the faulty member to `detail`, because people may read nothing else. */
function namingMember(text: string, pointer = ''): string {
  const member = pointer.slice(1)
  return text.includes(member) ? text : `${member}: ${text}`
}

/** The answer to a request that is refused. */
export function problemAnswer(said: Problem, { id, headers }: Pick<ApiRequest, 'id' | 'headers'>): HttpAnswer {
  const { retryAfterSeconds, replay } = said
  const language = replay?.language ?? languageOf(headers['accept-language'])
  return {
    status: PROBLEMS[said.problem].status,
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(replay === undefined ? {} : { 'idempotent-replayed': 'true' }),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
      // RFC 9110, 15.5.2: a 401 names the authentication scheme.
      ...(said.problem === 'unauthorised' ? { 'www-authenticate': 'Bearer' } : {}),
    },
    body: JSON.stringify(problemBody(said, replay?.requestId ?? id, language)),
  }
}

export const sendProblem = (request: FastifyRequest, reply: FastifyReply, said: Problem): FastifyReply =>
  sendAnswer(reply, problemAnswer(said, request))
