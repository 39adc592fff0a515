import t from 'tap'
import { parse } from 'csv-parse/sync'
import { unzipSync, strFromU8 } from 'fflate'
import { createHash } from 'node:crypto'
import { plainText, xlsxOf } from '../../src/office/xlsx.ts'
import { menuForTest, type Browser } from './setting.ts'

/* Files of what a list shows: the same rows, sums that agree, nothing that a spreadsheet would compute. */

const menu = await menuForTest(t)
const COLUMNS = ['card', 'issue', 'state', 'available']

async function fileOf(browser: Browser, id: string): Promise<Buffer> {
  const answer = await menu.app.inject({
    url: `/api/exports/${id}/file`,
    headers: { host: 'localhost:80', cookie: browser.cookie ?? '' },
  })
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode} ${answer.body}`)
  return answer.rawPayload
}

t.test('CSV and XLSX hold what the list counts, and their sums are the list’s', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const query = 'issue=OPEN&state=sold&balanceFrom=1'
  const list = await clerk.ok('cards.list', { query: { issue: 'OPEN', state: 'sold', balanceFrom: 1, limit: 500 } })
  const sum = list.items.reduce((total, { available }) => total + available.value, 0)
  for (const format of ['csv', 'xlsx'] as const) {
    const { id } = await clerk.ok('exports.make', { body: { list: 'cards', query, columns: COLUMNS, format } })
    const made = await clerk.ok('exports.show', { params: { id } })
    t.match(made, { state: 'done', rows: list.items.length, sums: [{ value: sum, currency: 'PLN' }] })
    const file = await fileOf(clerk, id)
    t.equal(createHash('sha256').update(file).digest('hex'), made.sha256)
    if (format === 'csv') {
      const rows = parse(file, { bom: true, columns: true }) as Record<string, string>[]
      t.equal(rows.length, list.items.length)
      t.equal(
        rows.reduce((total, row) => total + Math.round(Number(row['Available']) * 100), 0),
        sum,
      )
      t.match(rows[0], { Card: /^\d{6}\*{6}\d{4}$/u, Currency: 'PLN' })
    } else {
      const sheet = strFromU8(unzipSync(file)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
      t.equal(sheet.match(/<row>/gu)?.length, list.items.length + 1)
    }
  }
})

t.test('a file is for whoever asked for it, and the audit has it', async (t) => {
  const [clerk, other, auditor] = [
    await menu.signedIn('helpdesk'),
    await menu.signedIn('issuer'),
    await menu.signedIn('auditor'),
  ]
  const input = { list: 'transactions', query: '', columns: [], format: 'csv' }
  const { id } = await clerk.ok('exports.make', { body: input })
  t.equal(await other.code('exports.show', { params: { id } }), 'no_such_export')
  t.equal(await other.code('exports.file', { params: { id } }), 'no_such_export')
  const { items } = await auditor.ok('audit.list', { query: { action: 'transactions.export' } })
  t.match(items[0], { who: 'helpdesk', object: { kind: 'export', id } })
})

t.test('text that begins like a formula is only text', async (t) => {
  for (const text of ['=1+1', '+48 22', '-5', '@SUM', '\tx', '\rx']) t.equal(plainText(text), `'${text}`)
  t.equal(plainText('a=b'), 'a=b')
  t.equal(plainText(-5), -5)
  const sheet = strFromU8(unzipSync(xlsxOf([['<&>', null, 1.5]]))['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  t.match(sheet, /&lt;&amp;&gt;/u)
  t.match(sheet, /<c\/><c><v>1.5<\/v><\/c>/u)
})
