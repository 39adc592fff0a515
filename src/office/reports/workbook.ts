import { strToU8, Zip, ZipDeflate } from 'fflate'

/** Types of cells: card numbers and references are text, money is a number with the decimals of its currency, days are dates. */
export type SheetCell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly value: string; readonly bold?: boolean }
  /** `decimals` null: as many as the number has. */
  | { readonly kind: 'number'; readonly value: string; readonly decimals: number | null; readonly bold?: boolean }
  | { readonly kind: 'day'; readonly value: string }

/** The limit of rows of a sheet (ECMA-376). */
const MOST_ROWS = 1_048_576

const escaped = (text: string): string =>
  text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** Styles of `STYLES`, by decimals: 0, 2, 3; then days and heads; then numbers in bold. */
const NUMBER_STYLES: Readonly<Record<number, number>> = { 0: 1, 2: 2, 3: 3 }
const BOLD = 5
const DAY_STYLE = 4
const HEAD_STYLE = 5

const numberStyle = ({ decimals, bold = false }: { decimals: number | null; bold?: boolean }): number =>
  decimals === null ? (bold ? HEAD_STYLE : 0) : (NUMBER_STYLES[decimals] ?? 2) + (bold ? BOLD : 0)

const DAY_ZERO = Date.UTC(1899, 11, 30)

function cellXml(cell: SheetCell, isHead: boolean): string {
  switch (cell.kind) {
    case 'empty':
      return '<c/>'
    case 'text':
      return `<c t="inlineStr"${isHead || cell.bold === true ? ` s="${HEAD_STYLE}"` : ''}><is><t xml:space="preserve">${escaped(plain(cell.value))}</t></is></c>`
    case 'number':
      return `<c s="${numberStyle(cell)}"><v>${cell.value}</v></c>`
    case 'day':
      return `<c s="${DAY_STYLE}"><v>${Math.round((Date.parse(`${cell.value}T00:00:00Z`) - DAY_ZERO) / 86_400_000)}</v></c>`
  }
}

/** Text that a spreadsheet would take for a formula gets an apostrophe in front (docs/spec/abuse.md, 23). */
const plain = (value: string): string => (/^[=+\-@\t\r]/u.test(value) ? `'${value}` : value)

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const DOCUMENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.000"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="9"><xf/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/><xf numFmtId="3" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="4" fontId="1" applyNumberFormat="1" applyFont="1"/><xf numFmtId="164" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`

/** How many rows are packed at a time: the XML of a full sheet would exceed the maximum length of a string. */
const LOT = 2_000

/**
 * A workbook without formulas: a table, its head in bold; one that is longer than a sheet goes on in the next, head repeated.
 * It is packed as its rows come.
 */
export function workbookOf(
  table: Iterable<readonly SheetCell[]>,
  title: string,
  { mostRows = MOST_ROWS, widths = [] }: { readonly mostRows?: number; readonly widths?: readonly number[] } = {},
): Buffer {
  const packed: Uint8Array[] = []
  const zip = new Zip((error, data) => {
    if (error !== null) throw error
    packed.push(data)
  })
  const begin = (name: string): ZipDeflate => {
    const file = new ZipDeflate(name, { level: 6 })
    zip.add(file)
    return file
  }
  const rows = table[Symbol.iterator]()
  const head = nextOf(rows) ?? []
  let sheets = 0
  for (let next = nextOf(rows); sheets === 0 || next !== null;) {
    sheets += 1
    const file = begin(`xl/worksheets/sheet${sheets}.xml`)
    let lines = [sheetBegin(head.map((_, i) => widths[i] ?? WIDTH)), rowXml(head, 1)]
    for (let at = 2; next !== null && at <= mostRows; at++, next = nextOf(rows)) {
      lines.push(rowXml(next, at))
      if (lines.length < LOT) continue
      file.push(strToU8(lines.join('')))
      lines = []
    }
    file.push(strToU8(`${lines.join('')}</sheetData></worksheet>`), true)
  }
  for (const [name, xml] of Object.entries(partsOf(sheets, title))) begin(name).push(strToU8(xml), true)
  zip.end()
  return Buffer.concat(packed)
}

function nextOf(rows: Iterator<readonly SheetCell[]>): readonly SheetCell[] | null {
  const next = rows.next()
  return next.done === true ? null : next.value
}

const rowXml = (row: readonly SheetCell[], at: number): string =>
  `<row r="${at}">${row.map((cell) => cellXml(cell, at === 1)).join('')}</row>`

/** The width of a column, in digits. */
const WIDTH = 16

const sheetBegin = (widths: readonly number[]): string =>
  `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${(widths.length === 0 ? [WIDTH] : widths).map((width, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('')}</cols><sheetData>`

/** The parts of a workbook other than its sheets. */
function partsOf(sheets: number, title: string): Readonly<Record<string, string>> {
  const name = (i: number): string =>
    escaped(`${title.replaceAll(/[[\]:*?/\\]/gu, ' ').slice(0, 26)}${i === 1 ? '' : ` ${i}`}`)
  const each = (make: (i: number) => string): string => Array.from({ length: sheets }, (_, i) => make(i + 1)).join('')
  return {
    '[Content_Types].xml': `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${DOCUMENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${DOCUMENT}.styles+xml"/>${each((i) => `<Override PartName="/xl/worksheets/sheet${i}.xml" ContentType="${DOCUMENT}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((i) => `<sheet name="${name(i)}" sheetId="${i}" r:id="rId${i}"/>`)}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((i) => `<Relationship Id="rId${i}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i}.xml"/>`)}<Relationship Id="rId${sheets + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': STYLES,
  }
}
