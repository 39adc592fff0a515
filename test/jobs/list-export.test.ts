import t from 'tap'
import { parse } from 'csv-parse/sync'
import { createHash } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import { listExports } from '../../src/jobs/list-export.ts'
import { takeOne } from '../../src/jobs/runner.ts'
import { onConnection } from '../../src/db/unit-of-work.ts'
import { listExportFile } from '../../src/office/list-exports.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { person } from '../office/test-office.ts'
import { menuForTest, type Browser } from '../menu/setting.ts'

/** Long exports: a job that writes the file in parts, of one instant, and that can be cancelled. */

const menu = await menuForTest(t)
const { office, access } = menu
const ROWS = 12_000

// A sold card of OPEN, many times: only the search looks at them.
const OTHERWISE: Readonly<Record<string, string>> = {
  id: '900000000 + n.seq',
  serial: '1000000 + n.seq',
  number_hash: "UNHEX(LEFT(SHA2(CONCAT('export', n.seq), 256), 32))",
  barcode_hash: 'NULL',
  ecode_hash: 'NULL',
  ledger: '100',
  available: '100',
}
const DIGITS = Array.from(
  { length: 5 },
  (_, i) => `(SELECT 0 AS n ${Array.from({ length: 9 }, (_, d) => `UNION SELECT ${d + 1}`).join(' ')}) d${i}`,
)
await office.db.use(async (connection) => {
  const [columns = []] = await connection.send(
    `SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'cards'
     AND extra NOT LIKE '%GENERATED%'`,
  )
  const names = columns.map(([name]) => String(name))
  await connection.send(`SET @left_out = 1;
    INSERT INTO cards (${names.join(',')}) SELECT ${names.map((name) => OTHERWISE[name] ?? `c.${name}`).join(',')}
    FROM (SELECT 1 + ${DIGITS.map((_, i) => `${10 ** i} * d${i}.n`).join(' + ')} AS seq FROM ${DIGITS.join(',')}) n JOIN (SELECT c.* FROM cards c JOIN issues i ON i.id = c.issue_id
      WHERE i.code = 'OPEN' AND c.state = 'sold' LIMIT 1) c WHERE n.seq <= ${ROWS};
    SET @left_out = NULL`)
})

const work = (beat = 20, stopping = new AbortController().signal) =>
  takeOne(
    { access, kinds: listExports(office, beat), trouble: (what, error) => t.fail(`${what}: ${String(error)}`) },
    null,
    stopping,
  )

const QUERY = 'issue=OPEN&state=sold'
const order = (clerk: Browser, format: 'csv' | 'xlsx') =>
  clerk.ok('exports.make', { body: { list: 'cards', query: QUERY, columns: ['card', 'available'], format } })

async function fileOf(browser: Browser, id: string): Promise<Buffer> {
  const headers = { host: 'localhost:80', cookie: browser.cookie ?? '' }
  return (await menu.app.inject({ url: `/api/exports/${id}/file`, headers })).rawPayload
}

t.test('more than 10,000 rows are made by a job; rows, sum and digest are those of the file', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const [sums] = await office.db.use((connection) =>
    connection.send(
      `SELECT COUNT(*), SUM(c.available) FROM cards c JOIN issues i ON i.id = c.issue_id WHERE i.code = 'OPEN' AND c.state = 'sold'`,
    ),
  )
  const [count, sum] = (sums?.[0] ?? []).map(Number)
  for (const format of ['csv', 'xlsx'] as const) {
    const { id } = await order(clerk, format)
    t.match(await clerk.ok('exports.show', { params: { id } }), { state: 'waiting', total: null, file: null })
    t.equal(await work(), 'done')
    const made = await clerk.ok('exports.show', { params: { id } })
    t.match(made, { state: 'done', rows: count, total: count, sums: [{ value: sum, currency: 'PLN' }] })
    const file = await fileOf(clerk, id)
    t.equal(createHash('sha256').update(file).digest('hex'), made.sha256)
    if (format === 'csv') {
      const rows = parse(file, { bom: true, columns: true }) as Record<string, string>[]
      t.equal(rows.length, count)
      t.equal(
        rows.reduce((total, row) => total + Math.round(Number(row['Available']) * 100), 0),
        sum,
      )
    } else {
      const sheet = strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
      t.equal(sheet.match(/<row>/gu)?.length, (count ?? 0) + 1)
    }
  }
})

