import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { DEMO_MASTER, deriveCardKeys } from '../../src/cards/keys.ts'
import { generation } from '../../src/jobs/generation.ts'
import { takeOne } from '../../src/jobs/runner.ts'
import { openConnection } from '../../src/db/access.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { GENERATION, orderGeneration } from '../../src/office/generation-order.ts'
import { activateIssue, closeIssue, createIssue, findIssue, replanIssue } from '../../src/office/issues.ts'
import { testDatabase } from '../database.ts'
import { ok, person, testOffice } from '../office/test-office.ts'
import { faultsOf, killUntilDone, someCards } from './generation-run.ts'
import { issueOf } from './issues.ts'

const keys = deriveCardKeys(DEMO_MASTER)
const access = await testDatabase(t)
await seedDemo(access, Date.now())
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const office = await testOffice(t, access, { keys })
const anna = person('anna')
const jan = person('jan')
const create = (more: Record<string, string>) => ok(createIssue(office, anna, issueOf(more)))
const order = (issue: string) => ok(orderGeneration(office, anna, { issue }))
const find = async (issue: string) => (await ok(findIssue(office, anna, { issue }))).issue

const parts = {
  access,
  kinds: { [GENERATION]: generation(() => keys) },
  trouble: (what: string, error: unknown): void => void t.fail(`${what}: ${String(error)}`),
}
const never = new AbortController().signal

const made = async (code: string) => {
  await order(code)
  t.equal(await takeOne(parts, null, never), 'done')
}

const one = async (sql: string): Promise<RowDataPacket> => {
  const [rows] = await connection.query<RowDataPacket[]>(sql)
  return rows[0] ?? ({} as RowDataPacket)
}

t.test('12,000 cards, with the makers killed again and again, two at a time', async (t) => {
  await create({ code: 'KILLED', prefix: '629912', count: '12000' })
  await order('KILLED')
  const killed = await killUntilDone(access, connection, { kills: 3, every: someCards(1, 2_000), together: 2 })
  t.equal(killed, 3)
  const { faults } = await faultsOf(connection, keys, { code: 'KILLED', prefix: '629912', length: 16, count: 12_000 })
  t.same(faults, [])
  const { state } = await find('KILLED')
  t.equal(state, 'generated')
  t.match(await one('SELECT * FROM jobs'), { state: 'done', done: 12_000, total: 12_000, open_for: null, who: 'anna' })
  t.match(await one("SELECT COUNT(*) AS n FROM issue_events WHERE event = 'generated'"), { n: 1 })
  t.match(await one("SELECT next_body FROM number_spaces WHERE prefix = '629912'"), { next_body: 12_001 })
  t.match(await one("SELECT COUNT(*) AS n FROM cards WHERE ecode_hash IS NULL AND state = 'inactive'"), { n: 0 })
})

t.test('overlapping prefixes never give the same number', async (t) => {
  const plans = [
    { code: 'WIDE', prefix: '629913', count: '3000', body: 'sequential' },
    { code: 'NARROW', prefix: '62991300', count: '3000', body: 'sequential' },
    { code: 'SECRET', prefix: '6299130', count: '500', body: 'scrambled' },
    { code: 'AGAIN', prefix: '629913', count: '3000', body: 'sequential' },
    { code: 'LONG', prefix: '629913', count: '100', body: 'sequential', length: '19', barcode: 'ean13' },
  ]
  const all: string[] = []
  for (const plan of plans) {
    await create(plan)
    await made(plan.code)
    const about = { code: plan.code, prefix: plan.prefix, length: Number(plan.length ?? 16), count: Number(plan.count) }
    const { faults, numbers } = await faultsOf(connection, keys, about)
    t.same(faults, [], plan.code)
    all.push(...numbers)
  }
  t.equal(new Set(all).size, 9_600)
  // 629913 and body 000000001 is 62991300 and body 0000001: the narrow one had to look elsewhere.
  t.match(await one("SELECT next_body FROM number_spaces WHERE prefix = '62991300'"), { next_body: 6_001 })
})

t.test('a job of another process is left alone, and a process that lost its job writes nothing', async (t) => {
  await create({ code: 'TAKEN', prefix: '629915', count: '2500' })
  const id = await order('TAKEN')
  await connection.query(
    "UPDATE jobs SET state = 'running', fence = 7, lease_until = UTC_TIMESTAMP(3) + INTERVAL 9 SECOND WHERE id = ?",
    [id],
  )
  t.equal(await takeOne(parts, id, never), 'nothing')
  await connection.query('UPDATE jobs SET lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE id = ?', [id])
  const issue = await find('TAKEN')
  const [rows] = await connection.query<RowDataPacket[]>('SELECT parameters FROM jobs WHERE id = ?', [id])
  const stale = {
    id,
    kind: GENERATION,
    subject: issue.id,
    parameters: String(rows[0]?.['parameters']),
    done: 0,
    total: 2_500,
    fence: 6,
    who: 'anna',
  }
  const work = { access, connection: workerConnection(access), leasedAt: performance.now(), stopping: never }
  t.teardown(work.connection.close)
  await t.rejects(generation(() => keys)(stale, work), { message: `job ${id}` })
  await work.connection.rollback()
  t.match(await one(`SELECT COUNT(*) AS n FROM cards WHERE issue_id = ${issue.id}`), { n: 0 })
  t.equal(await takeOne(parts, id, never), 'done')
  t.same((await faultsOf(connection, keys, { code: 'TAKEN', prefix: '629915', length: 16, count: 2_500 })).faults, [])
})

t.test('issues that the rules refuse', async (t) => {
  const replan = (issue: string, more: Record<string, string>) =>
    ok(replanIssue(office, jan, { issue, given: new Map(Object.entries(more)) }))
  const refused = (work: Promise<unknown>, message: RegExp) => t.rejects(work, { message })
  await refused(create({ code: 'OPEN', prefix: '629916' }), /code: there is an issue OPEN already/)
  await refused(
    create({ code: 'NOWHERE', prefix: '629916', soldIn: '000000000000001,S9' }),
    /soldIn: there is no store S9/,
  )
  await create({ code: 'BIG', prefix: '62991699', count: '9999998' })
  await replan('BIG', { count: '9999999' })
  await refused(replan('BIG', { count: '10000000' }), /count: 10000000 cards do not fit the 9999999 numbers/)
  await refused(
    create({ code: 'EAN', prefix: '629916', barcode: 'ean13', eanPrefix: '291' }),
    /eanPrefix: 291 and 29 of another issue overlap/,
  )
  await refused(replan('WIDE', {}), /issue WIDE is generated: its rules change only in draft/)
  await refused(order('WIDE'), /issue WIDE is generated: its cards are made already/)
  await refused(find('NONE'), /there is no issue NONE/)
  await refused(ok(activateIssue(office, jan, { issue: 'WIDE' })), /only one that is exported can be activated/)
  await create({ code: 'WAITS', prefix: '629917' })
  await order('WAITS')
  await refused(replan('WAITS', {}), /its cards are being made/)
  await refused(ok(closeIssue(office, jan, { issue: 'WAITS', reason: 'x' })), /its cards are being made/)
})
