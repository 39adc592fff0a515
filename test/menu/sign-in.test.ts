import { createHash } from 'node:crypto'
import t from 'tap'
import { generateSync } from 'otplib'
import { DEMO_PASSWORD } from '../../src/demo/people.ts'
import { menuForTest, type MenuSetting, START, type Browser } from './setting.ts'

/** Signing in, codes, sessions: the attempts of attackers, and the needs of users. */

const signIn = (browser: Browser, login: string, password = DEMO_PASSWORD) =>
  browser.code('session.signIn', { body: { login, password } })
const stateOf = async (browser: Browser): Promise<string> => (await browser.ok('session.show')).state
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
/** A column of the database, as hexadecimal digits in order. */
const kept = async ({ office }: MenuSetting, select: string): Promise<string[]> => {
  const [rows = []] = await office.db.use((connection) =>
    connection.send(select.replace(/^SELECT (\w+)/u, 'SELECT LOWER(HEX($1))')),
  )
  return rows.map(([value]) => String(value)).toSorted()
}
const codeOf = (secret: string, at: number): string => generateSync({ secret, epoch: Math.floor(at / 1000) })

t.test('on the demo a password is enough, and the session knows what the role may do', async (t) => {
  const menu = await menuForTest(t)
  const browser = menu.browser()
  t.equal(await stateOf(browser), 'signedOut')
  t.equal(await signIn(browser, 'helpdesk'), null)
  const { person, state } = await browser.ok('session.show')
  t.equal(state, 'signedIn')
  t.match(person, { login: 'helpdesk', roles: ['helpDesk'], rights: { 'cards.find': 'all', 'cards.reveal': 'all' } })
  t.notOk(person !== null && 'cards.adjust.approve' in person.rights)
  const thief = menu.browser()
  thief.cookie = browser.cookie
  t.equal(await stateOf(thief), 'signedIn', 'a cookie is all that a browser has')
  thief.cookie = thief.cookie?.replace(/=.*/u, `=${'A'.repeat(43)}`) ?? null
  t.equal(await stateOf(thief), 'signedOut', 'one that was made up opens nothing')
  await browser.ok('session.signOut')
  t.equal(await stateOf(browser), 'signedOut')
  t.equal(await browser.code('profile.show'), 'not_signed_in')
})

t.test('a session that was ended is of no use to whoever kept its cookie', async (t) => {
  const menu = await menuForTest(t)
  const [browser, thief] = [await menu.signedIn('helpdesk'), menu.browser()]
  thief.cookie = browser.cookie
  await browser.ok('session.signOut')
  t.equal(await stateOf(thief), 'signedOut')
})

t.test('a session ends by itself, and when its person is disabled', async (t) => {
  const menu = await menuForTest(t)
  const [idle, busy, admin] = [
    await menu.signedIn('issuer'),
    await menu.signedIn('auditor'),
    await menu.signedIn('admin'),
  ]
  for (let minutes = 0; minutes < 14 * 60; minutes += 14) {
    menu.now = START + minutes * 60_000
    if ((await stateOf(busy)) === 'signedOut') break
  }
  t.equal(menu.now - START, 52 * 14 * 60_000, 'after 12 hours at most, however busy')
  t.equal(await stateOf(idle), 'signedOut', 'after 15 minutes without a request')
  await signIn(admin, 'admin')
  const other = await menu.signedIn('helpdesk')
  t.equal(await admin.code('users.disable', { params: { login: 'helpdesk' }, body: {} }), null)
  t.equal(await stateOf(other), 'signedOut', 'at once')
  t.equal(await signIn(other, 'helpdesk'), 'sign_in_failed')
})

t.test('what a browser asks by itself while nobody uses it keeps no session open', async (t) => {
  const menu = await menuForTest(t)
  const [left, typing] = [await menu.signedIn('issuer'), await menu.signedIn('auditor')]
  for (let seconds = 15; seconds <= 14 * 60; seconds += 15) {
    menu.now = START + seconds * 1000
    await left.ok('today.show', { headers: { 'x-unused-seconds': String(seconds) } })
    await typing.ok('session.show', { headers: { 'x-unused-seconds': '4' } })
  }
  menu.now = START + 15 * 60_000
  t.equal(await left.code('today.show', { headers: { 'x-unused-seconds': '900' } }), 'not_signed_in')
  t.equal(await stateOf(typing), 'signedIn')
})

t.test('a request of a foreign page is refused', async (t) => {
  const menu = await menuForTest(t)
  const browser = await menu.signedIn('admin')
  const change = { body: { theme: 'dark' } }
  for (const headers of [{ origin: 'http://evil.example' }, { 'x-csrf-token': 'signed-out' }, { 'x-csrf-token': '' }]) {
    t.equal(await browser.code('profile.change', { ...change, headers }), 'foreign_request', JSON.stringify(headers))
  }
  t.equal(
    (
      await browser.ask('session.signIn', {
        body: { login: 'admin', password: DEMO_PASSWORD },
        headers: { origin: 'null' },
      })
    ).status,
    403,
  )
  t.equal(await browser.code('profile.change', change), null)
})