t.test('after a kill another process starts the export again', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const { id } = await order(clerk, 'csv')
  await office.db.use((connection) =>
    connection.send(`INSERT INTO list_export_parts VALUES (${id}, 1, 0, '');
      UPDATE jobs SET state = 'running', started_at = UTC_TIMESTAMP(3), lease_until = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND,
      fence = 1, done = 500, total = 12000 WHERE subject = ${id}`),
  )
  t.equal(await work(), 'done')
  const made = await clerk.ok('exports.show', { params: { id } })
  t.equal(
    createHash('sha256')
      .update(await fileOf(clerk, id))
      .digest('hex'),
    made.sha256,
  )
  const [parts] = await office.db.use((connection) =>
    connection.send(`SELECT DISTINCT fence FROM list_export_parts WHERE export_id = ${id}`),
  )
  t.same(parts, [[2]], 'nothing is left of the first one')
})

t.test('a stalled process deletes nothing of its successor; a file with a missing part fails', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const { id } = await order(clerk, 'csv')
  const send = (sql: string) => office.db.use((connection) => connection.send(sql))
  t.equal(await work(), 'done')
  const parts = async () => (await send(`SELECT fence, part FROM list_export_parts WHERE export_id = ${id}`))[0]
  const before = await parts()
  const [[row] = []] = await send(`SELECT id FROM jobs WHERE kind = 'export' AND subject = ${id}`)
  const stalled = { id: Number(row?.[0]), kind: 'export', subject: Number(id), parameters: '', done: 0, total: 1, fence: 0, who: 'helpdesk' } // prettier-ignore
  const kind = listExports(office)['export']
  const woken = onConnection(access, async (connection) =>
    kind?.(stalled, { access, connection, leasedAt: performance.now(), stopping: new AbortController().signal }),
  )
  await t.rejects(woken, { message: /^job \d+$/u })
  t.same(await parts(), before)

  const content = async () => {
    const file = await listExportFile(office, person('helpdesk'), Number(id))
    if (isRefused(file)) throw new Error(file.refused)
    for await (const piece of file.content) if (piece.length === 0) t.fail('an empty piece')
  }
  await content()
  await send(`DELETE FROM list_export_parts WHERE export_id = ${id} ORDER BY part DESC LIMIT 1`)
  await t.rejects(content(), /part \d+ is missing/u)
})

t.test('a cancelled export ends, also in the database, and leaves nothing', async (t) => {
  const [clerk, other] = [await menu.signedIn('helpdesk'), await menu.signedIn('issuer')]
  const { id } = await order(clerk, 'csv')
  t.equal(await other.code('exports.cancel', { params: { id } }), 'no_such_export')
  await clerk.ok('exports.cancel', { params: { id } })
  t.equal(await clerk.code('exports.cancel', { params: { id } }), 'export_over')
  t.equal(await work(), 'nothing')
  t.match(await clerk.ok('exports.show', { params: { id } }), { state: 'cancelled', file: null })
  t.equal(await clerk.code('exports.file', { params: { id } }), 'no_such_export')
})

t.test('three exports of a person at a time', async (t) => {
  const clerk = await menu.signedIn('auditor')
  for (let n = 0; n < 3; n++) await order(clerk, 'csv')
  const body = { list: 'cards', query: QUERY, columns: [], format: 'csv' }
  t.equal(await clerk.code('exports.make', { body }), 'exports_running')
})
