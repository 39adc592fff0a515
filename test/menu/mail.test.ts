import t from 'tap'
import { createMailer } from '../../src/app/mailer.ts'
import { normalEcode } from '../../src/cards/ecode.ts'
import { ecodeHashHex } from '../../src/cards/hash.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { mailAlerts } from '../../src/office/alert-mail.ts'
import { headMailer } from '../../src/office/audit-head-mail.ts'
import { type EcardDoor, sendEcards } from '../../src/office/ecard-sending.ts'
import { voucherMail } from '../../src/office/ecard-voucher.ts'
import { applyDueGrants } from '../../src/office/grants.ts'
import type { Office } from '../../src/office/office.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS } from '../../src/office/rights.ts'
import { inviteUser } from '../../src/office/users.ts'
import { mailServer } from '../mail-server.ts'
import { menuForTest, START } from './setting.ts'

/**
 * Mail over a real socket. Alerts: each is mailed once to each recipient, and again if the server was away. E-cards
 * (docs/spec/abuse.md, 15): two people, a sale that is confirmed when the mail server took the mail, a code that nobody
 * here sees and that each mail draws anew.
 */

const [menu, mail] = [await menuForTest(t, { mails: true }), await mailServer(t)]
const [issuer, accountant] = [await menu.signedIn('issuer'), await menu.signedIn('accountant')]
const look = { name: 'Akart', logo: null, accent: '#0b5563', balanceUrl: 'https://cards.example.com' }
type Voucher = Parameters<EcardDoor['write']>[0]
const written: Voucher[] = []
let vouchers = 0
const door: EcardDoor = {
  send: mail.send,
  reach: mail.reach,
  write(voucher) {
    written.push(voucher)
    // A PDF takes 0.2 s: one is enough to look at.
    return ++vouchers === 1 ? voucherMail(look, voucher) : Promise.resolve({ to: voucher.to, subject: '', text: '' })
  },
}
const STORE = { kind: 'store', code: '000000000000001' } as const
const input = (to: string, more: object = {}) => ({
  body: { issue: 'ECARD', amount: 50_00, buyer: STORE, email: to, language: 'pl', reason: 'ordered by phone', ...more },
})
const MINUTE = 60_000

async function ask(sql: string): Promise<readonly unknown[]> {
  const [rows = []] = await onConnection(menu.access, (connection) => connection.send(sql))
  return rows[0] ?? []
}
async function approve(approval: string, approveIt = true, by = accountant): Promise<string | null> {
  const { items } = await by.ok('approvals.list')
  const version = items.find(({ id }) => id === approval)?.version ?? ''
  return by.code('approvals.decide', {
    params: { id: approval },
    body: { approve: approveIt, reason: 'checked', version },
  })
}
async function approved(to: string, more: object = {}): Promise<string> {
  const { id, approval } = await issuer.ok('ecards.sell', input(to, more))
  t.equal(await approve(approval), null)
  return id
}
const shown = async (id: string) => (await issuer.ok('ecards.list')).items.find((one) => one.id === id)
/** Whether the voucher's code is the card's present one. */
async function works({ ecode }: Voucher, id: string): Promise<boolean> {
  const [hash] = await ask(`SELECT HEX(ecode_hash) FROM cards WHERE id = (SELECT card_id FROM ecards WHERE id = ${id})`)
  return String(hash).toLowerCase() === ecodeHashHex(menu.office.keys(), ecode)
}
const cardOf = (id: string) =>
  ask(`SELECT c.state, c.ledger, c.available FROM cards c JOIN ecards e ON e.card_id = c.id WHERE e.id = ${id}`)

