import type { WorkerConnection } from '../../db/connection.ts'
import { oneOf, type Row } from '../../db/sql/row.ts'
import { insertFindings, toStoredFinding } from '../../db/sql/welfare-findings.ts'
import { type Finding, FINDING_CODES, type FindingDetail } from './findings.ts'

/** The number of findings stored per row; the rest shows up after correction. */
const MOST_OF_ROW = 20
const MOST_DETAILS = 300

/** Findings in the form in which they are stored. */
function storedForm(findings: readonly Finding[]) {
  const places = new Map<number, number>()
  return findings.flatMap(({ line, field, code, value, details: said }) => {
    const place = (places.get(line) ?? 0) + 1
    places.set(line, place)
    if (place > MOST_OF_ROW) return []
    const details = JSON.stringify(said)
    return [{ line, field, code, value, details: details.length > MOST_DETAILS ? '{}' : details, place }]
  })
}

/** Whether the stored findings are the same, so that nothing has to be written. */
export const isKeptAs = (stored: readonly Finding[], found: readonly Finding[]): boolean =>
  (stored.length === 0 && found.length === 0) ||
  JSON.stringify(storedForm(stored)) === JSON.stringify(storedForm(found))

/** Inserts findings of rows that have none yet. */
export async function putFindings(
  connection: WorkerConnection,
  batchId: number,
  findings: readonly Finding[],
): Promise<void> {
  const kept = storedForm(findings)
  for (let from = 0; from < kept.length; from += 1_000) {
    await connection.send(insertFindings(batchId, kept.slice(from, from + 1_000)))
  }
}

export function toFinding(row: Row): Finding {
  const { code, details, ...finding } = toStoredFinding(row)
  const read = JSON.parse(details) as Record<string, FindingDetail>
  return { ...finding, code: oneOf(FINDING_CODES, code), details: read }
}
