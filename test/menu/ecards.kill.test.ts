import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { toUrl } from '../../src/db/access.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { testDatabase } from '../database.ts'
import { mailServer } from '../mail-server.ts'
import { upForTest } from '../up.ts'
import { warmAkart } from '../warm-akart.ts'
import { type Ask, personAt } from './person-at.ts'

/*
 * E-cards and a process that is killed (docs/decisions/0310): one whose mail the server has just taken, and one whose mail no
 * server takes. The process after it goes on: each is sold once, and the timer takes back what was never mailed.
 */

const mail = await mailServer(t)
const access = await testDatabase(t)
const environment = {
  AKART_DATABASE_URL: toUrl(access),
  AKART_MAIL_HOST: '127.0.0.1',
  AKART_MAIL_PORT: String(mail.port),
  AKART_MAIL_TLS: 'off',
  AKART_MAIL_FROM: 'cards@example.com',
}
const start = () => upForTest(t, environment, null, ['--menu-port', '0', '--web-port', '0'])
const [TAKEN, REFUSED] = ['taken@example.com', 'refused@example.com']

async function ask(sql: string): Promise<readonly (string | number | null)[]> {
  const [rows = []] = await onConnection(access, (connection) => connection.send(sql))
  return (rows[0] ?? []) as readonly (string | number | null)[]
}
/** Asks until the books say so; the run of the tests ends what never comes. */
async function until(sql: string): Promise<void> {
  while (Number((await ask(sql))[0]) !== 1) await sleep(50)
}
const ofEcard = (email: string, what: string): string =>
  `SELECT ${what} FROM ecards e LEFT JOIN cards c ON c.id = e.card_id LEFT JOIN transactions s ON s.id = e.sale_id WHERE e.email = '${email}'`

async function approved(issuer: Ask, accountant: Ask, email: string): Promise<void> {
  const buyer = { kind: 'store', code: '000000000000001' }
  const wish = { issue: 'ECARD', amount: 50_00, buyer, email, language: 'pl', reason: 'ordered by phone' }
  const { approval } = (await issuer('POST', '/ecards', wish)) as { approval: string }
  const { items } = (await accountant('GET', '/approvals')) as { items: readonly { id: string; version: string }[] }
  const version = items.find(({ id }) => id === approval)?.version
  await accountant('POST', `/approvals/${approval}/decision`, { approve: true, reason: 'checked', version })
}

t.test('killed between mail and confirmation, and while a server says later', { timeout: 240_000 }, async (t) => {
  const first = await start()
  const origin = `http://${first.menu.host}:${first.menu.port}`
  const [issuer, accountant] = await Promise.all([personAt(origin, 'issuer'), personAt(origin, 'accountant')])
  mail.refuse('451 4.7.1 greylisted')
  await approved(issuer, accountant, REFUSED)
  await until(ofEcard(REFUSED, 'e.tries = 1'))
  t.same(await ask(ofEcard(REFUSED, 'c.ledger, c.available, s.state')), [50_00, 0, 'unconfirmed'], 'not to be spent')
  const [refusedCard] = await ask(ofEcard(REFUSED, 'e.card_id'))

  mail.refuse(null)
  // The server has the mail, and nobody hears that it has.
  const taking = once(mail.events, 'taken')
  mail.hold(true)
  await approved(issuer, accountant, TAKEN)
  await taking
  await first.stop('SIGKILL')
  mail.hold(false)
  t.same(await ask(ofEcard(TAKEN, 'c.ledger, c.available, s.state, e.mails')), [50_00, 0, 'unconfirmed', 0])
  const [takenCard] = await ask(ofEcard(TAKEN, 'e.card_id'))

  // A quarter of an hour later: the claim of the killed process has run out, and so has the time of the other sale.
  await ask(
    `UPDATE transactions SET confirm_by = UTC_TIMESTAMP(3) - INTERVAL 1 MINUTE WHERE id = (SELECT sale_id FROM ecards WHERE email = '${REFUSED}')`,
  )
  await ask(
    `UPDATE ecards SET due_at = IF(email = '${TAKEN}', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 HOUR) WHERE state = 'sending'`,
  )
  const second = await start()
  await until(ofEcard(REFUSED, "s.state = 'reversed'"))
  t.same(await ask(`SELECT state, ledger, available FROM cards WHERE id = ${refusedCard}`), ['closed', 0, 0])
  const [cases] = await ask(
    `SELECT COUNT(*) FROM cases WHERE transaction_id = (SELECT sale_id FROM ecards WHERE email = '${REFUSED}')`,
  )
  t.equal(cases, 1, 'the timer opens a case, as for a till')
  await ask(`UPDATE ecards SET due_at = UTC_TIMESTAMP(3) WHERE email = '${REFUSED}'`)
  for (const email of [TAKEN, REFUSED]) await until(ofEcard(email, "e.state = 'sent'"))

  t.same(await ask(ofEcard(TAKEN, 'c.ledger, c.available, s.state, e.mails')), [50_00, 50_00, 'confirmed', 1])
  t.same(await ask(ofEcard(TAKEN, 'e.card_id')), [takenCard], 'the same card, sold once')
  t.same(await ask(ofEcard(REFUSED, 'c.ledger, c.available, s.state, e.mails')), [50_00, 50_00, 'confirmed', 1])
  t.not((await ask(ofEcard(REFUSED, 'e.card_id')))[0], refusedCard, 'another card: the code of the first was drawn')
  t.same(
    await ask(
      "SELECT COUNT(*), SUM(amount) FROM transactions WHERE terminal_code = 'ECARD' AND state = 'confirmed' AND amount > 0",
    ),
    [2, '10000'],
    'the money of two cards, once each',
  )
  t.same(
    mail.received.map(({ to }) => to),
    [TAKEN, TAKEN, REFUSED],
    'nobody knows that the first mail was taken: the one after it has a code of its own, which alone is good',
  )
  await second.stop()
  const verified = await warmAkart(t, environment)('ledger', 'verify', '--home', second.home)
  t.equal(verified.code, 0, verified.said)
})
