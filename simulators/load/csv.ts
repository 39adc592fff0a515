import type { Second } from './series.ts'

const COLUMNS = ['second', 'sent', 'answered', 'approved', 'p50', 'p95', 'p99', 'p99.9', 'max'] as const

/** A row for each second, milliseconds with three decimals, and a column for each response code. */
export function csvOf(seconds: readonly Second[]): string {
  const codes = [...new Set(seconds.flatMap((one) => Object.keys(one.codes)))].toSorted()
  const cell = (value: number | null) =>
    value === null ? '' : Number.isInteger(value) ? String(value) : value.toFixed(3)
  const rows = seconds.map((one) =>
    [...COLUMNS.map((column) => cell(one[column])), ...codes.map((code) => String(one.codes[code] ?? 0))].join(','),
  )
  return [[...COLUMNS, ...codes.map((code) => `code ${code}`)].join(','), ...rows, ''].join('\n')
}
