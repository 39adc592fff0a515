import t from 'tap'
import { addKiosk } from '../../src/office/kiosks.ts'
import { ok, person, testOffice } from '../office/test-office.ts'
import { openWeb, STORE, webSetting } from './api-setting.ts'

/* Price checkers, asked without a browser (docs/spec/web.md, section 9; docs/spec/abuse.md, 19). */

const web = await webSetting(t)
const secure = await openWeb(t, web.office, web.clock, { secure: true })
const anna = person('anna')

const add = async (code: string, networks: readonly string[] = []) =>
  (await ok(addKiosk(web.office, anna, { code, store: STORE, networks }))).enrolment

const enrol = async (code: string, remoteAddress = '127.0.0.1', app = web.app): Promise<string | null> => {
  const answer = await app.inject({
    method: 'POST',
    url: '/check/enrol',
    remoteAddress,
    headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' },
    payload: `code=${code}`,
  })
  const cookie = answer.headers['set-cookie']
  return cookie === undefined ? null : String(cookie)
}
const asked = (cookie: string | null, number: string, remoteAddress = '127.0.0.1') =>
  web.app.inject({
    method: 'POST',
    url: '/check/balance',
    remoteAddress,
    headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', cookie: cookie?.split(';')[0] ?? '' },
    payload: { number },
  })
const ask = async (...question: Parameters<typeof asked>) => {
  const answer = await asked(...question)
  return `${answer.statusCode} ${answer.body}`
}
const retryAfter = async (...question: Parameters<typeof asked>) => (await asked(...question)).headers['retry-after']

void t.test('a code works once, within ten minutes', async (t) => {
  const late = await add('LATE')
  web.clock.now += 10 * 60_000 + 1
  t.equal(await enrol(late), null)
  const code = await add('LATE')
  t.type(await enrol(code), 'string')
  t.equal(await enrol(code), null)
})

void t.test('one that the command line has just made is served from its first question', async (t) => {
  const { access } = web.office.db
  const commandLine = await testOffice(t, access, { clock: web.office.clock })
  const { enrolment } = await ok(addKiosk(commandLine, anna, { code: 'NEW', store: STORE, networks: [] }))
  t.match(await ask(await enrol(enrolment), web.card().number), /^200 .*150\.00/)
})

void t.test('its cookie belongs to this host, and no script reads it', async (t) => {
  const inTheClear = await enrol(await add('CLEAR'))
  t.match(inTheClear, /^akart-kiosk=\S+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/)
  const byTls = await enrol(await add('TLS'), '127.0.0.1', secure)
  t.match(byTls, /^__Host-akart-kiosk=\S+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/)
})

void t.test('it is enrolled and asks in its networks alone', async (t) => {
  const code = await add('BOUND', ['192.0.2.0/24'])
  t.equal(await enrol(code, '198.51.100.1'), null)
  const cookie = await enrol(code, '192.0.2.9')
  const { number } = web.card()
  t.match(await ask(cookie, number, '192.0.2.10'), /^200 .*150\.00/)
  t.match(await ask(cookie, number, '198.51.100.1'), /^401 /)
})

void t.test('three questions an hour for one card, however it is spelled, and twenty a minute', async (t) => {
  const cookie = await enrol(await add('BUSY'))
  const { number } = web.card()
  const spelled = [number, number.replace(/(.{4})/gu, '$1 '), number.replace(/(.{4})/gu, '$1-')]
  for (const one of spelled) t.match(await ask(cookie, one), /^200 .*150\.00/)
  t.match(await ask(cookie, number), /^429 .*three times within the hour/)
  const seconds = Number(await retryAfter(cookie, number))
  t.ok(seconds > 60 && seconds <= 3_600, `within the hour: ${seconds}`)
  for (let i = 5; i < 20; i++) await ask(cookie, number)
  t.match(await ask(cookie, web.card().number), /^429 .*Please wait a minute/)
  web.clock.now += 60_000
  t.match(await ask(cookie, web.card().number), /^200 /)
  t.match(await ask(cookie, number), /^429 .*three times/)
  web.clock.now += 3_600_000
  t.match(await ask(cookie, number), /^200 /)
})
