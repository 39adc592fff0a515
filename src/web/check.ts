import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { askAtKiosk } from '../office/kiosk-balance.ts'
import { enrolKiosk, kioskOf, type KioskSession } from '../office/kiosk-session.ts'
import { CHECK_BALANCE, type CheckLimit, checkPage, checkText, notEnrolledPage } from './check-page.ts'
import { CHECK_SCRIPT } from './check-script.ts'
import { nameOfGuess } from '../office/shop-card.ts'
import { countedAddress } from '../office/shop-caller.ts'
import { minuteBudget } from './minute-budget.ts'
import { FOREIGN, type PageParts, sendPage } from './pages.ts'
import { languageFor, problem, sendProblem } from './problem.ts'

/** Limits of a price checker (docs/spec/abuse.md, 19). */
const QUESTIONS_A_MINUTE = 20
const QUESTIONS_OF_A_CARD = 3
const HOUR_MS = 3_600_000
/** Enrolment codes that may be tried from one address. */
const CODES_A_MINUTE = 10
const COOKIE_SECONDS = 90 * 86_400

type Limited = { readonly limit: CheckLimit; readonly retryAfterSeconds: number }

/** `/check`, the price checker: one script, one cookie. */
export function mountCheck(app: FastifyInstance, parts: PageParts): void {
  const { office, theme } = parts
  const budgets = {
    questions: minuteBudget(parts.monotonic, QUESTIONS_A_MINUTE),
    card: minuteBudget(parts.monotonic, QUESTIONS_OF_A_CARD, HOUR_MS),
    codes: minuteBudget(parts.monotonic, CODES_A_MINUTE),
  }
  const limitOf = (kiosk: string, card: string): Limited | null => {
    const minute = budgets.questions.take(kiosk)
    if (minute !== null) return { limit: { said: 'limited' }, retryAfterSeconds: minute }
    const hour = budgets.card.take(`${kiosk} ${card}`)
    return hour === null ? null : { limit: { said: 'limitedCard' }, retryAfterSeconds: hour }
  }
  const cookie = cookieOf(parts.secure)
  const sessionOf = async (request: FastifyRequest, reply: FastifyReply): Promise<KioskSession | null> => {
    const value = cookie.read(request)
    const session = value === null ? null : await kioskOf(office, { cookie: value, address: request.ip })
    if (session !== null && session.cookie !== null) void reply.header('set-cookie', cookie.written(session.cookie))
    return session
  }
  app.get('/assets/check.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(CHECK_SCRIPT),
  )
  app.get('/check', async (request, reply) => {
    const session = await sessionOf(request, reply)
    const language = languageFor(request)
    const text = session === null ? notEnrolledPage(language, theme, false) : checkPage(language, theme)
    return sendPage(reply, 200, text)
  })
  app.post('/check/enrol', async (request, reply) => {
    if (request.headers.origin !== parts.ownOrigin(request)) {
      return sendProblem(request, reply, problem('invalid_request', { detail: FOREIGN }))
    }
    const retryAfterSeconds = budgets.codes.take(countedAddress(request.ip) ?? request.ip)
    if (retryAfterSeconds !== null) {
      return sendProblem(request, reply, problem('too_many_requests', { retryAfterSeconds }))
    }
    const typed = request.body instanceof URLSearchParams ? (request.body.get('code') ?? '') : ''
    const enrolled = await enrolKiosk(office, { typed: typed.slice(0, 40), address: request.ip })
    const language = languageFor(request)
    if (enrolled === null) return sendPage(reply, 200, notEnrolledPage(language, theme, true))
    return reply
      .code(303)
      .header('set-cookie', cookie.written(enrolled.cookie))
      .header('location', `/check?lang=${language}`)
      .send()
  })
  app.post(CHECK_BALANCE, async (request, reply) => {
    if (request.headers.origin !== parts.ownOrigin(request)) {
      return sendProblem(request, reply, problem('invalid_request', { detail: FOREIGN }))
    }
    const session = await sessionOf(request, reply)
    if (session === null) return sendProblem(request, reply, problem('unauthorised'))
    const number = numberIn(request.body)
    if (number === null) return sendProblem(request, reply, problem('invalid_request', { pointer: '/number' }))
    const { code } = session.kiosk
    const limited = limitOf(code, nameOfGuess(office, number))
    const language = languageFor(request)
    if (limited === null) return reply.send(checkText(language, await askAtKiosk(office, session.kiosk, number)))
    void reply.code(429).header('retry-after', limited.retryAfterSeconds)
    return reply.send(checkText(language, limited.limit))
  })
}

/** The number without blanks and hyphens, so that all spellings of it count as the same card. */
function numberIn(body: unknown): string | null {
  const { number } = (typeof body === 'object' && body !== null ? body : {}) as { number?: unknown }
  return typeof number === 'string' && number.length <= 40 ? number.replace(/[\s-]/gu, '') : null
}

/** The cookie, whose prefix binds it to this host. Without TLS (loopback) it has no prefix, because browsers would reject it. */
function cookieOf(secure: boolean) {
  const name = secure ? '__Host-akart-kiosk' : 'akart-kiosk'
  return {
    read(request: FastifyRequest): string | null {
      const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='))
      return pairs.find(([key]) => key === name)?.[1] ?? null
    },
    written: (value: string): string =>
      `${name}=${value}; Path=/; Max-Age=${COOKIE_SECONDS}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`,
  }
}
