import t from 'tap'
import { demoCards } from '../../src/demo/cards.ts'
import { deriveCardKeys, DEMO_MASTER } from '../../src/cards/keys.ts'
import { TEXTS } from '../../src/menu/ui/src/i18n/texts.ts'
import { type Mapping, saidRows, tableOf } from '../../src/office/journal-reading.ts'
import { amountOf, instantReader, outcomeReader } from '../../src/office/journal-values.ts'
import { isRefused } from '../../src/office/refusal.ts'
import { workerConnection } from '../../src/db/connection.ts'
import { foldOnce } from '../../src/db/folding.ts'
import { REPORT_SUMS } from '../../src/db/reports/folding.ts'
import { SEARCH_ROWS } from '../../src/db/search-rows.ts'
import { xlsxOf } from '../../src/office/xlsx.ts'
import { rowsOfXlsx } from '../../src/office/xlsx-read.ts'
import { STORE } from '../engine/engine-setting.ts'
import { openCases } from './open-cases.ts'
import { menuForTest, type Browser } from './setting.ts'

/* A till's journal beside the open cases: matched, decided in one go, above the limit by a second person who sees every row. */

const cards = demoCards(deriveCardKeys(DEMO_MASTER)).filter(({ issue, state }) => issue === 'OPEN' && state === 'sold')
const menu = await menuForTest(t)
const numberAt = (at: number): string => cards[at]?.number ?? ''

const PAYMENTS = Array.from({ length: 50 }, (_, at) => ({ number: numberAt(at), stan: 100 + at, amount: 500 + at }))
const MAPPING = { terminal: 'Kasa', stan: 'STAN', amount: 'Kwota', lastFour: 'Karta', outcome: 'Wynik' }

const line = ({ number, stan, amount }: (typeof PAYMENTS)[number], outcome: string): string =>
  ['DEMO0001', String(stan).padStart(6, '0'), (amount / 100).toFixed(2).replace('.', ','), number, outcome].join(';')
const csv = (lines: readonly string[]): string =>
  Buffer.from(['Kasa;STAN;Kwota;Karta;Wynik', ...lines].join('\r\n')).toString('base64')
const upload = (clerk: Browser, content: string, mapping?: object) =>
  clerk.ok('journals.upload', { body: { store: STORE, fileName: 'kasa 1.csv', content, ...(mapping && { mapping }) } })

await openCases(menu, PAYMENTS)

t.test('fifty rows: what fits is proposed, and all of it is decided in one go', async (t) => {
  const clerk = await menu.signedIn('accountant')
  const before = (await clerk.ok('cases.list', { query: { limit: 500 } })).items.length
  const [first, second] = PAYMENTS
  if (first === undefined || second === undefined) throw new Error('no payments')
  const lines = PAYMENTS.slice(1).map((one, at) => line(one, at % 7 === 3 ? 'anulowana' : 'OK'))
  const content = csv([line({ ...first, amount: 1 }, 'OK'), ...lines])
  const read = await upload(clerk, content)
  t.match(read, { id: null, columns: ['Kasa', 'STAN', 'Kwota', 'Karta', 'Wynik'], mapping: null })
  t.notMatch(JSON.stringify(read.sample), first.number, 'no whole number comes back')
  const { id } = await upload(clerk, content, MAPPING)
  const journal = await clerk.ok('journals.show', { params: { id: id ?? '' } })
  t.equal(journal.rows.length, 50)
  t.match(journal.rows[0], { match: 'none', case: null, proposal: null })
  t.ok(journal.rows.slice(1).every(({ match }) => match === 'exact'))
  t.equal(journal.rows.filter(({ proposal }) => proposal === 'didNotHappen').length, 7)
  const rows = journal.rows.flatMap(({ row, proposal }) => (proposal === null ? [] : [{ row, decision: proposal }]))
  const params = { id: id ?? '' }
  const result = await clerk.ok('journals.decide', { params, body: { rows, reason: 'Journal of till 1' } })
  t.same(result, { decided: 49, failed: 0, approval: null })
  t.equal((await clerk.ok('cases.list', { query: { limit: 500 } })).items.length, before - 49)
  const after = await clerk.ok('journals.show', { params })
  t.equal(after.rows.filter((row) => row.result === 'happened').length, 42)
  t.equal(after.rows.filter((row) => row.result === 'did_not_happen').length, 7)
  t.equal(await clerk.code('journals.decide', { params, body: { rows, reason: 'again' } }), 'journal_nothing_to_decide')
  t.match(await clerk.ok('journals.mapping', { params: { store: STORE } }), { mapping: MAPPING })
  const [{ outcome } = { outcome: '' }] = (
    await (await menu.signedIn('auditor')).ok('audit.list', { query: { action: 'journals.upload' } })
  ).items
  t.equal(outcome, 'done')
})

