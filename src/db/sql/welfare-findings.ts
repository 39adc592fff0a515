import { integer, text } from './literal.ts'
import type { Row } from './row.ts'

/** A finding as it is kept: `code` and `details` are what its texts are made from. */
export type StoredFinding = {
  readonly line: number
  readonly field: string
  readonly code: string
  readonly value: string
  readonly details: string
}

export const insertFindings = (
  batchId: number,
  findings: readonly (StoredFinding & { readonly place: number })[],
): string =>
  `INSERT INTO welfare_findings (batch_id, line, place, field, code, value, details) VALUES ${findings
    .map(
      (f) =>
        `(${integer(batchId)},${integer(f.line)},${integer(f.place)},${[f.field, f.code, f.value, f.details].map(text).join(',')})`,
    )
    .join(',')}`

export const selectFindings = (batchId: number, after: number, most: number): string =>
  `SELECT line, field, code, value, details FROM welfare_findings
   WHERE batch_id = ${integer(batchId)} AND line >= ${integer(after)} ORDER BY line, place LIMIT ${integer(most)}`

/** All of the rows from `from` to `to`. */
export const selectFindingsBetween = (batchId: number, from: number, to: number): string =>
  `SELECT line, field, code, value, details FROM welfare_findings
   WHERE batch_id = ${integer(batchId)} AND line BETWEEN ${integer(from)} AND ${integer(to)} ORDER BY line, place`

/** How often each was found. */
export const countFindings = (batchId: number): string =>
  `SELECT code, COUNT(*) FROM welfare_findings WHERE batch_id = ${integer(batchId)} GROUP BY code ORDER BY code`

/** Rows with one of these findings, and their employees. */
export const selectWrongLines = (batchId: number, codes: readonly string[]): string =>
  `SELECT DISTINCT f.line, r.number FROM welfare_findings f
   JOIN welfare_rows r ON r.batch_id = f.batch_id AND r.line = f.line
   WHERE f.batch_id = ${integer(batchId)} AND f.code IN (${codes.map(text).join(',')}) ORDER BY f.line`

export const deleteFindings = (batchId: number): string =>
  `DELETE FROM welfare_findings WHERE batch_id = ${integer(batchId)}`

export const deleteFindingsOf = (batchId: number, lines: readonly number[]): string =>
  `DELETE FROM welfare_findings WHERE batch_id = ${integer(batchId)} AND line IN (${lines.map(integer).join(',')})`

export function toStoredFinding(row: Row): StoredFinding {
  const [line, field, code, value, details] = row as [number, string, string, string, string]
  return { line, field, code, value, details }
}
