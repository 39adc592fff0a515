import { inflateSync } from 'node:zlib'
import t from 'tap'
import { pdfOf, type PdfReport } from '../../../src/office/reports/pdf.ts'

/* On paper, totals stand with at least two of the rows that they are of, below the heads of their columns. */

const COLUMNS = [
  { name: 'store', kind: 'text', title: { en: 'Store', pl: 'Sklep' } },
  { name: 'day', kind: 'day', title: { en: 'Day', pl: 'Dzień' } },
  { name: 'amount', kind: 'money', title: { en: 'Amount', pl: 'Kwota' } },
] as const
const TOTALS = [
  ['PLN', '', '1,200.00'],
  ['EUR', '', '300.00'],
]

const reportOf = (rows: number): PdfReport => ({
  title: 'Report',
  about: ['a line'],
  madeBy: 'ola',
  madeAt: '2026-11-30T10:00:00Z',
  language: 'en',
  columns: COLUMNS,
  rows: [...Array.from({ length: rows }, (_, i) => [`store ${i}`, '2026-11-30', '100.00']), ...TOTALS],
  totals: TOTALS.length,
})

/** The texts of each page by their font: how many lines in letters of the first font, and of the second. */
function linesOf(pdf: Buffer): Map<string, number>[] {
  const streams = [...pdf.toString('latin1').matchAll(/stream\r?\n([\s\S]*?)\nendstream/gu)].flatMap(([, body = '']) => {
    try {
      return [inflateSync(Buffer.from(body, 'latin1')).toString('latin1')]
    } catch {
      return []
    }
  }) // prettier-ignore
  return streams
    .filter((stream) => /\bBT\b/u.test(stream))
    .map((page) => {
      const fonts = new Map<string, number>()
      for (const [, font = ''] of page.matchAll(/\/(F\d+) [\d.]+ Tf/gu)) fonts.set(font, (fonts.get(font) ?? 0) + 1)
      return fonts
    })
}

/** Of the head and of two rows of totals. */
const BOLD = 3 * COLUMNS.length - TOTALS.length
/** Of two rows and the foot of the page. */
const REGULAR = 2 * COLUMNS.length + 2

void t.test('however many rows there are, totals are not alone on the last page', async (t) => {
  let pages = 0
  for (let rows = 36; rows <= 62; rows++) {
    const told = linesOf(await pdfOf(reportOf(rows)))
    const last = [...(told.at(-1)?.values() ?? [])].sort((a, b) => b - a)
    pages = Math.max(pages, told.length)
    t.equal(last.length, 2, `${rows} rows: two fonts on the last of ${told.length} pages`)
    t.ok(Math.min(...last) >= Math.min(BOLD, REGULAR) && Math.max(...last) >= Math.max(BOLD, REGULAR), `${rows} rows: ${last.join(' and ')} lines on the last page`) // prettier-ignore
  }
  t.ok(pages >= 2, 'some have a second page')
})

void t.test('a report of no more than its totals and one row is whole', async (t) => {
  for (const rows of [0, 1, 2, 3]) t.equal(linesOf(await pdfOf(reportOf(rows))).length, 1)
})
