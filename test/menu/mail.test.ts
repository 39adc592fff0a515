import t from 'tap'
import { createMailer } from '../../src/app/mailer.ts'
import { mailAlerts } from '../../src/office/alert-mail.ts'
import { applyDueGrants } from '../../src/office/grants.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { inviteUser } from '../../src/office/users.ts'
import { mailServer } from '../mail-server.ts'
import { menuForTest } from './setting.ts'

/* Alerts by mail, over a real socket: what is raised is mailed once to each recipient, and again where the server was away. */

t.test('a store manager who guesses numbers is stopped, and administrators are mailed', async (t) => {
  const [menu, mail] = [await menuForTest(t), await mailServer(t)]
  const [admin, manager] = [await menu.signedIn('admin'), await menu.signedIn('manager')]
  await admin.ok('settings.change', {
    body: { values: { storeMissesPerMinute: 3 }, recipients: ['ops@example.com', 'cto@example.com'] },
  })
  const guess = () => manager.code('find.search', { body: { text: '4111 1111 1111 1111' } })
  t.same([await guess(), await guess(), await guess(), await guess()], [null, null, null, 'find_misses_used_up'])
  menu.now += 61_000
  t.equal(await guess(), null, 'in the next minute again')
  const clerk = await menu.signedIn('helpdesk')
  for (let at = 0; at < 5; at++)
    t.equal(
      await clerk.code('find.search', { body: { text: '4111 1111 1111 1111' } }),
      null,
      'the help desk looks for all',
    )

  mail.answer(false)
  await t.rejects(mailAlerts(menu.office, mail.send), 'the server is away')
  mail.answer(true)
  t.equal(await mailAlerts(menu.office, mail.send), 1)
  t.equal(await mailAlerts(menu.office, mail.send), 0, 'once')
  t.same(mail.received.map(({ to }) => to).toSorted(), ['cto@example.com', 'ops@example.com'])
  t.match(mail.received[0]?.text, /manager has looked for too many numbers/u)
})

t.test('without a host there is no mail', async (t) => {
  const nothing = { host: null, port: 587, tls: 'starttls', user: null, passwordFile: null, from: null } as const
  t.equal(createMailer(nothing), null)
})

t.test('where one administrator is alone, the code reaches the person by mail, not by the administrator', async (t) => {
  const [menu, mail] = [await menuForTest(t, { demo: false }), await mailServer(t)]
  const admin = { login: 'admin', name: 'Anna', rights: ALL_RIGHTS, stores: 'all', channel: 'menu' } as const
  const person = { login: 'mia', name: 'Mia', email: 'mia@example.com', roles: ['accountant'], stores: [] }
  const invited = await inviteUser(menu.office, admin, person)
  if (isRefused(invited)) throw new Error(invited.refused)
  menu.now += 24 * 3_600_000
  t.equal((await applyDueGrants(menu.office, mail.send)).length, 1)
  const [{ to, text } = { to: '', text: '' }] = mail.received
  t.equal(to, 'mia@example.com')
  const code = /Your code for AkartMenu: (\S+)/u.exec(text)?.[1] ?? ''
  const accept = (more: object) =>
    menu.browser().code('invitation.accept', {
      body: { token: invited.token, password: 'paper boats in the rain', ...more },
    })
  t.equal(await accept({}), 'code_wrong', 'the link alone is not enough')
  t.equal(await accept({ code }), null)
})
