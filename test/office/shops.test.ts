import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { isRefused, refusalPhrase } from '../../src/office/refusal.ts'
import { type Against, addStores as addThem, changeStore as changeIt, findStore } from '../../src/office/stores.ts'
import { addTerminals as addTills, changeTerminal, findTerminal, listTerminals } from '../../src/office/terminals.ts'
import type { NewStore, StoreChange } from '../../src/db/sql/stores.ts'
import type { NewTerminal, TerminalChange } from '../../src/db/sql/terminals.ts'
import { testDatabase } from '../database.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

/** Stores and terminals in a real database: what is written together, and refused changes. */

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const column = async (sql: string): Promise<unknown[]> => {
  const [rows] = await connection.query({ sql, rowsAsArray: true })
  return (rows as unknown[][]).map(([value]) => value)
}
const version = async () => Number((await column('SELECT version FROM registry_version'))[0])

const WARSAW = { currency: 985, timeZone: 'Europe/Warsaw', language: 'pl' } as const
const NOON = Date.UTC(2026, 10, 25, 11)
let now = NOON
const office = await testOffice(t, access, { clock: () => now })
await everyChangeIsAudited(t, access, connection)
const anna = person('anna')
const jan = person('jan')

/** The reasons against each, as text. */
const words = (against: readonly Against[]) =>
  against.map(({ code, why }) => ({ code, text: isRefused(why) ? refusalPhrase(why, 'en') : '' }))
const addStores = async (stores: readonly NewStore[]) => words(await ok(addThem(office, anna, { stores, save: true })))
const addTerminals = async (terminals: readonly NewTerminal[], save = true) =>
  words(await ok(addTills(office, anna, { terminals, save })))
const changeStore = (store: string, change: StoreChange, at = NOON) => {
  now = at
  return ok(changeIt(office, jan, { store, change }))
}
const tillsOf = (store: string) => ok(listTerminals(office, anna, { store }))
const till = (code: string, more: Partial<NewTerminal> = {}): NewTerminal => ({
  code, store: 'S1', confirmation: 'explicit', characterSet: 'ascii', language: 'store', unauthenticated: false, ...more,
}) // prettier-ignore
const refused = (work: Promise<unknown>, message: RegExp) => t.rejects(work, { message })

t.test('a store has the accounts that a demo store has', async (t) => {
  t.same(await addStores([{ code: 'S1', name: 'Łódź', ...WARSAW }]), [])
  const kinds = (owner: string) => column(`SELECT kind FROM accounts WHERE owner = '${owner}' ORDER BY id`)
  t.same(await kinds('S1'), await kinds('000000000000001'))
  const before = await version()
  const twice = [
    { code: 'S2', name: 'Two', ...WARSAW },
    { code: 'S1', name: 'One', ...WARSAW },
  ]
  t.same(await addStores(twice), [{ code: 'S1', text: 'store S1 already exists' }])
  t.same(await column("SELECT code FROM stores WHERE code = 'S2'"), [], 'neither of them')
  t.same(await kinds('S2'), [])
  t.equal(await version(), before, 'and nobody has to read anything again')
  const { changes } = await ok(findStore(office, anna, { store: 'S1' }))
  t.match(changes, [{ who: 'anna', action: 'added', detail: /^name Łódź, currency 985, time zone Europe\/Warsaw/ }])
})

t.test('terminals: all or none', async (t) => {
  const before = await version()
  t.same(await addTerminals([till('T1'), till('T2', { store: 'NOWHERE' }), till('DEMO0001')]), [
    { code: 'T2', text: 'terminal T2 belongs to no store: there is no store NOWHERE' },
    { code: 'DEMO0001', text: 'terminal DEMO0001 already exists, in store 000000000000001' },
  ])
  t.same(await addTerminals([till('T1')], false), [], 'a dry run')
  t.same(await tillsOf('S1'), [])
  t.equal(await version(), before)
  const many = Array.from({ length: 1_203 }, (_, i) => till(`M${i}`, { confirmation: 'next', language: 'en' }))
  t.same(await addTerminals(many), [])
  t.equal((await tillsOf('S1')).length, many.length)
  t.equal(await version(), before + 1)
  t.same(await column("SELECT COUNT(*) FROM registry_changes WHERE terminal_code LIKE 'M%'"), [many.length])
})

