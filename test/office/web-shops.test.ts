import t from 'tap'
import { seedDemo } from '../../src/demo/seed.ts'
import { openConnection } from '../../src/db/access.ts'
import { openDatabase } from '../../src/db/database.ts'
import { createIds } from '../../src/db/ids.ts'
import { keepRegistry } from '../../src/db/registry.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { openLog } from '../../src/log.ts'
import type { Actor } from '../../src/office/actor.ts'
import { digestOf, isApiKey, newApiKey } from '../../src/office/api-key.ts'
import type { Office } from '../../src/office/office.ts'
import { addKiosk } from '../../src/office/kiosks.ts'
import { isRefused, type Refused } from '../../src/office/refusal.ts'
import { ALL_RIGHTS, rightsOf } from '../../src/office/rights.ts'
import { signInShop } from '../../src/office/shop-sign-in.ts'
import { addApiKey, addShop, changeShop, listApiKeys, listShops, revokeApiKey } from '../../src/office/shops.ts'
import { testDatabase } from '../database.ts'
import { everyChangeIsAudited } from './audit-watch.ts'

/* Web shops and their API keys in a real database. */

const access = await testDatabase(t)
await seedDemo(access, Date.now())
await everyChangeIsAudited(t, access)
const db = openDatabase(access)
const fail = (error: unknown): never => {
  throw error
}
const registry = await keepRegistry(access, fail)
const ids = await createIds(access, fail)
const log = openLog({ level: 'silent', file: null })
t.teardown(async () => {
  await ids.stop()
  await registry.stop()
  await db.stop()
})

const AT = Date.UTC(2026, 10, 29, 12)
const office = (demo: boolean): Office => ({
  db,
  keys: () => deriveCardKeys(DEMO_MASTER),
  masters: () => Promise.reject(new Error('no keys of terminals here')),
  registry: registry.current,
  refreshRegistry: registry.refresh,
  submit: () => Promise.reject(new Error('no money moves here')),
  traffic: null,
  nextId: () => ids.next() ?? fail(new Error('no ids')),
  clock: () => AT,
  timeZone: 'Europe/Warsaw',
  demo,
  makers: [],
  log,
})
const administrator: Actor = { login: 'anna', name: 'Anna', rights: ALL_RIGHTS, stores: 'all', channel: 'cli' }
const helpDesk: Actor = { ...administrator, rights: rightsOf(['helpDesk']) }

const STORE = '000000000000001'
const SECRET = { name: 'till', kind: 'secret', origins: [], networks: [], expiresAt: null } as const
const LIMITS = { loadsAnHour: 100_00, loadsADay: 500_00, returnsAnHour: 100_00, returnsADay: 500_00 }

const taken = <T>(result: T | Refused): T => (isRefused(result) ? fail(new Error(JSON.stringify(result))) : result)
const codeOf = (result: unknown): string | null => (isRefused(result) ? result.refused : null)
const rowsOf = async (sql: string): Promise<unknown> => {
  const connection = await openConnection(access, { multipleStatements: false })
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  await connection.end()
  return rows
}

void t.test('a shop has a code of its own among shops and terminals, and a store', async (t) => {
  const add = (code: string, store = STORE) => addShop(office(true), administrator, { code, name: 'Shop', store })
  t.match(taken(await add('WEB')), { code: 'WEB', state: 'open', confirmWithinSeconds: 900, cancelDays: 30 })
  t.equal(codeOf(await add('WEB')), 'shop_code_taken')
  t.equal(codeOf(await add('DEMO0001')), 'shop_code_taken', 'a terminal has it')
  t.equal(codeOf(await add('web')), 'shop_code_invalid')
  t.equal(codeOf(await add('WEB2', 'NOWHERE')), 'no_such_store')
  t.equal(codeOf(await addShop(office(true), helpDesk, { code: 'WEB3', name: 'x', store: STORE })), 'right_missing')
  t.same(
    taken(await listShops(office(true), administrator)).map(({ code }) => code),
    ['WEB'],
  )
})

void t.test('a key is given out once and found by its digest', async (t) => {
  const issued = taken(await addApiKey(office(true), administrator, { ...SECRET, shop: 'WEB', scopes: ['cards'] }))
  t.match(issued.key, /^akart_demo_/)
  t.ok(isApiKey(issued.key))
  t.match(await rowsOf('SELECT shop_code, HEX(digest), ending FROM api_keys'), [
    ['WEB', digestOf(issued.key).toUpperCase(), issued.key.slice(-4)],
  ])
  const dump = JSON.stringify(await rowsOf('SELECT details FROM audit'))
  t.notMatch(dump, issued.key)
  const revoked = taken(await revokeApiKey(office(true), administrator, { id: issued.record.id, reason: 'lost' }))
  t.equal(revoked.revokedAt, AT)
  const [key] = taken(await listApiKeys(office(true), administrator, { shop: 'WEB' }))
  t.equal(key?.revokedAt, AT)
})

