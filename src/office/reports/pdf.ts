import { createRequire } from 'node:module'
import type { Content } from 'pdfmake'
import type { Words } from '../refusal.ts'
import type { Column } from './report.ts'

export type PdfReport = {
  readonly title: string
  /** Period, filter, definition, exactness: a line each. */
  readonly about: readonly string[]
  readonly madeBy: string
  readonly madeAt: string
  readonly language: keyof Words
  readonly columns: readonly Column[]
  /** As people read them; the last ones are totals. */
  readonly rows: readonly (readonly string[])[]
  readonly totals: number
}

const SAYS = {
  madeBy: { en: 'Made by', pl: 'Sporządził(a)' },
  page: { en: 'Page', pl: 'Strona' },
  of: { en: 'of', pl: 'z' },
} as const satisfies Record<string, Words>

const fontFile = (name: string): string => createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)

/** Beyond so many columns a page lies on its side. */
const UPRIGHT_COLUMNS = 7

/** A4 pages: title and what it is of, the table with its head on each page, totals in bold, page numbers. */
export async function pdfOf(report: PdfReport): Promise<Buffer> {
  const { title, about, madeBy, madeAt, language, columns, rows, totals } = report
  const isFigure = columns.map(({ kind }) => kind === 'money' || kind === 'count' || kind === 'ratio')
  const cell = (text: string, i: number, bold: boolean): Content => ({
    text,
    bold,
    alignment: isFigure[i] === true ? 'right' : 'left',
    noWrap: isFigure[i] === true,
  })
  const body: Content[][] = [
    columns.map(({ title: head }, i) => cell(head[language], i, true)),
    ...rows.map((row, at) => row.map((text, i) => cell(text, i, at >= rows.length - totals))),
  ]
  // Loaded when first needed: it takes 0.4 s, and every start of akart can do without.
  const { default: pdfmake } = await import('pdfmake')
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => path.endsWith('.ttf'))
  pdfmake.setFonts({ DejaVu: { normal: fontFile('DejaVuSans'), bold: fontFile('DejaVuSans-Bold') } })
  const made = `${SAYS.madeBy[language]} ${madeBy}, ${madeAt.slice(0, 16).replace('T', ' ')} UTC`
  return pdfmake
    .createPdf({
      info: { title },
      pageSize: 'A4',
      pageOrientation: columns.length > UPRIGHT_COLUMNS ? 'landscape' : 'portrait',
      pageMargins: [36, 36, 36, 44],
      defaultStyle: { font: 'DejaVu', fontSize: columns.length > 10 ? 6.5 : 8 },
      footer: (page, pages) => ({
        margin: [36, 12, 36, 0],
        columns: [
          { text: made, fontSize: 7 },
          { text: `${SAYS.page[language]} ${page} ${SAYS.of[language]} ${pages}`, alignment: 'right', fontSize: 7 },
        ],
      }),
      content: [
        { text: title, fontSize: 16, bold: true },
        ...about.map((text) => ({ text, fontSize: 8, color: '#444444', margin: [0, 1, 0, 0] })),
        { text: '', margin: [0, 4, 0, 4] },
        {
          table: {
            headerRows: 1,
            widths: isFigure.map((figure) => (figure ? 'auto' : '*')),
            body,
            dontBreakRows: true,
          },
          layout: 'lightHorizontalLines',
        },
      ],
    })
    .getBuffer()
}