t.test('two at the same time add the same terminal', async (t) => {
  const results = await Promise.all([1, 2, 3].map(() => addTerminals([till('RACE')])))
  t.equal(results.filter((refusals) => refusals.length === 0).length, 1)
})

t.test('a store: currency, time zone, closed and open', async (t) => {
  await refused(changeStore('S9', { name: 'x' }), /^there is no store S9: akart store list shows them$/)
  await refused(changeStore('S1', { currency: 978 }), /has terminals \(\d+\), so its currency stays 985/)
  await addStores([{ code: 'S3', name: 'Three', ...WARSAW }])
  t.match(await changeStore('S3', { currency: 36 }), { differences: ['currency 985 → 036'] })
  t.same(await column("SELECT currency FROM accounts WHERE owner = 'S3'"), [36, 36])

  const london = { timeZone: 'Europe/London' }
  const zone = (at: number) => changeStore('S1', london, at)
  const MIDNIGHT = Date.UTC(2026, 10, 25, 23)
  await refused(
    zone(MIDNIGHT),
    /stays Europe\/Warsaw for now: it is 26 Nov 2026 there, and 25 Nov 2026 in Europe\/London/,
  )
  await refused(zone(MIDNIGHT - 30_000), /midnight is near/)
  await refused(zone(MIDNIGHT + 3_570_000), /for now/)
  t.match(await zone(MIDNIGHT + 3_600_000), { differences: ['time zone Europe/Warsaw → Europe/London'] })
  t.match(await zone(MIDNIGHT), { differences: [] }, 'no change at all')

  const before = await version()
  t.match(await changeStore('S1', { state: 'closed', name: 'Łódź' }), { differences: ['state open → closed'] }) // prettier-ignore
  t.match(await changeStore('S1', { state: 'closed' }), { differences: [] })
  t.equal(await version(), before + 1)
  t.match(await changeStore('S1', { state: 'open' }), { differences: ['state closed → open'] })
  t.match(
    (await ok(findStore(office, anna, { store: 'S1' }))).changes
      .map(({ who, detail }) => `${who}: ${detail}`)
      .slice(0, 2),
    ['jan: state closed → open', 'jan: state open → closed'],
  )
})

t.test('a confirmation policy changes while nothing waits for it', async (t) => {
  now = Date.now() // the database's clock says how long ago a change was
  await addTerminals([till('P1', { confirmation: 'next' })])
  const set = (change: TerminalChange) => ok(changeTerminal(office, jan, { terminal: 'P1', change }))
  const explicit = { confirmation: 'explicit' } as const
  const later = () =>
    connection.query("UPDATE registry_changes SET at = at - INTERVAL 31 SECOND WHERE terminal_code = 'P1'")

  await refused(set(explicit), /P1 stays next for now: first akart terminal set P1 --state inactive/)
  await refused(set({ ...explicit, state: 'inactive' }), /first akart terminal set/)
  await set({ state: 'inactive' })
  await refused(set(explicit), /a process may still be working for it; try again in (30|29) s$/)
  await later()
  await connection.query(
    `UPDATE transactions SET terminal_code = 'P1', store_code = 'S1', state = 'unconfirmed',
     confirm_by = '9999-12-31 23:59:59' ORDER BY id LIMIT 1`,
  )
  await refused(
    set(explicit),
    /are not confirmed yet \(1\); akart terminal set P1 --state active, and let it do its end/,
  )
  t.match(await set({ language: 'en' }), { differences: ['language as its store → en'], open: 1 }, 'all else may')
  await later()
  t.match(await changeStore('S1', { language: 'en' }, now), { open: 1 })
  await connection.query("UPDATE transactions SET state = 'confirmed', confirm_by = NULL WHERE terminal_code = 'P1'")
  t.match(await set({ ...explicit, state: 'active' }), {
    differences: ['state inactive → active', 'confirmation next → explicit'],
  })
  const { terminal, changes } = await ok(findTerminal(office, anna, { terminal: 'P1' }))
  t.match(terminal, { state: 'active', confirmation: 'explicit', storeLanguage: false })
  t.equal(changes.length, 4)
})
