import { lockEmployer } from '../../db/sql/employers.ts'
import { type Batch, countLoads, updateBatch } from '../../db/sql/welfare-batches.ts'
import type { Actor } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import { batchRow, foundIn, lockedBatch } from './batches.ts'
import { openEmployer } from './employers.ts'
import { warningNames } from './findings.ts'
import { recheck } from './recheck.ts'

export type Proposal = {
  readonly id: number
  readonly reason: string
  /** Codes of the warnings that the proposer accepts. */
  readonly accept: readonly string[]
}

/**
 * Proposes a checked batch for booking. It is checked once more. From then on each row keeps its present card, even if the
 * links between employees and cards change.
 */
export async function proposeBatch(
  office: Office,
  actor: Actor,
  input: Proposal,
  progress: Progress = NO_PROGRESS,
): Promise<Batch | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const { id, reason, accept } = input
  const at = office.clock()
  // Committed where it refuses too: what the check found is kept. `inTransaction` would roll it back.
  return office.db.transaction(async (connection): Promise<Batch | Refused> => {
    const seen = await batchRow(connection, id)
    if (isRefused(seen)) return seen
    const employer = await openEmployer(connection, seen.employer)
    if (isRefused(employer)) return employer
    await connection.send(lockEmployer(seen.employer))
    const batch = await lockedBatch(connection, id, ['checked'])
    if (isRefused(batch)) return batch
    // The findings are stored even if the proposal is refused because of them.
    const { stops } = await recheck(office, connection, employer, batch, { frozen: false, at, progress })
    if (stops > 0) return refused('batch_has_stops', { batch: id, rows: stops })
    const found = await foundIn(connection, id)
    const open = found.map(({ code }) => code).filter((code) => !accept.includes(code))
    if (open.length > 0) return refused('warnings_not_accepted', { batch: id, codes: warningNames(open) })
    const [[counts] = []] = await connection.send(countLoads(id))
    if (Number(counts?.[0]) === 0) return refused('nothing_to_load', { batch: id })
    const accepted = found.map(({ code }) => code)
    const step = { state: 'proposed', accepted, proposedBy: actor.login, proposedAt: at, reason } as const
    await connection.send(updateBatch(id, { ...step, decidedBy: null, decidedAt: null, decision: null }))
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.propose',
      object: { kind: 'welfare', id },
      details: {
        employer: batch.employer,
        rows: batch.rows,
        amount: batch.amount,
        accepted: accepted.join(' '),
        reason,
      },
    })
    return batchRow(connection, id)
  })
}

/** Withdraws a batch that is not approved; none of it is booked. Everybody who may prepare a batch may withdraw it. */
export async function withdrawBatch(
  office: Office,
  actor: Actor,
  { id, reason }: { readonly id: number; readonly reason: string },
): Promise<Batch | Refused> {
  const no = mayDo(actor, 'welfare.prepare')
  if (no !== null) return no
  const at = office.clock()
  return office.db.transaction(async (connection): Promise<Batch | Refused> => {
    const batch = await lockedBatch(connection, id, ['checked', 'proposed'])
    if (isRefused(batch)) return batch
    const step = { state: 'withdrawn', decidedBy: actor.login, decidedAt: at, decision: reason } as const
    await connection.send(updateBatch(id, step))
    await putOnRecord(connection, office, actor, at, {
      action: 'welfare.withdraw',
      object: { kind: 'welfare', id },
      details: { employer: batch.employer, reason },
    })
    return batchRow(connection, id)
  })
}
