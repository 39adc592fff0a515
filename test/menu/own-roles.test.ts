import t from 'tap'
import { generateSync } from 'otplib'
import { DEMO_PASSWORD } from '../../src/demo/people.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { applyDueRoleChanges } from '../../src/office/role-changes.ts'
import { emergencyInvite } from '../../src/office/user-emergencies.ts'
import { menuForTest, START, type Browser, type MenuSetting } from './setting.ts'

/* Roles of the installation's own: who makes them, when they count, and how nobody raises themselves by one. */

const PASSWORD = 'paper boats in the rain'
const HOUR = 3_600_000
const CLI = { login: 'root', name: 'root', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' } as const

const all = (...rights: readonly string[]) => rights.map((right) => ({ right, reach: 'all' as const }))
const own = (...rights: readonly string[]) => rights.map((right) => ({ right, reach: 'own' as const }))
const rightsOf = async (browser: Browser) => (await browser.ok('session.show')).person?.rights ?? {}

t.test('made, given, changed: it counts in the open session, and is not removed while somebody has it', async (t) => {
  const menu = await menuForTest(t)
  const [admin, auditor] = [await menu.signedIn('admin'), await menu.signedIn('auditor')]
  const role = { code: 'shiftLeader', name: 'Shift leader', rights: [...own('cards.find'), ...all('cards.block')] }
  t.match(await admin.ok('roles.make', { body: role }), { done: true, approval: null })
  t.equal(await admin.code('roles.make', { body: { ...role, code: 'SHIFTLEADER' } }), 'role_taken')
  t.equal(await admin.code('roles.make', { body: { ...role, code: 'auditor' } }), 'role_taken', 'nor a standard one')
  t.equal(
    await admin.code('roles.make', { body: { ...role, code: 'Administrator' } }),
    'role_taken',
    'in no other case',
  )
  t.match((await admin.ok('roles.list')).own, [{ code: 'shiftLeader', name: 'Shift leader', rights: role.rights }])

  const given = { params: { login: 'auditor' }, body: { roles: ['shiftLeader'], stores: ['000000000000001'] } }
  await admin.ok('users.change', given)
  t.same(await rightsOf(auditor), { 'cards.block': 'all', 'cards.find': 'own' }, 'in the open session')
  t.equal(await auditor.code('audit.list'), 'right_missing')

  const params = { code: 'shiftLeader' }
  await admin.ok('roles.change', { params, body: { rights: own('cards.find', 'transactions.find') } })
  t.same(
    await rightsOf(auditor),
    { 'cards.find': 'own', 'transactions.find': 'own' },
    'changed, in the open session too',
  )
  await admin.ok('roles.change', { params, body: { name: 'Shift manager' } })
  t.match((await admin.ok('roles.list')).own, [
    { name: 'Shift manager', rights: own('cards.find', 'transactions.find') },
  ])

  t.equal(await admin.code('roles.remove', { params }), 'role_in_use')
  await admin.ok('users.disable', { params: { login: 'auditor' }, body: {} })
  t.equal(await admin.code('roles.remove', { params }), 'role_in_use', 'nor while a disabled person has it')
  await admin.ok('users.change', { params: { login: 'auditor' }, body: { roles: ['auditor'], stores: [] } })
  t.equal(await admin.code('roles.remove', { params }), null)
  t.same((await admin.ok('roles.list')).own, [])
  t.equal(await admin.code('roles.remove', { params }), 'no_such_own_role')
  t.equal(
    await admin.code('users.change', { params: { login: 'issuer' }, body: { roles: ['shiftLeader'] } }),
    'no_such_role',
  )
})

t.test('what is no role is refused, and says why', async (t) => {
  const menu = await menuForTest(t)
  const admin = await menu.signedIn('admin')
  const make = (wish: object) =>
    admin.code('roles.make', { body: { code: 'mine', name: 'Mine', rights: all('today.see'), ...wish } })
  t.equal(await make({ rights: all('money.print') }), 'no_such_right')
  t.equal(await make({ rights: own('users.edit') }), 'right_not_by_store', 'no store manager has it in own stores')
  t.equal(await make({ code: '1st' }), 'invalid_request')
  t.equal(await make({ rights: [] }), 'invalid_request')
  t.equal(await make({ name: '' }), 'invalid_request')
  const told = async (body: object, language: string) => {
    const { status, json } = await admin.ask('roles.make', { body, headers: { 'accept-language': language } })
    return [status, (json as { pointer?: string }).pointer, (json as { detail?: string }).detail]
  }
  const rights = all('today.see')
  t.same(await told({ code: 'mine', rights }, 'en'), [400, '/name', '/name is missing.'])
  t.same(await told({ code: 'mine', rights }, 'pl'), [400, '/name', '/name: brak wartości.'])
  t.same(await told({ code: 'm', name: 'M', rights: [], x: 1 }, 'en'), [400, '/x', '/x is not known here.'])
  t.equal(await admin.code('roles.change', { params: { code: 'mine' }, body: { name: 'X' } }), 'no_such_own_role')
  t.equal(
    await (
      await menu.signedIn('issuer')
    ).code('roles.make', { body: { code: 'mine', name: 'M', rights: all('today.see') } }),
    'right_missing',
  )
})

t.test('nobody changes a role that they have', async (t) => {
  const menu = await menuForTest(t)
  const admin = await menu.signedIn('admin')
  await admin.ok('roles.make', { body: { code: 'deputy', name: 'Deputy', rights: all('users.edit') } })
  await admin.ok('users.change', { params: { login: 'auditor' }, body: { roles: ['deputy'] } })
  const deputy = await menu.signedIn('auditor')
  const wider = { params: { code: 'deputy' }, body: { rights: all('users.edit', 'cards.adjust') } }
  t.equal(await deputy.code('roles.change', wider), 'role_held')
  t.equal(
    await deputy.code('users.change', { params: { login: 'auditor' }, body: { roles: ['deputy', 'accountant'] } }),
    'own_rights',
  )
  await admin.ok('users.change', { params: { login: 'issuer' }, body: { roles: ['deputy'] } })
  t.equal(await admin.code('roles.change', wider), null, 'whoever has not got it does')
})

t.test('who had which right on a day: by the role as it was then', async (t) => {
  const menu = await menuForTest(t)
  const admin = await menu.signedIn('admin')
  await admin.ok('roles.make', { body: { code: 'looker', name: 'Looker', rights: all('cards.find') } })
  await admin.ok('users.change', { params: { login: 'auditor' }, body: { roles: ['looker'] } })
  menu.now = START + 48 * HOUR
  const later = await menu.signedIn('admin')
  await later.ok('roles.change', { params: { code: 'looker' }, body: { rights: all('cases.find') } })
  const on = async (day: string) => {
    const { people } = await later.ok('users.rights', { query: { on: day } })
    return people.find(({ login }) => login === 'auditor')?.rights
  }
  t.same(await on('2026-11-29'), all('cards.find'))
  t.same(await on('2026-12-01'), all('cases.find'))
})

const secrets = new Map<string, string>()

/** Signs in with a code, enrolling one where there is none yet. */
async function enter(menu: MenuSetting, login: string, password = DEMO_PASSWORD): Promise<Browser> {
  const browser = menu.browser()
  const codeNow = (secret: string): string => generateSync({ secret, epoch: Math.floor(menu.now / 1000) })
  await browser.ok('session.signIn', { body: { login, password } })
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

/** A second administrator, invited by the command line, who owes nobody anything. */
async function secondAdministrator(menu: MenuSetting, ...more: readonly string[]): Promise<Browser> {
  const person = { login: 'adam', name: 'Adam', email: null, roles: ['administrator', ...more], stores: [] }
  const invited = await emergencyInvite(menu.office, CLI, person)
  const token = isRefused(invited) ? '' : invited.token
  await menu.browser().ok('invitation.accept', { body: { token, password: PASSWORD } })
  return enter(menu, 'adam', PASSWORD)
}

const WIDER = { params: { code: 'helper' }, body: { rights: all('today.see', 'cards.adjust') } }
const HELPER = { code: 'helper', name: 'Helper', rights: all('today.see') }

t.test('in production a right over money waits for a second administrator, who sees who will have it', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const [first, second] = [await enter(menu, 'admin'), await secondAdministrator(menu)]
  t.match(await first.ok('roles.make', { body: HELPER }), { done: true }, 'nothing of money: at once')
  await first.ok('users.change', { params: { login: 'auditor' }, body: { roles: ['helper'] } })
  const holder = await enter(menu, 'auditor')
  const { done, approval } = await first.ok('roles.change', WIDER)
  t.equal(done, false)
  t.same(await rightsOf(holder), { 'today.see': 'all' }, 'not in force')

  const shown = (await second.ok('approvals.list')).items.find(({ id }) => id === approval)
  t.match(shown, { kind: 'role', by: 'admin', refused: null, to: '/users' })
  const changes = shown?.changes.map(({ name, before, after }) => [name.en, before, after])
  t.same(changes, [
    ['cards.adjust', null, 'everywhere'],
    ['People who have it', 'auditor', 'auditor'],
  ])
  const decision = {
    params: { id: approval ?? '' },
    body: { approve: true, reason: 'she will help', version: shown?.version ?? '' },
  }
  t.equal(await first.code('approvals.decide', decision), 'own_request')
  t.equal(
    await second.code('approvals.decide', { ...decision, body: { ...decision.body, version: 'x' } }),
    'changed_since',
  )
  t.equal(await second.code('approvals.decide', decision), null)
  t.equal(
    (await holder.ok('session.show')).state,
    'signedOut',
    'a right marked ◆ needs a code: the session without one ended',
  )
  t.same(await rightsOf(await enter(menu, 'auditor')), { 'today.see': 'all', 'cards.adjust': 'all' })
  t.equal(await second.code('approvals.decide', decision), 'no_such_approval', 'it is decided')
  const decided = (await second.ok('approvals.list', { query: { open: false } })).items.find(
    ({ id }) => id === approval,
  )
  t.match(decided, { approved: true, decidedBy: 'adam' })

  t.match(
    await first.ok('roles.change', { ...WIDER, body: { rights: all('today.see') } }),
    { done: true },
    'less: at once',
  )
})

t.test('neither of the two has the role, and a later change takes the place of one that waits', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const first = await enter(menu, 'admin')
  await first.ok('roles.make', { body: HELPER })
  const second = await secondAdministrator(menu, 'helper')
  const find = async (approval: string | null) =>
    (await second.ok('approvals.list')).items.find(({ id }) => id === approval)
  const approve = async (approval: string | null) => {
    const version = (await find(approval))?.version ?? ''
    return second.code('approvals.decide', {
      params: { id: approval ?? '' },
      body: { approve: true, reason: '', version },
    })
  }
  const { approval } = await first.ok('roles.change', WIDER)
  t.equal(await approve(approval), 'role_held', 'adam would raise himself')
  const again = await first.ok('roles.change', { ...WIDER, body: { ...WIDER.body, name: 'Another' } })
  t.equal(await find(approval), undefined)
  t.not(await find(again.approval), undefined)
})

