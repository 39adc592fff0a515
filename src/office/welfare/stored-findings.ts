import type { WorkerConnection } from '../../db/connection.ts'
import { oneOf, type Row } from '../../db/sql/row.ts'
import { insertFindings, toStoredFinding } from '../../db/sql/welfare-findings.ts'
import { type Finding, FINDING_CODES, type FindingDetail } from './findings.ts'

/** Findings of a row that are kept: who has more to correct sees the rest afterwards. */
const MOST_OF_ROW = 20
const MOST_DETAILS = 300

/** Writes what was found about rows that have no findings yet. */
export async function putFindings(
  connection: WorkerConnection,
  batchId: number,
  findings: readonly Finding[],
): Promise<void> {
  const places = new Map<number, number>()
  const kept = findings.flatMap((finding) => {
    const place = (places.get(finding.line) ?? 0) + 1
    places.set(finding.line, place)
    if (place > MOST_OF_ROW) return []
    const details = JSON.stringify(finding.details)
    return [{ ...finding, place, details: details.length > MOST_DETAILS ? '{}' : details }]
  })
  for (let from = 0; from < kept.length; from += 1_000) {
    await connection.send(insertFindings(batchId, kept.slice(from, from + 1_000)))
  }
}

export function toFinding(row: Row): Finding {
  const { code, details, ...finding } = toStoredFinding(row)
  const read = JSON.parse(details) as Record<string, FindingDetail>
  return { ...finding, code: oneOf(FINDING_CODES, code), details: read }
}
