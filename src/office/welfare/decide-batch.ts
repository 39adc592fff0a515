import type { WorkerConnection } from '../../db/connection.ts'
import { type Employer, lockEmployer } from '../../db/sql/employers.ts'
import { type Batch, countLoads, updateBatch } from '../../db/sql/welfare-batches.ts'
import { type Actor, isSamePerson } from '../actor.ts'
import { putOnRecord } from '../audit-row.ts'
import { creditObjection, paidObjection } from '../counterparty/credit.ts'
import { dependenceObjection } from '../grants.ts'
import type { Office } from '../office.ts'
import { isRefused, refused, type Refused } from '../refusal.ts'
import { mayDo } from '../rights.ts'
import { NO_PROGRESS, type Progress } from './batch-work.ts'
import { batchRow, foundIn, lockedBatch } from './batches.ts'
import { openEmployer } from './employers.ts'
import { warningNames } from './findings.ts'
import { recheck } from './recheck.ts'

export type Decision = { readonly id: number; readonly approve: boolean; readonly reason: string }

/**
 * A second person's decision on a proposed batch. Once approved, it is booked (`bookBatch`, or the job of a running
 * server), unless its cards no longer accept the loads: then it must be corrected and proposed again. If refused, none of
 * it is booked.
 */
export async function decideBatch(
  office: Office,
  actor: Actor,
  input: Decision,
  progress: Progress = NO_PROGRESS,
): Promise<Batch | Refused> {
  const { id, approve, reason } = input
  const no = mayDo(actor, 'welfare.approve')
  if (no !== null) return no
  const at = office.clock()
  // Committed where it refuses too: what the check found is kept. `inTransaction` would roll it back.
  return office.db.transaction(async (connection): Promise<Batch | Refused> => {
    const seen = await batchRow(connection, id)
    if (isRefused(seen)) return seen
    // The batch was approved before, and its booking was interrupted.
    if (approve && seen.state === 'approved') return seen
    await connection.send(lockEmployer(seen.employer))
    const batch = await lockedBatch(connection, id, ['proposed'])
    if (isRefused(batch)) return batch
    const objection = approve ? await approvalObjection(office, connection, actor, { batch, at, progress }) : null
    if (objection !== null) return objection
    const state = approve ? 'approved' : 'refused'
    await connection.send(updateBatch(id, { state, decidedBy: actor.login, decidedAt: at, decision: reason }))
    await putOnRecord(connection, office, actor, at, {
      action: approve ? 'welfare.approve' : 'welfare.refuse',
      object: { kind: 'welfare', id },
      details: { employer: batch.employer, rows: batch.rows, amount: batch.amount, by: batch.proposedBy, reason },
    })
    return batchRow(connection, id)
  })
}

type Asked = { readonly batch: Batch; readonly at: number; readonly progress: Progress }

/** Why this person may not approve this batch now; null: they may. */
async function approvalObjection(
  office: Office,
  connection: WorkerConnection,
  actor: Actor,
  asked: Asked,
): Promise<Refused | null> {
  const { batch, at } = asked
  // A batch of a company that was closed meanwhile can only be refused.
  const employer = await openEmployer(connection, batch.employer)
  if (isRefused(employer)) return employer
  for (const by of [batch.proposedBy ?? '', batch.preparedBy]) {
    if (isSamePerson(actor, by)) return refused('own_request', { who: by })
    const objection = await dependenceObjection(connection, office, actor, by, at)
    if (objection !== null) return objection
  }
  const [[counts] = []] = await connection.send(countLoads(batch.id))
  const mayNotSell = Number(counts?.[1]) > 0 ? mayDo(actor, 'packs.sell.approve') : null
  return (
    mayNotSell ??
    (await moneyObjection(office, connection, employer, batch)) ??
    (await changeObjection(office, connection, actor, employer, asked))
  )
}

/** Checks the sum of all rows, including those that sell a card. Until the transaction ends, nothing else is approved for this employer. */
async function moneyObjection(
  office: Office,
  connection: WorkerConnection,
  { code, currency, paidFirst }: Employer,
  { amount }: Batch,
): Promise<Refused | null> {
  const input = { counterparty: code, currency, amount }
  const unpaid = paidFirst ? await paidObjection(connection, office, input) : null
  return unpaid ?? creditObjection(connection, office, input)
}

/** Refuses a batch that has new findings since its proposal: it must be corrected and proposed again. */
async function changeObjection(
  office: Office,
  connection: WorkerConnection,
  actor: Actor,
  employer: Employer,
  { batch, at, progress }: Asked,
): Promise<Refused | null> {
  const { id } = batch
  const { stops } = await recheck(office, connection, employer, batch, { frozen: true, at, progress })
  const found = await foundIn(connection, id)
  // Nobody has accepted findings that are new since the proposal.
  const open = found.map(({ code }) => code).filter((code) => !batch.accepted.includes(code))
  if (stops === 0 && open.length === 0) return null
  await connection.send(updateBatch(id, { state: 'checked' }))
  await putOnRecord(connection, office, actor, at, {
    action: 'welfare.return',
    object: { kind: 'welfare', id },
    details: { employer: batch.employer, by: batch.proposedBy, stops, open },
  })
  return stops > 0
    ? refused('batch_has_stops', { batch: id, rows: stops })
    : refused('warnings_not_accepted', { batch: id, codes: warningNames(open) })
}
