import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ALERTS } from '../../../src/office/alerts.ts'
import { mailServer } from '../../mail-server.ts'
import { type Ask, personAt } from '../person-at.ts'
import type { Journey, journeys } from './setting.ts'

/* A demo with something on every screen: long names, every state, what waits, what went wrong. */

type World = { readonly teardown: (end: () => Promise<void>) => void }

/** Nobody answers there: its circuit opens. */
const UPSTREAM = `upstreams:
  - { name: partner, kind: partner-gift, host: 127.0.0.1, port: 9, breakerAfter: 1, breakerPauseSeconds: 600 }
routes:
  - { prefix: '629917', to: partner }
reports:
  mailDomains: [example.com]
`

export async function furnished(world: World, open: typeof journeys): Promise<Journey> {
  const directory = await mkdtemp(join(tmpdir(), 'akart-photographs-'))
  world.teardown(() => rm(directory, { recursive: true, force: true }))
  const config = join(directory, 'akart.yaml')
  await writeFile(config, UPSTREAM)
  const mail = await mailServer(world)
  const environment = {
    AKART_MAIL_HOST: '127.0.0.1',
    AKART_MAIL_PORT: String(mail.port),
    AKART_MAIL_TLS: 'off',
    AKART_MAIL_FROM: 'cards@example.com',
    AKART_CONFIRM_TIMEOUT_SECONDS: '1',
    AKART_DEMO_HISTORY_DAYS: '60',
  }
  const journey = await open(world, environment, ['--config', config])
  await tills(journey)
  await people(journey)
  await journey.sql(ROWS)
  return journey
}

async function tills({ send }: Journey): Promise<void> {
  const asked = [
    ['payment', '--card', 'sold:1', '--amount', '31.40', '--confirm'],
    ['payment', '--card', 'sold:1', '--amount', '999.00', '--confirm'],
    ['top-up', '--card', 'sold:1', '--amount', '50.00', '--confirm'],
    ['payment', '--card', 'sold:2', '--amount', '7.89'],
    ['payment', '--card', 'sold:3', '--amount', '1.05'],
    ['payment', '--card', '6299170000000002=29121011234567890', '--amount', '12.00'],
    ['payment', '--card', '6299170000000002=29121011234567890', '--amount', '13.00'],
    ['end-of-day'],
    ['payment', '--card', 'sold:4', '--amount', '4.20', '--confirm'],
  ] as const
  for (const options of asked) await send(...options)
}

const WHY = 'Uzgodniono z działem handlowym dnia 27 listopada, pismo w segregatorze „Umowy 2026”'

