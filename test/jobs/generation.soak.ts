import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { orderGeneration } from '../../src/office/generation-order.ts'
import { createIssue } from '../../src/office/issues.ts'
import { testDatabase } from '../database.ts'
import { ok, person, testOffice } from '../office/test-office.ts'
import { faultsOf, killUntilDone, someCards } from './generation-run.ts'
import { issueOf } from './issues.ts'

const CARDS = 400_000
const KILLS = 25

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

t.test(`${CARDS} cards by three processes at a time, all killed ${KILLS} times`, async (t) => {
  const plans = [
    { code: 'FIRST', prefix: '629912', count: String(CARDS / 2), barcode: 'ean13' },
    { code: 'OVER', prefix: '62991200', count: String(CARDS / 2), body: 'sequential' },
  ]
  const office = await testOffice(t, access)
  const anna = person('anna')
  for (const plan of plans) await ok(createIssue(office, anna, issueOf(plan)))
  for (const { code: issue } of plans) await ok(orderGeneration(office, anna, { issue }))
  const killed = await killUntilDone(access, connection, { kills: KILLS, every: someCards(1, 12_000), together: 3 })
  t.equal(killed, KILLS)
  const all = new Set<string>()
  for (const { code, prefix, count } of plans) {
    const about = { code, prefix, length: 16, count: Number(count) }
    const { faults, numbers } = await faultsOf(connection, deriveCardKeys(DEMO_MASTER), about)
    t.same(faults, [], code)
    for (const number of numbers) all.add(number)
  }
  t.equal(all.size, CARDS, 'no number is there twice')
  const [rows] = await connection.query<RowDataPacket[]>('SELECT state, done = total AS whole FROM jobs')
  t.match(rows, [{ state: 'done', whole: 1 }, { state: 'done', whole: 1 }]) // prettier-ignore
})
