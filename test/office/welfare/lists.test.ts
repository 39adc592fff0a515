import { zipSync, strToU8 } from 'fflate'
import t from 'tap'
import { isRefused, type Refused } from '../../../src/office/refusal.ts'
import {
  guessDecimal,
  namesOtherCurrency,
  readAmountNumber,
  readAmountText,
} from '../../../src/office/welfare/amount-reading.ts'
import { templateFile } from '../../../src/office/welfare/batch-files.ts'
import type { ReadAs, Upload } from '../../../src/office/welfare/list-file.ts'
import { openList } from '../../../src/office/welfare/open-list.ts'
import { maskedText } from '../../../src/office/welfare/parse-row.ts'
import { zipParts } from '../../../src/office/welfare/zip-parts.ts'

const csv = (content: string | Uint8Array): Upload => ({ name: 'list.csv', content: Buffer.from(content) })

type Seen = { readonly readAs: ReadAs; readonly rows: readonly string[] }

/** Each row as `line employee|name|amount|fund`, with the kind of the amount where it is not text. */
async function read(file: Upload): Promise<Seen | Refused> {
  const list = await openList(file)
  if (isRefused(list)) return list
  const rows: string[] = []
  for await (const row of list.rows()) {
    if (isRefused(row)) return row
    const { kind } = row.cell('amount')
    const cells = (['employee', 'name', 'amount', 'fund'] as const).map((column) => row.cell(column).text)
    rows.push(`${row.line} ${cells.join('|')}${kind === 'text' ? '' : ` ${kind}`}`)
  }
  return { readAs: list.readAs, rows }
}

t.test('amounts: sign, thousands, currency', async (t) => {
  const table: readonly (readonly [string, ',' | '.' | null, number | string])[] = [
    ['100', null, 10_000],
    ['100,5', null, 10_050],
    ['100.50', ',', 10_050],
    ['1 234,56', ',', 123_456],
    ['1\u00a0234,56 zł', ',', 123_456],
    ["1'234.56", '.', 123_456],
    ['1,234.56', '.', 123_456],
    ['1.234,56', ',', 123_456],
    ['1.234.567', null, 123_456_700],
    ['1,234', '.', 123_400],
    ['1.234', '.', 'amount_ambiguous'],
    ['1.234', null, 'amount_ambiguous'],
    ['12.500', ',', 1_250_000],
    ['0', null, 0],
    ['', null, 'amount_missing'],
    ['ten', null, 'amount_not_a_number'],
    ['1,23,4', null, 'amount_not_a_number'],
    ['=1+1', null, 'amount_not_a_number'],
    ['-5', null, 'amount_negative'],
    ['−5,00', null, 'amount_negative'],
    ['1,2345', null, 'amount_decimals'],
    ['1,50000', null, 150],
    ['9999999999999', null, 'amount_too_large'],
    ['1e3', null, 'amount_not_a_number'],
  ]
  for (const [text, decimal, amount] of table)
    t.equal(readAmountText(text, decimal, 2), amount, `${text} ${decimal ?? ''}`)
  t.equal(readAmountText('1500', null, 0), 1_500, 'a currency without decimals')
  for (const [text, other] of [
    ['100 zł', false],
    ['100', false],
    ['100 PLN', false],
    ['100 €', true],
    ['5,50 eur', true],
  ] as const)
    // prettier-ignore
    t.equal(namesOtherCurrency(text, 'PLN'), other, text)
  t.equal(readAmountNumber(0.1 + 0.2, 2), 30)
  t.equal(readAmountNumber(12.345, 2), 'amount_decimals')
  t.equal(guessDecimal(['1.000', '12,50', 'x']), ',')
  t.equal(guessDecimal(['1000', '1.000']), null)
})