t.test('a day of a till that differs names what only its journal has', async (t) => {
  const connection = workerConnection(menu.access)
  t.teardown(() => connection.close())
  await foldOnce(connection, [SEARCH_ROWS, REPORT_SUMS], { batches: 1_000, ids: 1_000_000 })
  const accountant = await menu.signedIn('accountant')
  await connection.send(
    `INSERT INTO day_ends (id, terminal_code, store_code, since, business_date, credits, credits_amount, reversed_credits, reversed_credits_amount,
       debits, debits_amount, reversed_debits, reversed_debits_amount, agreed, claimed_credits, claimed_credits_amount,
       claimed_reversed_credits, claimed_reversed_credits_amount, claimed_debits, claimed_debits_amount, claimed_reversed_debits,
       claimed_reversed_debits_amount, claimed_net)
     SELECT 1, terminal_code, store_code, NULL, business_date, 0, 0, 0, 0, 50, 26225, 0, 0, 0, 0, 0, 0, 0, 50, 26225 - 499, 0, 0, 499 - 26225
     FROM transactions WHERE terminal_code = 'DEMO0001' AND stan = 100 AND amount > 0`,
  )
  const { columns, rows } = await accountant.ok('reports.show', {
    params: { report: 'tills' },
    query: { from: '2020-01-01' },
  })
  const [row = []] = rows
  const cell = (name: string) => row[columns.findIndex((column) => column.name === name)]
  t.match(['total', 'amount', 'claimedAmount', 'difference', 'agreed'].map(cell), ['debits', 26225, 25726, -499, 'no'])
  t.match(cell('transactions'), /^STAN 100 only in the till; STAN 101 only in the till; .*; and 23 more$/u)
  // The till's sum where it counted nothing, and its net alone.
  const shown = async (change: string) => {
    await connection.send(`UPDATE day_ends SET ${change} WHERE id = 1`)
    const table = await accountant.ok('reports.show', { params: { report: 'tills' }, query: { from: '2020-01-01' } })
    const names = ['total', 'amount', 'claimedAmount', 'difference']
    return table.rows.map((line) => names.map((name) => line[table.columns.findIndex((one) => one.name === name)]))
  }
  t.same(await shown('claimed_debits_amount = 26225, claimed_net = -26225, claimed_credits_amount = 100'), [
    ['credits', 0, 100, 100],
    ['debits', 26225, 26225, 0],
  ])
  t.same(await shown('claimed_credits_amount = 0, claimed_net = 26225'), [
    ['debits', 26225, 26225, 0],
    ['net', null, null, 52450],
  ])
  await connection.send('DELETE FROM day_ends WHERE id = 1')
})

t.test('above the limit in all, a second person sees every row and decides', async (t) => {
  const [clerk, accountant] = [await menu.signedIn('helpdesk'), await menu.signedIn('accountant')]
  const payments = Array.from({ length: 6 }, (_, at) => ({ number: numberAt(60 + at), stan: 900 + at, amount: 100_00 }))
  await openCases(menu, payments)
  const { id } = await upload(clerk, csv(payments.map((one) => line(one, 'OK'))), MAPPING)
  const params = { id: id ?? '' }
  const rows = payments.map((_, at) => ({ row: at + 2, decision: 'happened' }))
  const result = await clerk.ok('journals.decide', { params, body: { rows, reason: 'Journal' } })
  t.match(result, { decided: 0, failed: 0, approval: /^journal-/u })
  t.equal(await clerk.code('journals.decide', { params, body: { rows, reason: 'again' } }), 'already_proposed')
  const shown = (await accountant.ok('approvals.list')).items.find((one) => one.id === result.approval)
  t.equal(shown?.changes.length, 6)
  t.match(shown?.changes[0], { money: { after: { value: 100_00 } } })
  const decision = {
    params: { id: result.approval ?? '' },
    body: { approve: true, reason: '', version: shown?.version },
  }
  t.equal(await clerk.code('approvals.decide', decision), 'own_request')
  await accountant.ok('approvals.decide', decision)
  const after = await accountant.ok('journals.show', { params })
  t.same([...new Set(after.rows.map((row) => row.result))], ['happened'])
})

