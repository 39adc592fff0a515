/** Draws a PDF of barcodes for the approval of the artwork. */

import type { Content } from 'pdfmake'
import type { BARCODES } from '../cards/issue-settings.ts'
import type { PrintedCard } from '../cards/maker-layout.ts'
import { FONT, pdfMaker } from './pdf-maker.ts'

export type Barcode = (typeof BARCODES)[number]

export type ProofSheet = {
  readonly title: string
  readonly subtitle: string
  readonly barcode: Barcode
  readonly cards: readonly PrintedCard[]
}

/** How bwip-js calls them, and the width of the picture on the sheet, in points. Quiet zones are in the picture. */
const PICTURES = {
  code128: { bcid: 'code128', width: 200, options: { height: 12, paddingwidth: 10, paddingheight: 2 } },
  ean13: { bcid: 'ean13', width: 150, options: { height: 15, includetext: true, paddingwidth: 8, paddingheight: 2 } },
  qr: { bcid: 'qrcode', width: 90, options: { eclevel: 'M', padding: 8 } },
} as const satisfies Record<Barcode, { bcid: string; width: number; options: object }>

/** The barcode of a card as a PNG: Code 128 (ISO/IEC 15417), EAN-13 (15420) or QR (18004). */
export async function barcodePicture(
  barcode: Barcode,
  { number, ean }: Pick<PrintedCard, 'number' | 'ean'>,
): Promise<Buffer> {
  const { toBuffer } = await import('bwip-js')
  const { bcid, options } = PICTURES[barcode]
  return toBuffer({ bcid, text: ean ?? number, scale: 3, backgroundcolor: 'FFFFFF', ...options })
}

const COLUMNS = 2

/** A PDF of A4 pages with the barcodes as printed, for the approval of the artwork. */
export async function proofSheet({ title, subtitle, barcode, cards }: ProofSheet): Promise<Buffer> {
  const { width } = PICTURES[barcode]
  const cells: Content[] = []
  for (const card of cards) {
    const png = await barcodePicture(barcode, card)
    cells.push([
      { image: `data:image/png;base64,${png.toString('base64')}`, width },
      { text: `${card.serial}   ${card.ean ?? card.number}`, margin: [0, 2, 0, 12] },
    ])
  }
  const rows: Content[][] = []
  for (let i = 0; i < cells.length; i += COLUMNS) rows.push([cells[i] ?? '', cells[i + 1] ?? ''])
  const pdfmake = await pdfMaker()
  return pdfmake
    .createPdf({
      info: { title },
      pageSize: 'A4',
      pageMargins: 40,
      defaultStyle: { font: FONT, fontSize: 9 },
      footer: (page, pages) => ({ text: `${page} / ${pages}`, alignment: 'center' }),
      content: [
        { text: title, fontSize: 15, bold: true },
        { text: subtitle, margin: [0, 2, 0, 14] },
        { table: { widths: ['*', '*'], body: rows, dontBreakRows: true }, layout: 'noBorders' },
      ],
    })
    .getBuffer()
}