t.test('CSV: separator, encoding and headings are found out', async (t) => {
  const polish = 'Nr pracownika;Imię i nazwisko;Kwota;Fundusz\r\n17;Żaneta Łoś;1 200,50;ZFŚS\r\n'
  const latin2 = Buffer.from(polish, 'latin1')
  const encode = (map: Readonly<Record<string, number>>): Buffer =>
    Buffer.from(Array.from(polish, (sign) => map[sign] ?? sign.charCodeAt(0)))
  const windows = encode({ ę: 0xea, Ż: 0xaf, Ł: 0xa3, ś: 0x9c, Ś: 0x8c })
  const iso = encode({ ę: 0xea, Ż: 0xaf, Ł: 0xa3, ś: 0xb6, Ś: 0xa6 })
  t.ok(latin2.length > 0)
  for (const [content, encoding] of [
    [Buffer.from(polish), 'utf-8'],
    [Buffer.from(`\uFEFF${polish}`), 'utf-8'],
    [Buffer.from(`\uFEFF${polish}`, 'utf16le'), 'utf-16le'],
    [Buffer.from(`\uFEFF${polish}`, 'utf16le').swap16(), 'utf-16be'],
    [Buffer.from(polish, 'utf16le'), 'utf-16le'],
    [Buffer.from(polish, 'utf16le').swap16(), 'utf-16be'],
    [windows, 'windows-1250'],
    [iso, 'iso-8859-2'],
  ] as const) {
    t.same(await read(csv(content)), {
      readAs: { format: 'csv', separator: ';', encoding, sheet: null, decimal: ',' },
      rows: ['2 17|Żaneta Łoś|1 200,50|ZFŚS'],
    })
  }
  t.match(await read(csv('amount\temployee\n5.00\t1\n\n\t\n6.00\t"2\n3"\n')), {
    readAs: { separator: '\t', decimal: '.' },
    rows: ['2 1||5.00|', '5 2\n3||6.00|'],
  })
  for (const [content, code] of [
    ['employee,fund\n1,x\n', 'list_column_missing'],
    ['employee,amount,kwota\n1,2,3\n', 'list_column_twice'],
    ['employee,amount\n', 'list_empty'],
    ['', 'list_empty'],
    [`employee,amount\n1,"${'x'.repeat(30_000)}\n`, 'not_csv'],
    [new Uint8Array(21 * 1024 * 1024), 'list_too_large'],
  ] as const) {
    t.match(await read(csv(content)), { refused: code })
  }
  const many = `employee,amount\n${'1,1\n'.repeat(100_001)}`
  t.match(await read(csv(many)), { refused: 'list_too_long' })
})

t.test('rows stay rows, and keep their numbers, whatever line ends and cells of several lines there are', async (t) => {
  for (const [name, content, rows] of [
    ['line ends of three kinds', 'employee,amount\r\n1,5\n2,6\r3,7\r\n', ['2 1||5|', '3 2||6|', '4 3||7|']],
    ['the last ones are others', 'employee,amount\n1,5\r\n2,6\r\n', ['2 1||5|', '3 2||6|']],
    [
      'cells of two lines',
      'employee,name,amount\r\n1,"A\r\nB",5\r\n2,"C\nD",6\r\n\r\n3,E,7',
      ['2 1|A\r\nB|5|', '4 2|C\nD|6|', '7 3|E|7|'],
    ],
    ['what Excel reads as a hint', 'sep=;\r\nemployee;amount\r\n1;5,50\r\n', ['3 1||5,50|']],
    [
      'a separator and quotation marks in a cell',
      'employee;name;amount\n1;"Baran; ""Ania"" A.";5',
      ['2 1|Baran; "Ania" A.|5|'],
    ],
  ] as const)
    // prettier-ignore
    t.match(await read(csv(content)), { rows }, name)
  t.equal(readAmountText('5\n2', null, 2), 'amount_not_a_number', 'two lines are no one amount')
  for (const content of ['employee;name;amount\n1;Jan "Janek" K;5', 'employee;name;amount\n1;"Jan" K;5']) {
    const refused = await read(csv(content))
    t.match(refused, { refused: 'not_csv', details: { line: 2, why: { en: /quotation mark inside a cell/ } } })
  }
})

t.test('a row with more cells than headings is told: 5,50 without quotation marks is two cells', async (t) => {
  const surplus = async (file: Upload): Promise<unknown[]> => {
    const list = await openList(file)
    if (isRefused(list)) return [list]
    const seen: unknown[] = []
    for await (const row of list.rows()) seen.push(isRefused(row) ? row : row.surplus)
    return seen
  }
  t.same(await surplus(csv('employee,amount\n1,5,50\n2,6\n3,7,,\n')), ['50', null, null])
  t.same(await surplus(csv('employee,amount,note\n1,5,50,\n2,6,,\n3,7,at once,\n')), ['50', null, null])
  t.same(await surplus(csv('employee;amount;fund\n1;5;50;\n')), [null], 'semicolons cut no amount')
  t.same(await surplus(workbook('<row r="2"><c r="A2"><v>1</v></c><c r="K2"><v>9</v></c></row>')), [null])
})

