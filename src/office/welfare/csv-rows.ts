import { parse } from 'csv-parse'
import { pipeline, Readable } from 'node:stream'
import { LINE_ENDS } from '../csv-lines.ts'
import { refused, type Words } from '../refusal.ts'
import {
  type FileRows,
  MOST_CHARACTERS,
  MOST_COLUMNS,
  type Separator,
  SEPARATORS,
  textCell,
  type Upload,
} from './list-file.ts'
import { decoded, type Encoding } from './text-encoding.ts'

/** The most characters of a row: more than any person types. */
const MOST_IN_RECORD = 20_000

/** The separator that occurs most often in the first line, outside quotes. */
export function guessSeparator(firstLine: string): Separator {
  const plain = firstLine.replace(/"[^"]*"/gu, '')
  const [best = ';'] = [...SEPARATORS].sort((a, b) => count(plain, b) - count(plain, a))
  return best
}

const count = (text: string, sign: string): number => text.split(sign).length - 1

export function firstLineOf(content: Uint8Array, encoding: Encoding): string {
  for (const piece of decoded(content, encoding)) {
    const line = piece
      .replace(/^\uFEFF/u, '')
      .split(/\r\n|\r|\n/u)
      .find((one) => one.trim() !== '')
    if (line !== undefined) return line
  }
  return ''
}

/**
 * Passes the text on and refuses a line that is longer than a record may be. The parser limits the characters of a record
 * but not its cells, and took half a minute for 15 million empty ones. @throws the parser's own error for long records
 */
function* shortLines(pieces: Iterable<string>): Generator<string> {
  let [lines, length] = [1, 0]
  for (const piece of pieces) {
    for (const [i, line] of piece.split(LINE_END).entries()) {
      if (i > 0) [lines, length] = [lines + 1, 0]
      length += line.length
      if (length > MOST_IN_RECORD) throw Object.assign(new Error('a long line'), { code: 'CSV_MAX_RECORD_SIZE', lines })
    }
    yield piece
  }
}

/** Bytes that the parser gets without a pause: about a hundred rows, a millisecond. */
const STRETCH = 4_096
const LINE_END = /\r\n|\r|\n/u

/** Codes of the parser's errors about a text; all but one begin with `CSV_`. */
const CODES = /^CSV_|^INVALID_OPENING_QUOTE$/u
const QUOTE_INSIDE: Words = {
  en: 'a quotation mark inside a cell: put the whole cell in quotation marks and write the inner ones twice',
  pl: 'cudzysłów wewnątrz komórki: całą komórkę ujmij w cudzysłów, a wewnętrzne cudzysłowy podwój',
}
const WHY: Readonly<Record<string, Words>> = {
  INVALID_OPENING_QUOTE: QUOTE_INSIDE,
  CSV_INVALID_CLOSING_QUOTE: QUOTE_INSIDE,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: QUOTE_INSIDE,
  CSV_QUOTE_NOT_CLOSED: { en: 'a quotation mark is never closed', pl: 'cudzysłów nie jest zamknięty' },
  CSV_MAX_RECORD_SIZE: { en: 'the line is too long', pl: 'wiersz jest za długi' },
}

export async function* csvRows({ name, content }: Upload, encoding: Encoding, separator: Separator): FileRows {
  const parser = parse({
    bom: true,
    delimiter: separator,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MOST_IN_RECORD,
    record_delimiter: LINE_ENDS,
    trim: true,
  })
  // An error in the text also ends the parser and is reported where its rows are read.
  pipeline(Readable.from(shortLines(decoded(content, encoding, { piece: STRETCH }))), parser, () => undefined)
  // The parser counts CR LF inside a cell as two lines.
  let countedTwice = 0
  let isFirst = true
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const isHint = isFirst && /^sep=/iu.test(record[0] ?? '')
      isFirst = false
      if (isHint) continue
      const cells = record.slice(0, MOST_COLUMNS).map((text) => textCell(text.slice(0, MOST_CHARACTERS)))
      // `lines` is the line on which the record ends. A cell may contain line breaks, but few do.
      const broken = record.filter((text) => text.includes('\n') || text.includes('\r'))
      countedTwice += broken.reduce((sum, text) => sum + count(text, '\r\n'), 0)
      const within = broken.reduce((sum, text) => sum + text.split(LINE_END).length - 1, 0)
      yield { line: info.lines - countedTwice - within, cells }
    }
  } catch (error) {
    const { lines, code } = error as { lines?: number; code?: string }
    if (code === undefined || !CODES.test(code)) throw error
    yield refused('not_csv', { file: name, line: (lines ?? 1) - countedTwice, why: WHY[code] ?? code })
  }
}
