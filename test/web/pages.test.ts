import t from 'tap'
import { webSetting } from './api-setting.ts'

/* The page for card holders: balance without a script (docs/spec/web.md, section 9). */

const web = await webSetting(t)
const card = web.card()
const post = (form: Record<string, string>, headers: Record<string, string> = {}, query = '') =>
  web.app.inject({
    method: 'POST',
    url: `/${query}`,
    payload: new URLSearchParams(form).toString(),
    headers: {
      host: '127.0.0.1',
      origin: 'http://127.0.0.1',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
  })

void t.test('a holder sees balance, validity and what happened, in both languages', async (t) => {
  const form = await web.app.inject({ url: '/', headers: { host: '127.0.0.1', 'accept-language': 'pl' } })
  t.equal(form.statusCode, 200)
  t.match(form.body, /<html lang="pl">[\s\S]*Numer karty[\s\S]*eKod[\s\S]*Pokaż saldo/)
  t.notMatch(form.body, '<script')
  t.notOk('set-cookie' in form.headers)
  const shown = await post({ number: card.number, ecode: card.ecode })
  t.equal(shown.statusCode, 200)
  t.match(shown.body, new RegExp(`ending in ${card.number.slice(-4)}[\\s\\S]*PLN[\\s ]150\\.00[\\s\\S]*Card bought`))
  t.notMatch(shown.body, card.number)
  const polish = await post(
    { number: card.number.replace(/(.{4})/gu, '$1 '), ecode: card.ecode.toLowerCase() },
    {},
    '?lang=pl',
  )
  t.match(polish.body, /150,00\szł/)
})

void t.test('files without a hash in their name are not cached by browsers', async (t) => {
  for (const url of ['/', '/assets/pages.css', '/assets/check.js', '/check', '/docs', '/problems/spent', '/nowhere']) {
    const { headers } = await web.app.inject({ url, headers: { host: '127.0.0.1' } })
    t.equal(headers['cache-control'], 'no-store', url)
  }
})

void t.test('every page is in the language that is asked for, whatever the browser prefers', async (t) => {
  for (const path of ['/', '/check', '/problems/spent']) {
    for (const language of ['pl', 'en']) {
      const headers = { host: '127.0.0.1', 'accept-language': language === 'pl' ? 'en' : 'pl' }
      const page = await web.app.inject({ url: `${path}?lang=${language}`, headers })
      t.match(page.body, `<html lang="${language}">`, `${path} ${language}`)
    }
  }
})

void t.test('another method of a path that is there is 405, and Allow lists those that it has', async (t) => {
  const rows = [
    ['POST', '/problems/spent', 'GET, HEAD'],
    ['POST', '/assets/pages.css', 'GET, HEAD'],
    ['POST', '/assets/check.js', 'GET, HEAD'],
    ['DELETE', '/docs', 'GET, HEAD'],
    ['PUT', '/', 'GET, HEAD, POST'],
    ['GET', '/check/balance', 'POST'],
    ['POST', '/api/v1/openapi.json', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/payments', 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/payments/pay_x', 'GET, HEAD'],
    ['GET', '/api/v1/payments/pay_x/refunds', 'POST'],
    ['PUT', '/api/v1/webhook-endpoints/whe_x', 'DELETE, GET, HEAD, PATCH'],
    ['GET', '/api/v1/card-tokens', 'OPTIONS, POST'],
  ] as const
  for (const [method, url, allow] of rows) {
    const answer = await web.app.inject({ method, url, headers: { host: '127.0.0.1' } })
    t.match([answer.statusCode, answer.headers['allow']], [405, allow], `${method} ${url}`)
    t.match(answer.json(), { code: 'method_not_allowed' })
  }
})

void t.test('one message for all wrong entries', async (t) => {
  const rows = [
    { ...card, ecode: 'WRONG' },
    { number: '6299100000000001', ecode: 'WRONG' },
    { number: '', ecode: '' },
  ]
  const bodies = new Set<string>()
  for (const form of rows) {
    const began = performance.now()
    const answer = await post(form)
    t.ok(performance.now() - began >= 295, 'and no sooner')
    t.equal(answer.statusCode, 200)
    t.match(answer.body, 'role="alert"')
    bodies.add(answer.body)
  }
  t.equal(bodies.size, 1)
})

void t.test('a foreign page cannot send the form, nor a form reach the API', async (t) => {
  t.equal((await post(card, { origin: 'https://evil.example' })).statusCode, 400)
  const api = await web.app.inject({
    method: 'POST',
    url: '/api/v1/balance',
    payload: 'a=1',
    headers: { host: '127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' },
  })
  t.equal(api.statusCode, 415)
})

void t.test('after too many guesses the page says when to try again', async (t) => {
  for (let i = 0; i < 7; i++) await post({ number: `62991000000000${i}0`, ecode: 'WRONG' })
  const answer = await post(card)
  t.equal(answer.statusCode, 429)
  t.match(answer.body, /Come again in \d+ min/)
  t.match(answer.headers['retry-after'], /^\d+$/)
})
