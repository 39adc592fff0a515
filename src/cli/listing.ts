/** Options and output that all `list` and `show` commands share. */

import type { Argv } from 'yargs'
import { UsageError } from './usage-error.ts'

export type Json = { json: boolean }

/** Output for programs: one JSON object per line of a list, or one for the shown object. */
export const withJson = <T>(yargs: Argv<T>): Argv<T & Json> =>
  yargs.option('json', { type: 'boolean', default: false, describe: 'one JSON object a line, for programs' }) as Argv<
    T & Json
  >

/** The maximum of rows in one list, for screens and for the memory of programs. */
const MOST = 100_000

export const withMost = <T>(yargs: Argv<T>): Argv<T & { most: number }> =>
  yargs
    .option('most', { type: 'number', default: 100, describe: 'maximum number of rows' })
    .check(({ most }) => isWhole(Number(most), MOST, `--most takes a whole number from 1 to ${MOST}`)) as Argv<
    T & { most: number }
  >

/** @throws UsageError unless the value is a whole number from 1 to `highest`; yargs turns non-numbers into NaN */
export function isWhole(value: number, highest: number, otherwise: string): true {
  if (Number.isInteger(value) && value >= 1 && value <= highest) return true
  throw new UsageError(otherwise)
}

/** A column: header, value, alignment. Times are UTC, and the header says so. */
export type Column<Row> = readonly [header: string, value: (row: Row) => string, side?: 'right']

export type Listing<Row> = {
  readonly columns: readonly Column<Row>[]
  /** Instead of a header, where there is nothing. */
  readonly none: string
  /** The JSON form of a row; default: the row itself. */
  readonly toJson?: (row: Row) => unknown
}

/** Prints rows with a header, as wide as they need; or for programs. */
export function printList<Row>(rows: readonly Row[], json: boolean, { columns, none, toJson }: Listing<Row>): void {
  if (json) {
    for (const row of rows) console.log(JSON.stringify(toJson === undefined ? row : toJson(row)))
    return
  }
  if (rows.length === 0) return console.log(none)
  const lines = [columns.map(([header]) => header), ...rows.map((row) => columns.map(([, value]) => value(row)))]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  for (const line of lines) {
    const cells = line.map((cell, i) => {
      const width = widths[i] ?? 0
      return columns[i]?.[2] === 'right' ? cell.padStart(width) : cell.padEnd(width)
    })
    console.log(cells.join('  ').trimEnd())
  }
}

/** `2026-11-29 10:41:12` of a time as it is kept, which is UTC. */
export const utc = (at: string | number | null): string =>
  at === null ? '–' : (typeof at === 'number' ? new Date(at).toISOString().replace('T', ' ') : at).slice(0, 19)