t.test('one administrator alone waits 24 hours, and whoever has a right over money may refuse', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const admin = await enter(menu, 'admin')
  const checker = { code: 'checker', name: 'Checker', rights: all('changes.approve') }
  t.equal((await admin.ok('roles.make', { body: checker })).done, false, 'the second person’s word is over money too')
  const money = { ...HELPER, rights: all('cards.adjust') }
  const { approval } = await admin.ok('roles.make', { body: money })
  t.equal(
    await admin.code('users.change', { params: { login: 'auditor' }, body: { roles: ['helper'] } }),
    'no_such_role',
  )
  const accountant = await enter(menu, 'accountant')
  const version = (await accountant.ok('approvals.list')).items.find(({ id }) => id === approval)?.version ?? ''
  const no = { params: { id: approval ?? '' }, body: { approve: false, reason: 'What for?', version } }
  t.equal(await accountant.code('approvals.decide', no), null)
  menu.now += 25 * HOUR
  t.same(
    (await applyDueRoleChanges(menu.office)).map(({ code }) => code),
    ['checker'],
    'what was refused is refused for good',
  )

  const again = await enter(menu, 'admin')
  await again.ok('roles.make', { body: money })
  menu.now += 24 * HOUR - 1
  t.same(await applyDueRoleChanges(menu.office), [])
  menu.now += 1
  t.equal((await applyDueRoleChanges(menu.office)).length, 1)
  const last = await enter(menu, 'admin')
  t.match((await last.ok('roles.list')).own, [{ code: 'checker' }, { code: 'helper', rights: all('cards.adjust') }])
  const { approval: grant } = await last.ok('users.change', {
    params: { login: 'auditor' },
    body: { roles: ['helper'] },
  })
  const shown = (await last.ok('approvals.list')).items.find(({ id }) => id === grant)
  t.match(
    shown?.changes.map(({ name, after }) => [name.en, after]).at(-1),
    ['Rights of helper', 'cards.adjust'],
    'a grant says what the role gives',
  )
})
