import { generateSync } from 'otplib'
import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import type { Actor } from '../../src/office/actor.ts'
import { decideApproval, listApprovals } from '../../src/office/approvals.ts'
import { blockCard } from '../../src/office/cards.ts'
import { changeNamedCard, type NamedChange } from '../../src/office/named-card-changes.ts'
import { DEMO_PASSWORD } from '../../src/demo/people.ts'
import { startPasswordHasher } from '../../src/office/password-hasher.ts'
import { commandActor, decideMap, mapUser } from '../../src/office/command-persons.ts'
import { isRefused } from '../../src/office/refusal.ts'
import type { Right } from '../../src/office/rights-table.ts'
import { menuForTest } from '../menu/setting.ts'

/** The person for whom a command acts: by uid, never by the command's own claim (docs/spec/abuse.md, 7). */

const HOUR = 3_600_000
const WHO = { uid: 1001, name: 'hanna' }

t.test('on a demo, --who is taken as it is said', async (t) => {
  const { office } = await menuForTest(t)
  const actor = await commandActor(office, 'anybody', WHO)
  t.match(actor, { login: 'anybody', channel: 'cli', stores: 'all' })
  t.ok(actor.rights.has('packs.sell.approve'))
})

t.test('once there are users, whoever is nobody’s login can approve nothing, whatever --who says', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const actor = await commandActor(menu.office, 'accountant', WHO)
  t.equal(actor.login, 'hanna')
  t.ok(actor.rights.has('cards.block'))
  t.ok(actor.rights.has('users.edit'), 'emergencies')
  for (const right of ['cards.adjust.approve', 'packs.sell.approve', 'issues.authorise', 'settlement.close'] as const)
    t.notOk(actor.rights.has(right), right)
  await menu.office.db.use((connection) =>
    connection.send('SET @left_out = 1; DELETE FROM recovery_codes; DELETE FROM users; SET @left_out = NULL'),
  )
  t.equal(
    (await commandActor(menu.office, 'accountant', WHO)).login,
    'accountant',
    'while there are none, as it is said',
  )
})

t.test('mapped by password and code: that person, with their rights and no more, after a day', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const { office } = menu
  const passwords = startPasswordHasher()
  t.teardown(() => passwords.stop())
  const map = async (more: object) => {
    const input = { login: 'helpdesk', password: DEMO_PASSWORD, code: null, who: WHO, serviceUid: 990 }
    const result = await mapUser(office, { passwords, exposed: true }, { ...input, ...more })
    return isRefused(result) ? result.refused : result.effectiveAt
  }
  t.equal(await map({}), 'map_not_enrolled')
  const browser = menu.browser()
  await browser.ok('session.signIn', { body: { login: 'helpdesk', password: DEMO_PASSWORD } })
  await browser.ok('session.show')
  const { secret } = await browser.ok('session.enrol', { body: {} })
  const codeNow = (): string => generateSync({ secret, epoch: Math.floor(menu.now / 1000) })
  await browser.ok('session.confirmEnrolment', { body: { code: codeNow() } })
  menu.now += 60_000
  t.equal(await map({ password: 'not the password' }), 'sign_in_failed')
  t.equal(await map({ code: '000000' }), 'sign_in_failed')
  t.equal(await map({ code: codeNow(), who: { uid: 0, name: 'root' } }), 'map_shared_account')
  t.equal(await map({ code: codeNow(), serviceUid: WHO.uid }), 'map_shared_account')
  t.equal(await map({ code: codeNow() }), menu.now + 24 * HOUR)
  t.equal((await commandActor(office, 'x', WHO)).login, 'hanna', 'not yet')
  const by = (login: string, ...rights: Right[]): Actor => {
    return {
      login,
      name: login,
      rights: new Map(rights.map((right) => [right, 'all'])),
      stores: 'all',
      channel: 'menu',
    }
  }
  const decide = async (actor: Actor, approve: boolean) => {
    const open = (await listApprovals(office, actor, { open: true })).find(({ kind }) => kind === 'userMap')
    if (open === undefined) return 'not shown'
    const { kind, id, version } = open
    const decided = await decideApproval(office, actor, { kind, id, approve, reason: 'seen', version })
    return isRefused(decided) ? decided.refused : 'decided'
  }
  t.equal(await decide(by('store'), true), 'not shown')
  t.equal(await decide(by('auditor', 'audit.see'), true), 'right_missing')
  t.equal(await decide(by('helpdesk', 'users.edit', 'audit.see'), true), 'own_request')
  t.equal(await decide(by('auditor', 'audit.see'), false), 'decided', 'whoever is shown it may refuse it')
  t.equal(await decide(by('auditor', 'audit.see'), false), 'not shown')
  menu.now += 60_000
  await map({ code: codeNow() })
  t.match(await decideMap(office, by('admin2', 'users.edit'), { id: 7, approve: true, reason: 'seen' }), {
    refused: 'no_such_approval',
  })
  t.equal(await decide(by('admin2', 'users.edit', 'audit.see'), true), 'decided', 'a second administrator shortens it')
  t.equal((await commandActor(office, 'x', WHO)).login, 'helpdesk')
  menu.now += 60_000
  await map({ code: codeNow() })
  menu.now += 24 * HOUR
  const actor = await commandActor(office, 'x', WHO)
  t.match(actor, { login: 'helpdesk', channel: 'cli' })
  t.ok(actor.rights.has('cards.adjust'))
  t.notOk(actor.rights.has('issues.edit'), 'no more than the login has')
  t.equal((await commandActor(office, 'helpdesk', { uid: 1002, name: 'other' })).login, 'other', 'by uid alone')
})

t.test('what gives a card back waits for a second person, once there are users', async (t) => {
  const menu = await menuForTest(t, { demo: false })
  const { office } = menu
  const actor = await commandActor(office, 'x', WHO)
  const all = demoCards(deriveCardKeys(DEMO_MASTER)).filter(({ issue }) => issue === 'OPEN')
  const [card = '', onto = ''] = ['sold', 'sellable'].map((state) => all.find((one) => one.state === state)?.number)
  const reason = 'the customer came back'
  const waits = async (input: NamedChange) => {
    const changed = await changeNamedCard(office, actor, input)
    return isRefused(changed) ? changed.refused : changed.waits !== null
  }
  t.equal(await waits({ act: 'unblock', card, reason }), 'card_is_not_blocked')
  await blockCard(office, actor, { card, block: 'customer', reason })
  t.equal(await waits({ act: 'unblock', card, reason }), false, 'at the customer’s wish: at once')
  await blockCard(office, actor, { card, block: 'lost', reason })
  t.equal(await waits({ act: 'unblock', card, reason }), true)
  t.equal(await waits({ act: 'duplicate', card, onto, reason }), 'already_proposed')
  const [other = ''] = all
    .filter(({ state }) => state === 'sold')
    .slice(1)
    .map(({ number }) => number)
  t.equal(await waits({ act: 'duplicate', card: other, onto, reason }), true)
  const [third = ''] = all
    .filter(({ state }) => state === 'sold')
    .slice(2)
    .map(({ number }) => number)
  t.equal(await waits({ act: 'extend', card: third, until: '2099-12-31', reason }), true)

  const alone = { ...actor, nobodyElse: true } as const
  const done = await changeNamedCard(office, alone, { act: 'extend', card: other, until: '2099-12-31', reason })
  t.match(done, { waits: null, card: { validUntil: '2099-12-31' } }, 'while there is nobody else')
})