void t.test(
  'a key is remembered for a moment, and forgotten at once by whoever revokes it or closes its shop',
  async (t) => {
    let readings = 0
    const counting: Office['db'] = {
      ...db,
      use: (work) => {
        readings += 1
        return db.use(work)
      },
    }
    const own = { ...office(true), db: counting }
    taken(await addShop(own, administrator, { code: 'BRIEFLY', name: 'Briefly', store: STORE }))
    const { key, record } = taken(
      await addApiKey(own, administrator, { ...SECRET, shop: 'BRIEFLY', scopes: ['cards'] }),
    )
    const signsIn = async () => (await signInShop(own, key, '127.0.0.1')) !== null
    const began = performance.now()
    const first = [await signsIn(), await signsIn()]
    t.same(first, [true, true])
    // Where the machine stood still in between, the second one had to read again.
    t.ok(readings === 1 || performance.now() - began > 10, `${readings} readings`)
    taken(await changeShop(own, administrator, { code: 'BRIEFLY', change: { state: 'closed' } }))
    t.equal(await signsIn(), false)
    taken(await changeShop(own, administrator, { code: 'BRIEFLY', change: { state: 'open' } }))
    t.equal(await signsIn(), true)
    const reading = signInShop(own, key, '127.0.0.1')
    taken(await revokeApiKey(own, administrator, { id: record.id, reason: 'lost' }))
    await reading
    t.equal(await signsIn(), false)
  },
)

void t.test('what a key is for and what it has must agree', async (t) => {
  const add = (more: object) =>
    addApiKey(office(true), administrator, { ...SECRET, shop: 'WEB', scopes: ['cards'], ...more })
  t.equal(codeOf(await add({ scopes: [] })), 'key_wants_scopes')
  t.equal(codeOf(await add({ kind: 'publishable' })), 'key_wants_origins')
  t.equal(codeOf(await add({ shop: 'NONE' })), 'no_such_shop')
  t.equal(codeOf(await add({ name: 'k'.repeat(41) })), 'api_key_too_long')
  t.equal(codeOf(await add({ networks: Array.from({ length: 80 }, (_, i) => `10.0.${i}.0/24`) })), 'networks_too_long')
  for (const wrong of ['anywhere', '10.0.0.0/33', '10.0.0/8', '::1/129', '10.0.0.1/8/8']) {
    t.equal(codeOf(await add({ networks: ['10.0.0.1', wrong] })), 'network_invalid', wrong)
  }
  const kiosk = { code: 'CHECK-9', store: STORE, networks: ['here'] }
  t.equal(codeOf(await addKiosk(office(true), administrator, kiosk)), 'network_invalid')
  const browser = taken(await add({ kind: 'publishable', scopes: [], origins: ['https://shop.example'] }))
  t.match(browser.key, /^akart_pub_/)
})

void t.test('a live key that moves money wants a shop with limits', async (t) => {
  const add = (scopes: readonly ('cards' | 'payments')[]) =>
    addApiKey(office(false), administrator, { ...SECRET, shop: 'WEB', scopes })
  t.equal(codeOf(await add(['payments'])), 'shop_without_limits')
  t.match(taken(await add(['cards'])).key, /^akart_live_/)
  taken(await changeShop(office(false), administrator, { code: 'WEB', change: { limits: LIMITS } }))
  t.match(taken(await add(['payments'])).key, /^akart_live_/)
})

void t.test('a price checker outside a demo is bound to networks, and not to all of them', async (t) => {
  const add = (...networks: string[]) =>
    addKiosk(office(false), administrator, { code: 'CHECK-8', store: STORE, networks })
  t.equal(codeOf(await add()), 'kiosk_wants_networks')
  for (const wide of ['0.0.0.0/0', '0.0.0.0/1', '::/0']) {
    t.equal(codeOf(await add('10.1.2.0/24', wide)), 'kiosk_network_wide', wide)
  }
})

void t.test('every change is in the audit, with who and what', async (t) => {
  const rows = (await rowsOf('SELECT who, channel, action, object_id FROM audit ORDER BY id')) as unknown[]
  t.same(rows[0], ['anna', 'cli', 'shops.add', 'WEB'])
  t.same(
    new Set(rows.map((row) => (row as string[])[2])),
    new Set(['shops.add', 'api-keys.add', 'api-keys.revoke', 'shops.change']),
  )
})

void t.test('keys are drawn evenly: bytes that would favour the first characters are thrown away', async (t) => {
  let draws = 0
  const key = newApiKey('secret', true, (bytes) => Buffer.alloc(bytes, draws++ === 0 ? 255 : 61))
  t.equal(key, `akart_demo_${'z'.repeat(32)}`)
})
