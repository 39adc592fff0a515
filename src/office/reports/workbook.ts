import { strToU8, zipSync } from 'fflate'

/** Typed: numbers of cards and references are text; money is a number with its currency's decimals; days are dates. */
export type SheetCell =
  | { readonly kind: 'empty' }
  | { readonly kind: 'text'; readonly value: string }
  /** `decimals` null: as many as it has. */
  | { readonly kind: 'number'; readonly value: string; readonly decimals: number | null }
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

/** Styles of `STYLES`, by decimals: 0, 2, 3; then days and heads. */
const NUMBER_STYLES: Readonly<Record<number, number>> = { 0: 1, 2: 2, 3: 3 }
const DAY_STYLE = 4
const HEAD_STYLE = 5

const DAY_ZERO = Date.UTC(1899, 11, 30)

function cellXml(cell: SheetCell, isHead: boolean): string {
  switch (cell.kind) {
    case 'empty':
      return '<c/>'
    case 'text':
      return `<c t="inlineStr"${isHead ? ` s="${HEAD_STYLE}"` : ''}><is><t xml:space="preserve">${escaped(plain(cell.value))}</t></is></c>`
    case 'number':
      return `<c s="${cell.decimals === null ? 0 : (NUMBER_STYLES[cell.decimals] ?? 2)}"><v>${cell.value}</v></c>`
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

const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="#,##0.000"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/><xf numFmtId="3" applyNumberFormat="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`

/** A workbook without formulas: a table, its head in bold; one that is longer than a sheet goes on in the next, head repeated. */
export function workbookOf(table: readonly (readonly SheetCell[])[], title: string, mostRows = MOST_ROWS): Buffer {
  const [head = [], ...rows] = table
  const sheets: string[] = []
  for (let i = 0; i === 0 || i < rows.length; i += mostRows - 1) {
    const lines = [head, ...rows.slice(i, i + mostRows - 1)].map(
      (row, at) => `<row r="${at + 1}">${row.map((cell) => cellXml(cell, at === 0)).join('')}</row>`,
    )
    sheets.push(
      `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols><col min="1" max="${Math.max(1, head.length)}" width="16" customWidth="1"/></cols><sheetData>${lines.join('')}</sheetData></worksheet>`,
    )
  }
  const name = (i: number): string =>
    escaped(`${title.replaceAll(/[[\]:*?/\\]/gu, ' ').slice(0, 26)}${i === 0 ? '' : ` ${i + 1}`}`)
  const each = (make: (i: number) => string): string => sheets.map((_, i) => make(i)).join('')
  return Buffer.from(
    zipSync({
      '[Content_Types].xml': strToU8(
        `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${DOCUMENT}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${DOCUMENT}.styles+xml"/>${each((i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${DOCUMENT}.worksheet+xml"/>`)}</Types>`,
      ),
      '_rels/.rels': strToU8(
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
      'xl/workbook.xml': strToU8(
        `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${each((i) => `<sheet name="${name(i)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`)}</sheets></workbook>`,
      ),
      'xl/_rels/workbook.xml.rels': strToU8(
        `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${each((i) => `<Relationship Id="rId${i + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
      ),
      'xl/styles.xml': strToU8(STYLES),
      ...Object.fromEntries(sheets.map((sheet, i) => [`xl/worksheets/sheet${i + 1}.xml`, strToU8(sheet)])),
    }),
  )
}
