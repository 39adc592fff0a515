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
  /** What its columns mean, below the tables. */
  readonly meanings?: readonly (readonly [column: string, meaning: string])[]
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

/** The most columns of a page in portrait format; with more it is in landscape. */
const UPRIGHT_COLUMNS = 7

/** A4 in points, less the margins. */
const WIDTH = { portrait: 523, landscape: 770 } as const
const PADDING = 3
/** Before a text that follows a figure, which ends where the text begins. */
const GAP = 9
/** Widths of digits of the font, in its size, and a little: most letters are narrower, on average. */
const LETTER = { regular: 0.66, bold: 0.73 } as const
const SIZES = [8, 7.5, 7, 6.5, 6, 5.5, 5, 4.5, 4] as const
const isFigure = ({ kind }: Column): boolean => kind === 'money' || kind === 'count' || kind === 'ratio'
const isAfterFigure = (columns: readonly Column[], i: number): boolean => {
  const [before, here] = [columns[i - 1], columns[i]]
  return before !== undefined && here !== undefined && isFigure(before) && !isFigure(here)
}
const longestWord = (text: string): number => Math.max(0, ...text.split(/[\s-]/u).map((word) => word.length))

type Laid = { readonly fontSize: number; readonly widths: readonly number[] }

/**
 * The size of letters and the widths with which a table fits a page: figures stand whole on a line, heads and texts may go on
 * in the next one, at a space or a hyphen. What is left goes to the texts that have use for it.
 */
function layOut({ columns, rows }: Omit<PdfTable, 'title'>, width: number): Laid {
  const letters = columns.map((column, i) => {
    const texts = rows.map((row) => row[i] ?? '')
    const most = texts.reduce((longest, text) => Math.max(longest, text.length), 0)
    const heads = Math.max(longestWord(column.title.en), longestWord(column.title.pl))
    if (isFigure(column)) return { least: Math.max(most * LETTER.bold, heads * LETTER.bold), most: most * LETTER.bold }
    // A day stands whole too.
    const word =
      column.kind === 'day'
        ? most
        : texts.reduce((longest, text) => Math.max(longest, Math.min(24, longestWord(text))), 0)
    return { least: Math.max(word * LETTER.regular, heads * LETTER.bold), most: most * LETTER.regular }
  })
  const room =
    width - PADDING * 2 * (columns.length - 1) - GAP * columns.filter((_, i) => isAfterFigure(columns, i)).length
  const least = letters.reduce((sum, column) => sum + column.least, 0)
  const fontSize = SIZES.find((size) => size * least <= room) ?? SIZES.at(-1) ?? 4
  const rest = Math.max(0, room - fontSize * least)
  const wanted = letters.map((column) => Math.max(0, column.most - column.least) * fontSize)
  const all = wanted.reduce((sum, more) => sum + more, 0)
  const squeeze = Math.min(1, room / (fontSize * least))
  const spare = Math.max(0, rest - all) / columns.length
  const widths = letters.map((column, i) => {
    const share = all === 0 ? 0 : ((wanted[i] ?? 0) / all) * Math.min(rest, all)
    return column.least * fontSize * squeeze + share + spare
  })
  return { fontSize, widths }
}

const LAYOUT = {
  hLineWidth: (i: number, node: { table: { headerRows?: number } }) =>
    i === (node.table.headerRows ?? 1) ? 1 : i === 0 ? 0 : 0.5,
  vLineWidth: () => 0,
  hLineColor: (i: number) => (i === 1 ? '#000000' : '#aaaaaa'),
  paddingRight: (i: number, node: { table: { widths?: unknown[] } }) =>
    i === (node.table.widths?.length ?? 0) - 1 ? 0 : PADDING,
}

/** Rows that stay with the totals: a page with totals alone would not say of what. */
const ROWS_WITH_TOTALS = 2

