import { parse } from 'csv-parse/sync'
import { refused, type Refused } from './refusal.ts'

/** A file as received from a door: its name, for messages, and its content. */
export type TextFile = { readonly name: string; readonly content: string }

/** A file in UTF-8; spreadsheets can export that. */
export function textFile(name: string, bytes: Uint8Array): TextFile | Refused {
  try {
    return { name, content: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return refused('not_utf8', { file: name })
  }
}

/** A line of a file, by its number, which begins at 1. */
export type CsvLine = { readonly line: number; readonly cells: readonly string[] }

const ANY = [',', ';', '\t']

/** All three in one file: guessed from its first line, a later row with another line end was a part of a cell. */
export const LINE_ENDS: string[] = ['\r\n', '\n', '\r']

/** How CSV is written: rows end with CR LF, and a cell with a line end of any kind is quoted, so that it makes no row of its own. */
export const CSV_WRITTEN = { record_delimiter: 'windows', quoted_match: /[\r\n]/u } as const

/**
 * CSV with commas, semicolons or tabs, as people and spreadsheets write it. Empty lines are left out; lines may have as many
 * cells as they like.
 */
export function csvLines({ name, content }: TextFile, delimiter: readonly string[] = ANY): CsvLine[] | Refused {
  try {
    const records: unknown = parse(content, {
      bom: true,
      delimiter: [...delimiter],
      info: true,
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    })
    return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
      line: info.lines,
      cells: record,
    }))
  } catch (error) {
    const { lines, code } = error as { lines?: number; code?: string }
    return refused('not_csv', { file: name, line: lines ?? 1, why: code ?? 'unreadable' })
  }
}