t.test('the cookie: new at each step, not readable by scripts, not sent by other sites', async (t) => {
  const menu = await menuForTest(t)
  const browser = menu.browser()
  const answer = await browser.ask('session.signIn', { body: { login: 'admin', password: DEMO_PASSWORD } })
  t.match(answer.headers['set-cookie'], /^akart=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; SameSite=Strict$/u)
  const token = String(answer.headers['set-cookie']).slice('akart='.length).split(';', 1)[0] ?? ''
  t.same(await kept(menu, 'SELECT token FROM sessions'), [sha256(token)], 'its digest is all that is kept')
  t.notOk(JSON.stringify(answer.json).includes(token), 'the token is in no answer')
  t.equal(answer.headers['access-control-allow-origin'], undefined)
  const first = browser.cookie
  await signIn(browser, 'admin')
  t.not(browser.cookie, first)
  const safe = await menuForTest(t, { secure: true })
  const over = await safe.browser().ask('session.signIn', { body: { login: 'admin', password: DEMO_PASSWORD } })
  t.match(
    over.headers['set-cookie'],
    /^__Host-akart=[A-Za-z0-9_-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/u,
    'with TLS',
  )
})

t.test('wrong, unknown and disabled are answered alike; the sixth try waits, at this address alone', async (t) => {
  const menu = await menuForTest(t)
  const thief = menu.browser('10.0.0.9')
  const refusals = new Set<string>()
  for (const [login, password] of [
    ['helpdesk', 'not the password'],
    ['nobody', 'not the password'],
    ['zażółć', 'x'],
  ] as const) {
    const { status, json } = await thief.ask('session.signIn', { body: { login, password } })
    refusals.add(`${status} ${(json as { detail: string }).detail}`)
  }
  t.same([...refusals], ['401 Login, password or code is wrong.'])
  for (let i = 0; i < 4; i++) t.equal(await signIn(thief, 'helpdesk', 'wrong again, sorry'), 'sign_in_failed')
  t.equal(await signIn(thief, 'helpdesk'), 'sign_in_wait', 'the right password too')
  t.equal(await signIn(menu.browser('10.0.0.10'), 'helpdesk'), null, 'the right person is not locked out elsewhere')
  menu.now += 30_000
  t.equal(await signIn(thief, 'helpdesk', 'wrong again, sorry'), 'sign_in_failed')
  menu.now += 30_000
  t.equal(await signIn(thief, 'helpdesk'), 'sign_in_wait', 'the wait has doubled')
  menu.now += 30_000
  t.equal(await signIn(thief, 'helpdesk'), null)
})

t.test('twenty failures an hour for an address, whatever the login', async (t) => {
  const menu = await menuForTest(t)
  const thief = menu.browser('10.0.0.9')
  for (let i = 0; i < 20; i++) t.equal(await signIn(thief, `login${i}`, 'wrong'), 'sign_in_failed')
  t.equal(await signIn(thief, 'admin'), 'sign_in_wait')
  menu.now += 3_600_000
  t.equal(await signIn(thief, 'admin'), null)
})

t.test('in production a role with a right that asks for care enrols codes, and each works once', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  t.equal(await signIn(menu.browser(), 'auditor'), null)
  const browser = menu.browser()
  await signIn(browser, 'helpdesk')
  t.equal(await stateOf(browser), 'enrolment')
  t.equal(await browser.code('profile.show'), 'not_signed_in', 'nothing else before it')
  const { secret, uri, svg } = await browser.ok('session.enrol', { body: {} })
  t.match(uri, /^otpauth:\/\/totp\/Akart(:|%3A)helpdesk\?/u)
  t.match(svg, /^<svg/u)
  t.equal(await browser.code('session.confirmEnrolment', { body: { code: '000000' } }), 'code_wrong')
  const { recoveryCodes } = await browser.ok('session.confirmEnrolment', { body: { code: codeOf(secret, menu.now) } })
  t.equal(new Set(recoveryCodes).size, 10)
  t.match(recoveryCodes[0], /^(?:[2-9A-HJ-NP-Z]{5}-){4}[2-9A-HJ-NP-Z]{5}$/u, '125 bits')
  t.same(
    await kept(menu, 'SELECT digest FROM recovery_codes'),
    recoveryCodes.map((code) => sha256(code.replaceAll('-', ''))).toSorted(),
    'digests are all that is kept',
  )
  t.equal(await stateOf(browser), 'signedIn')

  const enter = async (code: string): Promise<string> => {
    const again = menu.browser()
    await signIn(again, 'helpdesk')
    t.equal(await stateOf(again), 'code')
    return (await again.code('session.code', { body: { code } })) ?? stateOf(again)
  }
  t.equal(await enter(codeOf(secret, menu.now)), 'sign_in_failed', 'that code was used')
  menu.now += 30_000
  t.equal(await enter(codeOf(secret, menu.now)), 'signedIn')
  t.equal(await enter(codeOf(secret, menu.now)), 'sign_in_failed')
  t.equal(await enter(codeOf(secret, menu.now - 90_000)), 'sign_in_failed', 'too old')
  const [recovery = ''] = recoveryCodes
  t.equal(await enter(recovery.toLowerCase()), 'signedIn')
  t.equal(await enter(recovery), 'sign_in_failed', 'it works once')
})

