import { stringify } from 'csv-stringify/sync'
import iconv from 'iconv-lite'
import { CSV_WRITTEN } from '../csv-lines.ts'
import type { Cell } from '../xlsx.ts'
import { plainText } from '../xlsx.ts'

/** How spreadsheets in use read CSV: English, Polish Excel in UTF-8, and old programs in Windows-1250. */
export const CSV_PRESETS = ['en', 'pl', 'windows-1250'] as const
export type CsvPreset = (typeof CSV_PRESETS)[number]

type Preset = {
  readonly delimiter: string
  readonly decimal: string
  readonly bom: boolean
  readonly encoding: 'utf8' | 'win1250'
}

const PRESETS = {
  en: { delimiter: ',', decimal: '.', bom: false, encoding: 'utf8' },
  pl: { delimiter: ';', decimal: ',', bom: true, encoding: 'utf8' },
  'windows-1250': { delimiter: ';', decimal: '.', bom: false, encoding: 'win1250' },
} as const satisfies Record<CsvPreset, Preset>

/** Money comes as text with a decimal point and its exponent's digits, so that no sum is rounded on the way. */
export type CsvCell = Cell | { readonly decimal: string }

/** RFC 4180, lines ended by CR LF. Text that a spreadsheet would take for a formula gets an apostrophe (docs/spec/abuse.md, 23). */
export function csvOf(table: readonly (readonly CsvCell[])[], preset: CsvPreset): Buffer {
  const { delimiter, decimal, bom, encoding } = PRESETS[preset]
  const rows = table.map((row) =>
    row.map((cell) =>
      typeof cell === 'object' && cell !== null ? cell.decimal.replace('.', decimal) : plainText(cell),
    ),
  )
  const text = stringify(rows, { ...CSV_WRITTEN, delimiter, bom })
  return encoding === 'utf8' ? Buffer.from(text) : iconv.encode(inWindows1250(text), encoding)
}

/** What it has no sign for is written with those that it has, as far as there are some: ages such as `≤30`, other alphabets' accents. */
const inWindows1250 = (text: string): string =>
  text
    .replaceAll('≤', '<=')
    .replaceAll(/[^\p{ASCII}]/gu, (sign) => (isIn1250(sign) ? sign : sign.normalize('NFKD').replaceAll(/\p{M}/gu, '')))

const isIn1250 = (sign: string): boolean => iconv.decode(iconv.encode(sign, 'win1250'), 'win1250') === sign