/** 1 is what fits in 20 MB, 18 s of processor; a tenth is as wrong. */
const SIZE = Number(process.env['AKART_HOSTILE_SIZE'] ?? '0.1')
const many = (count: number): number => Math.round(count * SIZE)

t.test('hostile text is refused at the first part that exceeds a limit', async (t) => {
  const head = 'employee,amount\n'
  for (const [name, content, code] of [
    ['rows', head + '1,1\n'.repeat(many(4_500_000)), 'list_too_long'],
    ['columns', 'employee,amount' + ','.repeat(many(15_000_000)), 'not_csv'],
    ['cells in a row', head + '1,'.repeat(many(7_500_000)), 'not_csv'],
    ['nothing but line ends', '\n'.repeat(many(20_000_000)), 'list_empty'],
    ['headings and line ends', head + '\r\n'.repeat(many(10_000_000)), 'list_empty'],
    ['a quote that never ends', head + '1,"' + 'x\n'.repeat(many(7_000_000)), 'not_csv'],
    ['nothing but zeros', Buffer.alloc(many(20 * 1024 * 1024)), 'not_csv'],
  ] as const) {
    const started = performance.now()
    t.match(await read(csv(content)), { refused: code }, name)
    t.comment(`${name}: ${Math.round(performance.now() - started)} ms`)
  }
})

const MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
type Parts = Readonly<Record<string, string | Uint8Array>>

