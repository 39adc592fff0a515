import { stringify } from 'csv-stringify/sync'
import { currencyOf } from '../../core/currency.ts'
import { CSV_WRITTEN } from '../csv-lines.ts'
import { type Cell, plainText, xlsxOf } from '../xlsx.ts'

export type Language = 'en' | 'pl'
export const LIST_FORMATS = ['csv', 'xlsx'] as const
export type ListFormat = (typeof LIST_FORMATS)[number]

export type WrittenFile = { readonly fileName: string; readonly content: Buffer }

/** Money in a file: a number in XLSX, in CSV with the decimal sign of the language. */
export type Money = { readonly value: number; readonly currency: number }
export type Written = Cell | Money

const isMoney = (value: Written): value is Money => typeof value === 'object' && value !== null

function cellOf(value: Written, format: ListFormat, language: Language): Cell {
  if (!isMoney(value)) return plainText(value)
  const { exponent } = currencyOf(value.currency)
  const number = value.value / 10 ** exponent
  if (format === 'xlsx') return number
  const text = number.toFixed(exponent)
  return language === 'pl' ? text.replace('.', ',') : text
}

/** In Polish as Polish Excel takes it: semicolons and decimal commas; both with a mark of UTF-8. */
export function writeList(
  name: string,
  format: ListFormat,
  language: Language,
  rows: readonly (readonly Written[])[],
): WrittenFile {
  const cells = rows.map((row) => row.map((value) => cellOf(value, format, language)))
  const delimiter = language === 'pl' ? ';' : ','
  const content =
    format === 'xlsx' ? xlsxOf(cells) : Buffer.from(stringify(cells, { ...CSV_WRITTEN, bom: true, delimiter }))
  return { fileName: `${name}.${format}`, content }
}
