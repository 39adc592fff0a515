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

void t.test('what has no hash in its name is not kept by browsers', async (t) => {
  for (const url of ['/', '/assets/pages.css', '/assets/check.js', '/check', '/docs', '/problems/spent', '/nowhere']) {
    const { headers } = await web.app.inject({ url, headers: { host: '127.0.0.1' } })
    t.equal(headers['cache-control'], 'no-store', url)
  }
})

void t.test('wrong is one message, whatever is wrong', async (t) => {
  const rows = [
    { ...card, ecode: 'WRONG' },
    { number: '6299100000000001', ecode: 'WRONG' },
    { number: '', ecode: '' },
  ]
  const bodies = new Set<string>()
  for (const form of rows) {
    const answer = await post(form)
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

void t.test('whoever guesses is told when to come again', async (t) => {
  for (let i = 0; i < 7; i++) await post({ number: `62991000000000${i}0`, ecode: 'WRONG' })
  const answer = await post(card)
  t.equal(answer.statusCode, 429)
  t.match(answer.body, /Come again in \d+ min/)
})
