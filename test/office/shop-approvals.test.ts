import t from 'tap'
import { seedDemo } from '../../src/demo/seed.ts'
import { insertHistory } from '../../src/db/sql/users.ts'
import type { Actor } from '../../src/office/actor.ts'
import { listAlerts } from '../../src/office/alerts.ts'
import { decideApproval, listApprovals } from '../../src/office/approvals.ts'
import { putOnRecord } from '../../src/office/audit-row.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { rightsOf } from '../../src/office/rights.ts'
import { signInShop } from '../../src/office/shop-sign-in.ts'
import { addApiKey, addShop, changeShop, listApiKeys, listShops, revokeApiKey } from '../../src/office/shops.ts'
import { testDatabase } from '../database.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

/* Keys that move money, and limits of web shops, need an accountant (docs/spec/abuse.md, 2). */

const access = await testDatabase(t)
await seedDemo(access, Date.now())
await everyChangeIsAudited(t, access)
const base = await testOffice(t, access, {})
const [office, demo] = [{ ...base, demo: false }, base]
const admin = person('admin')
const accountant: Actor = { ...person('ala'), rights: rightsOf(['accountant']) }
const helpDesk: Actor = { ...person('hela'), rights: rightsOf(['helpDesk']) }
const STORE = '000000000000001'
const LIMITS = { loadsAnHour: 100_00, loadsADay: 500_00, returnsAnHour: 100_00, returnsADay: 500_00 }
const codeOf = (result: unknown): string | null => (isRefused(result) ? result.refused : null)

const keyInput = (shop: string, scopes: readonly ('cards' | 'payments' | 'top-ups')[]) =>
  ({ shop, name: 'till', kind: 'secret', scopes, origins: [], networks: [], expiresAt: null }) as const
const alerts = async () =>
  (await ok(listAlerts(office, admin, { before: null, limit: 100 }))).items.map(({ kind, subject }) => [kind, subject])
const waiting = async (actor: Actor) =>
  (await listApprovals(office, actor, { open: true })).filter(({ kind }) => kind === 'apiKey' || kind === 'shop')
const decide = async (actor: Actor, id: number | null, approve: boolean) => {
  const approval = (await waiting(actor)).find((one) => one.id === id)
  if (approval === undefined) throw new Error(`${actor.login} does not see ${id}`)
  const { kind, version } = approval
  return decideApproval(office, actor, { kind, id: approval.id, approve, reason: approve ? '' : 'not agreed', version })
}
const limitsOf = async (code: string) => (await ok(listShops(office, admin))).find((shop) => shop.code === code)?.limits
const signsIn = async (key: string) => (await signInShop(office, key, '127.0.0.1')) !== null

void t.test(
  'before an accountant has ever signed in one person acts, and an alert says so; a demo is exempt',
  async (t) => {
    const shop = await ok(addShop(office, admin, { code: 'FIRST', name: 'First', store: STORE, limits: LIMITS }))
    t.same([shop.waits, shop.limits], [null, LIMITS])
    const issued = await ok(addApiKey(office, admin, keyInput('FIRST', ['payments'])))
    t.equal(issued.waits, null)
    t.ok(await signsIn(issued.key))
    t.same(await alerts(), [
      ['api_key_alone', 'FIRST'],
      ['shop_limits_alone', 'FIRST'],
    ])
    t.equal((await ok(addApiKey(demo, admin, keyInput('FIRST', ['payments'])))).waits, null)
    t.equal((await alerts()).length, 2)
  },
)

void t.test('from then on a key that moves money waits, and one that does not is good at once', async (t) => {
  await office.db.transaction(async (connection) => {
    await connection.send(
      `INSERT INTO users (login, name, state, roles, stores, created_at, last_sign_in)
       VALUES ('ala', 'Ala', 'active', 'auditor,accountant', '', NOW(), NOW())`,
    )
    const object = { kind: 'user', id: 'ala' }
    const at = office.clock()
    await putOnRecord(connection, office, admin, at, { action: 'users.edit', object })
  })
  t.ok(await signsIn((await ok(addApiKey(office, admin, keyInput('FIRST', ['cards'])))).key))
  const { key, record, waits } = await ok(addApiKey(office, admin, keyInput('FIRST', ['cards', 'top-ups'])))
  t.notOk(await signsIn(key), 'told 401 like a key that is none')
  t.match(await waiting(accountant), [
    {
      id: waits,
      kind: 'apiKey',
      by: 'admin',
      subject: { en: `API key till (…${record.ending}) of web shop FIRST` },
      changes: [
        { after: 'cards, top-ups' },
        { after: '*' },
        { after: null, values: 'time' },
        { money: { after: 100_00, currency: 985 } },
      ],
      createsMoney: true,
    },
  ])
  t.equal((await waiting(helpDesk)).length, 0)
  t.equal(codeOf(await decide(admin, waits, true)), 'own_request')
  t.notOk(await signsIn(key))
  await ok(decide(accountant, waits, true))
  t.ok(await signsIn(key))
})

