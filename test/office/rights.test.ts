import { readdir } from 'node:fs/promises'
import t from 'tap'
import { openDatabase } from '../../src/db/database.ts'
import type { Actor } from '../../src/office/actor.ts'
import { isSamePerson } from '../../src/office/actor.ts'
import { inTransaction } from '../../src/office/office.ts'
import { isRefused, REFUSALS, type Refused, refused, type RefusalCode, refusalText } from '../../src/office/refusal.ts'
import { ALL_RIGHTS, mayDo, rightsOf } from '../../src/office/rights.ts'
import { type Right, RIGHT_NAMES, type Role } from '../../src/office/rights-table.ts'
import { testDatabase } from '../database.ts'

const actor = (roles: readonly Role[], stores: Actor['stores'] = 'all'): Actor => ({
  login: 'eva',
  name: 'Eva',
  rights: rightsOf(roles),
  stores,
  channel: 'menu',
})

void t.test('a right is had by role, and in the own stores only where the table says so', async (t) => {
  const own = new Set(['000000000000001'])
  const rows: [Role, Right, string | null, string | null][] = [
    ['helpDesk', 'cards.unblock', null, null],
    ['helpDesk', 'cards.adjust.approve', null, 'right_missing'],
    ['accountant', 'cards.adjust.approve', null, null],
    ['storeManager', 'packs.receive', '000000000000001', null],
    ['storeManager', 'packs.receive', '000000000000002', 'not_your_store'],
    ['storeManager', 'packs.receive', null, 'right_missing'],
    ['storeManager', 'issues.find', null, null],
    ['auditor', 'audit.see', null, null],
    ['auditor', 'cards.block', null, 'right_missing'],
    ['administrator', 'cards.find', null, 'right_missing'],
  ]
  for (const [role, right, store, wanted] of rows) {
    const answer = mayDo(actor([role], role === 'storeManager' ? own : 'all'), right, store)
    t.equal(answer?.refused ?? null, wanted, `${role}: ${right} in ${store ?? 'no store'}`)
  }
})

void t.test('of two roles the wider reach counts', async (t) => {
  t.equal(rightsOf(['storeManager', 'issuer']).get('packs.receive'), 'all')
  t.equal(rightsOf(['storeManager']).get('packs.receive'), 'own')
  t.equal(ALL_RIGHTS.size, RIGHT_NAMES.length)
})

void t.test('every refusal names its details in both languages', async (t) => {
  for (const code of Object.keys(REFUSALS) as RefusalCode[]) {
    const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()
    t.same(placeholders(REFUSALS[code].en), placeholders(REFUSALS[code].pl), code)
  }
  t.equal(refusalText(refused('not_your_store', { store: 'S1' }), 'pl'), 'Sklep S1 nie jest jednym z Twoich sklepów.')
  t.ok(isRefused(refused('own_request', { who: 'eva' })))
  t.notOk(isRefused(null))
  t.ok(isSamePerson(actor([]), 'eva'))
})

void t.test('no refusal is in two tables: the later one would replace the earlier one silently', async (t) => {
  const directory = new URL('../../src/office/refusals/', import.meta.url)
  const files = (await readdir(directory)).filter((file) => file.endsWith('.js') && file !== 'rule.js')
  const tables = await Promise.all(
    files.map(async (file) => Object.values((await import(new URL(file, directory).href)) as Record<string, object>)),
  )
  const codes = tables.flat().flatMap((table) => Object.keys(table))
  t.same(codes.toSorted(), Object.keys(REFUSALS).toSorted())
})

void t.test('a refusal rolls back what was written before it', async (t) => {
  const db = openDatabase(await testDatabase(t))
  t.teardown(db.stop)
  await db.use((connection) => connection.send('CREATE TABLE done (id INT PRIMARY KEY)'))
  const insert = (id: number, result: 'done' | Refused) =>
    inTransaction({ db }, async (connection) => {
      await connection.send(`INSERT INTO done VALUES (${id})`)
      return result
    })
  t.ok(isRefused(await insert(1, refused('own_request', { who: 'eva' }))))
  t.equal(await insert(2, 'done'), 'done')
  const [rows] = await db.use((connection) => connection.send('SELECT id FROM done'))
  t.same(rows, [[2]])
})