t.test('rows that could be two cases, and cases that two rows claim, are for a person', async (t) => {
  const clerk = await menu.signedIn('helpdesk')
  const twice = { number: numberAt(70), stan: 950, amount: 12_00 }
  await openCases(menu, [twice, { ...twice, stan: 951 }])
  const content = csv([line(twice, 'OK'), line({ ...twice, stan: 999 }, 'OK'), line({ ...twice, stan: 951 }, '?')])
  const { id } = await upload(clerk, content, MAPPING)
  const { rows } = await clerk.ok('journals.show', { params: { id: id ?? '' } })
  t.match(rows, [
    { match: 'exact', proposal: 'happened' },
    { match: 'several', proposal: null },
    { match: 'exact', proposal: null, happened: null },
  ])
})

t.test('a row whose case somebody decided meanwhile says so, in words that the page has', async (t) => {
  const clerk = await menu.signedIn('accountant')
  const late = { number: numberAt(0), stan: 990, amount: 777 }
  await openCases(menu, [late])
  const { id } = await upload(clerk, csv([line(late, 'OK')]), MAPPING)
  const params = { id: id ?? '' }
  const [row] = (await clerk.ok('journals.show', { params })).rows
  t.match(row, { match: 'exact', proposal: 'happened' })
  const body = { decision: 'didNotHappen', reason: 'no receipt' }
  await clerk.ok('cases.decide', { params: { id: row?.case ?? '' }, body })
  const again = (await clerk.ask('cases.decide', { params: { id: row?.case ?? '' }, body })).json
  t.match(again, {
    code: 'case_closed',
    detail: /^Case \d+ was closed at \d+ \w+ \d{4}, \d\d:\d\d: it did not happen\.$/u,
  })
  const rows = [{ row: row?.row ?? 0, decision: 'happened' }]
  const result = await clerk.ok('journals.decide', { params, body: { rows, reason: 'Journal of till 1' } })
  t.same(result, { decided: 0, failed: 1, approval: null })
  const [after] = (await clerk.ok('journals.show', { params })).rows
  t.equal(after?.result, 'case_closed')
  for (const code of ['case_closed', 'case_money_gone', 'case_never_booked', 'case_not_decided'])
    t.ok(`resolution.${code}` in TEXTS, code)
})

t.test('amounts as tills write them', async (t) => {
  const cases: [string, number | null][] = [
    ['12,34', 12_34], ['12.3', 12_30], ['1 234,50 zł', 1234_50], ['1,234.50', 1234_50], ['-7,00', 7_00], ['5', 5_00],
    ['1.234', 1234_00], ['', null], ['abc', null],
  ] // prettier-ignore
  for (const [text, value] of cases) t.equal(amountOf(text, 985), value, text)
  t.equal(amountOf('1234', 392), 1234, 'yen have no decimals')
  t.same([amountOf('1,234', 392), amountOf('12.00', 392), amountOf('1.5', 392)], [1234, 12, null])
  t.same([amountOf('1.234', 414), amountOf('1,234.5', 414), amountOf('12.30', 414)], [1_234, 1_234_500, 12_300], 'three decimals') // prettier-ignore
  t.same([amountOf('12.340000000000002', 985), amountOf('12.3456', 985)], [12_34, null])
  for (const [text, value] of [
    ['12,34 PLN', 12_34], ['zł 12,34', 12_34], ['12,34-', 12_34], ['12.34 EUR', null], ['12,34 €', null], ['1e3', null],
    ['0x10', null], ['1,2,3', null], ['1,234,50', null], ['12..3', null], ['1 2 3', null], ['1.234.567', 1_234_567_00],
  ] as const) t.equal(amountOf(text, 985), value, text) // prettier-ignore
  t.same([amountOf('12,34 €', 978), amountOf('12,34 zł', 978)], [12_34, null])
})

t.test('times as tills write them, by the store’s clock; what is no time says nothing', async (t) => {
  const read = instantReader('Europe/Warsaw')
  for (const [text, instant] of [
    ['2026-11-30 18:04', '2026-11-30T17:04:00Z'], ['30.11.2026, 18:04:05', '2026-11-30T17:04:05Z'],
    ['30-11-2026 8:04', '2026-11-30T07:04:00Z'], ['2026/11/30 18:04', '2026-11-30T17:04:00Z'],
    ['2026-11-30T17:04:00.123Z', '2026-11-30T17:04:00Z'], ['2026-11-30T12:04:00-05:00', '2026-11-30T17:04:00Z'],
    ['46356.75', '2026-11-30T17:00:00Z'], ['2026-10-25 12:00', '2026-10-25T11:00:00Z'], ['2026-03-29 12:00', '2026-03-29T10:00:00Z'],
    ['2026-02-30 10:00', null], ['2026-11-30 24:30', null], ['2026-11-30 18:64', null], ['2026-11-30 6:04 PM', null], ['18:04', null],
  ] as const) t.equal(read(text), instant === null ? null : Date.parse(instant), text) // prettier-ignore
})