async function people(journey: Journey): Promise<void> {
  const [issuer, accountant, admin, helpdesk] = await Promise.all(
    ['issuer', 'accountant', 'admin', 'helpdesk'].map((login) => personAt(journey.origin, login)),
  )
  const done = async (ask: Ask | undefined, method: string, path: string, body: object): Promise<unknown> =>
    ask?.(method, path, body).catch((error: unknown) => {
      console.log(`the setting lacks: ${String(error)}`)
    })
  const settings = { code: 'WIOSNA27', name: 'Karty podarunkowe Wiosna 2027, sieć ogólnopolska', prefix: '627801' }
  await done(issuer, 'POST', '/issues', {
    settings: { ...settings, count: '1500000', saleMinimum: '20.00', saleMaximum: '1500.00', saleAuthorisation: 'yes' },
  })
  await done(issuer, 'POST', '/issues/CLUB/limits', { settings: { saleMaximum: '1500.00' }, reason: WHY })
  await done(accountant, 'POST', '/counterparties', {
    code: 'GIFTS',
    name: 'Przedsiębiorstwo Produkcyjno-Handlowe „Skarżysko” sp. z o.o. sp.k.',
  })
  const limit = { amount: 12_000_000, currency: 'PLN', reason: WHY }
  await done(accountant, 'POST', '/counterparties/GIFTS/limit', limit)
  const payment = { amount: 1_234_567, currency: 'PLN', paidOn: new Date().toISOString().slice(0, 10), note: WHY }
  await done(accountant, 'POST', '/counterparties/FABRYKA/payments', { ...payment, reference: 'PKO/2026/11/004182' })
  const yesterday = new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 10)
  await done(accountant, 'POST', '/settlements', { from: yesterday, to: yesterday, stores: null, reason: WHY })
  await done(accountant, 'POST', '/report-schedules', {
    name: 'Aktywność dla zarządu',
    report: 'activity',
    stores: null,
    issues: null,
    rhythm: 'weekly',
    onDay: 1,
    at: '06:30',
    zoneOf: null,
    format: 'xlsx',
    preset: 'pl',
    language: 'pl',
    place: 'mail',
    target: 'zarzad@example.com',
  })
  await done(issuer, 'POST', '/ecards', {
    issue: 'ECARD',
    amount: 25_000,
    buyer: { kind: 'store', code: '000000000000001' },
    email: 'ola@example.com',
    language: 'pl',
    reason: WHY,
  })
  await done(admin, 'POST', '/shops/WEBSHOP/keys', {
    name: 'kasa-internetowa-2',
    kind: 'secret',
    scopes: ['cards', 'payments', 'sales'],
    origins: [],
    networks: ['192.0.2.0/24'],
  })
  await done(admin, 'POST', '/kiosks', { code: 'KIOSK01', store: '000000000000002', networks: [] })
  await done(admin, 'PATCH', '/settings', { values: {}, recipients: ['ops@example.com', 'kierownik@example.com'] })
  await done(admin, 'POST', '/roles', {
    code: 'shiftLeader',
    name: 'Kierowniczka zmiany i magazynu w sklepach wielkopowierzchniowych',
    rights: [
      { right: 'cards.block', reach: 'all' },
      { right: 'packs.receive', reach: 'own' },
      { right: 'packs.return', reach: 'own' },
    ],
  })
  const left = { login: 'm.odeszla', name: 'Małgorzata Odeszła-Wiśniewska', email: null }
  await done(admin, 'POST', '/users', { ...left, roles: ['shiftLeader', 'auditor'], stores: ['000000000000001'] })
  await done(admin, 'POST', '/users/m.odeszla/disabling', {})
  const cards = (await helpdesk?.('GET', '/cards?state=sold')) as { items?: readonly { id: string }[] }
  const [one] = cards.items ?? []
  await done(helpdesk, 'POST', `/cards/${one?.id}/adjustment`, { amount: 1250, reason: WHY })
}

const ecard = (id: number, state: string, email: string, more: string): string =>
  `INSERT INTO ecards (id, issue_id, amount, buyer_kind, buyer_code, email, language, state, proposed_by, proposed_at, ${more
    .split(';')
    .map((part) => part.split('=')[0])
    .join(',')})
   SELECT ${id}, id, ${id * 10}, 'counterparty', 'FABRYKA', '${email}', 'pl', '${state}', 'issuer', NOW(3) - INTERVAL ${id} MINUTE, ${more
     .split(';')
     .map((part) => part.split('=')[1])
     .join(',')} FROM issues WHERE code = 'ECARD'`

