import t from 'tap'
import type { RowDataPacket } from 'mysql2/promise'
import { openConnection } from '../../src/db/access.ts'
import { seedDemo } from '../../src/demo/seed.ts'
import { createIssue, findIssue } from '../../src/office/issues.ts'
import { decideLimits, proposeLimits } from '../../src/office/limits.ts'
import { testDatabase } from '../database.ts'
import { issueOf } from '../jobs/issues.ts'
import { everyChangeIsAudited } from './audit-watch.ts'
import { ok, person, testOffice } from './test-office.ts'

const access = await testDatabase(t)
await seedDemo(access, Date.now())
const connection = await openConnection(access, { multipleStatements: false })
t.teardown(() => connection.end())

const office = await testOffice(t, access)
await everyChangeIsAudited(t, access, connection)
const propose = (who: string, more: Readonly<Record<string, string>>, issue = 'OPEN') =>
  ok(proposeLimits(office, person(who), { issue, given: new Map(Object.entries(more)), reason: 'Christmas' }))
const decide = (who: string, approve: boolean) => ok(decideLimits(office, person(who), { issue: 'OPEN', approve }))
const refused = (work: Promise<unknown>, message: RegExp) => t.rejects(work, { message })
const shown = () => ok(findIssue(office, person('eva'), { issue: 'OPEN' }))

t.test('one person proposes, another approves', async (t) => {
  await refused(decide('jan', true), /issue OPEN: no other limits are proposed/)
  await refused(propose('anna', {}), /issue OPEN: these are its limits already/)
  const changes = await propose('anna', { maximumBalance: '5000', dailyCount: '3', refundOntoCard: 'no' })
  const wanted = [
    { setting: 'maximumBalance', from: 200_000, to: 500_000 },
    { setting: 'dailyCount', from: null, to: 3 },
  ]
  t.same(changes, wanted, 'limits only')
  await refused(propose('piotr', { dailyCount: '4' }), /anna has proposed other limits already/)
  await refused(decide('anna', true), /anna proposed it, another person approves/)
  t.match((await shown()).issue.settings, { maximumBalance: 200_000, dailyCount: null })
  await decide('jan', true)
  t.match((await shown()).issue.settings, { maximumBalance: 500_000, dailyCount: 3, refundOntoCard: true })
  t.match((await shown()).events, [
    { event: 'limits_proposed', who: 'anna', note: /maximumBalance 200000 → 500000.*: Christmas/ },
    { event: 'limits_approved', who: 'jan' },
  ])
})

t.test('refused, overtaken, and what the database itself does not let through', async (t) => {
  await propose('anna', { dailyCount: 'none' })
  const other = ok(decideLimits(office, person('jan'), { issue: 'OPEN', approve: true, proposal: 1 }))
  await refused(other, /has changed since it was shown/)
  await decide('anna', false) // who takes it back needs nobody
  t.match((await shown()).issue.settings, { dailyCount: 3 })
  await propose('anna', { dailyCount: '5' })
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
  await ok(createIssue(office, person('anna'), issueOf({ code: 'DRAFT', prefix: '629914' })))
  await refused(
    propose('anna', { dailyCount: '5' }, 'DRAFT'),
    /issue DRAFT is draft: change its settings: akart issue change/,
  )
})
