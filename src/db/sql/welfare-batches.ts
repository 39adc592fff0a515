import { binary, fromInstant, instant, instantOrNull, integer, integerOrNull, text, textOrNull } from './literal.ts'
import { oneOf, type Row } from './row.ts'

/** `reading`: its rows are being written; invisible. `failed`: a load could not be staged; nothing of it is left. */
export const BATCH_STATES = [
  'reading',
  'checked',
  'proposed',
  'approved',
  'booked',
  'refused',
  'withdrawn',
  'failed',
] as const
export type BatchState = (typeof BATCH_STATES)[number]

export type Batch = {
  readonly id: number
  readonly employer: string
  readonly currency: number
  readonly state: BatchState
  readonly fileName: string
  readonly readAs: string
  readonly rows: number
  /** Minor units: the sum of the amounts that can be read. */
  readonly amount: number
  /** Rows with a finding that stops the batch. */
  readonly stops: number
  readonly accepted: readonly string[]
  readonly preparedBy: string
  readonly preparedAt: number
  readonly proposedBy: string | null
  readonly proposedAt: number | null
  readonly reason: string | null
  readonly decidedBy: string | null
  readonly decidedAt: number | null
  readonly decision: string | null
  readonly stagedId: number | null
  readonly bookedAt: number | null
}

const COLUMNS = `id, employer_code, currency, state, file_name, read_as, row_count, amount, stops, accepted, prepared_by,
  prepared_at, proposed_by, proposed_at, reason, decided_by, decided_at, decision, staged_id, booked_at`

export const selectBatch = (id: number): string => `SELECT ${COLUMNS} FROM welfare_batches WHERE id = ${integer(id)}`
export const lockBatchRow = (id: number): string => `${selectBatch(id)} FOR UPDATE`

/** The latest first; `employer` null: of all. */
export const selectBatches = (employer: string | null, before: number, most: number): string =>
  `SELECT ${COLUMNS} FROM welfare_batches WHERE state <> 'reading' AND id < ${integer(before)}
   ${employer === null ? '' : `AND employer_code = ${text(employer)}`} ORDER BY id DESC LIMIT ${integer(most)}`

export const selectBatchesIn = (state: BatchState): string =>
  `SELECT ${COLUMNS} FROM welfare_batches WHERE state = ${text(state)} ORDER BY id`

/** The one that took this list, known by one of its digests, and was neither refused nor withdrawn, nor has failed. */
export const selectLiveBatch = (employer: string, digests: readonly string[]): string =>
  `SELECT ${COLUMNS} FROM welfare_batches WHERE employer_code = ${text(employer)} AND live_sha256 IS NOT NULL
     AND (${digests.map((sha256) => `${binary(sha256)} IN (live_sha256, first_sha256)`).join(' OR ')})
   ORDER BY id DESC LIMIT 1`

export type NewBatchRow = Pick<
  Batch,
  'id' | 'employer' | 'currency' | 'fileName' | 'readAs' | 'preparedBy' | 'preparedAt'
>

export const insertReading = (b: NewBatchRow): string =>
  `INSERT INTO welfare_batches (id, employer_code, currency, state, file_name, read_as, sha256, row_count, amount, stops,
     prepared_by, prepared_at)
   VALUES (${integer(b.id)},${text(b.employer)},${integer(b.currency)},'reading',${text(b.fileName)},${text(b.readAs)},
     x'${'00'.repeat(32)}',0,0,0,${text(b.preparedBy)},${instant(b.preparedAt)})`

export const deleteBatch = (id: number): string => `DELETE FROM welfare_batches WHERE id = ${integer(id)}`

/** Lists whose reading was interrupted. */
export const selectBrokenReadings = (before: number): string =>
  `SELECT id FROM welfare_batches WHERE state = 'reading' AND prepared_at < ${instant(before)}`

export type Checked = {
  readonly rows: number
  readonly amount: number
  readonly stops: number
  readonly sha256: string
}

export const setChecked = (id: number, c: Checked): string =>
  `UPDATE welfare_batches SET state = 'checked', row_count = ${integer(c.rows)}, amount = ${integer(c.amount)},
   stops = ${integer(c.stops)}, sha256 = ${binary(c.sha256)}, first_sha256 = ${binary(c.sha256)} WHERE id = ${integer(id)}`

/** After rows were replaced or taken out. */
export const setSums = (id: number, sha256: string): string =>
  `UPDATE welfare_batches SET sha256 = ${binary(sha256)},
   amount = (SELECT COALESCE(SUM(r.amount), 0) FROM welfare_rows r WHERE r.batch_id = welfare_batches.id),
   row_count = (SELECT COUNT(*) FROM welfare_rows r WHERE r.batch_id = welfare_batches.id)
   WHERE id = ${integer(id)}`

export type Step = Partial<
  Pick<Batch, 'state' | 'accepted' | 'proposedBy' | 'proposedAt' | 'reason' | 'decidedBy' | 'decidedAt' | 'decision' | 'stagedId' | 'bookedAt' | 'stops'>
> // prettier-ignore

const SETTERS: { readonly [Name in keyof Required<Step>]: (value: never) => string } = {
  state: (value: BatchState) => `state = ${text(value)}`,
  accepted: (value: readonly string[]) => `accepted = ${text(value.join(' '))}`,
  proposedBy: (value: string | null) => `proposed_by = ${textOrNull(value)}`,
  proposedAt: (value: number | null) => `proposed_at = ${instantOrNull(value)}`,
  reason: (value: string | null) => `reason = ${textOrNull(value)}`,
  decidedBy: (value: string | null) => `decided_by = ${textOrNull(value)}`,
  decidedAt: (value: number | null) => `decided_at = ${instantOrNull(value)}`,
  decision: (value: string | null) => `decision = ${textOrNull(value)}`,
  stagedId: (value: number | null) => `staged_id = ${integerOrNull(value)}`,
  bookedAt: (value: number | null) => `booked_at = ${instantOrNull(value)}`,
  stops: (value: number) => `stops = ${integer(value)}`,
}

export const updateBatch = (id: number, step: Step): string =>
  `UPDATE welfare_batches SET ${(Object.keys(step) as (keyof Step)[])
    .map((name) => SETTERS[name](step[name] as never))
    .join(', ')} WHERE id = ${integer(id)}`

export function toBatch(row: Row): Batch {
  const [id, employer, currency, state, fileName, readAs, rows, amount, stops, accepted, preparedBy, preparedAt, proposedBy,
    proposedAt, reason, decidedBy, decidedAt, decision, stagedId, bookedAt] = row as [
    number, string, number, string, string, string, number, number, number, string, string, string, string | null,
    string | null, string | null, string | null, string | null, string | null, number | null, string | null,
  ] // prettier-ignore
  const at = (stored: string | null): number | null => (stored === null ? null : fromInstant(stored))
  return {
    id,
    employer,
    currency,
    state: oneOf(BATCH_STATES, state),
    fileName,
    readAs,
    rows,
    amount,
    stops,
    accepted: accepted === '' ? [] : accepted.split(' '),
    preparedBy,
    preparedAt: fromInstant(preparedAt),
    proposedBy,
    proposedAt: at(proposedAt),
    reason,
    decidedBy,
    decidedAt: at(decidedAt),
    decision,
    stagedId,
    bookedAt: at(bookedAt),
  }
}

/** How many of its rows move money, and how many sell a card. */
export const countLoads = (id: number): string =>
  `SELECT COUNT(*), CAST(COALESCE(SUM(sell), 0) AS SIGNED) FROM welfare_rows WHERE batch_id = ${integer(id)} AND amount > 0`
