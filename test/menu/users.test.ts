import t from 'tap'
import { generateSync } from 'otplib'
import { DEMO_PASSWORD } from '../../src/demo/people.ts'
import { acceptLink, applyDueGrants } from '../../src/office/grants.ts'
import type { PasswordHasher } from '../../src/office/password-hasher.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { emergencyInvite } from '../../src/office/user-emergencies.ts'
import { menuForTest, type Browser, type MenuSetting } from './setting.ts'

/** Granting rights, and why an administrator alone cannot become two people. */

const PASSWORD = 'paper boats in the rain'
const HOUR = 3_600_000

const secrets = new Map<string, string>()

/** Signs in; enrols codes where the role asks for them. */
async function enter(menu: MenuSetting, login: string, password = DEMO_PASSWORD): Promise<Browser> {
  const browser = menu.browser()
  await browser.ok('session.signIn', { body: { login, password } })
  const codeNow = (secret: string): string => generateSync({ secret, epoch: Math.floor(menu.now / 1000) })
  const { state } = await browser.ok('session.show')
  if (state === 'code') await browser.ok('session.code', { body: { code: codeNow(secrets.get(login) ?? '') } })
  if (state === 'enrolment') {
    const { secret } = await browser.ok('session.enrol', { body: {} })
    secrets.set(login, secret)
    await browser.ok('session.confirmEnrolment', { body: { code: codeNow(secret) } })
    await browser.ok('session.show')
  }
  return browser
}

const tokenOf = (link: string | null): string => link?.split('#').at(-1) ?? ''
const accept = (menu: MenuSetting, link: string | null, code?: string) =>
  menu.browser().code('invitation.accept', {
    body: { token: tokenOf(link), password: PASSWORD, ...(code === undefined ? {} : { code }) },
  })

