import t from 'tap'
import { PLAIN_THEME } from '../../src/web/theme.ts'
import type { SiteConfig } from '../../src/config/sites.ts'
import { buildSite } from '../../src/http/site.ts'
import { openLog } from '../../src/log.ts'
import { languageOf } from '../../src/web/problem.ts'
import { PROBLEM_CODES, PROBLEMS } from '../../src/web/problems.ts'
import { mountProblemPages, readJsonAlone, WEB_BODY_LIMIT, WEB_POLICY, webHandlers } from '../../src/web/site.ts'
import { knownPaths } from '../../src/http/known-paths.ts'

const log = openLog({ level: 'silent', file: null })
const SITE: SiteConfig = {
  host: '127.0.0.1',
  port: 0,
  tls: { certificate: null, key: null },
  publicUrl: null,
  trustProxy: [],
}
const app = await siteOf()
t.teardown(() => app.close())

async function siteOf() {
  const paths = knownPaths()
  const { app } = await buildSite(SITE, WEB_POLICY, log, WEB_BODY_LIMIT, webHandlers(log, paths))
  readJsonAlone(app)
  paths.add('POST', '/api/v1/echo')
  app.post('/api/v1/echo', async (request) => request.body)
  app.get('/api/v1/broken', async () => {
    throw new Error('secret 6299100000000047')
  })
  mountProblemPages(app, PLAIN_THEME)
  return app
}

void t.test('unknown paths and wrong methods are answered with problems', async (t) => {
  const missing = await app.inject({ url: '/api/v1/nothing' })
  t.equal(missing.statusCode, 404)
  t.match(missing.headers['content-type'], /^application\/problem\+json/)
  t.match(missing.json(), {
    type: '/problems/not_found',
    status: 404,
    code: 'not_found',
    requestId: /^[0-9a-f-]{36}$/,
  })
  t.equal(missing.headers['x-request-id'], missing.json<{ requestId: string }>().requestId)
  const other = await app.inject({ url: '/api/v1/echo' })
  t.equal(other.statusCode, 405)
  t.equal(other.headers['allow'], 'POST')
})

void t.test('a path that no route can read is a problem as well, and is not repeated', async (t) => {
  for (const path of ['/problems/%zz', `/problems/${'z'.repeat(201)}`]) {
    const answer = await app.inject({ url: path })
    t.equal(answer.statusCode, 404)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.match(answer.json(), { code: 'not_found', requestId: String(answer.headers['x-request-id']) })
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers['x-content-type-options'], 'nosniff')
    t.notMatch(answer.body, 'z'.repeat(2))
    const foreign = await app.inject({ url: path, headers: { host: 'evil.example' } })
    t.equal(foreign.statusCode, 421)
  }
})

void t.test('who asks while the site closes is told to come again', async (t) => {
  const closing = await siteOf()
  t.teardown(() => closing.close())
  let origin = ''
  let answer: Response | null = null
  closing.addHook('preClose', async () => {
    answer = await fetch(`${origin}/problems/spent`)
  })
  origin = await closing.listen({ host: '127.0.0.1', port: 0 })
  await closing.close()
  if (answer === null) throw new Error('nothing was asked')
  const { status, headers, json } = answer as Response
  t.match([status, headers.get('retry-after'), headers.get('content-type')], [503, '2', /^application\/problem\+json/])
  t.match(await json.call(answer), { code: 'unavailable', requestId: headers.get('x-request-id') })
})

void t.test('bodies are JSON of at most 16 KiB', async (t) => {
  const post = (payload: string, type = 'application/json') =>
    app.inject({ method: 'POST', url: '/api/v1/echo', payload, headers: { 'content-type': type } })
  const rows: [string, string, number][] = [
    ['{"a":1}', 'application/json', 200],
    ['{"a":1', 'application/json', 400],
    ['', 'application/json', 200],
    [' ', 'application/json', 400],
    ['{"__proto__":{"a":1}}', 'application/json', 400],
    ['a=1', 'application/x-www-form-urlencoded', 415],
    ['{"a":1}', 'text/plain', 415],
    [JSON.stringify({ a: 'x'.repeat(17_000) }), 'application/json', 413],
  ]
  for (const [payload, type, status] of rows) {
    const answer = await post(payload, type)
    t.equal(answer.statusCode, status, `${type} ${payload.slice(0, 30)}`)
    if (status !== 200) t.match(answer.json(), { status, requestId: /^[0-9a-f-]{36}$/ })
  }
})

void t.test('an internal error reveals nothing about itself', async (t) => {
  const answer = await app.inject({ url: '/api/v1/broken' })
  t.equal(answer.statusCode, 500)
  t.notMatch(answer.body, '6299')
  t.match(answer.json(), { code: 'internal_error' })
})

void t.test('no answer may be kept, and an id that comes in is ignored', async (t) => {
  const answer = await app.inject({ url: '/nothing', headers: { 'x-request-id': 'mine', 'request-id': 'mine' } })
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.headers['x-content-type-options'], 'nosniff')
  t.not(answer.headers['x-request-id'], 'mine')
})

void t.test('a host name that is not ours is 421', async (t) => {
  const answer = await app.inject({ url: '/x', headers: { host: 'evil.example' } })
  t.equal(answer.statusCode, 421)
  t.match(answer.json(), { code: 'misdirected' })
})

void t.test('every problem has a page in both languages, without a script', async (t) => {
  for (const code of PROBLEM_CODES) {
    for (const language of ['en', 'pl'] as const) {
      const answer = await app.inject({ url: `/problems/${code}`, headers: { 'accept-language': language } })
      t.equal(answer.statusCode, 200)
      t.match(answer.body, `<html lang="${language}">`)
      t.match(answer.body, PROBLEMS[code].title[language].replaceAll("'", '&#39;'))
      t.notMatch(answer.body, '<script')
    }
  }
  t.equal((await app.inject({ url: '/problems/toString' })).statusCode, 404)
})

void t.test('the language is the preferred one of Polish and English', async (t) => {
  const rows: [string | undefined, 'en' | 'pl'][] = [
    [undefined, 'en'],
    ['pl', 'pl'],
    ['pl-PL,pl;q=0.9,en;q=0.8', 'pl'],
    ['en;q=0.8, pl;q=0.9', 'pl'],
    ['de, pl;q=0.1', 'pl'],
    ['pl;q=0, en;q=0.1', 'en'],
    ['de', 'en'],
    ['plx', 'en'],
  ]
  for (const [header, wanted] of rows) t.equal(languageOf(header), wanted, header ?? 'none')
})
