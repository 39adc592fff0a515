import t from 'tap'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/db/demo.ts'
import { addStores, changeStore, readStore } from '../../src/office/store-records.ts'
import { addTerminals, changeTerminal, readTerminal, readTerminals } from '../../src/office/terminal-records.ts'
import type { NewTerminal, TerminalChange } from '../../src/db/sql/terminals.ts'
import { testDatabase } from '../database.ts'

/* Stores and terminals in a real database: what is written together, and what cannot become so. */

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
const SAVE = { who: 'anna', save: true }
const NOON = Date.UTC(2026, 10, 25, 11)
const at = (now = NOON) => ({ who: 'jan', now })
const till = (code: string, more: Partial<NewTerminal> = {}): NewTerminal => ({
  code, store: 'S1', confirmation: 'explicit', characterSet: 'ascii', language: 'store', ...more,
}) // prettier-ignore
const refused = (work: Promise<unknown>, message: RegExp) => t.rejects(work, { name: 'SetUpError', message })

t.test('a store has the accounts that a demo store has', async (t) => {
  t.same(await addStores(access, [{ code: 'S1', name: 'Łódź', ...WARSAW }], SAVE), [])
  const kinds = (owner: string) => column(`SELECT kind FROM accounts WHERE owner = '${owner}' ORDER BY id`)
  t.same(await kinds('S1'), await kinds('000000000000001'))
  const before = await version()
  const twice = [
    { code: 'S2', name: 'Two', ...WARSAW },
    { code: 'S1', name: 'One', ...WARSAW },
  ]
  t.same(await addStores(access, twice, SAVE), [{ code: 'S1', text: 'is there already' }])
  t.same(await column("SELECT code FROM stores WHERE code = 'S2'"), [], 'neither of them')
  t.same(await kinds('S2'), [])
  t.equal(await version(), before, 'and nobody has to read anything again')
  const { changes } = await readStore(access, 'S1')
  t.match(changes, [{ who: 'anna', action: 'added', detail: /^name Łódź, currency 985, time zone Europe\/Warsaw/ }])
})

t.test('terminals: all or none', async (t) => {
  const before = await version()
  t.same(await addTerminals(access, [till('T1'), till('T2', { store: 'NOWHERE' }), till('DEMO0001')], SAVE), [
    { code: 'T2', text: 'belongs to no store: there is no store NOWHERE' },
    { code: 'DEMO0001', text: 'is there already, in store 000000000000001' },
  ])
  t.same(await addTerminals(access, [till('T1')], { ...SAVE, save: false }), [], 'a dry run')
  t.same(await readTerminals(access, 'S1'), [])
  t.equal(await version(), before)
  const many = Array.from({ length: 1_203 }, (_, i) => till(`M${i}`, { confirmation: 'next', language: 'en' }))
  t.same(await addTerminals(access, many, SAVE), [])
  t.equal((await readTerminals(access, 'S1')).length, many.length)
  t.equal(await version(), before + 1)
  t.same(await column("SELECT COUNT(*) FROM registry_changes WHERE terminal_code LIKE 'M%'"), [many.length])
})

t.test('two at the same time add the same terminal', async (t) => {
  const results = await Promise.all([1, 2, 3].map(() => addTerminals(access, [till('RACE')], SAVE)))
  t.equal(results.filter((refusals) => refusals.length === 0).length, 1)
})

t.test('a store: currency, time zone, closed and open', async (t) => {
  await refused(changeStore(access, 'S9', { name: 'x' }, at()), /^there is no store S9$/)
  await refused(changeStore(access, 'S1', { currency: 978 }, at()), /has terminals \(\d+\), so its currency stays 985/)
  await addStores(access, [{ code: 'S3', name: 'Three', ...WARSAW }], SAVE)
  t.match(await changeStore(access, 'S3', { currency: 36 }, at()), { differences: ['currency 985 → 036'] })
  t.same(await column("SELECT currency FROM accounts WHERE owner = 'S3'"), [36, 36])

  const london = { timeZone: 'Europe/London' }
  const zone = (now: number) => changeStore(access, 'S1', london, at(now))
  const MIDNIGHT = Date.UTC(2026, 10, 25, 23)
  await refused(
    zone(MIDNIGHT),
    /stays Europe\/Warsaw for now: it is 2026-11-26 there, and 2026-11-25 in Europe\/London/,
  )
  await refused(zone(MIDNIGHT - 30_000), /midnight is near/)
  await refused(zone(MIDNIGHT + 3_570_000), /for now/)
  t.match(await zone(MIDNIGHT + 3_600_000), { differences: ['time zone Europe/Warsaw → Europe/London'] })
  t.match(await zone(MIDNIGHT), { differences: [] }, 'no change at all')

  const before = await version()
  t.match(await changeStore(access, 'S1', { state: 'closed', name: 'Łódź' }, at()), { differences: ['state open → closed'] }) // prettier-ignore
  t.match(await changeStore(access, 'S1', { state: 'closed' }, at()), { differences: [] })
  t.equal(await version(), before + 1)
  t.match(await changeStore(access, 'S1', { state: 'open' }, at()), { differences: ['state closed → open'] })
  t.match((await readStore(access, 'S1')).changes.map(({ who, detail }) => `${who}: ${detail}`).slice(0, 2), [
    'jan: state closed → open',
    'jan: state open → closed',
  ])
})

t.test('a confirmation policy changes while nothing waits for it', async (t) => {
  await addTerminals(access, [till('P1', { confirmation: 'next' })], SAVE)
  const set = (change: TerminalChange) => changeTerminal(access, 'P1', change, 'jan')
  const explicit = { confirmation: 'explicit' } as const
  const later = () =>
    connection.query("UPDATE registry_changes SET at = at - INTERVAL 31 SECOND WHERE terminal_code = 'P1'")

  await refused(set(explicit), /P1 stays next for now: first akart terminal set P1 --state inactive/)
  await refused(set({ ...explicit, state: 'inactive' }), /first akart terminal set/)
  await set({ state: 'inactive' })
  await refused(set(explicit), /a switch may still be at work for it, again in (30|29) s$/)
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
  t.match(await changeStore(access, 'S1', { language: 'en' }, at()), { open: 1 })
  await connection.query("UPDATE transactions SET state = 'confirmed', confirm_by = NULL WHERE terminal_code = 'P1'")
  t.match(await set({ ...explicit, state: 'active' }), {
    differences: ['state inactive → active', 'confirmation next → explicit'],
  })
  const { terminal, changes } = await readTerminal(access, 'P1')
  t.match(terminal, { state: 'active', confirmation: 'explicit', storeLanguage: false })
  t.equal(changes.length, 4)
})