/** A workbook as a spreadsheet writes it: texts shared, styles, two sheets of which the first is hidden. */
function workbook(sheet: string, more: Parts = {}): Upload {
  const parts: Parts = {
    'xl/workbook.xml': `<?xml version="1.0"?><workbook ${MAIN} xmlns:r="r"><sheets><sheet name="Old" sheetId="1" state="hidden" r:id="rId9"/><sheet name="Lista" sheetId="2" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels':
      '<Relationships><Relationship Id="rId9" Target="worksheets/none.xml"/><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
    'xl/sharedStrings.xml': `<sst ${MAIN}><si><t>employee</t></si><si><t>amount</t></si><si><r><t>Za</t></r><r><t>&#x142;&amp;Co</t></r><rPh><t>reading</t></rPh></si></sst>`,
    'xl/styles.xml': `<styleSheet ${MAIN}><numFmts><numFmt numFmtId="164" formatCode="00000"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="166" formatCode="#,##0.00\\ &quot;zd&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="14"/><xf numFmtId="166"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `<worksheet ${MAIN}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><t>name</t></is></c></row>${sheet}</sheetData></worksheet>`,
    ...more,
  }
  const content = zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
    ),
    { level: 1 },
  )
  return { name: 'list.xlsx', content }
}

t.test('XLSX: typed cells, dates, leading zeros, numbers as text, formulas', async (t) => {
  const rows =
    '<row r="3"><c r="A3" s="1"><v>42</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" s="4"><v>1234.5</v></c></row>' +
    '<row r="4"/><row r="5"><c r="A5" t="str"><v> </v></c></row>' +
    '<row r="7"><c r="A7" t="inlineStr"><is><t>7</t></is></c><c r="C7" t="inlineStr"><is><t>1 000,25</t></is></c></row>' +
    '<row r="8"><c r="A8"><v>8</v></c><c r="C8" s="2"><v>45992</v></c></row>' +
    '<row r="9"><c r="A9"><v>9</v></c><c r="C9"><f>SUM(C1:C8)</f><v>99</v></c></row>' +
    '<row r="10"><c r="A10"><v>10</v></c><c r="C10" t="e"><v>#REF!</v></c></row>' +
    '<row><c><v>11</v></c><c/><c s="3"><v>45992</v></c></row>'
  t.same(await read(workbook(rows)), {
    readAs: { format: 'xlsx', separator: null, encoding: null, sheet: 'Lista', decimal: ',' },
    rows: [
      '3 00042|Zał&Co|1234.5| number',
      '7 7||1 000,25|',
      '8 8||2025-12-01| date',
      '9 9||99| formula',
      '10 10||#REF!| error',
      '11 11||2025-12-01| date',
    ],
  })
  const template = await read({ name: 't.xlsx', content: templateFile({ format: 'xlsx', language: 'pl' }).content })
  t.match(template, { rows: ['2 PRZYKŁAD|Jan Kowalski|250|ZFŚS number'] }, 'our own template is read')
})

/** What was read, and the processor time of that alone, in ms: of this process, with its threads. */
async function measured(file: Upload): Promise<{ readonly seen: Seen | Refused; readonly ms: number }> {
  const before = process.cpuUsage()
  const seen = await read(file)
  const { user, system } = process.cpuUsage(before)
  return { seen, ms: (user + system) / 1_000 }
}

t.test('hostile workbooks are refused at once, and for less work than a list', async (t) => {
  /** Half as many rows as a list may have: what anybody may ask for. */
  const list = workbook('<row><c><v>17</v></c><c t="s"><v>2</v></c><c><v>12.5</v></c></row>'.repeat(50_000))
  const honest = await measured(list)
  t.equal(isRefused(honest.seen) ? honest.seen.refused : honest.seen.rows.length, 50_000)
  async function refusedSoon(name: string, file: Upload, code: string): Promise<void> {
    const { seen, ms } = await measured(file)
    t.match(seen, { refused: code }, name)
    t.ok(ms < 3 * honest.ms, `${name}: ${Math.round(ms)} ms of processor, a long list ${Math.round(honest.ms)}`)
  }
  const ROW = '<row r="2"><c r="A2"><v>1</v></c></row>'
  const bomb = '<c/>'.repeat(3_000_000)
  for (const [name, file, code] of [
    ['macros', workbook(ROW, { 'xl/vbaProject.bin': 'x' }), 'file_has_macros'],
    ['a link to another file', workbook(ROW, { 'xl/externalLinks/externalLink1.xml': '<x/>' }), 'file_has_links'],
    [
      'a sheet somewhere else',
      workbook(ROW, {
        'xl/_rels/workbook.xml.rels':
          '<Relationships><Relationship Id="rId1" TargetMode="External" Target="http://10.0.0.1/x"/></Relationships>',
      }),
      'file_has_links',
    ],
    [
      'a document type',
      workbook(ROW, { 'xl/worksheets/sheet1.xml': '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>' }),
      'not_xlsx',
    ],
    ['a bomb', workbook(ROW, { 'xl/worksheets/sheet1.xml': bomb }), 'file_unpacks_to_too_much'],
    [
      'a tag without end',
      workbook(ROW, { 'xl/worksheets/sheet1.xml': `<worksheet ${'a'.repeat(1_200_000)}` }),
      'not_xlsx',
    ],
    ['two rows of one number', workbook(ROW + ROW), 'not_xlsx'],
    ['a row without a place', workbook('<row r="x"><c><v>1</v></c></row>'), 'not_xlsx'],
    ['a row below all sheets', workbook('<row r="99999999999"><c><v>1</v></c></row>'), 'sheet_too_long'],
    ['two cells in one place', workbook('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'), 'not_xlsx'],
    ['no sheet', workbook(ROW, { 'xl/workbook.xml': '<workbook/>' }), 'not_xlsx'],
    ['a workbook of before 2007', { name: 'a.xls', content: Buffer.from('d0cf11e0a1b11ae1', 'hex') }, 'not_xlsx'],
    ['a broken archive', { name: 'a.xlsx', content: Buffer.from('PK\u0003\u0004 nothing') }, 'not_xlsx'],
  ] as const) {
    await refusedSoon(name, file, code)
  }
  const empty = (count: number): string => Array.from({ length: count }, (_, i) => `<row r="${i + 5}"/>`).join('')
  await refusedSoon('more empty rows than a sheet has', workbook(empty(1_050_000)), 'sheet_too_long')
  await refusedSoon('rows without a number', workbook('<row/>'.repeat(many(10_000_000) + 100_000)), 'sheet_too_long')
  t.match(await read(workbook(empty(100_000) + ROW)), { rows: ['2 1|||'] }, 'a sheet that is formatted far down')
  t.equal(zipParts(Buffer.alloc(100)), null)
})

t.test('whole numbers of cards are masked wherever they stand', async (t) => {
  t.equal(maskedText('card 6299130000000017, please'), 'card 629913******0017, please')
  t.equal(maskedText('6299 1300 0000 0017'), '629913******0017')
  t.equal(maskedText('call 123456789'), 'call 123456789')
})
