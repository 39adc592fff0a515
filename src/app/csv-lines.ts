import { parse } from 'csv-parse/sync'
import { setUpError } from '../config/set-up-error.ts'

/** A line of a file, by its number, which begins at 1. */
export type CsvLine = { readonly line: number; readonly cells: readonly string[] }

/**
 * CSV with commas, semicolons or tabs, as people and spreadsheets write it. Empty lines are left out; lines may have as many
 * cells as they like.
 *
 * @throws a set-up error naming file and line
 */
export function csvLines(file: string, content: string): CsvLine[] {
  try {
    const records: unknown = parse(content, {
      bom: true,
      delimiter: [',', ';', '\t'],
      info: true,
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
    throw setUpError(`${file}:${lines ?? 1}: not CSV (${code ?? 'unreadable'})`)
  }
}