t.test('outcomes as tills write them: words, yes and no, response codes', async (t) => {
  const words = outcomeReader(['1', '0'])
  for (const [text, happened] of [
    ['OK', true], ['tak', true], ['1', true], ['Approved', true], ['Opłacono', true], ['zakończona', true], ['Transakcja udana', true],
    ['no', false], ['0', false], ['Nie', false], ['Transakcja odrzucona', false], ['unsuccessful', false], ['not yet paid', false],
    ['niezatwierdzona', false], ['storno', false], ['nieznany', null], ['Normalna', null], ['zakończona błędem', null], ['?', null], ['', null],
  ] as const) t.equal(words(text), happened, text) // prettier-ignore
  const codes = ['00', '0', '51', '1', '12']
  t.same(codes.map(outcomeReader(codes)), [true, true, false, false, false], 'of response codes only zero is approved')
  t.same(['00', '00'].map(outcomeReader(['00', '00'])), [true, true])
  t.equal(outcomeReader(['0', '0'])('0'), null, 'a spreadsheet’s 00, or no: a person has to look')
})

t.test('odd files: any encoding and separator, empty lines, a heading twice, what is no table', async (t) => {
  const MAPPED: Mapping = { terminal: 'Kasa', stan: 'STAN', amount: 'Należność' }
  const read = async (bytes: Uint8Array) => {
    const table = await tableOf('kasa.csv', bytes)
    if (isRefused(table)) return table.refused
    return saidRows(table, MAPPED, { currency: 985, timeZone: 'Europe/Warsaw' }).map((row) => [
      row.row,
      row.stan,
      row.amount,
    ])
  }
  const rows = 'sep=;\r\nKasa;STAN;Należność\r\n\r\nDEMO0001;000017;5,00\r\n;;\r\nDEMO0001;18.0;6,00\r\n'
  const expected = [[4, 17, 500], [6, 18, 600]] // prettier-ignore
  t.same(await read(Buffer.from(`\uFEFF${rows}`)), expected)
  t.same(await read(Buffer.from(`\uFEFF${rows}`, 'utf16le')), expected)
  t.same(await read(Buffer.from(rows.replaceAll('ż', '\u00bf').replaceAll('ś', '\u009c').replaceAll('ć', '\u00e6'), 'latin1')), expected, 'Windows-1250') // prettier-ignore
  t.same(await read(Buffer.from(rows.slice(7).replaceAll(';', '|'))), [[3, 17, 500], [5, 18, 600]]) // prettier-ignore
  t.same(await tableOf('x.csv', Buffer.from('A;A;;A\n1;2;3;4')), {
    columns: ['A', 'A (2)', '#3', 'A (3)'],
    rows: [{ line: 2, cells: ['1', '2', '3', '4'] }],
  })
  for (const [bytes, refusal] of [
    [Buffer.from(''), 'no_columns'],
    [Buffer.from('A;B\n'), 'no_lines'],
    [Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]), 'not_xlsx'],
    [Buffer.from(`A;B\n${'1;2\n'.repeat(5_001)}`), 'list_too_long'],
  ] as const) t.equal(await read(bytes), refusal) // prettier-ignore
  const sheet = xlsxOf([['Kasa', 'STAN', 'Należność'], [], ['DEMO0001', 17, 5]])
  t.same(await read(sheet), [[3, 17, 500]], 'rows of a workbook by its own numbers')
})

t.test('a workbook is read back as it was written; anything else is none', async (t) => {
  const rows = [
    ['Kasa', 'STAN', null, '<&"> ł'],
    ['DEMO0001', 17, 12.5, ''],
  ]
  t.same(rowsOfXlsx(xlsxOf(rows)), [
    ['Kasa', 'STAN', '', '<&"> ł'],
    ['DEMO0001', '17', '12.5', ''],
  ])
  t.equal(rowsOfXlsx(Buffer.from('PK no zip at all')), null)
  const clerk = await menu.signedIn('helpdesk')
  const body = { store: STORE, fileName: 'x.xlsx', content: Buffer.from('PK\u0003\u0004').toString('base64') }
  t.equal(await clerk.code('journals.upload', { body }), 'not_xlsx')
})
