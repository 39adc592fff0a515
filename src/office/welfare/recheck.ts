import type { WorkerConnection } from '../../db/connection.ts'
import { openAccount } from '../../db/accounts.ts'
import { type Batch, updateBatch } from '../../db/sql/welfare-batches.ts'
import { deleteFindingsOf, selectFindingsBetween } from '../../db/sql/welfare-findings.ts'
import { putRows, selectRows, toWelfareRow, type WelfareRow } from '../../db/sql/welfare-rows.ts'
import type { Employer } from '../../db/sql/employers.ts'
import { givingWay } from '../../engine/traffic.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import type { CheckOffice } from './check-ground.ts'
import { wholeListFindings } from './check-list.ts'
import { type CheckedRow, checkRows, hasStop } from './check-rows.ts'
import { checkRun } from './check-run.ts'
import type { Finding, FindingCode } from './findings.ts'
import { LOT, ROWS_A_SECOND } from './load-list.ts'
import { paceOf } from './pace.ts'
import type { ParsedRow } from './parse-row.ts'
import { type ListDigest, listDigest } from './row-digest.ts'
import { isKeptAs, putFindings, toFinding } from './stored-findings.ts'

/** Findings from reading the file. The file is not kept, so these findings stay until the row is corrected. */
const OF_READING: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'employee_missing',
  'amount_missing',
  'amount_not_a_number',
  'amount_ambiguous',
  'amount_is_a_date',
  'amount_negative',
  'amount_decimals',
  'amount_too_large',
  'amount_of_another_currency',
  'surplus_cell',
  'already_used_wrong',
  'formula',
  'cell_error',
  'card_wrong',
  'card_lost_digits',
  'sell_wrong',
  'text_too_long',
])

/**
 * Checks a batch again with the present employees, cards, limits and other batches, and stores the findings. `frozen`:
 * each row keeps the card of the proposal; else it gets the employee's present card. The caller has locked the
 * employer's row, so that no other batch is proposed at the same time.
 */
export async function recheck(
  office: CheckOffice,
  lent: WorkerConnection,
  employer: Employer,
  batch: Batch,
  {
    frozen,
    at,
    progress = NO_PROGRESS,
  }: { readonly frozen: boolean; readonly at: number; readonly progress?: Progress },
): Promise<{ readonly stops: number; readonly digest: ListDigest }> {
  const connection = givingWay(lent, office.traffic)
  const account = await openAccount(office.db.access, 'counterparty_receivable', employer.code, employer.currency)
  const run = checkRun({ employer, account, batchId: batch.id, at })
  await connection.send(deleteFindingsOf(batch.id, [0]))
  const pace = paceOf(ROWS_A_SECOND, office.traffic)
  const digest = listDigest()
  let stops = 0
  let rows = 0
  for (let after = 0; ;) {
    const [stored = []] = await connection.send(selectRows(batch.id, after, LOT))
    const lot = stored.map(toWelfareRow)
    const last = lot.at(-1)
    if (last === undefined) break
    const [found = []] = await connection.send(selectFindingsBetween(batch.id, after + 1, last.line))
    const earlier = byLine(found.map(toFinding))
    const parsed = lot.map((row) => parsedAgain(row, earlier.get(row.line) ?? [], frozen))
    const checked = await checkRows(office, connection, run, parsed)
    await writeDifferences(connection, batch.id, lot, earlier, checked)
    for (const { row } of checked) digest.add(row)
    stops += checked.filter(({ findings }) => hasStop(findings)).length
    after = last.line
    rows += lot.length
    progress.rows(rows)
    await pace(lot.length)
  }
  await putFindings(connection, batch.id, wholeListFindings(run))
  await connection.send(updateBatch(batch.id, { stops }))
  return { stops, digest }
}

/** Writes only the rows whose findings differ, because most rows are unchanged. */
async function writeDifferences(
  connection: WorkerConnection,
  batchId: number,
  before: readonly WelfareRow[],
  earlier: ReadonlyMap<number, readonly Finding[]>,
  checked: readonly CheckedRow[],
): Promise<void> {
  const moved = checked.flatMap(({ row }, i) => (isForTheSame(row, before[i]) ? [] : [row]))
  if (moved.length > 0) await connection.send(putRows(batchId, moved))
  const changed = checked.filter(({ row: { line }, findings }) => !isKeptAs(earlier.get(line) ?? [], findings))
  if (changed.length === 0) return
  const lines = changed.map(({ row: { line } }) => line)
  await connection.send(deleteFindingsOf(batchId, lines))
  const findings = changed.flatMap(({ findings: found }) => found)
  await putFindings(connection, batchId, findings)
}

/** A check changes nothing else of a row that is kept. */
const isForTheSame = (row: WelfareRow, before: WelfareRow | undefined): boolean =>
  row.employeeId === before?.employeeId && row.cardId === before.cardId

function byLine(findings: readonly Finding[]): ReadonlyMap<number, Finding[]> {
  const lines = new Map<number, Finding[]>()
  for (const finding of findings) lines.set(finding.line, [...(lines.get(finding.line) ?? []), finding])
  return lines
}

/** A row that was kept, as if it had just been read. */
function parsedAgain(row: WelfareRow, findings: readonly Finding[], frozen: boolean): ParsedRow {
  const { employeeId: _employee, cardId, ...said } = row
  const isUnread = row.cardShown !== '' && cardId === null
  const faults = findings.filter(({ code }) => OF_READING.has(code) || (isUnread && code === 'card_unknown'))
  if (cardId !== null && (frozen || row.cardShown !== ''))
    return { ...said, faults, card: { by: 'id', id: cardId, isFrozen: frozen } }
  return { ...said, faults, card: isUnread ? { by: 'fault' } : { by: 'link' } }
}
