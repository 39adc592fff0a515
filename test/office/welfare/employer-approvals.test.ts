import t from 'tap'
import { seedDemo } from '../../../src/demo/seed.ts'
import type { Actor } from '../../../src/office/actor.ts'
import { listAlerts } from '../../../src/office/alerts.ts'
import { decideApproval, listApprovals } from '../../../src/office/approvals.ts'
import { putOnRecord } from '../../../src/office/audit-row.ts'
import { rightsOf } from '../../../src/office/rights.ts'
import { listEmployers, makeEmployer, waitingEmployers } from '../../../src/office/welfare/employers.ts'
import { testDatabase } from '../../database.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ok, person, testOffice } from '../test-office.ts'
import { employer } from './welfare-setting.ts'

/* A limit that lets more through, and batches that are not paid first any more, need an accountant (docs/spec/abuse.md, 2). */

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const base = await testOffice(t, access)
const office = { ...base, demo: false }
const ola = person('ola')
const accountant: Actor = { ...person('ala'), rights: rightsOf(['accountant']) }
await office.db.use((connection) =>
  connection.send(
    "INSERT INTO counterparties (code, name, state) VALUES ('ACME', 'Acme', 'open'), ('FREE', 'Free', 'open')",
  ),
)
await everyChangeIsAudited(t, access)

const kept = async (code: string) => {
  const one = (await ok(listEmployers(office, ola))).find((known) => known.code === code)
  return [one?.yearlyLimit, one?.paidFirst]
}
const waiting = async (actor: Actor) =>
  (await listApprovals(office, actor, { open: true })).filter(({ kind }) => kind === 'employer')
const decide = async (actor: Actor, approve: boolean) => {
  const [one] = await waiting(actor)
  if (one === undefined) throw new Error('nothing waits')
  return decideApproval(office, actor, { kind: 'employer', id: one.id, approve, reason: 'x', version: one.version })
}

void t.test('before an accountant has ever signed in one person acts, with an alert; a demo is exempt', async (t) => {
  t.match(await ok(makeEmployer(office, ola, { ...employer('ACME'), paidFirst: true })), { waits: null })
  t.match(await ok(makeEmployer(base, ola, { ...employer('FREE'), yearlyLimit: 9_000_00 })), { waits: null })
  t.same((await ok(listAlerts(office, ola, { before: null, limit: 9 }))).items.length, 0)
  t.match(await ok(makeEmployer(office, ola, { ...employer('FREE'), yearlyLimit: 9_500_00 })), { waits: null })
  t.match((await ok(listAlerts(office, ola, { before: null, limit: 9 }))).items, [{ kind: 'employer_alone', subject: 'FREE' }]) // prettier-ignore
})

void t.test('from then on a higher limit waits for the second person; the rest of the change does not', async (t) => {
  await office.db.transaction(async (connection) => {
    await connection.send(
      `INSERT INTO users (login, name, state, roles, stores, created_at, last_sign_in)
       VALUES ('ala', 'Ala', 'active', 'accountant', '', NOW(), NOW())`,
    )
    await putOnRecord(connection, office, ola, office.clock(), { action: 'users.edit', object: { kind: 'user', id: 'ala' } }) // prettier-ignore
  })
  const asked = { ...employer('ACME'), paidFirst: false, yearlyLimit: 2_000_00, email: 'kadry@example.com' }
  const made = await ok(makeEmployer(office, ola, asked))
  t.match(made, { yearlyLimit: 1_000_00, paidFirst: true, email: 'kadry@example.com', waits: Number })
  t.match(await waiting(accountant), [
    {
      id: made.waits,
      by: 'ola',
      right: undefined,
      subject: { en: 'Settings of employer ACME' },
      changes: [
        { money: { before: 1_000_00, after: 2_000_00, currency: 985 } },
        { before: 'yes', after: 'no', values: 'flag' },
      ],
    },
  ])
  t.same([...(await waitingEmployers(office))], [['ACME', { yearlyLimit: 2_000_00, paidFirst: false, by: 'ola' }]])
  t.match(await makeEmployer(office, ola, asked), { refused: 'already_proposed' }, 'one at a time')
  t.match(await decide(ola, true), { refused: 'own_request' })
  t.same(await kept('ACME'), [1_000_00, true])
  await ok(decide(accountant, true))
  t.same(await kept('ACME'), [2_000_00, false])
  t.equal((await waitingEmployers(office)).size, 0)
})

void t.test('what was refused changes nothing; what lets less through needs nobody', async (t) => {
  const asked = { ...employer('ACME'), yearlyLimit: 3_000_00 }
  t.match(await ok(makeEmployer(office, ola, asked)), { waits: Number })
  await ok(decide(accountant, false))
  t.same(await kept('ACME'), [2_000_00, false])
  t.match(await ok(makeEmployer(office, ola, { ...asked, yearlyLimit: 500_00, paidFirst: true })), { waits: null })
  t.same(await kept('ACME'), [500_00, true])
  t.match(await ok(makeEmployer(office, ola, { ...asked, paidFirst: true })), { waits: Number })
  await ok(makeEmployer(office, ola, { ...asked, yearlyLimit: 400_00, paidFirst: true }))
  t.match(await decide(accountant, true), { refused: 'changed_since' }, 'what stands is another one now')
})
