import t from 'tap'
import { STORE_OPERATIONS } from '../../../src/core/operations.ts'
import type { RowDataPacket } from 'mysql2/promise'
import { workerConnection } from '../../../src/db/connection.ts'
import { foldOnce } from '../../../src/db/folding.ts'
import { backfillReports, REPORT_SUMS } from '../../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../../src/db/search-rows.ts'
import { unzipSync } from 'fflate'
import type { Actor } from '../../../src/office/actor.ts'
import { csvOf, type CsvPreset } from '../../../src/office/reports/csv.ts'
import { differing } from '../../../src/core/reports/till-differences.ts'
import { wordOf } from '../../../src/office/reports/words.ts'
import { clockAround } from '../../../src/office/day-bounds.ts'
import { selectTillActs } from '../../../src/db/sql/report-queries.ts'
import { fileApart } from '../../../src/office/reports/files-apart.ts'
import { fileOf, type Format, linesAbout, moneyText } from '../../../src/office/reports/files.ts'
import { setInput } from '../../../src/office/reports/inputs.ts'
import { workbookOf } from '../../../src/office/reports/workbook.ts'
import { MEANINGS, meaningOf } from '../../../src/office/reports/meanings.ts'
import { rightsOf } from '../../../src/office/rights.ts'
import type { Report } from '../../../src/office/reports/report.ts'
import { REPORT_NAMES, runReport, type ReportSelection } from '../../../src/office/reports/reports.ts'
import { verifyAndMend, verifySums } from '../../../src/office/reports/verification.ts'
import { engineSetting } from '../../engine/engine-setting.ts'
import { everyChangeIsAudited } from '../audit-watch.ts'
import { ok, person, testOffice } from '../test-office.ts'
import { pagesOf } from './pdf-text.ts'
import { playDays } from './history.ts'
import { activity, declines, lastMoves, ledgers, movements, readBooks, settlements } from './second.ts'

const SEED = Number(process.env['AKART_MODEL_SEED'] ?? Date.now() % 1_000_000)
const DAYS = ['2026-11-18', '2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22']

const setting = await engineSetting(t)
const engine = setting.engine()
const office = await testOffice(t, setting.access)
await everyChangeIsAudited(t, setting.access, setting.connection)
const ola = person('ola')
const connection = workerConnection(setting.access)
t.teardown(() => connection.close())
const fold = (batches = 1_000): Promise<unknown> =>
  foldOnce(connection, [SEARCH_ROWS, REPORT_SUMS], { batches, ids: 1_000_000 })
const report = (name: string, input: ReportSelection = {}): Promise<Report> => ok(runReport(office, ola, name, input))
const isFigure: ReadonlySet<string> = new Set(['money', 'count', 'ratio'])
const addDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
const [first = '', last = ''] = [DAYS[0], DAYS.at(-1)]

