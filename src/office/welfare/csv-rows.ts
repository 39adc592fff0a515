import { parse } from 'csv-parse'
import { pipeline, Readable } from 'node:stream'
import { refused } from '../refusal.ts'
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

/** Longer than any row that a person has typed. */
const MOST_IN_RECORD = 20_000

/** The separator that the first line has most of, outside quotes. */
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
 * The same text, as long as no line of it is longer than a record may be: the parser counts the characters of cells, not the
 * cells, and 15 million empty ones took it half a minute. @throws as the parser does
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

/** Bytes that the parser takes in one stretch: a hundred rows, in a millisecond. */
const STRETCH = 4_096
const LINE_END = /\r\n|\r|\n/u

export async function* csvRows({ name, content }: Upload, encoding: Encoding, separator: Separator): FileRows {
  const parser = parse({
    bom: true,
    delimiter: separator,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
    max_record_size: MOST_IN_RECORD,
    trim: true,
  })
  // An error in the text also ends the parser and is reported where its rows are read.
  pipeline(Readable.from(shortLines(decoded(content, encoding, { piece: STRETCH }))), parser, () => undefined)
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      const cells = record.slice(0, MOST_COLUMNS).map((text) => textCell(text.slice(0, MOST_CHARACTERS)))
      // `lines` is where the record ends; a cell may hold line ends of its own.
      const within = record.reduce((sum, text) => sum + count(text, '\n'), 0)
      yield { line: info.lines - within, cells }
    }
  } catch (error) {
    const { lines, code } = error as { lines?: number; code?: string }
    if (code === undefined || !code.startsWith('CSV_')) throw error
    yield refused('not_csv', { file: name, line: lines ?? 1, why: code })
  }
}