/** A table with its head on each page, totals in bold and never alone on a page. */
function tableOf(table: Omit<PdfTable, 'title'>, language: keyof Words, width: number): Content {
  const { columns, rows, totals } = table
  const { fontSize, widths } = layOut(table, width)
  const cell = (text: string, i: number, bold: boolean, isHead = false): Content => {
    const isNumber = columns[i] !== undefined && isFigure(columns[i])
    return { text, bold, alignment: isNumber ? 'right' : 'left', noWrap: isNumber && !isHead }
  }
  const cells = rows.map((row, at) => row.map((text, i) => cell(text, i, at >= rows.length - totals)))
  const lastFrom = totals === 0 ? rows.length : Math.max(0, rows.length - totals - ROWS_WITH_TOTALS)
  const paddingLeft = (i: number): number => (i === 0 ? 0 : PADDING + (isAfterFigure(columns, i) ? GAP : 0))
  // One row of the table, which no page breaks, with a table of its own: so the head stands above it wherever it goes.
  const last: Content = {
    colSpan: columns.length,
    table: { headerRows: 0, widths: [...widths], body: cells.slice(lastFrom) },
    layout: {
      ...LAYOUT,
      hLineWidth: (i: number, node: { table: { body: readonly unknown[] } }) =>
        i === 0 || i === node.table.body.length ? 0 : 0.5,
      hLineColor: () => '#aaaaaa',
      paddingLeft,
    },
  }
  const body: Content[][] = [
    columns.map(({ title: head }, i) => cell(head[language], i, true, true)),
    ...cells.slice(0, lastFrom),
    ...(lastFrom === rows.length ? [] : [[last, ...columns.slice(1).map(() => '')]]),
  ]
  const isLast = (i: number): boolean => lastFrom < rows.length && i === lastFrom + 1
  const layout = {
    ...LAYOUT,
    paddingLeft,
    // The rows of the last one have their own.
    paddingTop: (i: number) => (isLast(i) ? 0 : 2),
    paddingBottom: (i: number) => (isLast(i) ? 0 : 2),
  }
  return { table: { headerRows: 1, widths: [...widths], body, dontBreakRows: true }, layout, fontSize }
}

const signature = (text: string): Content => ({
  stack: [
    { text: '.'.repeat(60), color: '#888888' },
    { text, fontSize: 7 },
  ],
  margin: [0, 36, 0, 0],
})

/** What one report, or one note of several, puts on its pages. */
const contentOf = (
  { title, about, language, signatures = [], more = [], meanings = [], ...table }: PdfReport,
  width: number,
): Content[] => [
  { text: title, fontSize: 16, bold: true },
  ...about.map((text) => ({
    text,
    fontSize: 8,
    color: '#444444',
    margin: [0, 1, 0, 0] as [number, number, number, number],
  })),
  { text: '', margin: [0, 4, 0, 4] },
  tableOf(table, language, width),
  ...more.flatMap((one): Content[] => [
    { text: one.title, fontSize: 11, bold: true, margin: [0, 14, 0, 6] },
    tableOf(one, language, width),
  ]),
  ...meanings.map(([head, meaning], i): Content => ({
    text: [{ text: `${head}: `, bold: true }, meaning],
    fontSize: 7,
    color: '#444444',
    margin: [0, i === 0 ? 12 : 1, 0, 0],
  })),
  ...(signatures.length === 0 ? [] : [{ columns: signatures.map(signature) }]),
]

/** A4 pages: title and filter, tables, page numbers. Each report begins on a new page. */
export async function pdfOf(first: PdfReport, ...others: readonly PdfReport[]): Promise<Buffer> {
  const { title, madeBy, madeAt, language, columns } = first
  const pdfmake = await pdfMaker()
  const pageOrientation = columns.length > UPRIGHT_COLUMNS ? 'landscape' : 'portrait'
  const width = WIDTH[pageOrientation]
  const made = `${SAYS.madeBy[language]} ${madeBy}, ${madeAt.slice(0, 16).replace('T', ' ')} UTC`
  return pdfmake
    .createPdf({
      info: { title },
      pageSize: 'A4',
      pageOrientation,
      pageMargins: [36, 36, 36, 44],
      defaultStyle: { font: FONT, fontSize: 8 },
      footer: (page, pages) => ({
        margin: [36, 12, 36, 0],
        columns: [
          { text: made, fontSize: 7 },
          { text: `${SAYS.page[language]} ${page} ${SAYS.of[language]} ${pages}`, alignment: 'right', fontSize: 7 },
        ],
      }),
      content: [
        ...contentOf(first, width),
        ...others.map((one): Content => ({ stack: contentOf(one, width), pageBreak: 'before' })),
      ],
    })
    .getBuffer()
}