t.test(`a random history, seed ${SEED}`, async (t) => {
  await fold()
  await playDays(setting, engine, { seed: SEED, days: DAYS, moves: 300 })
  await engine.stop()
  const books = await readBooks(setting)
  t.ok(books.rows.filter(({ amount }) => amount > 0).length > 150, 'it moved money')

  // Unfolded, half folded, folded: the figures are the same.
  for (const stage of ['unfolded', 'half folded', 'folded']) {
    if (stage === 'half folded') await fold(60)
    if (stage === 'folded') await fold()
    await t.test(stage, async (t) => {
      const period = { from: first, to: last }
      const shown = await report('activity', period)
      const wanted = [...activity(books)].filter(([key]) => key >= first && key.slice(0, 10) <= last)
      const found = shown.rows.map((r) => [
        [r['day'], r['store'], r['issue'], r['channel'], r['operation']].join(' '),
        [r['count'], r['amount'], r['undoneCount'], r['undoneAmount']],
      ])
      t.same(Object.fromEntries(found), Object.fromEntries(wanted), 'activity')
      const moved = books.rows.filter(({ amount }) => amount > 0)
      t.equal(shown.exactAsOf.rows, moved.length, 'exact as of all transfers')
      t.equal(
        shown.exactAsOf.sum,
        moved.reduce((sum, { amount }) => sum + amount, 0),
        'and their sum',
      )

      for (const day of DAYS) {
        for (const stores of [null, ['000000000000002']]) {
          const rolled = await report('roll-forward', { from: day, to: day, stores })
          const isOf = (sale: string): boolean => stores === null || stores.includes(sale)
          const during = movements(books, (row, sale) => row.day === day && isOf(sale))
          for (const row of rolled.rows) {
            const { issue, currency: _currency, opening, closing, ...steps } = row
            const wantedSteps = during.get(String(issue)) ?? {}
            for (const [column, value] of Object.entries(steps)) {
              t.equal(value, wantedSteps[column] ?? 0, `${day} ${String(stores)} ${String(issue)} ${column}`)
            }
            const sum = Object.values(steps).reduce<number>((a, b) => a + Number(b), Number(opening))
            t.equal(closing, sum, 'it closes')
          }
          const gross = await report('roll-forward', { from: day, to: day, stores, gross: true })
          for (const [i, row] of gross.rows.entries()) {
            const net = rolled.rows[i] ?? {}
            const names = Object.keys(net).filter((name) => typeof net[name] === 'number')
            t.same(
              names.map((name) => Number(row[name]) + Number(row[`${name}Undone`] ?? 0)),
              names.map((name) => net[name]),
              'gross and undone are the net',
            )
          }
        }
        const held = [...ledgers(books, day)].filter(([, ledger]) => ledger !== 0)
        const liability = await report('liability', { asOf: day })
        const total = liability.totals[0] ?? {}
        t.equal(
          total['ledger'] ?? 0,
          held.reduce((sum, [, ledger]) => sum + ledger, 0),
          `liability on ${day}`,
        )
        t.equal(total['cards'] ?? 0, held.length, `cards on ${day}`)
        // Seen from 30 days later, who moved on the last day is younger than who did not.
        const later = addDays(day, 30)
        const moves = lastMoves(books, later)
        const aged = await report('liability', { asOf: later, ageBy: 'activity' })
        const heldThen = [...ledgers(books, later)].filter(([, ledger]) => ledger !== 0)
        const sumOf = (isYoung: boolean): number =>
          aged.rows
            .filter((row) => (row['age'] === '≤30') === isYoung)
            .reduce((sum, row) => sum + Number(row['ledger']), 0)
        const wantedOf = (isYoung: boolean): number =>
          heldThen
            .filter(([card]) => (moves.get(card) ?? '') >= day === isYoung)
            .reduce((sum, [, ledger]) => sum + ledger, 0)
        t.same([sumOf(true), sumOf(false)], [wantedOf(true), wantedOf(false)], `age by activity on ${later}`)
        const all = await report('roll-forward', { from: day, to: day })
        t.equal(all.totals[0]?.['closing'], total['ledger'], 'the roll-forward closes at the liability')
        const bySale = await report('liability', { asOf: day, stores: ['000000000000002'] })
        const rolled = await report('roll-forward', { from: day, to: day, stores: ['000000000000002'] })
        t.equal(bySale.totals[0]?.['ledger'] ?? 0, rolled.totals[0]?.['closing'] ?? 0, 'by store of sale too')

        const settled = await report('settlement', { from: day, to: day })
        for (const [store, [receivable, payable]] of settlements(books, day, day)) {
          const row = settled.rows.find((r) => r['store'] === store)
          t.same([row?.['receivable'], row?.['payable']], [receivable, payable], `settlement of ${store} on ${day}`)
          const column = (settled.matrix ?? []).filter(({ spentIn }) => spentIn === store)
          t.equal(
            column.reduce((sum, { amount }) => sum + amount, 0),
            payable,
            'its column adds up',
          )
        }
        t.notOk(
          settled.matrix?.some(({ origin }) => origin === 'unknown'),
          'all money has an origin',
        )
      }
      const declined = await report('declines', { from: first, to: last })
      t.same(
        Object.fromEntries(declined.rows.map((r) => [[r['reason'], r['store'], r['terminal']].join(' '), r['count']])),
        Object.fromEntries(declines(books)),
        'declines',
      )
      t.same((await ok(verifySums(office, ola))).faults, [], 'the sums agree')
    })
  }
})

