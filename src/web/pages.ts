import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { setTimeout as sleep } from 'node:timers/promises'
import { balanceAndHistory } from '../office/holder-balance.ts'
import { RETRY_AFTER_SECONDS } from '../http/site.ts'
import { nameOfGuess } from '../office/shop-card.ts'
import { countedAddress } from '../office/shop-caller.ts'
import { isShopNo } from '../office/shop-refusal.ts'
import { balanceForm, balanceResult } from './balance-page.ts'
import type { ApiParts } from './api/server.ts'
import { problemOfNo } from './problem-of-result.ts'
import { PAGES_CSS } from './pages-css.ts'
import { languageFor, problem, sendProblem } from './problem.ts'
import { type Theme, themeCss } from './theme.ts'

/** The largest number of transactions on a page. */
const LATEST = 10
const UNRECOGNISED_MS = 300

export type PageParts = ApiParts & {
  /** The origin of our own pages. */
  readonly ownOrigin: (request: FastifyRequest) => string
  readonly theme: Theme
  /** Whether the site is served over TLS, by Akart or by a proxy; then cookies are sent over TLS only. */
  readonly secure: boolean
  /** The monotonic clock, ms. */
  readonly monotonic: () => number
}

/** The pages for card holders: no script, no cookie. */
export function mountPages(app: FastifyInstance, parts: PageParts): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (request, body, done) => {
    // The API accepts only JSON, so that forms of foreign pages cannot use it.
    if (!FORMS.has(request.url.split('?')[0] ?? '')) return done(Object.assign(new Error('form'), FORM_ELSEWHERE))
    done(null, new URLSearchParams(String(body)))
  })
  app.get('/assets/pages.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(PAGES_CSS + themeCss(parts.theme)),
  )
  const { logo } = parts.theme
  if (logo !== null) {
    app.get('/assets/logo', async (_request, reply) => reply.type(logo.type).send(logo.content))
  }
  app.get('/', async (request, reply) => sendPage(reply, 200, balanceForm(languageFor(request), parts.theme, null)))
  app.post('/', async (request, reply) => {
    if (request.headers.origin !== parts.ownOrigin(request)) {
      return sendProblem(request, reply, problem('invalid_request', { detail: FOREIGN }))
    }
    const { status, text, retryAfterSeconds } = await answerTo(parts, request)
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', retryAfterSeconds)
    return sendPage(reply, status, text)
  })
}

/** With `no-referrer` browsers would send `Origin: null` with our own form, which is then like that of a foreign page. */
export const sendPage = (reply: FastifyReply, status: Page['status'], text: string): FastifyReply =>
  reply.code(status).header('referrer-policy', 'same-origin').type('text/html; charset=utf-8').send(text)

const FORMS: ReadonlySet<string> = new Set(['/', '/check/enrol'])
const FORM_ELSEWHERE = { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 }

export const FOREIGN = {
  en: 'The form was not sent by this page.',
  pl: 'Formularz nie pochodzi z tej strony.',
}

type Page = { readonly status: 200 | 429 | 503; readonly text: string; readonly retryAfterSeconds?: number }

async function answerTo(parts: PageParts, request: FastifyRequest): Promise<Page> {
  const arrived = performance.now()
  const language = languageFor(request)
  const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams()
  const card = { number: (form.get('number') ?? '').slice(0, 40), ecode: (form.get('ecode') ?? '').slice(0, 40) }
  const asker = { key: null, address: countedAddress(request.ip) }
  const allowed = parts.budgets.mayAsk(asker)
  if (!allowed.ok) {
    const { retryAfterSeconds } = allowed
    const throttledMinutes = Math.ceil(retryAfterSeconds / 60)
    return { status: 429, text: balanceForm(language, parts.theme, { throttledMinutes }), retryAfterSeconds }
  }
  const holder = { source: asker.address ?? request.ip, requestId: request.id, language }
  const shown = await balanceAndHistory(parts.office, card, holder).finally(() => parts.budgets.done(asker))
  if (!isShopNo(shown))
    return {
      status: 200,
      text: balanceResult(
        language,
        parts.theme,
        { ...shown, history: shown.history.slice(0, LATEST) },
        parts.office.timeZone,
      ),
    }
  if (problemOfNo(shown).problem !== 'card_not_recognised')
    return { status: 503, text: balanceForm(language, parts.theme, 'busy'), retryAfterSeconds: RETRY_AFTER_SECONDS }
  parts.budgets.missed(asker, nameOfGuess(parts.office, card.number))
  await sleep(Math.max(0, UNRECOGNISED_MS - (performance.now() - arrived)))
  return { status: 200, text: balanceForm(language, parts.theme, 'wrong') }
}