/** What no door can arrange in time. */
const ROWS = [
  // Somebody who may see every screen: only here, since it is for nobody to have.
  "UPDATE users SET roles = 'administrator,issuer,accountant,helpDesk,auditor' WHERE login = 'admin'",
  `INSERT INTO welfare_batches (id, employer_code, currency, state, file_name, read_as, sha256, row_count, amount, stops, prepared_by, prepared_at)
   VALUES (9001, 'FABRYKA', 985, 'checked', 'premie-świąteczne-zakład-w-Skarżysku-Kamiennej-listopad.csv',
     '{"format":"csv","separator":";","encoding":"windows-1250","decimal":",","sheet":null}', REPEAT('x', 32), 200, 12345600, 0, 'accountant', NOW(3))`,
  `INSERT INTO welfare_findings (batch_id, line, place, field, code, value, details)
   SELECT 9001, seq + 1, 0, 'amount', 'double_in_batch', '120,00', '{"batch":7,"day":{"en":"2 Nov 2026","pl":"2 lis 2026"}}' FROM seq_1_to_200`,
  // What waits on no demo, or is asked for by the command line alone.
  `INSERT INTO proposals (id, kind, subject, open_for, wish, reason, by_login, at) VALUES
   (9201, 'employer', 9201, 9201, '{"code":"FABRYKA","currency":985,"before":{"yearlyLimit":100000,"paidFirst":true},"after":{"yearlyLimit":250000,"paidFirst":false}}', '', 'accountant', NOW(3)),
   (9202, 'erasure', 9202, 9202, '{"person":"user","login":"m.odeszla"}', 'Pismo z dnia 27 listopada, w segregatorze „Umowy 2026”', 'root', NOW(3))`,
  `INSERT INTO role_changes (id, code, name, rights, by_login, at, state, effective_at)
   VALUES (9203, 'shiftLeader', 'Kierowniczka zmiany i magazynu w sklepach wielkopowierzchniowych',
     'cards.block,packs.receive,cards.adjust,counterparties.payments.approve', 'root', NOW(3), 'waiting', NOW(3) + INTERVAL 1 DAY)`,
  // The other host: what it is owed, and what it refused for good.
  `INSERT IGNORE INTO upstream_queues (upstream) VALUES ('partner')`,
  `INSERT INTO routed (id, upstream, confirms, card, stan, transmitted)
   SELECT id, 'partner', 1, '629917******0417', 900000 + ROW_NUMBER() OVER (ORDER BY id), id FROM transactions
   WHERE amount > 0 AND terminal_code LIKE 'DEMO%' ORDER BY id DESC LIMIT 5`,
  `INSERT INTO owed (transaction_id, kind, upstream, waiting_for, owed_since, due_at, tries, refusals, last_failure, state, settled_at)
   SELECT id, IF(n = 1, 202, 420), 'partner', IF(n < 3, NULL, 'partner'), NOW(3) - INTERVAL n HOUR, NOW(3) + INTERVAL 1 HOUR, 10, IF(n < 3, 10, 0),
     IF(n < 3, 'DE39 96', 'connect ECONNREFUSED 127.0.0.1:9'), IF(n < 3, 'set_aside', 'waiting'),
     IF(n < 3, NOW(3), NULL) FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY id) AS n FROM routed WHERE stan > 900000) r`,
  ...Object.keys(ALERTS).map(
    (kind, at) => `INSERT INTO alerts (id, kind, subject, since, last_at, count, open_for)
      VALUES (${8000 + at}, '${kind}', 'WEBSHOP', NOW(3) - INTERVAL ${at} HOUR, NOW(3), ${at + 1}, '${kind} WEBSHOP')`,
  ),
  "INSERT INTO alerts_seen (alert_id, login, at) VALUES (8002, 'auditor', NOW(3)), (8002, 'admin', NOW(3))",
  ecard(9101, 'sending', 'katarzyna.wojciechowska-kowalczyk@przedsiebiorstwo.example.com', "decided_by='accountant';decided_at=NOW(3);tries=3;due_at=NOW(3) + INTERVAL 30 MINUTE;since=NOW(3);problem='451 4.7.1 greylisted, try again later'"),
  ecard(9102, 'sent', 'jan@example.com', "decided_by='accountant';decided_at=NOW(3);mails=2;sent_at=NOW(3);sale_id=1;confirmed=1"),
  ecard(9103, 'failed', 'nobody@example.com', "decided_by='accountant';decided_at=NOW(3);problem='550 5.1.1 no such user'"),
  ecard(9104, 'sending', 'ewa@example.com', "decided_by='accountant2';decided_at=NOW(3);tries=1;due_at=NOW(3) + INTERVAL 30 MINUTE;since=NOW(3);problem='sold_out'"),
  ecard(9105, 'refused', 'x@example.com', "decided_by='accountant';decided_at=NOW(3)"),
].join(';') // prettier-ignore