t.test('a sum that is wrong is named, and made anew', async (t) => {
  const run = (sql: string): Promise<unknown> => setting.connection.query(sql)
  const rows: [string, string, RegExp][] = [
    ['an amount', `UPDATE report_activity SET amount = amount + 1 WHERE day = '${last}' LIMIT 1`, /^2026-11-22 activity /],
    ['a balance', `DELETE FROM report_balances WHERE day = '${first}' LIMIT 1`, /^2026-11-18 balances .*: nothing, the transactions give/],
    ['a decline too many', `INSERT INTO report_declines VALUES ('${last}', '1', 'X', 'unknown_card', 3)`, /declines 1 X unknown_card: 3, .* nothing/],
    ['a day', `UPDATE report_days SET transfers = 1 WHERE day = '${first}'`, /^2026-11-18 transfers: 1 of/],
    ['a sale', `UPDATE report_sales SET sold_in = '000000000000009' ORDER BY card_id DESC LIMIT 1`, /^the sale of card \d+ is kept as/],
  ] // prettier-ignore
  for (const [title, breaks, wanted] of rows) {
    await run(breaks)
    const found = await ok(verifySums(office, ola))
    t.match(found.faults[0], wanted, title)
    const { faults, mended } = await ok(verifyAndMend(office, ola))
    t.same(faults, [], `${title}: nothing is wrong afterwards`)
    t.ok(mended.length > 0, `${title}: told what was made anew`)
  }
})

t.test('sums from before they were kept are added lot by lot, and are the same', async (t) => {
  const run = (sql: string): Promise<unknown> => setting.connection.query(sql)
  const asked = { from: first, to: last }
  const [moved, rolled] = [await report('activity', asked), await report('roll-forward', asked)]
  for (const table of ['activity', 'balances', 'declines', 'days', 'sales']) await run(`DELETE FROM report_${table}`)
  await run(
    `REPLACE INTO backfills (name, next_id, until_id) SELECT 'reports', 0, next_id FROM id_blocks WHERE name = 'row'`,
  )
  t.match(await runReport(office, ola, 'activity', asked), { refused: 'reports_preparing' }, 'no figure of a part')
  let lots = 0
  while (await backfillReports(connection, 50)) lots += 1
  t.ok(lots > 3, `${lots} lots`)
  t.same((await ok(verifySums(office, ola))).faults, [])
  t.same((await report('activity', asked)).rows, moved.rows)
  t.same((await report('roll-forward', asked)).rows, rolled.rows)
})