t.test('an issuer asks, an accountant approves, the mail has a voucher, nobody here its number', async (t) => {
  const refusals = [
    ['an issue with plastic', await issuer.code('ecards.sell', input('a@example.com', { issue: 'OPEN' }))],
    ['too much', await issuer.code('ecards.sell', input('a@example.com', { amount: 600_00 }))],
    [
      'no such payer',
      await issuer.code('ecards.sell', input('a@example.com', { buyer: { kind: 'store', code: 'X' } })),
    ],
    ['no address', await issuer.code('ecards.sell', input('a@example.com, b@example.com'))],
    ['a clerk', await (await menu.signedIn('helpdesk')).code('ecards.sell', input('a@example.com'))],
  ]
  t.same(
    refusals.map(([, code]) => code),
    ['issue_not_for_ecards', 'sale_amount_not_permitted', 'ecard_buyer_closed', 'invalid_request', 'right_missing'],
  )
  const { id, approval } = await issuer.ok('ecards.sell', input('ola@example.com'))
  t.equal(await sendEcards(menu.office, door), 0, 'not before it is approved')
  const own = { params: { id: approval }, body: { approve: true, reason: '', version: 'x' } }
  t.not(await issuer.code('approvals.decide', own), null, 'not by who asked')
  t.equal(await approve(approval), null)
  t.equal((await shown(id))?.state, 'sending')
  t.equal(await sendEcards(menu.office, door), 1)
  const [{ to, text } = { to: '', text: '' }] = mail.received.splice(0)
  const [voucher] = written.splice(0)
  if (voucher === undefined) throw new Error('no voucher')
  t.equal(to, 'ola@example.com')
  t.match(text, /Content-Type: application\/pdf; name=karta-podarunkowa\.pdf/u)
  t.match(
    Buffer.from(/filename=karta[^\n]*\n\n([\w+/=\n]+)/u.exec(text)?.[1] ?? '', 'base64').toString('latin1'),
    /^%PDF-/u,
  )
  t.notMatch(text, voucher.number, 'the number is in the picture alone')
  t.notMatch(text, voucher.ecode)
  t.ok(await works(voucher, id))
  const row = await shown(id)
  t.match(row, { state: 'sent', mails: 1, problem: null, card: { shown: `629912******${voucher.number.slice(-4)}` } })
  t.same(await cardOf(id), ['sold', 50_00, 50_00], 'confirmed: it can be spent')
  const [operation, store, channel, who] = await ask(
    `SELECT operation, store_code, channel, who FROM transactions WHERE id = (SELECT sale_id FROM ecards WHERE id = ${id})`,
  )
  t.same([operation, store, channel, who], ['sale', STORE.code, 'menu', 'accountant'])
  const everywhere = JSON.stringify([
    await issuer.ok('ecards.list'),
    await ask(`SELECT GROUP_CONCAT(details) FROM audit`),
    await ask(`SELECT GROUP_CONCAT(wish) FROM proposals`),
  ])
  for (const secret of [voucher.number, voucher.ecode, normalEcode(voucher.ecode)]) t.notMatch(everywhere, secret)
  t.notMatch(everywhere.slice(everywhere.indexOf('GROUP')), 'ola@example.com', 'the audit keeps no whole address')
})

t.test('refused, nothing is sold', async (t) => {
  const { id, approval } = await issuer.ok('ecards.sell', input('eve@example.com'))
  t.equal(await approve(approval, false), null)
  t.equal(await sendEcards(menu.office, door), 0)
  t.match(await shown(id), { state: 'refused', card: null })
})

t.test('killed between mail and confirmation: another mail, another code, one sale', async (t) => {
  const id = await approved('kuba@example.com')
  const killed: Office = {
    ...menu.office,
    submit: (request) =>
      request.ask.act === 'confirmation' ? Promise.reject(new Error('killed')) : menu.office.submit(request),
  }
  await t.rejects(sendEcards(killed, door), /killed/u)
  t.equal(mail.received.splice(0).length, 1, 'the mail server has it')
  t.same(await cardOf(id), ['sold', 50_00, 0], 'not to be spent')
  t.equal(await sendEcards(menu.office, door), 0, 'it may still be at it')
  menu.now += 3 * MINUTE
  t.equal(await sendEcards(menu.office, door), 1)
  const [first, second] = written.splice(0)
  if (first === undefined || second === undefined) throw new Error('two vouchers are written')
  t.equal(first.number, second.number)
  t.not(first.ecode, second.ecode)
  t.same([await works(first, id), await works(second, id)], [false, true], 'the later mail is good')
  t.same(await cardOf(id), ['sold', 50_00, 50_00])
  t.match(await shown(id), { state: 'sent', mails: 1 })
  mail.received.length = 0
})

t.test(
  'a server that is away sells nothing; one that says later is asked again, in the end with another card',
  async (t) => {
    const id = await approved('jan@example.com')
    const away = { ...door, reach: () => Promise.reject(new Error('connect ECONNREFUSED')) }
    t.equal(await sendEcards(menu.office, away), 0)
    t.match(await shown(id), { state: 'sending', tries: 1, card: null, problem: /ECONNREFUSED/u })
    mail.refuse('451 4.7.1 greylisted')
    menu.now += MINUTE / 2
    t.equal(await sendEcards(menu.office, door), 0)
    const waiting = await shown(id)
    t.match(waiting, { state: 'sending', tries: 2, problem: /greylisted/u })
    menu.now += MINUTE
    await sendEcards(menu.office, door)
    t.same((await shown(id))?.card, waiting?.card, 'the same card as long as its sale stands')
    mail.refuse(null)
    menu.now += 13 * MINUTE
    t.equal(await sendEcards(menu.office, door), 1)
    t.match(await shown(id), { state: 'sent', problem: null })
    t.not((await shown(id))?.card?.id, waiting?.card?.id)
    t.same(
      await ask(`SELECT state, ledger FROM cards WHERE id = ${waiting?.card?.id}`),
      ['closed', 0],
      'its code was drawn',
    )
    mail.received.length = written.length = 0
  },
)