t.test('a listener that others reach asks everybody for a code', async (t) => {
  const menu = await menuForTest(t, { demo: false, exposed: true })
  const browser = menu.browser()
  await signIn(browser, 'auditor')
  t.equal(await stateOf(browser), 'enrolment')
})

t.test('what is marked twice asks again who is there, for five minutes', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const browser = menu.browser()
  await signIn(browser, 'admin')
  const { secret } = await browser.ok('session.enrol', { body: {} })
  await browser.ok('session.confirmEnrolment', { body: { code: codeOf(secret, menu.now) } })
  await browser.ok('session.show')
  const disable = () => browser.code('users.disable', { params: { login: 'nobody' }, body: {} })
  t.equal(await disable(), 'no_such_user', 'just signed in')
  menu.now += 5 * 60_000
  t.equal(await disable(), 'proof_needed')
  t.equal(await browser.code('session.prove', { body: { password: DEMO_PASSWORD } }), 'sign_in_failed', 'the code too')
  const proof = { password: DEMO_PASSWORD, code: codeOf(secret, menu.now) }
  const before = browser.cookie
  t.equal(await browser.code('session.prove', { body: proof }), null)
  t.not(browser.cookie, before, 'a new token with each proof')
  const stolen = menu.browser()
  stolen.cookie = before
  t.equal(await stateOf(stolen), 'signedOut', 'the old one opens nothing')
  t.equal(await disable(), 'no_such_user')
})

t.test('codes are set up anew, and sessions ended, by whoever proves who they are', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const [browser, other] = [menu.browser(), menu.browser()]
  await signIn(browser, 'auditor')
  await signIn(other, 'auditor')
  const [id = ''] = (await browser.ok('profile.show')).sessions.flatMap((one) => (one.current ? [] : [one.id]))
  menu.now += 5 * 60_000
  const end = () => browser.code('profile.endSession', { params: { id } })
  t.equal(await browser.code('session.enrol', { body: {} }), 'proof_needed')
  t.equal(await end(), 'proof_needed')
  t.equal(await stateOf(other), 'signedIn')
  t.equal(await browser.code('session.prove', { body: { password: DEMO_PASSWORD } }), null)
  t.equal(await browser.code('session.enrol', { body: {} }), null)
  t.equal(await end(), null)
  t.equal(await stateOf(other), 'signedOut')
})

t.test('a password of one’s own: long, not common, not the login; other sessions end', async (t) => {
  const menu = await menuForTest(t)
  const [browser, other] = [await menu.signedIn('auditor'), await menu.signedIn('auditor')]
  const rows = [
    ['short', 'password_length'],
    ['x'.repeat(129), 'password_length'],
    ['1qaz2wsx3edc', 'password_common'],
    ['abababababab', 'password_common'],
    ['the Auditor of all', 'password_names'],
    ['my akart secret', 'password_names'],
    ['zażółć gęślą jaźń', null],
  ] as const
  for (const [wanted, code] of rows) {
    t.equal(await browser.code('profile.password', { body: { current: DEMO_PASSWORD, wanted } }), code, wanted)
  }
  t.equal(await stateOf(browser), 'signedIn')
  t.equal(await stateOf(other), 'signedOut')
  t.equal(await signIn(other, 'auditor'), 'sign_in_failed')
  for (const [wrong, why] of [
    ['Zażółć gęślą jaźń', 'case counts'],
    ['zażółć gęślą jaźń'.normalize('NFD'), 'no form is made of it'],
    ['zażółć gęślą jaź', 'each character counts'],
  ] as const) {
    t.equal(await signIn(other, 'auditor', wrong), 'sign_in_failed', why)
  }
  t.equal(await signIn(other, 'auditor', 'zażółć gęślą jaźń'), null)

  const longest = `${'a sentence that goes on and on, '.repeat(4)}`.slice(0, 127)
  const body = { current: 'zażółć gęślą jaźń', wanted: `${longest}1` }
  t.equal(await other.code('profile.password', { body }), null, '128 characters')
  const last = menu.browser('10.0.0.7')
  t.equal(await signIn(last, 'auditor', `${longest}2`), 'sign_in_failed', 'the last of 128 counts')
  t.equal(await signIn(last, 'auditor', `${longest}1`), null)
})
