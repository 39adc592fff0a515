import type { Refused, Words } from '../refusal.ts'
import type { Encoding } from './text-encoding.ts'
import type { DecimalSign } from './amount-reading.ts'

/** A file as a door hands it over. */
export type Upload = { readonly name: string; readonly content: Uint8Array }

/** How to read the file; absent members are guessed. */
export type ReadOptions = {
  readonly separator?: Separator
  readonly encoding?: Encoding
  readonly decimal?: DecimalSign
}

export const SEPARATORS = [';', ',', '\t', '|'] as const
export type Separator = (typeof SEPARATORS)[number]

/** How it was read, to be shown. */
export type ReadAs = {
  readonly format: 'csv' | 'xlsx'
  readonly separator: Separator | null
  readonly encoding: Encoding | null
  /** Null: undetermined. */
  readonly decimal: DecimalSign | null
  readonly sheet: string | null
}

/** A cell with its type: spreadsheets store numbers and dates apart from text. */
export type Cell = {
  readonly kind: 'text' | 'number' | 'date' | 'formula' | 'error'
  readonly text: string
  readonly number: number | null
}

export const textCell = (text: string): Cell => ({ kind: 'text', text, number: null })
export const NO_CELL: Cell = textCell('')

/** `line`: as spreadsheets and editors count, from 1. */
export type FileRow = { readonly line: number; readonly cells: readonly Cell[] }

/** Rows that have something in them, one after the other; a refusal is the last one. */
export type FileRows = AsyncGenerator<FileRow | Refused, void>

export const MOST_BYTES = 20 * 1024 * 1024
export const MOST_ROWS = 100_000
/** A count as each language writes it. */
export const countWords = (count: number): Words => {
  const en = count.toLocaleString('en')
  return { en, pl: en.replaceAll(',', '\u00a0') }
}
/** Cells of a row that are looked at. */
export const MOST_COLUMNS = 64
/** Characters of a cell that are kept. */
export const MOST_CHARACTERS = 500