t.test('an address that the server refuses for good: the sale is undone, and said', async (t) => {
  const id = await approved('nobody@example.com')
  mail.refuse('550 5.1.1 no such user')
  t.equal(await sendEcards(menu.office, door), 0)
  mail.refuse(null)
  t.match(await shown(id), { state: 'failed', mails: 0, problem: /no such user/u, dueAt: null, card: null })
  t.same(await ask(`SELECT SUM(amount > 0 AND state = 'unconfirmed') FROM transactions`), ['0'])
  t.equal(await issuer.code('ecards.resend', { params: { id }, body: { reason: 'x' } }), 'ecard_not_sent')
  written.length = 0
})

t.test(
  'again to the same address at once, to another one by two people; each mail has a code of its own',
  async (t) => {
    const id = await approved('zoe@example.com')
    t.equal(await sendEcards(menu.office, door), 1)
    t.same(await issuer.ok('ecards.resend', { params: { id }, body: { reason: 'lost' } }), { approval: null })
    t.equal(
      await issuer.code('ecards.resend', { params: { id }, body: { reason: 'lost' } }),
      'ecard_not_sent',
      'on its way',
    )
    t.equal(await sendEcards(menu.office, door), 1)
    const body = { email: 'zoe@work.example.com', reason: 'wrote from there' }
    const { approval } = await issuer.ok('ecards.resend', { params: { id }, body })
    t.equal(await sendEcards(menu.office, door), 0, 'another address waits')
    t.equal(await approve(approval ?? ''), null)
    mail.refuse('550 no')
    t.equal(await sendEcards(menu.office, door), 0)
    mail.refuse(null)
    t.match(await shown(id), { state: 'sent', mails: 2, problem: /550/u }, 'what was sold stays sold')
    await issuer.ok('ecards.resend', { params: { id }, body: { reason: 'it takes mail now' } })
    t.equal(await sendEcards(menu.office, door), 1)
    t.same(
      mail.received.splice(0).map(({ to }) => to),
      ['zoe@example.com', 'zoe@example.com', 'zoe@work.example.com'],
    )
    t.equal(new Set(written.map(({ ecode }) => ecode)).size, 4)
    t.same(await Promise.all(written.splice(0).map((one) => works(one, id))), [false, false, false, true])
    t.same(await cardOf(id), ['sold', 50_00, 50_00], 'the money is there once')
  },
)

t.test('a counterparty owes what is sold for it, within its limit', async (t) => {
  await accountant.ok('counterparties.add', { body: { code: 'GIFTS', name: 'Gifts' } })
  const buyer = { kind: 'counterparty', code: 'GIFTS' }
  const limit = { params: { code: 'GIFTS' }, body: { amount: 120_00, currency: 'PLN', reason: 'agreed' } }
  const { approval } = await accountant.ok('counterparties.limit', limit)
  t.equal(await approve(approval, true, await menu.signedIn('accountant2')), null)
  const id = await approved('anna@example.com', { buyer, amount: 70_00 })
  t.equal(await issuer.code('ecards.sell', input('b@example.com', { buyer, amount: 60_00 })), 'credit_exceeded')
  t.equal(await sendEcards(menu.office, door), 1)
  t.same(await cardOf(id), ['sold', 70_00, 70_00])
  t.equal(
    await issuer.code('ecards.sell', input('b@example.com', { buyer, amount: 60_00 })),
    'credit_exceeded',
    'owed by now',
  )
  const { items } = await accountant.ok('counterparties.list')
  t.same(
    items.find(({ code }) => code === 'GIFTS')?.credits.map(({ owed, committed }) => [owed.value, committed.value]),
    [[70_00, 0]],
  )
})

t.test('a store manager who guesses numbers is stopped, and administrators are mailed', async (t) => {
  mail.received.length = 0
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

t.test('the head of the audit’s chain is mailed once for each head', async (t) => {
  const server = await mailServer(t)
  let head = { seq: 7, hash: 'a'.repeat(64) }
  const once = headMailer(() => Promise.resolve({ head, at: START }), server.send, 'audit@example.com')
  server.answer(false)
  await t.rejects(once(), 'the server is away')
  server.answer(true)
  t.same([await once(), await once()], [true, false])
  head = { seq: 8, hash: 'b'.repeat(64) }
  t.equal(await once(), true)
  t.same(
    server.received.map(({ to }) => to),
    ['audit@example.com', 'audit@example.com'],
  )
  const [first] = server.received
  t.match(first?.text.replaceAll('=\n', ''), /Row 7 of the audit[^]*a{64}/u)
  t.equal(await headMailer(() => Promise.resolve(null), server.send, 'audit@example.com')(), false, 'no chain yet')
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