void t.test('an accountant who gets other roles has been one: still nobody acts alone', async (t) => {
  const set = (sql: string) =>
    office.db.transaction(async (connection) => {
      await connection.send(sql)
      const object = { kind: 'user', id: 'ala' }
      await putOnRecord(connection, office, admin, office.clock(), { action: 'users.edit', object })
    })
  const history = (id: number, roles: string, since: number) =>
    insertHistory(id, { login: 'ala', state: 'active', roles: [roles], stores: [], since, who: 'admin' })
  const asked = async () => {
    const { record, waits } = await ok(addApiKey(office, admin, keyInput('FIRST', ['payments'])))
    await ok(revokeApiKey(office, admin, { id: record.id, reason: 'a test' }))
    return waits !== null
  }
  const [id, at] = [office.nextId(), office.clock()]
  await set("UPDATE users SET roles = 'auditor' WHERE login = 'ala'")
  t.equal(await asked(), false, 'an auditor who has never been anything else')
  await set(`${history(id, 'accountant', at - 1)};${history(office.nextId(), 'auditor', at)}`)
  t.equal(await asked(), true, 'an accountant before')
  await set(`DELETE FROM user_history WHERE login = 'ala';
    INSERT INTO roles (code, name, rights) VALUES ('checker', 'Checker', 'cards.find,changes.approve');
    UPDATE users SET roles = 'checker' WHERE login = 'ala'`)
  t.equal(await asked(), true, 'a role of the installation’s own')
  await set("UPDATE users SET roles = 'auditor,accountant' WHERE login = 'ala'")
})

void t.test('a key that is refused or revoked is never good, and nobody is asked again', async (t) => {
  const refused = await ok(addApiKey(office, admin, keyInput('FIRST', ['payments'])))
  const revoked = await ok(addApiKey(office, admin, keyInput('FIRST', ['payments'])))
  await ok(decide(accountant, refused.waits, false))
  await ok(revokeApiKey(office, admin, { id: revoked.record.id, reason: 'a slip' }))
  t.same([await signsIn(refused.key), await signsIn(revoked.key)], [false, false])
  t.same(await waiting(accountant), [])
  const keys = await ok(listApiKeys(office, admin, { shop: 'FIRST' }))
  t.ok(keys.slice(0, 2).every(({ revokedAt }) => revokedAt !== null))
})

void t.test('limits: tighter ones hold at once, looser ones wait', async (t) => {
  const change = (limits: typeof LIMITS, more: object = {}) =>
    changeShop(office, admin, { code: 'FIRST', change: { limits, ...more } })
  const tight = { ...LIMITS, loadsADay: 400_00 }
  t.equal((await ok(change(tight))).waits, null)
  const loose = { ...tight, loadsAnHour: 200_00 }
  const asked = await ok(change(loose, { cancelDays: 60, name: 'Another name' }))
  t.match(asked, { limits: tight, cancelDays: 30, name: 'Another name' }, 'what relaxes nothing is done')
  t.equal(codeOf(await change(loose)), 'already_proposed')
  t.match(await waiting(accountant), [
    {
      kind: 'shop',
      changes: [{ money: { before: 100_00, after: 200_00 } }, { before: '30', after: '60' }],
    },
  ])
  await ok(decide(accountant, asked.waits, true))
  t.same(await limitsOf('FIRST'), loose)
  const again = await ok(change({ ...loose, loadsADay: 900_00 }))
  await ok(change({ ...loose, returnsADay: 1_00 }))
  t.equal(codeOf(await decide(accountant, again.waits, true)), 'changed_since', 'approved is what was shown')
  await ok(decide(accountant, again.waits, false))
})

void t.test('a new shop gets its limits, and with them its keys, from two people', async (t) => {
  const made = await ok(addShop(office, admin, { code: 'SECOND', name: 'Second', store: STORE, limits: LIMITS }))
  t.equal(made.limits.loadsADay, null)
  t.equal(codeOf(await addApiKey(office, admin, keyInput('SECOND', ['payments']))), 'shop_without_limits')
  await ok(decide(accountant, made.waits, true))
  t.same(await limitsOf('SECOND'), LIMITS)
  t.type((await ok(addApiKey(office, admin, keyInput('SECOND', ['payments'])))).waits, 'number')
  const decided = await listApprovals(office, accountant, { open: false })
  t.ok(decided.some(({ kind, approved }) => kind === 'shop' && approved === true))
})
