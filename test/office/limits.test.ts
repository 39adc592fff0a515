import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/db/demo.ts'
import { readEvents, readIssue } from '../../src/office/issue-reading.ts'
import { createIssue } from '../../src/office/issue-records.ts'
import { decideLimits, proposeLimits } from '../../src/office/limits.ts'
import { testDatabase } from '../database.ts'
import { issueOf } from '../jobs/issues.ts'

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const propose = (who: string, more: object, code = 'OPEN') =>
  proposeLimits(access, code, (before) => ({ ...before, ...more }), { who, reason: 'Christmas' })
const decide = (who: string, approve: boolean) => decideLimits(access, 'OPEN', { who, approve })
const refused = (work: Promise<unknown>, message: RegExp) => t.rejects(work, { name: 'SetUpError', message })

t.test('one person proposes, another approves', async (t) => {
  await refused(decide('jan', true), /issue OPEN: no other limits are proposed/)
  await refused(propose('anna', {}), /issue OPEN: these are its limits already/)
  const changes = await propose('anna', { maximumBalance: 500_000, dailyCount: 3, refundOntoCard: false })
  const wanted = [
    { setting: 'maximumBalance', from: 200_000, to: 500_000 },
    { setting: 'dailyCount', from: null, to: 3 },
  ]
  t.same(changes, wanted, 'limits only')
  await refused(propose('piotr', { dailyCount: 4 }), /anna has proposed other limits already/)
  await refused(decide('anna', true), /anna proposed it, another person approves/)
  t.match((await readIssue(access, 'OPEN')).settings, { maximumBalance: 200_000, dailyCount: null })
  await decide('jan', true)
  t.match((await readIssue(access, 'OPEN')).settings, { maximumBalance: 500_000, dailyCount: 3, refundOntoCard: true })
  t.match(await readEvents(access, 1), [
    { event: 'limits_proposed', who: 'anna', note: /maximumBalance 200000 → 500000.*: Christmas/ },
    { event: 'limits_approved', who: 'jan' },
  ])
})

t.test('refused, overtaken, and what the database itself does not let through', async (t) => {
  await propose('anna', { dailyCount: null })
  await decide('anna', false) // who takes it back needs nobody
  t.match((await readIssue(access, 'OPEN')).settings, { dailyCount: 3 })
  await propose('anna', { dailyCount: 5 })
  await connection.query("UPDATE issues SET daily_count = 4 WHERE code = 'OPEN'")
  await refused(decide('jan', true), /dailyCount 3 → 5 was proposed for other limits; refuse it/)
  await t.rejects(
    connection.query(
      "UPDATE limit_proposals SET open_for = NULL, decided_by = 'anna', decided_at = NOW(3), approved = 1 WHERE open_for = 1",
    ),
    /limit_proposals_four_eyes/,
  )
  const [rows] = await connection.query<RowDataPacket[]>('SELECT approved FROM limit_proposals ORDER BY id')
  t.same(
    rows.map(({ approved }) => approved as unknown),
    [1, 0, null],
  )
  await createIssue(access, issueOf({ code: 'DRAFT', prefix: '629914' }), 'anna')
  await refused(propose('anna', { dailyCount: 5 }, 'DRAFT'), /issue DRAFT is draft: change it by akart issue change/)
})