t.test('every report as every file', async (t) => {
  await ok(setInput(office, ola, { name: 'rate.PLN', value: '0.2345' }))
  const [[audited]] = await setting.connection.query<RowDataPacket[]>(
    "SELECT who, details FROM audit WHERE action = 'reports.inputs' AND object_id = 'rate.PLN'",
  )
  t.match(audited, { who: 'ola', details: '{"value":"0.2345"}' }, 'on record')
  t.match(await setInput(office, ola, { name: 'rate.PLN', value: '1,5' }), { refused: 'wrong_input' })
  for (const name of ['colour', 'rate.ABC', 'rate.pln', 'rate.EUR', 'breakage.NONE']) {
    t.match(await setInput(office, ola, { name, value: '1' }), { refused: 'no_such_input' }, name)
  }
  for (const name of REPORT_NAMES) {
    const made = await report(name, { from: first, to: last })
    const file = (format: Format | 'text', preset: CsvPreset = 'en', language: 'en' | 'pl' = 'en') =>
      fileOf(made, { format, preset, language, by: 'ola' })
    const json = JSON.parse(String((await file('json')).content)) as Record<string, unknown>
    t.match(json, {
      report: name,
      definition: ['tills', 'activity', 'cashiers', 'network'].includes(name) ? 2 : 1,
      exactAsOf: { rows: made.exactAsOf.rows },
      rows: made.rows,
      totals: made.totals,
    })
    const csv = String((await file('csv')).content)
    t.match(csv, /\r\n"?Exact as of \S+: \d+ transfers/u, `${name}: CSV says as of when it is exact`)
    const polish = (await file('csv', 'pl', 'pl')).content
    t.equal(polish.subarray(0, 3).toString('hex'), 'efbbbf', 'UTF-8 with BOM')
    const old = (await file('csv', 'windows-1250', 'pl')).content
    t.notOk(old.includes(Buffer.from('ł')), 'no UTF-8 in Windows-1250')
    const sheets = Object.keys(unzipSync((await file('xlsx')).content))
    t.ok(sheets.includes('xl/worksheets/sheet1.xml'), `${name}: a workbook`)
    t.equal((await file('pdf', 'en', 'pl')).content.subarray(0, 5).toString(), '%PDF-', `${name}: a PDF`)
    t.match(String((await file('text')).content), made.columns[0]?.title.en ?? '', `${name}: as text`)
  }
  const line = String(csvOf([['=1+1', { decimal: '-1234.50' }, null]], 'pl'))
  t.equal(line.slice(1).trim(), `'=1+1;-1234,50;`, 'no formula, a decimal comma')
  const cells = [['≤30', 'Zażółć ñ ß € –', '=1', '-a', '+b', '@c', '\tx', '\ry', 'x\n=y', 'a;b', 'a"b', { decimal: '-12.50' }, -5, null]] // prettier-ignore
  const written = (['en', 'pl', 'windows-1250'] as const).map((preset) => csvOf(cells, preset))
  const [english, excel, win] = written
  t.same(String(english), `≤30,Zażółć ñ ß € –,'=1,'-a,'+b,'@c,'\tx,"'\ry","x\n=y",a;b,"a""b",-12.50,-5,\r\n`)
  t.same(String(excel), `\u{FEFF}≤30;Zażółć ñ ß € –;'=1;'-a;'+b;'@c;'\tx;"'\ry";"x\n=y";"a;b";"a""b";-12,50;-5;\r\n`)
  const bytes = Buffer.concat([Buffer.from('<=30;Za'), Buffer.from('bff3b3e6206e20df20802096', 'hex')])
  t.same(win?.subarray(0, bytes.length).toString('hex'), bytes.toString('hex'), 'what Windows-1250 has no sign for')
  t.match(win?.subarray(bytes.length).toString('latin1'), /;-12\.50;-5;\r\n$/u)
  const rate = await fileOf(await report('network', { asOf: last }), {
    format: 'csv',
    preset: 'pl',
    language: 'pl',
    by: 'ola',
  })
  t.match(String(rate.content), /;0,2345;/u, 'nor a ratio that Excel takes for a day')
})

t.test('what rows of one kind add up to stands above the total, on paper and in files', async (t) => {
  const { rows, subtotals = [], totals } = await report('activity', { from: first, to: last })
  for (const sum of subtotals) {
    const alike = rows.filter((row) => row['operation'] === sum['operation'] && row['currency'] === sum['currency'])
    t.ok(alike.length > 0, String(sum['operation']))
    for (const name of ['count', 'amount', 'undoneCount', 'undoneAmount']) {
      t.equal(sum[name], alike.reduce((all, row) => all + Number(row[name]), 0), name) // prettier-ignore
    }
  }
  t.same(subtotals.map(({ operation }) => operation), [...STORE_OPERATIONS.keys()].filter((name) => rows.some(({ operation }) => operation === name))) // prettier-ignore
  t.equal(
    totals[0]?.['amount'],
    subtotals.reduce((sum, { amount }) => sum + Number(amount), 0),
  )
  const csv = String((await fileOf(await report('activity', { from: first, to: last }), { format: 'csv', preset: 'en', language: 'en', by: 'ola' })).content) // prettier-ignore
  t.match(csv, /\r\nSubtotal,,,,payment,PLN,\d+,[\d.]+,\d+,[\d.]+,,\r\n/u)
  t.match(csv, /\r\nTotal,,,,,PLN,\d+,[\d.]+,\d+,[\d.]+,,\r\n/u)
})

t.test('every figure of every report says what it means, and a file tells no filter that has no effect', async (t) => {
  for (const name of REPORT_NAMES) {
    const { columns } = await report(name, name === 'roll-forward' ? { gross: true } : {})
    const silent = columns.filter(({ name: column, kind }) => isFigure.has(kind) && meaningOf(name, column) === null)
    t.same(silent, [], name)
    const named = Object.keys(MEANINGS[name])
    t.same(named.filter((column) => !columns.some((one) => one.name === column)), [], `${name} has these columns`) // prettier-ignore
  }
  t.notMatch(linesAbout(await report('users'), 'en').join('\n'), /Stores|Issues/u)
  t.match(linesAbout(await report('declines'), 'en').join('\n'), /\nStores: all\n/u)
  t.match(linesAbout(await report('welfare'), 'pl').join('\n'), /\nKontrahenci: wszyscy\n/u)
})

t.test(
  'paper is made in a thread of its own, two at a time, and is the same; too much for paper is refused',
  async (t) => {
    const made = await report('activity', { from: first, to: last })
    const asked = { preset: 'en', language: 'pl', by: 'ola' } as const
    const apart = await Promise.all([1, 2, 3].map(() => ok(fileApart(made, { ...asked, format: 'pdf' }))))
    const here = await fileOf(made, { ...asked, format: 'pdf' })
    t.same(apart.map(({ type, extension }) => [type, extension]), [1, 2, 3].map(() => [here.type, here.extension])) // prettier-ignore
    // Its instant and its number make the only difference.
    const size = here.content.length
    t.ok(
      apart.every(
        ({ content }) => content.subarray(0, 5).toString() === '%PDF-' && Math.abs(content.length - size) < 200,
      ),
    )
    const long = { ...made, rows: Array.from({ length: 20_001 }, () => made.rows[0] ?? {}) }
    t.match(await fileApart(long, { ...asked, format: 'pdf' }), { refused: 'too_long_for_paper' })
    t.ok((await ok(fileApart(long, { ...asked, format: 'csv' }))).content.length > 100_000, 'not for a file')
  },
)

t.test('on paper stand title, period, filter, totals, definition, instant, author and page', async (t) => {
  const made = await report('activity', { from: first, to: last, stores: ['000000000000001'], byOriginalDay: true })
  const rows = Array.from({ length: 120 }, () => made.rows[0] ?? {})
  for (const [language, ...wanted] of [
    [
      'en',
      'Activity',
      `Period: ${first} – ${last}`,
      'Stores: 000000000000001 · Issues: all',
      'Definition: 2',
      'By original day:',
      'Total',
    ],
    [
      'pl',
      'Obroty',
      `Okres: ${first} – ${last}`,
      'Sklepy: 000000000000001 · Emisje: wszystkie',
      'Definicja: 2',
      'Według dnia pierwotnego:',
      'Razem',
    ],
  ] as const) {
    const { content } = await fileOf({ ...made, rows }, { format: 'pdf', preset: 'en', language, by: 'Ola Łoś' })
    const pages = pagesOf(content).map((page) => page.replaceAll(/\s+/gu, ' '))
    t.ok(pages.length > 1)
    for (const text of [...wanted, `${made.exactAsOf.at}:`])
      t.ok(pages.join(' ').includes(text), `${language}: ${text}`)
    const at = made.exactAsOf.at.slice(0, 16).replace('T', ' ')
    for (const [i, page] of pages.entries()) {
      const foot =
        language === 'en'
          ? `Made by Ola Łoś, ${at} UTC Page ${i + 1} of ${pages.length}`
          : `Sporządził(a) Ola Łoś, ${at} UTC Strona ${i + 1} z ${pages.length}`
      t.ok(page.includes(foot), foot)
    }
    const amount = made.totals[0]?.['amount']
    t.ok(pages.at(-1)?.includes(moneyText(Number(amount), 'PLN', language).replaceAll('\u00a0', ' ')), 'the total')
  }
})

t.test('why transactions of a till may differ is said in Polish on Polish paper', (t) => {
  const why = differing(
    [
      { id: 1, undoes: null, stan: 1, amount: 100, role: 'books', state: 'reversed', hasCase: true },
      ...Array.from({ length: 21 }, (_, i) => ({ id: 2 + i, undoes: null, stan: 2, amount: 5, role: 'rebooks', state: 'confirmed', hasCase: false })),
    ],
    [],
    [100],
  ) // prettier-ignore
  t.match(why, /^1 reversed, has a case, of the differing amount; 2 late; .*; and 2 more$/u)
  t.match(
    wordOf('transactions', why, 'pl'),
    /^1 cofnięta, z wyjaśnieniem, na kwotę różnicy; 2 spóźniona; .*; i jeszcze 2$/u,
  )
  t.equal(wordOf('transactions', why, 'en'), why)
  const journal = differing([{ id: 1, undoes: null, stan: 1, amount: 100, role: 'books', state: 'confirmed', hasCase: false }], [{ stan: 2, amount: 7, happened: true }], []) // prettier-ignore
  t.equal(wordOf('transactions', journal, 'pl'), '1 tylko tutaj; STAN 2 tylko w kasie')
  t.end()
})

t.test('a sheet has columns as wide as is said, and totals in bold', (t) => {
  const total = { kind: 'number', value: '12.50', decimals: 2, bold: true } as const
  const head = { kind: 'text', value: 'Head' } as const
  const files = unzipSync(
    workbookOf([[head, head], [{ ...total, bold: false }, total], [{ ...head, bold: true }]], 'Wide', { widths: [31] }),
  )
  const sheet = Buffer.from(files['xl/worksheets/sheet1.xml'] ?? []).toString()
  t.match(sheet, '<col min="1" max="1" width="31" customWidth="1"/><col min="2" max="2" width="16" customWidth="1"/>')
  t.match(sheet, '<row r="2"><c s="2"><v>12.50</v></c><c s="7"><v>12.50</v></c></row>')
  t.match(sheet, '<row r="3"><c t="inlineStr" s="5">')
  const styles = Buffer.from(files['xl/styles.xml'] ?? []).toString()
  const formats = [...(/<cellXfs[^>]*>(.*)<\/cellXfs>/u.exec(styles)?.[1] ?? '').matchAll(/<xf([^>]*)\/>/gu)].map(
    ([, xf = '']) => xf,
  )
  t.match(formats[7], /numFmtId="4" fontId="1"/u, 'the same format as in other rows')
  t.match(formats[2], /numFmtId="4"/u)
  t.end()
})

t.test('bookings for the general ledger are told in words on paper', (t) => {
  t.equal(wordOf('text', 'payment', 'en'), 'Payment with a card')
  t.equal(wordOf('text', 'payment_received', 'pl'), 'Wpłata')
  t.equal(wordOf('text', 'settlement 12: late of 3', 'pl'), 'rozliczenie 12: spóźnione, z rozliczenia 3')
  t.equal(wordOf('text', 'settlement 12', 'en'), 'settlement 12')
  t.end()
})

t.test('a sheet that is full goes on in the next', (t) => {
  const rows = Array.from({ length: 7 }, (_, i) => [{ kind: 'text', value: `row ${i}` } as const])
  const files = unzipSync(workbookOf([[{ kind: 'text', value: 'Head' }], ...rows], 'Long', { mostRows: 4 }))
  const texts = [1, 2, 3].map((sheet) => Buffer.from(files[`xl/worksheets/sheet${sheet}.xml`] ?? []).toString())
  t.same(
    texts.map((text) => [...text.matchAll(/row \d|Head/gu)].map(([found]) => found)),
    [
      ['Head', 'row 0', 'row 1', 'row 2'],
      ['Head', 'row 3', 'row 4', 'row 5'],
      ['Head', 'row 6'],
    ],
  )
  t.end()
})

t.test('who sees what', async (t) => {
  const manager: Actor = {
    ...ola,
    login: 'marek',
    rights: rightsOf(['storeManager']),
    stores: new Set(['000000000000002']),
  }
  t.match(await runReport(office, manager, 'liability', {}), { refused: 'right_missing' })
  t.match(await runReport(office, manager, 'activity', { stores: ['000000000000001'] }), { refused: 'not_your_store' })
  const own = await ok(runReport(office, manager, 'activity', { from: first, to: last }))
  t.same([...new Set(own.rows.map((row) => row['store']))], ['000000000000002'])
  t.match(await runReport(office, ola, 'nothing', {}), { refused: 'no_such_report' })
  t.match(await runReport(office, ola, 'activity', { from: last, to: first }), { refused: 'period_backwards' })
  const stranger: Actor = { ...ola, rights: new Map() }
  t.match(await runReport(office, stranger, 'activity', {}), { refused: 'right_missing' })
})

t.test('what is no filter', async (t) => {
  for (const day of ['2026-02-30', '2026-13-01', '0001-01-01', '0000-00-00', '9999-12-31', '1', '']) {
    for (const name of ['activity', 'liability', 'tills', 'cashiers'] as const) {
      t.match(await runReport(office, ola, name, { to: day, asOf: day }), { refused: 'no_such_day', details: { day } })
    }
  }
  t.match(await report('tills', { from: '1900-01-01', to: '2999-12-31' }), { rows: [] }, 'nor a thousand years a loop')
  t.match(await runReport(office, ola, 'activity', { stores: ['NOWHERE'] }), { refused: 'no_such_store' })
  t.match(await runReport(office, ola, 'counterparties', { stores: ['NOBODY'] }), { refused: 'no_such_counterparty' })
  t.match(await report('declines', { stores: ['NOWHERE'] }), { rows: [] }, 'a till may have said any store')
})

t.test('what was chosen is told, and what has no effect', async (t) => {
  const rows: [string, ReportSelection, RegExp | null, object][] = [
    ['activity', { byOriginalDay: true }, /^By original day/u, { byOriginalDay: true }],
    ['activity', { gross: true }, null, { gross: undefined, byOriginalDay: undefined }],
    ['roll-forward', { gross: true }, /^Gross/u, { gross: true }],
    ['liability', { ageBy: 'validity' }, /^Age: days until the end of validity/u, { ageBy: 'validity' }],
    ['liability', {}, /^Age: days since the sale/u, { ageBy: 'sale' }],
    ['declines', { issues: ['TEST'] }, /^Issues are no filter/u, { issues: null }],
    ['cards', { stores: ['NOWHERE'] }, /^Stores are no filter/u, { stores: null }],
    ['cards', { asOf: '2026-11-01' }, /^Days are no filter/u, { asOf: null }],
    ['users', { stores: ['000000000000001'] }, /^Stores are no filter/u, { stores: null }],
  ]
  for (const [name, input, note, filter] of rows) {
    const made = await report(name, input)
    const json = JSON.parse(String((await fileOf(made, { format: 'json', preset: 'en', language: 'en', by: 'ola' })).content)) as { notes?: string[]; filter: object } // prettier-ignore
    t.match(json.filter, filter, `${name}: filter`)
    if (note !== null) t.ok(json.notes?.some((text) => note.test(text)), `${name}: ${String(note)}`) // prettier-ignore
    if (note !== null) t.ok(linesAbout(made, 'en').some((text) => note.test(text)), `${name}: on paper`) // prettier-ignore
  }
})

t.test('hours go by the clock of their instant, also on the days when it changes', (t) => {
  const rows: [string, string, object][] = [
    ['2026-11-20', 'Europe/Warsaw', { minutes: 60, change: null }],
    ['2026-10-25', 'Europe/Warsaw', { minutes: 120, change: { at: Date.parse('2026-10-25T01:00:00Z'), minutes: 60 } }],
    ['2026-10-26', 'Europe/Warsaw', { minutes: 120, change: { at: Date.parse('2026-10-25T01:00:00Z'), minutes: 60 } }],
    ['2027-03-28', 'Europe/Warsaw', { minutes: 60, change: { at: Date.parse('2027-03-28T01:00:00Z'), minutes: 120 } }],
    ['2027-01-01', 'Asia/Kolkata', { minutes: 330, change: null }],
  ]
  for (const [day, zone, wanted] of rows) t.same(clockAround(day, zone), wanted, `${day} ${zone}`)
  t.match(selectTillActs({ from: null, to: null, stores: null, issues: null }, clockAround('2026-10-25', 'Europe/Warsaw')), "IF(at < '2026-10-25 01:00:00.000', 120, 60) MINUTE") // prettier-ignore
  t.end()
})

t.test('a period that nobody names begins with the month of today, and ends with the last day of a till', async (t) => {
  const evening = { ...office, clock: () => Date.parse('2026-10-31T20:00:00Z') }
  const { filter } = await ok(runReport(evening, ola, 'activity', {}))
  t.equal(filter.from, '2026-10-01')
  t.ok((filter.to ?? '') >= last, String(filter.to))
  const asked = await report('activity', { to: '2026-11-20' })
  t.match(asked.filter, { from: '2026-11-01', to: '2026-11-20' })
})
