import type { Content } from 'pdfmake'
import { FONT, pdfMaker } from '../pdf-maker.ts'
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
  /** Tables after the first one, each under a title of its own. */
  readonly more?: readonly PdfTable[]
  /** Where people sign. */
  readonly signatures?: readonly string[]
}

export type PdfTable = {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  readonly totals: number
}

const SAYS = {
  madeBy: { en: 'Made by', pl: 'Sporządził(a)' },
  page: { en: 'Page', pl: 'Strona' },
  of: { en: 'of', pl: 'z' },
} as const satisfies Record<string, Words>

/** Beyond so many columns a page lies on its side. */
const UPRIGHT_COLUMNS = 7

/** A table with its head on each page, totals in bold. */
function tableOf({ columns, rows, totals }: Omit<PdfTable, 'title'>, language: keyof Words): Content {
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
  const widths = isFigure.map((figure) => (figure ? 'auto' : '*'))
  return { table: { headerRows: 1, widths, body, dontBreakRows: true }, layout: 'lightHorizontalLines' }
}

const signature = (text: string): Content => ({
  stack: [
    { text: '.'.repeat(60), color: '#888888' },
    { text, fontSize: 7 },
  ],
  margin: [0, 36, 0, 0],
})

/** The content of one report, or of one note of several. */
const contentOf = ({ title, about, language, signatures = [], more = [], ...table }: PdfReport): Content[] => [
  { text: title, fontSize: 16, bold: true },
  ...about.map((text) => ({
    text,
    fontSize: 8,
    color: '#444444',
    margin: [0, 1, 0, 0] as [number, number, number, number],
  })),
  { text: '', margin: [0, 4, 0, 4] },
  tableOf(table, language),
  ...more.flatMap((one): Content[] => [
    { text: one.title, fontSize: 11, bold: true, margin: [0, 14, 0, 6] },
    tableOf(one, language),
  ]),
  ...(signatures.length === 0 ? [] : [{ columns: signatures.map(signature) }]),
]

/** A4 pages: title and filter, tables, page numbers. Each report begins on a new page. */
export async function pdfOf(first: PdfReport, ...others: readonly PdfReport[]): Promise<Buffer> {
  const { title, madeBy, madeAt, language, columns } = first
  const pdfmake = await pdfMaker()
  const made = `${SAYS.madeBy[language]} ${madeBy}, ${madeAt.slice(0, 16).replace('T', ' ')} UTC`
  return pdfmake
    .createPdf({
      info: { title },
      pageSize: 'A4',
      pageOrientation: columns.length > UPRIGHT_COLUMNS ? 'landscape' : 'portrait',
      pageMargins: [36, 36, 36, 44],
      defaultStyle: { font: FONT, fontSize: columns.length > 10 ? 6.5 : 8 },
      footer: (page, pages) => ({
        margin: [36, 12, 36, 0],
        columns: [
          { text: made, fontSize: 7 },
          { text: `${SAYS.page[language]} ${page} ${SAYS.of[language]} ${pages}`, alignment: 'right', fontSize: 7 },
        ],
      }),
      content: [...contentOf(first), ...others.map((one): Content => ({ stack: contentOf(one), pageBreak: 'before' }))],
    })
    .getBuffer()
}