t.test('on the demo an invitation counts at once', async (t) => {
  const menu = await menuForTest(t)
  const admin = await menu.signedIn('admin')
  const person = { login: 'nina', name: 'Nina Wolska', roles: ['helpDesk'], stores: [] }
  const { link, approval } = await admin.ok('users.invite', { body: person })
  t.equal(approval, null)
  t.match(link, /^http:\/\/localhost:80\/invitation#[A-Za-z0-9_-]{43}$/u)
  t.equal(await admin.code('users.invite', { body: person }), 'login_taken')
  t.match(await menu.browser().ok('invitation.show', { body: { token: tokenOf(link) } }), {
    login: 'nina',
    needsCode: false,
  })
  t.equal(await accept(menu, link), null)
  t.equal(await accept(menu, link), 'link_invalid', 'it works once')
  const nina = menu.browser()
  await nina.ok('session.signIn', { body: { login: 'nina', password: PASSWORD } })
  await admin.ok('users.change', { params: { login: 'nina' }, body: { roles: ['auditor'] } })
  t.ok((await nina.ok('session.show')).person?.rights['audit.see'], 'other roles count in the open session')
  t.equal(await admin.code('users.change', { params: { login: 'admin' }, body: { roles: ['auditor'] } }), 'own_rights')
  await admin.ok('users.disable', { params: { login: 'nina' }, body: {} })
  t.equal((await nina.ok('session.show')).state, 'signedOut')
  const { people } = await admin.ok('users.rights', { query: { on: '2026-11-29' } })
  t.notOk(
    people.some(({ login }) => login === 'nina'),
    'disabled by the end of that day',
  )
})

t.test(
  'in production one administrator waits 24 hours, and whoever has a right over money may refuse meanwhile',
  async (t) => {
    const menu = await menuForTest(t, { demo: false })
    const admin = await enter(menu, 'admin')
    const person = { login: 'puppet', name: 'Sock Puppet', roles: ['accountant'], stores: [] }
    const { link, approval } = await admin.ok('users.invite', { body: person })
    t.match(approval, /^grant-\d+$/u)
    t.equal(await accept(menu, link), 'link_waits')
    const accountant = await enter(menu, 'accountant')
    const shown = (await accountant.ok('approvals.list')).items.find(({ id }) => id === approval)
    t.match(shown, { kind: 'grant', by: 'admin', refused: { en: /users\.edit/u } })
    const params = { id: approval ?? '' }
    const decision = { approve: false, reason: 'Nobody knows this person', version: shown?.version ?? '' }
    await accountant.ok('approvals.decide', { params, body: decision })
    menu.now += 25 * HOUR
    t.same(await applyDueGrants(menu.office), [], 'what was refused never takes effect')
    t.equal(await accept(menu, link), 'link_invalid')

    const again = await enter(menu, 'admin')
    const second = await again.ok('users.invite', { body: { ...person, login: 'real' } })
    menu.now += 24 * HOUR
    t.equal((await applyDueGrants(menu.office)).length, 1)
    t.equal(await accept(menu, second.link), null)
  },
)

t.test('a second administrator approves, and hands over a code that the first one does not have', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const cli = { login: 'root', name: 'root', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' } as const
  const invited = await emergencyInvite(menu.office, cli, {
    login: 'adam',
    name: 'Adam',
    email: null,
    roles: ['administrator'],
    stores: [],
  })
  t.equal(isRefused(invited), false)
  t.equal(await accept(menu, isRefused(invited) ? null : invited.token), null)
  const [first, second, auditor] = [
    await enter(menu, 'admin'),
    await enter(menu, 'adam', PASSWORD),
    await enter(menu, 'auditor'),
  ]
  t.match((await auditor.ok('alerts.list')).items[0] ?? (await first.ok('alerts.list')).items[0], {
    kind: 'users_from_command_line',
    count: 1,
  })
  const { items } = await auditor.ok('audit.list', { query: { channel: 'cli' } })
  t.match(
    items.find(({ object }) => object.id === 'adam'),
    { action: 'users.invitation', outcome: 'done', details: /operatingSystemUser/u },
    'by this `/audit` marks it',
  )
  const { link, approval } = await first.ok('users.invite', {
    body: { login: 'iga', name: 'Iga', roles: ['issuer'], stores: [] },
  })
  const params = { id: approval ?? '' }
  const version = (await second.ok('approvals.list')).items.find(({ id }) => id === approval)?.version ?? ''
  const decision = { approve: true, reason: 'I know her', version }
  t.equal(await first.code('approvals.decide', { params, body: decision }), 'own_request')
  const { code } = await second.ok('approvals.decide', { params, body: decision })
  t.equal(await accept(menu, link), 'code_wrong', 'the link alone is not enough')
  t.equal(await accept(menu, link, code ?? ''), null)
  const iga = await enter(menu, 'iga', PASSWORD)
  t.equal((await iga.ok('session.show')).state, 'signedIn')
  t.equal(await second.code('users.disable', { params: { login: 'admin' }, body: {} }), null, 'not the last one')
  t.equal(await second.code('users.disable', { params: { login: 'adam' }, body: {} }), 'own_rights')
})

t.test('a reset leaves the second factor; lost codes come back only by a second administrator', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const cli = { login: 'root', name: 'root', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' } as const
  const adam = { login: 'adam', name: 'Adam', email: null, roles: ['administrator'], stores: [] }
  const invited = await emergencyInvite(menu.office, cli, adam)
  t.equal(await accept(menu, isRefused(invited) ? null : invited.token), null)
  const [first, second] = [await enter(menu, 'admin'), await enter(menu, 'adam', PASSWORD)]
  await enter(menu, 'helpdesk')
  const params = { login: 'helpdesk' }
  const stateAfter = async (password: string): Promise<string> => {
    const browser = menu.browser()
    await browser.ok('session.signIn', { body: { login: 'helpdesk', password } })
    return (await browser.ok('session.show')).state
  }
  const approve = async (id: string | null) => {
    const version = (await second.ok('approvals.list')).items.find((one) => one.id === id)?.version ?? ''
    const body = { approve: true, reason: 'Spoke to them', version }
    return (await second.ok('approvals.decide', { params: { id: id ?? '' }, body })).code
  }

  const password = await first.ok('users.reset', { params, body: { what: 'password' } })
  t.type(password.approval, 'string', 'whoever moves money is not reset by one person')
  t.equal(await accept(menu, password.link), 'link_waits')
  const code = await approve(password.approval)
  const tried: string[] = []
  const passwords: PasswordHasher = {
    hash: (text) => Promise.resolve(tried.push(text) > 0 ? 'a hash' : null),
    verify: () => Promise.resolve(false),
    stop: () => Promise.resolve(),
  }
  const guess = { token: tokenOf(password.link), password: PASSWORD, code: 'AAAAA-AAAAA-AAAAA' }
  const guessed = await acceptLink(menu.office, { passwords, exposed: false }, guess)
  t.equal(isRefused(guessed) && guessed.refused, 'code_wrong')
  t.same(tried, [PASSWORD], 'each try at the code costs a hash')
  t.equal(await accept(menu, password.link, code ?? ''), null)
  t.equal(await stateAfter(PASSWORD), 'code', 'codes are asked for as before')

  const codes = await first.ok('users.reset', { params, body: { what: 'totp' } })
  t.type(codes.approval, 'string')
  t.equal(await stateAfter(PASSWORD), 'code', 'the lost ones count until then')
  await approve(codes.approval)
  t.equal(await stateAfter(PASSWORD), 'enrolment')
})
