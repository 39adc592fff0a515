import { attribute, type XmlEvent } from './xml-events.ts'

/** A cell's number format: a date, or a number with leading zeros. */
export type CellFormat = { readonly isDate: boolean; readonly zeros: number }

const PLAIN: CellFormat = { isDate: false, zeros: 0 }

/** Formats that are built in and show dates or times (ECMA-376, 18.8.30). */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)

function formatOf(id: number, code: string | undefined): CellFormat {
  if (code === undefined) return isBuiltInDate(id) ? { isDate: true, zeros: 0 } : PLAIN
  // Text in quotes, in brackets or after a backslash is literal.
  const signs = code.replace(/"[^"]*"|\[[^\]]*\]|\\./gu, '')
  return { isDate: /[dmyhs]/iu.test(signs), zeros: /^0{2,}$/u.test(signs) ? signs.length : 0 }
}

/** Reads xl/styles.xml: the format of each style that a cell may name. */
export function styleReader(): {
  readonly take: (event: XmlEvent) => void
  readonly of: (style: number) => CellFormat
} {
  const codes = new Map<number, string>()
  const styles: CellFormat[] = []
  let inCellXfs = false
  return {
    take(event) {
      if (event.what === 'close' && event.name === 'cellXfs') inCellXfs = false
      if (event.what !== 'open') return
      const { name, attributes } = event
      if (name === 'cellXfs') inCellXfs = true
      if (name === 'numFmt')
        codes.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      if (name === 'xf' && inCellXfs) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0)
        styles.push(formatOf(id, codes.get(id)))
      }
    },
    of: (style) => styles[style] ?? PLAIN,
  }
}
